import fc from 'fast-check';
import assert from 'node:assert/strict';
import type { Deployment } from '#core/kickoff/deployment';
import type { Trouble } from '#core/kickoff/trouble';
import { HistoryFailure } from '#core/lib/errors';
import type { StartRequest, StartResult } from '#core/starts/attempt';
import { RunStarter, StartedButNotStored, type RunStarterParts } from '#core/starts/runStarter';
import type { StartStore } from '#core/history/store';
import type { KickoffStore } from '#store/store';
import { id, key, ScriptedNetwork } from '#test/support/builders';
import { figure, tries } from '#test/support/fuzz';
import { ManualClock, start } from '#test/support/manualClock';
import { Window } from '#test/support/polling';
import { fastDisk, Folder, url } from '#test/unit/store/support';

const inputs = { topic: 'AI agents', audience: 'engineers' };
const timeout: StartResult = { kind: 'unknown', trouble: { kind: 'unreachable', code: 'ETIMEDOUT' } };
const rejected: StartResult = { kind: 'notStarted', trouble: { kind: 'refused', code: 'HTTP 422' }, missingInputs: ['topic'] };
const started = (number: number): StartResult => ({ kind: 'started', id: id(number) });

/** The methods of the store that a start calls, in their order. */
type Step = keyof StartStore | 'load';

interface Setting {
  /** Responds to the n-th request, from 1. */
  readonly respond: (number: number, request: StartRequest) => StartResult | Promise<StartResult>;
  /** Called before and after each call of the store. May throw or never resolve. */
  readonly at?: (when: 'before' | 'after', step: Step) => unknown;
  readonly keepInputs?: boolean;
  /** The problem of a host that is throttling requests. */
  readonly throttling?: Trouble;
}

let folder: Folder;
let requests = 0;
let ids = 0;

/** Opens a window on the folder of the test, which calls AMP through `respond`. */
async function openWindow({ respond, at = () => undefined, keepInputs = true, throttling }: Setting) {
  const clock = new ManualClock();
  const store = await folder.window();
  const watched = new Proxy(store, {
    get: (target, name: Step) => {
      const method = target[name] as unknown;
      if (typeof method !== 'function') return method;
      return async (...values: unknown[]): Promise<unknown> => {
        const isStep = name.endsWith('Start') || (name === 'load' && values[0] !== undefined);
        if (isStep) await at('before', name);
        const result: unknown = await Reflect.apply(method, target, values);
        if (isStep) await at('after', name);
        return result;
      };
    },
  });
  const sent: StartRequest[] = [];
  const counted: Deployment[] = [];
  const recorded: (string | undefined)[] = [];
  const failures: unknown[] = [];
  const silent = { observe: () => new Promise<never>(() => undefined) };
  const { tracker, board, poller } = new Window({ clock, source: silent, network: new ScriptedNetwork(), store: watched });
  await tracker.load();
  const parts: RunStarterParts = {
    store: watched,
    tracker,
    clock,
    poller: {
      acquireRequestSlot: (one) => {
        counted.push(one);
        return Promise.resolve(throttling);
      },
      recordRequest: (_, trouble) => void recorded.push(trouble?.kind),
    },
    newUuid: () => id(1_000 + ++ids),
    settings: { current: { keepInputs } },
    onError: (error) => failures.push(error),
    control: () =>
      Promise.resolve({
        start: async (_, request) => {
          sent.push(request);
          return respond(++requests, request);
        },
      }),
  };
  return { starter: new RunStarter(parts), store, board, poller, tracker, sent, counted, recorded, failures };
}

async function storedIn(window: KickoffStore) {
  const { starts, kickoffs } = await window.load();
  return { starts, ids: kickoffs.map((kickoff) => kickoff.id) };
}

describe('RunStarter', () => {
  let deployment: Deployment;

  before(() => (folder = new Folder(fastDisk)));
  beforeEach(async () => {
    [requests, ids] = [0, 0];
    const store = await folder.window();
    await store.deleteAll([]);
    deployment = await store.addDeployment(url, 'Research');
  });
  afterEach(() => folder.close());
  after(() => folder.remove());

  it('records the attempt before it sends the request', async () => {
    const window = await openWindow({
      respond: async (_, request) => {
        const { inputs: sent, ...attempt } = request;
        assert.deepEqual(sent, inputs);
        assert.deepEqual((await storedIn(await folder.window())).starts, [{ ...attempt, inputs }]);
        assert.deepEqual(window.board.startsOf(deployment), [{ ...attempt, inputs }]);
        return started(1);
      },
    });
    assert.equal((await window.starter.start(deployment, { inputs })).kind, 'started');
    assert.deepEqual(window.failures, []);
  });

  it("sends only one request, and counts it toward the deployment's request limit", async () => {
    const { starter, sent, counted } = await openWindow({ respond: started });
    await starter.start(deployment, { inputs });
    assert.deepEqual([sent.length, counted], [1, [deployment]]);
  });

  it('sends and stores nothing while the host is throttling requests', async () => {
    const throttling = { kind: 'throttled', retryAt: start + 60_000 } as const;
    const { starter, sent, store, recorded } = await openWindow({ respond: started, throttling });
    assert.deepEqual(await starter.start(deployment, { inputs }), { kind: 'notStarted', trouble: throttling, missingInputs: [] });
    assert.deepEqual([sent, await storedIn(store), recorded], [[], { starts: [], ids: [] }, []]);
  });

  it('reports each result to the poller, and keeps no time of a retry if the run may have started', async () => {
    const throttled = { kind: 'throttled', retryAt: start + 60_000 } as const;
    const results: readonly StartResult[] = [started(1), rejected, { kind: 'unknown', trouble: throttled }];
    const { starter, recorded } = await openWindow({ respond: (number) => results[number - 1]! });
    const outcomes = [];
    for (const _ of results) outcomes.push(await starter.start(deployment, { inputs }));
    assert.deepEqual(recorded, [undefined, 'refused', 'throttled']);
    assert.deepEqual(outcomes[2], { kind: 'unknown', trouble: { kind: 'throttled' } });
  });

  it('replaces the attempt with the started run, including the tracking time, the inputs, and a name from the inputs', async () => {
    const window = await openWindow({ respond: started });
    const result = await window.starter.start(deployment, { inputs });
    assert.deepEqual(await storedIn(window.store), { starts: [], ids: [id(1)] });
    assert.deepEqual([window.board.startsOf(deployment), window.board.kickoffs.length], [[], 1]);
    assert.ok(result.kind === 'started');
    const { isStarted, inputLabel, trackedAt } = result.kickoff;
    assert.deepEqual([isStarted, inputLabel, trackedAt], [true, 'AI agents', start]);
    assert.deepEqual(await window.store.inputs(result.kickoff), inputs);
  });

  for (const [title, response, kept] of [
    ['deletes the attempt if AMP rejects the start', rejected, 0],
    ["keeps the attempt with its problem if it isn't clear whether the run started", timeout, 1],
  ] as const)
    it(title, async () => {
      const { starter, store, board } = await openWindow({ respond: () => response });
      assert.deepEqual(await starter.start(deployment, { inputs }), response);
      const { starts } = await storedIn(store);
      assert.deepEqual([starts.length, starts[0]?.problem], [kept, kept === 0 ? undefined : timeout.trouble]);
      assert.deepEqual(board.startsOf(deployment), starts);
    });

  it('keeps the attempt, with an unknown result, if sending fails in an unexpected way', async () => {
    const { starter, store } = await openWindow({ respond: () => Promise.reject(new Error('a bug')) });
    assert.equal((await starter.start(deployment, { inputs })).kind, 'unknown');
    assert.equal((await storedIn(store)).starts.length, 1);
  });

  it("sends nothing if the attempt can't be stored", async () => {
    const at = (when: string, step: Step): void => {
      if (when === 'before' && step === 'addStart') throw new HistoryFailure('diskFull');
    };
    const { starter, store, sent } = await openWindow({ respond: () => started(1), at });
    await assert.rejects(starter.start(deployment, { inputs }), { kind: 'diskFull' });
    await assert.rejects(starter.start({ ...deployment, key: key(99) }, { inputs }));
    assert.deepEqual([sent, await storedIn(store)], [[], { starts: [], ids: [] }]);
  });

  it("throws an error with the kickoff ID, and keeps the attempt, if the started run can't be stored", async () => {
    const at = (when: string, step: Step): void => {
      if (when === 'before' && step === 'confirmStart') throw new HistoryFailure('diskFull');
    };
    const { starter, store } = await openWindow({ respond: () => started(1), at });
    await assert.rejects(
      starter.start(deployment, { inputs }),
      (error) => error instanceof StartedButNotStored && error.id === id(1) && error.cause instanceof HistoryFailure,
    );
    const { starts, ids: found } = await storedIn(store);
    assert.deepEqual([starts.map(({ requestId }) => requestId), found], [[id(1_001)], []]);
  });

  /** Starts a run, and then a continuation without a response, in a window that keeps no inputs. */
  async function startWithoutKeeping() {
    const window = await openWindow({ respond: (number) => (number === 1 ? started(1) : timeout), keepInputs: false });
    const result = await window.starter.start(deployment, { inputs });
    await window.starter.start(deployment, { inputs, continues: id(7) });
    return { ...window, result };
  }

  it('sends the inputs and the ID of the continued run even if the setting keepInputs is off', async () => {
    const { sent } = await startWithoutKeeping();
    assert.deepEqual(
      sent.map((request) => [request.inputs, request.continues]),
      [
        [inputs, undefined],
        [inputs, id(7)],
      ],
    );
  });

  it('stores nothing from the inputs if the setting keepInputs is off', async () => {
    const { store, result } = await startWithoutKeeping();
    assert.ok(result.kind === 'started' && !JSON.stringify(result).includes(inputs.topic));
    assert.ok(!JSON.stringify(await store.load()).includes(inputs.topic));
    assert.equal(await store.inputs(result.kickoff), undefined);
  });

  it('sends one request with its own ID for each of two clicks at the same time', async () => {
    const windows = [await openWindow({ respond: started }), await openWindow({ respond: started })];
    await Promise.all(windows.map(({ starter }) => starter.start(deployment, { inputs })));
    const sent = windows.flatMap((window) => window.sent.map(({ requestId }) => requestId));
    assert.deepEqual([sent.length, new Set(sent).size], [2, 2]);
    assert.deepEqual(await storedIn(windows[0]!.store), { starts: [], ids: [id(1), id(2)] });
  });

  it('keeps an attempt with an unknown result until forget() deletes the attempt', async () => {
    const { starter, store, sent, board } = await openWindow({ respond: () => timeout });
    await starter.start(deployment, { inputs });
    const [attempt] = board.startsOf(deployment);
    assert.deepEqual((await storedIn(store)).starts, [attempt]);
    await starter.forget(attempt!);
    assert.deepEqual([board.startsOf(deployment), (await storedIn(store)).starts], [[], []]);
    assert.equal(sent.length, 1);
  });
});

/** A fault of a window, before or after a call of the store or of AMP. A killed window does nothing anymore. */
interface Fault {
  readonly step: Step | 'response';
  readonly when: 'before' | 'after';
  readonly isKilled: boolean;
}

interface Click {
  /** `lost` means that AMP starts a run, and its response is lost. */
  readonly amp: 'starts' | 'lost' | 'rejects' | 'unclear';
  readonly fault: Fault | null;
}

describe('A start whose window fails at any point', () => {
  const fault: fc.Arbitrary<Fault> = fc.record({
    step: fc.constantFrom('addStart', 'load', 'response', 'confirmStart', 'changeStart', 'deleteStart'),
    when: fc.constantFrom('before', 'after'),
    isKilled: fc.boolean(),
  });
  const click: fc.Arbitrary<Click> = fc.record({
    amp: fc.constantFrom('starts', 'starts', 'lost', 'rejects', 'unclear'),
    fault: fc.option(fault),
  });

  before(() => (folder = new Folder(fastDisk)));
  after(() => folder.remove());

  it('is never lost or sent twice', async function () {
    this.timeout(120_000);
    let [clicks, faults, runs] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(fc.array(click, { minLength: 1, maxLength: 3 }), async (all) => {
        const deployment = await (await folder.window()).addDeployment(url, 'Research');
        const accepted = new Map<string, string>();
        let sent = 0;
        // Each click is in a window of its own, and all are at the same time.
        await Promise.all(
          all.map((one) =>
            startedIn(one, deployment, (requestId) => {
              sent += 1;
              if (one.amp === 'rejects' || one.amp === 'unclear') return undefined;
              assert.ok(!accepted.has(requestId), 'sent twice');
              ids += 1;
              accepted.set(requestId, id(ids));
              return ids;
            }),
          ),
        );
        folder.close();

        const next = await openWindow({ respond: () => assert.fail('another window sent the attempt') });
        const attempts = new Set<string>(next.board.startsOf(deployment).map(({ requestId }) => requestId));
        const { ids: stored } = await storedIn(next.store);
        next.poller.dispose();
        folder.close();
        assert.ok(sent <= all.length);
        for (const [requestId, run] of accepted) assert.ok(stored.some((one) => one === run) || attempts.has(requestId), `lost: ${run}`);
        clicks += all.length;
        faults += all.filter((one) => one.fault).length;
        runs += accepted.size;
      }),
      tries(60),
    );
    figure(30, `${clicks} starts with ${faults} failures at a step: ${runs} runs, 0 started twice, 0 lost`);
  });
});

/** Clicks once in a new window. `accept` returns the number of the run that AMP starts. Resolves when the window has finished or is killed. */
async function startedIn({ amp, fault }: Click, deployment: Deployment, accept: (requestId: string) => number | undefined): Promise<void> {
  let kill: () => void = () => undefined;
  const killed = new Promise<void>((resolve) => (kill = resolve));
  const at = (when: Fault['when'], step: Fault['step']): unknown => {
    if (fault?.step !== step || fault.when !== when) return undefined;
    if (!fault.isKilled) throw new HistoryFailure('diskFull');
    kill();
    return new Promise<never>(() => undefined);
  };
  const respond = async (_: number, { requestId }: StartRequest): Promise<StartResult> => {
    await at('before', 'response');
    const run = accept(requestId);
    await at('after', 'response');
    if (amp === 'rejects') return rejected;
    return amp === 'starts' && run !== undefined ? started(run) : timeout;
  };
  const { starter, poller } = await openWindow({ respond, at });
  await Promise.race([killed, starter.start(deployment, { inputs }).catch(() => undefined)]);
  poller.dispose();
}
