import fc from 'fast-check';
import assert from 'node:assert/strict';
import { keyOf } from '#core/history/board';
import type { Store } from '#core/history/store';
import { hasBody, isSettled, type Observation, type Phase } from '#core/kickoff/kickoff';
import type { KickoffId } from '#core/kickoff/kickoffId';
import type { TroubleKind } from '#core/kickoff/trouble';
import { answered, deployment, id, key, kickoff, unanswered, type PollRequest, type Script } from '#test/support/builders';
import { always } from '#test/support/checks';
import { day, hour, minute, second, settled, start } from '#test/support/manualClock';
import { polling, runs, shared, Window } from '#test/support/polling';

const running = answered('running');
const succeeded = answered('succeeded');
const unreachable = unanswered('unreachable');

describe('A tracked run', () => {
  it('is polled at intervals that grow with its age', async () => {
    const { clock, source, poller } = await polling({ script: running });
    await clock.advance(20 * second);
    assert.equal(poller.dueInMs, second);
    assert.deepEqual(source.times(), [0, 3_000, 6_000, 9_000, 12_000, 15_000, 18_000]);
    await clock.advance(hour);
    const [before, last] = source.times().slice(-2);
    assert.equal(last! - before!, minute);
  });

  it('is polled again only after the last response arrived', async () => {
    const { clock, source } = await polling({ script: running, latency: 10 * second });
    await clock.advance(30 * second);
    assert.deepEqual(source.times(), [0, 13_000, 26_000]);
    assert.equal(source.mostInFlight, 1);
  });

  /** Polls a run until it is finished, and then requests more polls. */
  async function finish() {
    const parts = await polling({ script: [running, running, succeeded] });
    const { clock, poller } = parts;
    await clock.advance(day);
    poller.sync();
    poller.rescheduleSooner();
    poller.pollNow([kickoff()]);
    await clock.advance(day);
    return parts;
  }

  it("isn't polled again after it finished", async () => {
    const { clock, source } = await finish();
    assert.deepEqual(source.times(), [0, 3_000, 6_000]);
    assert.equal(clock.timers, 0);
  });

  it('causes one end event and one notification when it finishes', async () => {
    const { ended, notified } = await finish();
    assert.deepEqual([ended.map(({ finishedAt }) => finishedAt), notified.length], [[start + 6 * second], 1]);
  });

  it('is stored with its final response and shown as finished before onDidEnd fires', async () => {
    const { clock, poller, store, board } = await polling({ script: [running, answered('failed', { body: new Uint8Array([1, 2, 3]) })] });
    const seen: unknown[] = [];
    poller.onDidEnd(async (ended) => seen.push(store.stored(ended).phase.kind, board.kickoff(ended)?.phase.kind, await store.body(ended)));
    await clock.advance(minute);
    assert.deepEqual(seen, ['failed', 'failed', new Uint8Array([1, 2, 3])]);
  });

  it('keeps task outputs that later responses no longer contain', async () => {
    const task = (name: string, completed: number) =>
      answered('running', { progress: { completed }, tasks: [{ name, output: `output of ${name}` }] });
    const { clock, store, board } = await polling({ script: [task('A', 1), task('B', 2), answered('missing'), succeeded] });
    await clock.advance(minute);
    assert.deepEqual(Object.fromEntries(await store.taskOutputs(kickoff())), { 1: 'output of A', 2: 'output of B' });
    assert.equal(board.kickoff(kickoff())?.tasks.length, 2);
  });

  it("causes no end event in the polling window if another window stores the run's end during the last request", async () => {
    const { clock, source, store, board, ended } = await polling({ script: [running, succeeded], latency: 5 * second });
    await clock.advance(9 * second);
    assert.equal(source.inFlight, 1);
    const finished = await store.update(kickoff(), (stored) => ({
      kickoff: { ...stored, phase: { kind: 'succeeded' }, finishedAt: start },
    }));
    board.putAll([finished!]);
    await clock.advance(day);
    assert.deepEqual([source.requests.length, ended], [2, []]);
  });

  it('is polled at the new URL of its deployment despite late responses from the old URL', async () => {
    const moved = deployment({ url: 'https://new.example.com' });
    const script = ({ deployment: { url } }: PollRequest) => (url === moved.url ? running : unanswered('moved', { detail: moved.url }));
    const { clock, source, board, tracker } = await polling({ script, kickoffs: runs(2), latency: 10 * second });
    await clock.advance(5 * second);
    await tracker.changeDeployment(deployment(), { url: moved.url });
    await clock.advance(minute);
    assert.deepEqual([board.troubleOfDeployment(moved), source.requests.length > 4], [undefined, true]);
  });

  it('that finished before tracking causes no end event, even if the token was set a minute after tracking', async () => {
    const { clock, source, ended, poller, board } = await polling({ script: unanswered('noToken') });
    await clock.advance(minute);
    source.script = succeeded;
    poller.pollNow([kickoff()]);
    await clock.advance(second);
    assert.deepEqual([board.kickoff(kickoff())?.phase.kind, ended], ['succeeded', []]);
  });

  for (const kind of ['refused', 'notAllowed', 'tooLarge'] as const)
    it(`keeps the problem ${kind}, and isn't polled, until the user selects Refresh`, async () => {
      const { clock, source, board, poller } = await polling({ script: [unanswered(kind, { detail: 'No.' }), running] });
      await clock.advance(day);
      assert.deepEqual([source.times(), clock.timers], [[0], 0]);
      assert.deepEqual(board.kickoff(kickoff())?.trouble, { kind, detail: 'No.' });
      poller.pollNow([kickoff()]);
      await clock.advance(0);
      assert.deepEqual([source.times(), board.kickoff(kickoff())?.trouble], [[0, day], undefined]);
      poller.dispose();
    });

  it('is polled at the retry time of its problem after each server error', async () => {
    const { clock, source, board } = await polling({ script: unanswered('serverTrouble') });
    for (const next of [5, 15, 35, 75]) {
      await clock.advance(0);
      assert.deepEqual(board.kickoff(kickoff())?.trouble, { kind: 'serverTrouble', retryAt: start + next * second });
      await clock.advance(next * second - clock.elapsed);
    }
    assert.deepEqual(source.times(), [0, 5_000, 15_000, 35_000, 75_000]);
  });

  it("has the problem unreachable until the next successful poll if the AMP client can't be loaded", async () => {
    const failure = new Error('not loaded');
    const script: Script = ({ before }) => {
      if (before === 0) throw failure;
      return running;
    };
    const { clock, board, window } = await polling({ script });
    await clock.advance(0);
    assert.deepEqual([board.troubleOf(kickoff())?.kind, window.thrown], ['unreachable', [failure]]);
    await clock.advance(minute);
    assert.deepEqual([board.troubleOf(kickoff()), board.kickoff(kickoff())?.phase.kind], [undefined, 'running']);
  });

  it('is polled at only eight growing intervals if AMP never finds it', async () => {
    const { clock, source } = await polling({ script: answered('missing') });
    await clock.advance(30 * day);
    const seconds = source.times().map((at) => at / second);
    assert.deepEqual(seconds, [0, 5, 20, 80, 380, 2_180, 9_380, 30_980, 88_580]);
    assert.equal(clock.timers, 0);
  });

  it('is polled only once for a Refresh after its last growing interval if AMP never found it', async () => {
    const { clock, source, poller } = await polling({ script: answered('missing') });
    await clock.advance(30 * day);
    assert.equal(source.requests.length, 9);
    poller.pollNow([kickoff()]);
    await clock.advance(day);
    assert.equal(source.requests.length, 10);
  });

  const rungs = [5, 15, 60, 300, 1_800, 7_200, 21_600, 57_600];
  for (const [what, hours] of [
    ['ahead by half an hour', 0.5],
    ['ahead by two days', 48],
    ['ahead by a year', 8_760],
    ['back by two days', -48],
  ] as const) {
    for (const rung of [0, 1, 3, 7])
      it(`keeps all eight intervals if AMP never finds it and the system clock is set ${what} in interval ${rung + 1}`, async () => {
        const { clock, source } = await polling({ script: answered('missing') });
        await clock.advance(rungs.slice(0, rung).reduce((sum, wait) => sum + wait, 1) * second);
        clock.setTimeOfDay(hours * hour);
        await clock.advance(60 * day);
        const waits = source.times().flatMap((at, index, all) => (index === 0 ? [] : [(at - all[index - 1]!) / second]));
        // The rate limiter delays requests a little after a clock jump, because the jump may be a sleep.
        const climbed = waits.map((wait) => rungs.find((one) => wait >= one && wait <= one + 2) ?? wait);
        if (hours > 0) assert.deepEqual(climbed, rungs);
        else assert.ok(rungs.every((wait) => climbed.includes(wait)) && waits.length <= rungs.length + 1, waits.join());
        assert.equal(clock.timers, 0);
      });
  }

  const gone = { phase: { kind: 'missing' }, phaseSince: start - 90 * second, checkedAt: start - 10 * second } as const;

  it('continues its growing intervals after a reload if AMP never found it', async () => {
    const early = await polling({ script: answered('missing'), kickoffs: [kickoff(gone)] });
    await early.clock.advance(40 * minute);
    assert.deepEqual(early.source.times().slice(0, 3), [0, 300 * second, 2_100 * second]);
  });

  it('is polled only once after a reload if none of its growing intervals is left', async () => {
    const late = await polling({ script: answered('missing'), kickoffs: [kickoff({ ...gone, phaseSince: start - 3 * day })] });
    await late.clock.advance(9 * day);
    assert.deepEqual(late.source.times(), [0]);
  });
});

describe('A polling window', () => {
  it('stops all requests, writes, and timers when it closes', async () => {
    const { clock, source, poller, store } = await polling({ script: running, kickoffs: runs(50), latency: second });
    await clock.advance(4.5 * second);
    assert.ok(source.inFlight > 0);
    const requestsBefore = source.requests.length;
    const written = store.written.length;
    poller.dispose();
    poller.sync();
    poller.rescheduleSooner();
    poller.pollNow(runs(50));
    await clock.advance(day);
    assert.deepEqual([source.requests.length, store.written.length, source.inFlight, clock.timers], [requestsBefore, written, 0, 0]);
  });

  it('polls at five times the minimum interval without focus, and immediately when it gets the focus', async () => {
    const { clock, source, window, poller } = await polling({ script: running });
    window.isFocused = false;
    await clock.advance(40 * second);
    window.isFocused = true;
    poller.rescheduleSooner();
    await clock.advance(0);
    assert.deepEqual(source.times(), [0, 15_000, 30_000, 40_000]);
  });

  it("doesn't poll before the end of Retry-After when the system clock is set back during the request", async () => {
    const { clock, source } = await polling({ script: answered('running', { retryAfterSeconds: 600 }), latency: second });
    await clock.advance(500);
    clock.setTimeOfDay(-hour);
    await clock.advance(10 * minute);
    assert.deepEqual(source.times(), [0]);
    await clock.advance(5 * minute);
    assert.equal(source.requests.length, 2);
  });
});

describe('A removed run', () => {
  it("isn't polled anymore, and ignores the response to its pending request", async () => {
    const { clock, source, tracker, store, board, ended } = await polling({ script: [running, succeeded], latency: 5 * second });
    await clock.advance(9 * second);
    assert.equal(source.inFlight, 1);
    await tracker.remove([kickoff()]);
    await clock.advance(day);
    assert.deepEqual([source.requests.length, source.inFlight, clock.timers], [2, 0, 0]);
    assert.deepEqual([board.kickoffs, ended], [[], []]);
    assert.equal(store.stored(kickoff()).phase.kind, 'running');
  });

  it('is polled immediately when the user tracks it again, and keeps its tracking time', async () => {
    const { clock, source, tracker, board } = await polling({ script: running });
    await clock.advance(second);
    await tracker.remove([kickoff()]);
    await clock.advance(minute);
    await tracker.trackAll([kickoff()]);
    await clock.advance(0);
    assert.deepEqual(source.times(), [0, minute + second]);
    assert.equal(board.kickoff(kickoff())?.trackedAt, start);
  });

  it('disappears without an end event after the next response if another window removed it', async () => {
    const { clock, source, store, board, ended } = await polling({ script: [running, succeeded] });
    await clock.advance(second);
    await store.update(kickoff(), (stored) => ({ kickoff: { ...stored, removedAt: start } }));
    await clock.advance(day);
    assert.deepEqual([source.requests.length, clock.timers, board.kickoffs], [2, 0, []]);
    assert.deepEqual(ended, []);
  });

  it('causes no end event if it is removed while its final status is stored', async () => {
    const { clock, source, tracker, ended } = await polling({ script: [running, succeeded] });
    await clock.advance(second);
    source.script = () => {
      void tracker.remove([kickoff()]);
      return succeeded;
    };
    await clock.advance(day);
    assert.deepEqual(ended, []);
  });
});

describe('A deployment', () => {
  const one = deployment({ key: 1, url: 'https://host.example.com/one' });
  const other = deployment({ key: 2, url: 'https://host.example.com/two' });
  const [first, another] = [kickoff({ id: id(1) }), kickoff({ id: id(2), deployment: key(2) })];

  for (const kind of ['tokenRefused', 'noToken', 'moved'] as const)
    it(`with the problem ${kind} is polled only on Refresh until a poll succeeds, unlike another deployment on the same host`, async () => {
      const script: Script = (request) => (request.deployment.key === one.key && request.before < 2 ? unanswered(kind) : running);
      const { clock, source, poller, board } = await polling({ script, deployments: [one, other], kickoffs: [first, another] });
      const seen = () => [source.times(first.id), board.kickoff(first)?.phase.kind, board.troubleOf(board.kickoff(first)!)?.kind];
      await clock.advance(hour);
      assert.deepEqual(seen(), [[0], 'queued', kind]);
      assert.ok(source.times(another.id).length > 60);
      poller.pollNow([first]);
      await clock.advance(hour);
      assert.deepEqual(seen(), [[0, hour], 'queued', kind]);
      poller.pollNow([first]);
      await clock.advance(4 * second);
      assert.deepEqual(seen(), [[0, hour, 2 * hour], 'running', undefined]);
    });

  it('shows a run as not found instead of a problem after HTTP 404 if another run had a status a day ago', async () => {
    const kickoffs = [kickoff(), kickoff({ id: id(2), phase: { kind: 'succeeded' }, checkedAt: start - day })];
    const { clock, board, ended } = await polling({ script: unanswered('wrongAddress'), kickoffs });
    await clock.advance(second);
    assert.deepEqual([board.kickoff(kickoff())?.phase.kind, board.troubleOfDeployment(deployment()), ended], ['missing', undefined, []]);
  });

  const wrong = deployment({ url: `${deployment().url}/api` });

  /** Polls three runs for a minute, and then for a second at a wrong URL of their deployment. */
  async function changeToWrongUrl() {
    const script: Script = ({ deployment: { url } }) => (url === wrong.url ? unanswered('wrongAddress') : running);
    const parts = await polling({ script, kickoffs: runs(3) });
    await parts.clock.advance(minute);
    await parts.tracker.changeDeployment(deployment(), { url: wrong.url });
    await parts.clock.advance(second);
    return parts;
  }

  it("whose new URL is wrong isn't polled, and has the problem wrongAddress while its runs keep their status", async () => {
    const { clock, source, board } = await changeToWrongUrl();
    const requests = source.requests.length;
    await clock.advance(hour);
    assert.deepEqual([source.requests.length, board.troubleOfDeployment(wrong)?.kind], [requests, 'wrongAddress']);
    assert.deepEqual([...new Set(board.kickoffs.map(({ phase }) => phase.kind))], ['running']);
  });

  it('has the problem that a request of the user had until a request succeeds, without a notification', async () => {
    const { board, poller, store } = await polling({ script: running, kickoffs: [] });
    const rejections: unknown[] = [];
    store.claimRejection = (one) => Promise.resolve(rejections.push(one) === 1);
    const kinds = (['tokenRefused', undefined, 'wrongAddress', 'unreachable', 'noToken', undefined] as const).map((kind) => {
      poller.recordRequest(deployment(), kind && { kind });
      return board.troubleOfDeployment(deployment())?.kind;
    });
    assert.deepEqual(kinds, ['tokenRefused', undefined, 'wrongAddress', 'unreachable', 'unreachable', undefined]);
    assert.deepEqual(rejections, [key()]);
  });

  it("doesn't have the problem wrongAddress because one request of the user has no route if it answers polls", async () => {
    const { board, clock, poller } = await polling({ script: running });
    await clock.advance(minute);
    poller.recordRequest(deployment(), { kind: 'wrongAddress' });
    assert.equal(board.troubleOfDeployment(deployment()), undefined);
  });

  it('no longer has the problem wrongAddress after its URL was corrected', async () => {
    const { clock, board, tracker } = await changeToWrongUrl();
    await clock.advance(hour);
    await tracker.changeDeployment(wrong, { url: deployment().url });
    await clock.advance(minute);
    assert.equal(board.troubleOfDeployment(deployment()), undefined);
  });

  it('keeps the problem wrongAddress when another deployment of the same host returns a status', async () => {
    const script: Script = (request) => (request.deployment.key === one.key ? unanswered('wrongAddress') : running);
    const { clock, board } = await polling({ script, deployments: [one, other], kickoffs: [another, first] });
    await clock.advance(hour);
    const shown = board.kickoff(first)!;
    assert.deepEqual([shown.phase.kind, board.troubleOf(shown)?.kind], ['queued', 'wrongAddress']);
  });
});

describe('A failing host', () => {
  it('that responds again causes polls of the runs whose polls failed, even during their back-off', async () => {
    const failsFrom = 1_830 * second;
    const script: Script = ({ at, id: of }) => {
      const hasFailedBefore = of === id(1) || of === id(2);
      const isFailing = at < failsFrom + 65 * second && (hasFailedBefore || at >= failsFrom);
      return isFailing ? unanswered('serverTrouble') : running;
    };
    const { clock, source } = await polling({ script, kickoffs: runs(5) });
    await clock.advance(failsFrom + 90 * second);
    for (const of of [1, 2]) assert.ok(source.times(id(of)).at(-1)! >= failsFrom + 65 * second, `run ${of}`);
  });

  it('gets single probes for different runs until it responds', async () => {
    const script: Script = ({ at }) => (at < 35 * second ? unreachable : running);
    const { clock, source } = await polling({ script, kickoffs: runs(20) });
    await clock.advance(35 * second);
    assert.ok(source.times().filter((at) => at === 0).length <= 4);
    const [first, next, ...others] = source.requests.filter(({ at }) => at > 0 && at < 35 * second);
    assert.deepEqual([first?.at, next?.at, others], [5_000, 15_000, []]);
    assert.notEqual(first?.id, next?.id);
  });

  /** Polls 50 runs for ten minutes. */
  async function pollMany(script: Script) {
    const { clock, source } = await polling({ script, kickoffs: runs(50, { trackedAt: start - day }) });
    await clock.advance(10 * minute);
    return source;
  }

  const failing17: Script = ({ id: of }) => (of === id(17) ? unanswered('serverTrouble') : running);

  it('that returns errors for only one of its 50 runs is polled on time for the other 49, and rarely for that one', async () => {
    const well = await pollMany(running);
    const poisoned = await pollMany(failing17);
    assert.ok(poisoned.times(id(17)).length <= 10);
    for (const { id: of } of runs(50)) {
      if (of === id(17)) continue;
      const late = poisoned.times(of).map((at, index) => Math.abs(at - (well.times(of)[index] ?? Infinity)));
      assert.ok(late.length >= 10 && late.every((by) => by <= second), String(late));
    }
  }).timeout(20_000);

  it('causes a problem for all its runs until it responds', async () => {
    const script: Script = ({ at }) => (at < 30 * second ? unanswered('serverTrouble') : running);
    const { clock, board } = await polling({ script, kickoffs: runs(6) });
    await clock.advance(29 * second);
    assert.ok(board.kickoffs.every((run) => board.troubleOf(run)?.kind === 'serverTrouble'));
    await clock.advance(20 * second);
    assert.ok(board.kickoffs.every((run) => board.troubleOf(run) === undefined));
  });
});

describe('A server that sends Retry-After', () => {
  it("with a run's status delays the polls of only that run", async () => {
    const alone = await polling({ script: running });
    const script: Script = ({ id: of }) => (of === id(1) ? answered('running', { retryAfterSeconds: 600 }) : running);
    const { clock, source } = await polling({ script, kickoffs: runs(2) });
    await alone.clock.advance(hour);
    await clock.advance(hour);
    const minutes = source.times(id(1)).map((at) => at / minute);
    assert.deepEqual(minutes, [0, 10, 20, 30, 40, 50, 60]);
    assert.deepEqual(source.times(id(2)), alone.source.times());
  });

  it("delays a run's polls by at most a day after the history is loaded, even if the clock had been a year ahead", async () => {
    const parts = shared({ script: running, kickoffs: [kickoff({ phase: { kind: 'running' }, notBefore: start + 365 * day })] });
    await new Window(parts).tracker.load();
    await parts.clock.advance(day);
    assert.deepEqual(parts.source.times(), [day]);
  });

  for (const [set, back] of [
    ['an hour', hour],
    ['a year', 365 * day],
  ] as const)
    it(`for all runs delays polls by at most twice that time if the system clock is set back by ${set}`, async () => {
      const throttled = unanswered('throttled', { retryAt: start + 10 * minute });
      const { clock, source } = await polling({ script: [throttled, running] });
      await clock.advance(minute);
      clock.setTimeOfDay(-back);
      await clock.advance(2 * hour);
      const [, next = 0] = source.times();
      assert.ok(next >= 10 * minute && next <= 20 * minute, String(next / minute));
    });

  it('in a response to any request delays all polls, and keeps other requests from being sent', async () => {
    const { clock, source, poller } = await polling({ script: running, kickoffs: runs(3) });
    await clock.advance(10 * minute);
    const sent = source.requests.length;
    const throttled = { kind: 'throttled', retryAt: clock.now() + hour } as const;
    assert.equal(await poller.acquireRequestSlot(deployment()), undefined);
    poller.recordRequest(deployment(), throttled);
    await clock.advance(hour - second);
    assert.partialDeepStrictEqual(await poller.acquireRequestSlot(deployment()), throttled);
    assert.equal(source.requests.length, sent);
    await clock.advance(2 * minute);
    assert.equal(await poller.acquireRequestSlot(deployment()), undefined);
    assert.ok(source.requests.length > sent + 3, String(source.requests.length));
  });

  const kinds = fc.constantFrom('well', 'wait', 'throttled', 'unreachable', 'serverTrouble', 'notAllowed');
  const events = fc.array(fc.record({ kind: kinds, seconds: fc.integer({ min: 1, max: 900 }) }), { minLength: 1, maxLength: 40 });
  const touches = fc.array(fc.tuple(fc.constantFrom('sync', 'hurry', 'focus'), fc.integer({ min: 1, max: 200 })), { maxLength: 10 });
  const latencies = fc.integer({ min: 0, max: 5_000 });
  const counts = fc.integer({ min: 1, max: 6 });
  const title = 'is never polled early, for any sequence of responses and window events';

  always(title, 500, [events, touches, latencies, counts], async (script, touched, latency, count) => {
    let polls = 0;
    const quiet: { readonly from: number; readonly until: number; readonly of?: KickoffId }[] = [];
    const parts = await polling({
      script: ({ id: of }) => {
        const { kind, seconds } = script[polls++ % script.length]!;
        const from = parts.clock.elapsed;
        const until = from + seconds * second;
        if (kind === 'well') return running;
        if (kind === 'wait') {
          quiet.push({ from, until, of });
          return answered('running', { retryAfterSeconds: seconds });
        }
        if (kind === 'throttled') quiet.push({ from, until });
        return unanswered(kind, kind === 'throttled' ? { retryAt: start + until } : {});
      },
      kickoffs: runs(count),
      latency,
    });
    for (const [touch, seconds] of touched) {
      await parts.clock.advance(seconds * second);
      if (touch === 'sync') parts.poller.sync();
      else parts.poller.rescheduleSooner();
      if (touch === 'focus') parts.window.isFocused = !parts.window.isFocused;
    }
    await parts.clock.advance(10 * minute);
    parts.poller.dispose();
    for (const { from, until, of } of quiet) {
      const early = parts.source.times(of).filter((at) => at > from && at < until);
      assert.deepEqual(early, [], `${of ?? 'all'}, not before ${until}`);
    }
  });
});

describe('The message of a rejected request', () => {
  const refusing = (text: string): Observation => ({
    kind: 'unanswered',
    trouble: { kind: 'refused', detail: text },
    body: new TextEncoder().encode(text),
  });
  const bodyOf = async (store: Store) => new TextDecoder().decode(await store.body(kickoff()));

  it('is stored as the response, and replaced by later messages, until AMP returns a status', async () => {
    const { clock, store, board, poller, source } = await polling({ script: [refusing('no inputs'), refusing('no quota'), running] });
    await clock.advance(minute);
    const { trouble, phase, checkedAt } = store.stored(kickoff());
    assert.deepEqual([await bodyOf(store), trouble?.detail, phase.kind, checkedAt], ['no inputs', 'no inputs', 'queued', undefined]);
    assert.deepEqual([hasBody(store.stored(kickoff())), hasBody(kickoff()), source.requests.length], [true, false, 1]);
    poller.pollNow(board.kickoffs);
    await clock.advance(minute);
    assert.equal(await bodyOf(store), 'no quota');
    poller.pollNow(board.kickoffs);
    await clock.advance(second);
    assert.deepEqual([await bodyOf(store), hasBody(store.stored(kickoff()))], ['running', true]);
  });
});

describe("A store that can't be written", () => {
  it('causes growing poll intervals, and no end event, until the final status is stored', async () => {
    const { clock, source, store, ended, unsaved, board } = await polling({ script: [running, succeeded] });
    await clock.advance(second);
    store.isFull = true;
    await clock.advance(20 * second);
    assert.deepEqual(source.times(), [0, 3_000, 8_000, 18_000]);
    assert.deepEqual([ended.length, unsaved.length, board.kickoff(kickoff())?.phase.kind], [0, 3, 'running']);
    store.isFull = false;
    await clock.advance(day);
    assert.deepEqual([source.requests.length, ended.length, store.stored(kickoff()).phase.kind, clock.timers], [5, 1, 'succeeded', 0]);
  });

  it('is the problem of each polled run, but not of the deployment, until a response is stored', async () => {
    const { clock, store, board } = await polling({ script: running, kickoffs: runs(2) });
    store.isFull = true;
    await clock.advance(second);
    const trouble = { kind: 'notSaved', detail: 'diskFull' };
    assert.deepEqual([board.saveTrouble, ...board.kickoffs.map((one) => board.troubleOf(one))], [trouble, trouble, trouble]);
    assert.deepEqual([board.troubleOfDeployment(deployment()), store.stored(kickoff()).trouble], [undefined, undefined]);
    store.isFull = false;
    await clock.advance(10 * second);
    assert.deepEqual([board.saveTrouble, ...board.kickoffs.map((one) => board.troubleOf(one))], [undefined, undefined, undefined]);
  });

  it('is no longer a problem after all affected runs were removed or finished', async () => {
    const { clock, store, board, tracker } = await polling({ script: running, kickoffs: runs(2) });
    store.isFull = true;
    await clock.advance(second);
    store.isFull = false;
    await tracker.remove([kickoff()]);
    assert.equal(board.saveTrouble?.kind, 'notSaved');
    await store.update(kickoff({ id: id(2) }), (one) => ({ kickoff: { ...one, phase: { kind: 'succeeded' } } }));
    await tracker.load();
    assert.deepEqual([board.saveTrouble, ...board.kickoffs.map((one) => board.troubleOf(one))], [undefined, undefined]);
  });

  const failing = { kind: 'diskFull', message: "Can't save run history: the disk is full. Free up disk space." };

  it('makes a rename or removal of a run fail with the reason', async () => {
    const { store, tracker } = await polling({ script: running });
    store.isFull = true;
    await assert.rejects(tracker.rename(kickoff(), 'nightly'), failing);
    await assert.rejects(tracker.remove([kickoff()]), failing);
  });

  it('keeps a new run from being tracked', async () => {
    const { store, tracker, board, clock, source } = await polling({ script: running });
    store.isFull = true;
    await assert.rejects(tracker.trackAll([kickoff({ id: id(2) })]), failing);
    await clock.advance(minute);
    assert.deepEqual([board.kickoffs.length, source.times(id(2))], [1, []]);
  });
});

describe('Two windows', () => {
  const phases = fc.constantFrom<Phase['kind']>('queued', 'running', 'running', 'waiting', 'missing', 'succeeded', 'failed', 'stopped');
  const troubles = fc.constantFrom<TroubleKind>(
    ...(['unreachable', 'serverTrouble', 'notAnAnswer', 'throttled', 'refused', 'tokenRefused', 'wrongAddress'] as const),
  );
  const seen = fc.oneof(
    { weight: 3, arbitrary: phases.map((kind): Observation => answered(kind)) },
    { weight: 1, arbitrary: troubles.map((kind) => unanswered(kind)) },
  );
  const scripts = fc.array(seen, { minLength: 1, maxLength: 30 });
  const touch = fc.tuple(fc.nat({ max: 1 }), fc.constantFrom('load', 'pollNow', 'hurry', 'read'), fc.integer({ max: 30, min: 1 }));
  const touches = fc.array(touch, { maxLength: 12 });
  const title = 'store one final status of each run and notify the user once, for any sequence of responses';

  always(title, 500, [scripts, touches, fc.nat({ max: 4_000 })], async (script, touched, latency) => {
    let polls = 0;
    const kickoffs = runs(3);
    const parts = shared({ script: () => script[polls++ % script.length]!, kickoffs, latency });
    const { clock, store } = parts;
    const windows = [new Window(parts), new Window(parts)] as const;
    for (const { tracker } of windows) await tracker.load();
    for (const [of, touch, seconds] of touched) {
      const { tracker, poller } = windows[of as 0 | 1];
      if (touch === 'load') await tracker.load();
      else if (touch === 'pollNow') poller.pollNow(kickoffs);
      else if (touch === 'hurry') poller.rescheduleSooner();
      else await tracker.markRead([kickoffs[0]!]);
      await clock.advance(seconds * second);
    }
    await clock.advance(hour);
    for (const { poller } of windows) poller.dispose();
    await settled();

    for (const run of kickoffs) {
      const history = store.written.filter(({ at }) => at === keyOf(run)).map(({ change }) => change.kickoff.phase);
      const end = history.findIndex((phase) => isSettled(phase));
      if (end >= 0) assert.ok(history.slice(end).every((phase) => phase === history[end]));
      const notified = windows.flatMap((window) => window.notified).filter((one) => one.id === run.id);
      assert.equal(notified.length, store.stored(run).finishedAt === undefined ? 0 : 1);
      for (const { board } of windows) {
        const shown = board.kickoff(run)!.phase;
        if (isSettled(shown)) assert.deepEqual(shown, store.stored(run).phase);
      }
    }
  });
});
