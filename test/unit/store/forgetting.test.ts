import fc from 'fast-check';
import assert from 'node:assert/strict';
import { applyObservation } from '#core/kickoff/advance';
import type { Deployment } from '#core/kickoff/deployment';
import { isSettled, type Kickoff, type Observation, type Phase } from '#core/kickoff/kickoff';
import { Database } from '#store/database';
import { KickoffStore } from '#store/store';
import { answered, unanswered } from '#test/support/builders';
import { figure, times, tries } from '#test/support/fuzz';
import { bytes, clock, fastDisk, Folder, run, url } from './support';

/** What may happen to a run in one of two windows. */
type Step =
  { readonly kind: 'heard'; readonly seen: Observation } | { readonly kind: 'read' | 'renamed' | 'removed' | 'broughtBack' | 'claimed' };

const phases = fc.constantFrom<Phase['kind']>(
  'queued',
  'running',
  'running',
  'waiting',
  'missing',
  'missing',
  'succeeded',
  'failed',
  'stopped',
);
const task = fc.record(
  { name: fc.constantFrom('A', 'B', 'C'), output: fc.constantFrom('first', 'second', 'third') },
  { noNullPrototype: true },
);
const answer = fc
  .tuple(phases, fc.array(task, { maxLength: 1 }), fc.nat(4), fc.nat(9))
  .map(([phase, tasks, completed, said]): Observation =>
    // A server that forgets says nothing but that.
    answered(phase, {
      body: bytes(`${phase} ${said}`),
      ...(phase !== 'missing' && { tasks, progress: { completed }, output: { text: `${said}`, language: 'plain' } }),
    }),
  );
const trouble = fc.constantFrom('serverTrouble', 'notAnAnswer', 'refused', 'notAllowed', 'tooLarge').map((kind) => unanswered(kind));
const heard = fc.oneof({ weight: 4, arbitrary: answer }, { weight: 1, arbitrary: trouble }).map((seen): Step => ({ kind: 'heard', seen }));
const touch = fc.constantFrom<Step['kind']>('read', 'renamed', 'removed', 'broughtBack', 'claimed').map((kind) => ({ kind }) as Step);
const steps = fc.array(fc.tuple(fc.oneof({ weight: 3, arbitrary: heard }, { weight: 1, arbitrary: touch }), fc.nat(1)), { maxLength: 12 });

/** What must be true of a run from now on. */
interface Kept {
  readonly end?: Phase;
  readonly body?: string;
  /** The places of tasks whose output was seen. */
  readonly outputs: readonly number[];
  readonly claims: number;
}

describe('A run stored by two windows', () => {
  let folder: Folder;
  let windows: readonly KickoffStore[];
  let deployment: Deployment;
  let runs = 0;
  let changes = 0;

  before(async () => {
    folder = new Folder(fastDisk);
    windows = await Promise.all([0, 1].map(() => quick(folder.file)));
    deployment = await windows[0]!.addDeployment(url, 'Research');
  });
  after(() => {
    for (const window of windows) window.close();
    folder.remove();
  });

  it('never leaves its final status, and keeps every output and the last response, for any sequence of responses', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        runs += 1;
        const kickoff = await windows[0]!.addKickoff(run(deployment, `run-${runs}`));
        let kept: Kept = { outputs: [], claims: 0 };
        for (const [index, [step, of]] of sequence.entries()) {
          kept = await taken(step, windows[of]!, kickoff, kept, index + 1);
          changes += 1;
        }
        await holds(kept, kickoff);
      }),
      tries(5_000),
    );
    figure(2, `${runs} runs, ${changes} changes from two windows: 0 ends taken back, 0 outputs or answers lost`);
    figure(18, `${runs} runs whose server forgets them at random: every stored output and answer readable after it`);
  }).timeout(times(60_000));

  async function taken(step: Step, window: KickoffStore, kickoff: Kickoff, kept: Kept, now: number): Promise<Kept> {
    let next = kept;
    switch (step.kind) {
      case 'heard':
        next = expected(kept, (await window.kickoff(kickoff))!, step.seen);
        await window.update(kickoff, (stored) => applyObservation(stored, step.seen, { now }));
        break;
      case 'read':
        await window.update(kickoff, ({ isUnread: _, ...stored }) => ({ kickoff: stored }));
        break;
      case 'renamed':
        await window.update(kickoff, (stored) => ({ kickoff: { ...stored, label: `${now}` } }));
        break;
      case 'removed':
        await window.remove([kickoff], now);
        break;
      case 'broughtBack':
        await window.addKickoff(run(deployment, kickoff.id));
        break;
      case 'claimed':
        next = { ...kept, claims: kept.claims + Number(await window.claimNotice(kickoff)) };
    }
    const stored = (await window.kickoff(kickoff))!;
    if (next.end) assert.deepEqual(stored.phase, next.end);
    else assert.ok(!isSettled(stored.phase));
    assert.ok(next.claims <= 1);
    const seen = stored.tasks.filter(({ hasOutput }) => hasOutput).map(({ position }) => position);
    for (const position of next.outputs) assert.ok(seen.includes(position), `output ${position}`);
    return { ...next, outputs: seen };
  }

  function expected(kept: Kept, stored: Kickoff, seen: Observation): Kept {
    if (kept.end || isSettled(stored.phase)) return kept;
    const text = new TextDecoder().decode(seen.body);
    if (seen.kind === 'unanswered') return stored.checkedAt === undefined && text !== '' ? { ...kept, body: text } : kept;
    const { phase } = seen.answer;
    if (phase.kind === 'missing') return { ...kept, body: kept.body ?? text };
    return { ...kept, body: text, ...(isSettled(phase) && { end: phase }) };
  }

  async function holds(kept: Kept, kickoff: Kickoff): Promise<void> {
    const [window, other] = [windows[runs % 2]!, windows[(runs + 1) % 2]!];
    assert.deepEqual(await window.kickoff(kickoff), await other.kickoff(kickoff));
    const body = await window.body(kickoff);
    assert.equal(body && new TextDecoder().decode(body), kept.body);
    const outputs = await other.taskOutputs(kickoff);
    for (const position of kept.outputs) assert.ok(outputs.get(position));
  }
});

/** Without waiting for the disk: nobody cuts the power here. */
async function quick(file: string): Promise<KickoffStore> {
  const database = new Database(file, { clock, random: Math.random });
  await database.read(() => undefined);
  await database.raw(({ connection }) => connection.exec('PRAGMA synchronous = OFF'));
  return new KickoffStore(database, clock);
}
