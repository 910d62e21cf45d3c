import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AmpClient } from '#amp/http/client';
import { Amp } from '#amp/amp';
import { applyObservation } from '#core/kickoff/advance';
import { addKickoff, id } from '#test/support/builders';
import { below, chance, figure, times } from '#test/support/fuzz';
import { readingHere } from '#test/support/threads';
import { startSimulator, type Simulator } from '#test/simulator/server';
import type { Trouble } from '#test/simulator/trouble';
import { onlyPolling, patient } from '#test/unit/amp/http/testPoll';
import { Folder, integrity, run } from '#test/unit/store/support';

/** The bundled script of a window in a separate process. */
const script = join(__dirname, 'starter.child.js');

/** The steps of a start at which a window kills itself. */
const steps = ['clicked', 'attempted', 'sending', 'received', 'id', 'stored'];

/** Without a fault, a start takes about this long, in milliseconds. */
const usualMs = 60;

/** The fault of one request, if any: the server starts a run or not, and its response is lost, late, or an error. */
const faults: readonly ((random: () => number) => object | undefined)[] = [
  () => undefined,
  () => undefined,
  (random) => ({ kind: 'slow', latency: random() / 4 }),
  () => ({ kind: 'slow', latency: 1 }),
  () => ({ kind: 'slow', drip: { pieces: 3, every: 0.05 } }),
  () => ({ kind: 'lost', response: 'reset' }),
  () => ({ kind: 'lost', response: 'stall' }),
  (random) => ({ kind: 'lost', response: [500, 502, 504][below(3, random)] }),
  () => ({ kind: 'reset' }),
  () => ({ kind: 'stall' }),
  () => ({ kind: 'redirect', location: '/kickoff', status: 307 }),
  () => ({ kind: 'refused', status: 503, sentence: 'No worker is available' }),
  () => ({ kind: 'refused', sentence: 'Missing inputs: topic', status: 422 }),
];

function randomFaults(count: number, random: () => number): readonly Trouble[] {
  return Array.from({ length: count }, (_, index) => {
    const fault = faults[below(faults.length, random)]?.(random);
    return fault ? [{ ...fault, fromRequest: index + 1, requests: 1, route: 'kickoff' } as Trouble] : [];
  }).flat();
}

/** A click in a window, and the end of the window, if any: at a step, or after a number of milliseconds. */
interface Click {
  readonly diesAt?: string;
  readonly killedAfter?: number;
}

/** The results that the windows reported. */
class Reports {
  readonly clicks: string[] = [];
  /** The IDs that windows received, with the IDs of their requests. */
  readonly received: (readonly [runId: string, requestId: string])[] = [];
  readonly outcomes = new Map<string, string>();
  readonly failures: string[] = [];
  kills = 0;
}

const children = new Set<ChildProcess>();

/** Opens a window in a process, and clicks until it is killed. Resolves when the process has ended. */
async function clickUntilKilled(args: readonly string[], clicks: readonly Click[], reports: Reports): Promise<void> {
  const child = spawn(process.execPath, ['--no-warnings', script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.add(child);
  const exited = once(child, 'exit');
  const left = [...clicks];
  let click: Click | undefined;
  let requestId = '';
  for await (const line of createInterface({ input: child.stdout })) {
    const [word = '', ...what] = line.split(' ');
    if (word === 'clicked') {
      reports.clicks.push((requestId = what[0] ?? ''));
      if (click?.killedAfter !== undefined) setTimeout(() => child.kill('SIGKILL'), click.killedAfter);
    }
    if (word === 'id') reports.received.push([what[0] ?? '', what[1] ?? '']);
    if (word === 'failed') reports.failures.push(line);
    if (word === 'done') reports.outcomes.set(requestId, what.join(' '));
    if (word !== 'ready' && word !== 'done') continue;
    click = left.shift();
    if (click) child.stdin.write(`${click.diesAt ?? ''}\n`);
    else child.stdin.end();
  }
  await exited;
  children.delete(child);
  if (child.signalCode === 'SIGKILL') reports.kills += 1;
}

describe('A start by a window that is killed or cut off at random', () => {
  let folder: Folder;
  const random = chance();
  const reports = new Reports();
  /** The numbers of requests and clicks in each round. */
  const rounds: { readonly requests: number; readonly clicks: number }[] = [];
  let simulator: Simulator;
  let later = 0;
  let store: Awaited<ReturnType<Folder['window']>>;
  let history: Awaited<ReturnType<typeof store.load>>;
  /** The runs that the server started, by the IDs of their requests. */
  let startedBy: ReadonlyMap<string, string>;

  /** Clicks in windows that end at random. */
  before(async function () {
    this.timeout(times(120_000));
    folder = new Folder();
    const tasks = [{ name: 'one', agent: 'Anna', seconds: 1, output: '{topic}' }];
    const crew = { name: 'crew', token: 'tok-demo-a', dialect: 'live', kind: 'crew', tasks, inputs: ['topic', 'audience'] } as const;
    simulator = await startSimulator({ deployments: [crew], now: () => Date.now() + later });
    const { url, token, setTrouble, starts: accepted } = simulator.deployment();
    const randomClicks = (): readonly Click[] => {
      const end = below(5, random);
      const [diesAt = ''] = steps.slice(below(steps.length, random));
      const last = end === 0 ? [] : [end < 3 ? { diesAt } : { killedAfter: random() * usualMs }];
      return [...Array.from({ length: below(3, random) }, () => ({})), ...last];
    };
    for (let round = 0; round < times(8); round += 1) {
      setTrouble(randomFaults(8, random));
      const before = posts();
      const clicksBefore = reports.clicks.length;
      // Two windows at a time, which share the file.
      await Promise.all([0, 1].map(() => clickUntilKilled([folder.path, url, token], randomClicks(), reports)));
      rounds.push({ requests: posts() - before, clicks: reports.clicks.length - clicksBefore });
    }
    store = await folder.window();
    history = await store.load();
    startedBy = new Map(accepted.map(({ id: runId, body }) => [(body['meta'] as { requestId: string }).requestId, runId]));
  });
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    await simulator.stop();
    folder.remove();
  });

  const posts = () => simulator.requests.filter(({ method }) => method === 'POST').length;
  const accepted = () => simulator.deployment().starts;
  const stored = () => new Set<string>(history.kickoffs.map((kickoff) => kickoff.id));

  it('is sent only after a click, and never twice', () => {
    for (const [round, { requests, clicks }] of rounds.entries()) assert.ok(requests <= clicks, `round ${round}: ${requests} requests`);
    assert.equal(posts(), simulator.requests.length, 'only starts are sent');
    assert.equal(startedBy.size, accepted().length, 'a request was sent twice');
    for (const requestId of startedBy.keys()) assert.ok(reports.clicks.includes(requestId), 'a start without a click');
  });

  it('is never lost', () => {
    const visible = new Set<string>(history.starts.map(({ requestId }) => requestId));
    const isKept = (requestId: string, runId: string) => stored().has(runId) || visible.has(requestId);
    for (const [runId, requestId] of reports.received) assert.ok(isKept(requestId, runId), `lost ID ${runId}`);
    for (const [requestId, runId] of startedBy) assert.ok(isKept(requestId, runId), `lost run ${runId}`);
  });

  it('is never reported as not started if the server started its run', () => {
    for (const [requestId, runId] of startedBy) assert.notEqual(reports.outcomes.get(requestId), 'notStarted', runId);
  });

  it('leaves an undamaged history that contains only runs that the server started', () => {
    for (const runId of stored()) assert.ok(accepted().some((one) => one.id === runId));
    assert.deepEqual([reports.failures, folder.recovered, integrity(folder.file)], [[], [], 'ok']);
  });

  it('gives its inputs to its run when the user tracks the run after an unknown result', async () => {
    // The user finds the IDs of the unknown starts in AMP, and tracks them.
    later = 60_000;
    const { token, setTrouble } = simulator.deployment();
    setTrouble([]);
    const [deployment] = history.deployments;
    assert.ok(deployment);
    const source = new Amp(
      { get: () => Promise.resolve(token) },
      onlyPolling(new AmpClient('0.0.0', patient)),
      { now: Date.now },
      readingHere,
    );
    for (const { id: text, body } of accepted().filter((one) => !stored().has(one.id))) {
      const tracked = await addKickoff(store, run(deployment, text));
      const seen = await source.observe(deployment, id(text), new AbortController().signal);
      const started = await store.update(tracked, (before) => applyObservation(before, seen, { now: Date.now() }));
      assert.deepEqual([started?.phase.kind, started?.isStarted, await store.inputs(tracked)], ['succeeded', true, body['inputs']]);
    }
    const left = new Set<string>((await store.load()).starts.map(({ requestId }) => requestId));
    for (const requestId of startedBy.keys()) assert.ok(!left.has(requestId), 'adopted');
  });

  it('has each possible result in these random cases', () => {
    const count = (outcome: string) => [...reports.outcomes.values()].filter((one) => one === outcome).length;
    const [started, unknown, notStarted] = [count('started'), count('unknown'), count('notStarted')];
    const counts = `${reports.clicks.length} clicks: ${started} started, ${unknown} unknown, ${notStarted} not started, ${reports.kills} kills`;
    assert.ok(reports.clicks.length >= times(24), counts);
    // A shortened run, as for mutants, has too few starts for each outcome.
    if (times(24) >= 24) assert.ok(Math.min(started, unknown, notStarted, reports.kills) > 0, counts);
    assert.equal([...reports.outcomes.values()].length, started + unknown + notStarted, [...reports.outcomes.values()].join());
    const cases = `${reports.clicks.length} starts, ${reports.kills} windows killed, ${unknown} responses lost`;
    figure(30, `${cases}: ${accepted().length} runs, 0 started twice, 0 IDs lost`);
  });
});
