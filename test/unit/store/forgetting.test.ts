import fc from 'fast-check';
import assert from 'node:assert/strict';
import { applyObservation } from '#core/kickoff/advance';
import type { Deployment } from '#core/kickoff/deployment';
import { isSettled, type Kickoff, type Observation, type Phase } from '#core/kickoff/kickoff';
import { Database } from '#store/database';
import { KickoffStore } from '#store/store';
import { addKickoff, answered, unanswered } from '#test/support/builders';
import { figure, times, tries } from '#test/support/fuzz';
import { bytes, clock, fastDisk, Folder, run, url } from './support';

/** A step that changes a run in one of two windows. */
type Step =
  { readonly kind: 'observe'; readonly seen: Observation } | { readonly kind: 'read' | 'rename' | 'remove' | 'restore' | 'claim' };

const active = ['queued', 'running', 'running', 'waiting', 'missing', 'missing'] as const;
const phases = fc.constantFrom<Phase['kind']>(...active, 'succeeded', 'failed', 'stopped');
const task = fc.record(
  { name: fc.constantFrom('A', 'B', 'C'), output: fc.constantFrom('first', 'second', 'third') },
  { noNullPrototype: true },
);
const answer = fc
  .tuple(phases, fc.array(task, { maxLength: 1 }), fc.nat(4), fc.nat(9))
  .map(([phase, tasks, completed, content]): Observation =>
    // A server that has forgotten a run sends only the status.
    answered(phase, {
      body: bytes(`${phase} ${content}`),
      ...(phase !== 'missing' && { tasks, progress: { completed }, output: { format: 'plain' } }),
    }),
  );
const trouble = fc.constantFrom('serverTrouble', 'notAnAnswer', 'refused', 'notAllowed', 'tooLarge').map((kind) => unanswered(kind));
const observe = fc
  .oneof({ weight: 4, arbitrary: answer }, { weight: 1, arbitrary: trouble })
  .map((seen): Step => ({ kind: 'observe', seen }));
const touch = fc.constantFrom<Step['kind']>('read', 'rename', 'remove', 'restore', 'claim').map((kind) => ({ kind }) as Step);
const steps = fc.array(fc.tuple(fc.oneof({ weight: 3, arbitrary: observe }, { weight: 1, arbitrary: touch }), fc.nat(1)), {
  maxLength: 12,
});

/** The parts of a run that later steps must not change. */
interface Expected {
  readonly end?: Phase;
  readonly body?: string;
  /** The positions of tasks whose output was received. */
  readonly outputs: readonly number[];
  readonly claims: number;
}

describe('A run in two windows', () => {
  let folder: Folder;
  let windows: readonly KickoffStore[];
  let deployment: Deployment;
  let runs = 0;
  let changes = 0;

  before(async () => {
    folder = new Folder(fastDisk);
    windows = await Promise.all([0, 1].map(() => openQuickly(folder.file)));
    deployment = await windows[0]!.addDeployment(url, 'Research');
  });
  after(() => {
    for (const window of windows) window.close();
    folder.remove();
  });

  it('keeps its final status, outputs, and last response other than “not found”, and causes at most one notification', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        runs += 1;
        const kickoff = await addKickoff(windows[0]!, run(deployment, `run-${runs}`));
        let expected: Expected = { outputs: [], claims: 0 };
        for (const [index, [step, of]] of sequence.entries()) {
          expected = await take(step, windows[of]!, kickoff, expected, index + 1);
          changes += 1;
        }
        await assertPreserved(expected, kickoff);
      }),
      tries(2_000),
    );
    figure(2, `${runs} runs, ${changes} changes: 0 runs reverted, 0 outputs lost`);
    figure(18, `${runs} forgotten runs: every output and response still readable`);
  }).timeout(times(60_000));

  async function take(step: Step, window: KickoffStore, kickoff: Kickoff, before: Expected, now: number): Promise<Expected> {
    let next = before;
    switch (step.kind) {
      case 'observe':
        next = expectedAfter(before, (await window.kickoff(kickoff))!, step.seen);
        await window.update(kickoff, (stored) => applyObservation(stored, step.seen, { now }));
        break;
      case 'read':
        await window.update(kickoff, ({ isUnread: _, ...stored }) => ({ kickoff: stored }));
        break;
      case 'rename':
        await window.update(kickoff, (stored) => ({ kickoff: { ...stored, label: `${now}` } }));
        break;
      case 'remove':
        await window.remove([kickoff], now);
        break;
      case 'restore':
        await addKickoff(window, run(deployment, kickoff.id));
        break;
      case 'claim':
        next = { ...before, claims: before.claims + Number(await window.claimNotice(kickoff)) };
    }
    const stored = (await window.kickoff(kickoff))!;
    if (next.end) assert.deepEqual(stored.phase, next.end);
    else assert.ok(!isSettled(stored.phase));
    assert.ok(next.claims <= 1);
    const seen = stored.tasks.filter(({ hasOutput }) => hasOutput).map(({ position }) => position);
    for (const position of next.outputs) assert.ok(seen.includes(position), `output ${position}`);
    return { ...next, outputs: seen };
  }

  function expectedAfter(before: Expected, stored: Kickoff, seen: Observation): Expected {
    if (before.end || isSettled(stored.phase)) return before;
    const text = new TextDecoder().decode(seen.body);
    if (seen.kind === 'unanswered') return stored.checkedAt === undefined && text !== '' ? { ...before, body: text } : before;
    const { phase } = seen.answer;
    if (phase.kind === 'missing') return { ...before, body: before.body ?? text };
    return { ...before, body: text, ...(isSettled(phase) && { end: phase }) };
  }

  async function assertPreserved(expected: Expected, kickoff: Kickoff): Promise<void> {
    const [window, other] = [windows[runs % 2]!, windows[(runs + 1) % 2]!];
    assert.deepEqual(await window.kickoff(kickoff), await other.kickoff(kickoff));
    const body = await window.body(kickoff);
    assert.equal(body && new TextDecoder().decode(body), expected.body);
    const outputs = await other.taskOutputs(kickoff);
    for (const position of expected.outputs) assert.ok(outputs.get(position));
  }
});

/** Opens a store that doesn't wait for the disk. Waiting would protect only against power failures. */
async function openQuickly(file: string): Promise<KickoffStore> {
  const database = new Database(file, { clock, random: Math.random });
  await database.read(() => undefined);
  await database.withConnection(({ connection }) => connection.exec('PRAGMA synchronous = OFF'));
  return new KickoffStore(database);
}
