import assert from 'node:assert/strict';
import { Board } from '#core/history/board';
import type { Observation } from '#core/kickoff/kickoff';
import { lazy } from '#core/lib/lazy';
import { Connectivity } from '#core/polling/connectivity';
import { HostHealth } from '#core/polling/hostHealth';
import { answered, deployment, id, key, kickoff, ScriptedNetwork, unanswered, type PollRequest } from '#test/support/builders';
import { hour, ManualClock, minute, second, settled, start } from '#test/support/manualClock';
import { polling, runs, type Setting } from '#test/support/polling';

const running = answered('running');
const nameUnknown = unanswered('nameUnknown');
const unreachable = unanswered('unreachable');

const crew = deployment();
const other = deployment({ key: 2, url: 'https://other.example.com', label: 'other' });
const local = deployment({ key: 3, url: 'http://127.0.0.1:4180', label: 'local' });
const polledBefore = { phase: { kind: 'running' }, checkedAt: start - minute } as const;
const twoHosts = { deployments: [crew, other], kickoffs: [...runs(40), ...runs(40, { deployment: key(2) })] };

type Of = Omit<Setting, 'script'> & { readonly online?: (request: PollRequest) => Observation };

/** Opens a window whose requests to other machines fail while there is no network. `online` returns the other responses. */
function onNetwork({ online = () => running, network = new ScriptedNetwork(), ...setting }: Of = {}) {
  return polling({
    ...setting,
    network,
    script: (request) => {
      const { hostname } = new URL(request.deployment.url);
      if (hostname === '127.0.0.1') return online(request);
      if (!network.hasAddress) return unreachable;
      return network.finds(hostname) ? online(request) : nameUnknown;
    },
  });
}

/** Opens a window that polled for a minute and then had no network for a minute. */
async function withoutNetwork(of: Of) {
  const parts = await onNetwork(of);
  await parts.clock.advance(minute);
  parts.network.hasAddress = false;
  await parts.clock.advance(minute);
  return parts;
}

describe('A machine without a network', function () {
  this.timeout(20_000);

  it('shows the start of the offline period for all runs and deployments, without looking up host names', async () => {
    const { clock, network, board } = await withoutNetwork(twoHosts);
    await clock.advance(10 * hour);
    const since = board.troubleOf(kickoff())?.since ?? 0;
    assert.ok(since >= start + minute && since <= start + 2 * minute, String(since - start));
    for (const one of board.kickoffs) assert.deepEqual(board.troubleOf(one), { kind: 'offline', since });
    for (const one of board.deployments) assert.deepEqual(board.troubleOfDeployment(one), { kind: 'offline', since });
    assert.deepEqual(network.lookedUp, []);
  });

  for (const wait of [7, 31, 59, 3_601]) {
    /** Polls two hosts after an offline period, once for all tests. Returns the requests since the network is back. */
    const comeBackOnce = lazy(async () => {
      const { clock, source, network, board } = await onNetwork({ ...twoHosts, latency: 2 * second });
      await clock.advance(10 * minute);
      network.hasAddress = false;
      await clock.advance(minute + wait * second);
      const before = source.requests.length;
      const back = clock.elapsed;
      network.hasAddress = true;
      await clock.advance(65 * second);
      const after = source.requests.slice(before);
      const trouble = board.troubleOfDeployment(crew);
      await clock.advance(2 * minute);
      return { after, first: after[0]?.at ?? Infinity, back, trouble, board };
    });
    const period = `after an offline period of ${wait + 60} s`;

    it(`polls again, without a problem, within 65 s ${period}`, async () => {
      const { first, back, trouble } = await comeBackOnce();
      assert.ok(first - back <= 65 * second, String(first - back));
      assert.equal(trouble, undefined);
    });

    it(`sends only one request to each host in the first two seconds of polling ${period}`, async () => {
      const { after, first } = await comeBackOnce();
      assert.equal(after.filter(({ at }) => at < first + 2 * second).length, 2);
    });

    it(`sends at most 20 requests to two hosts in the first twelve seconds of polling ${period}`, async () => {
      const { after, first } = await comeBackOnce();
      assert.ok(after.filter(({ at }) => at < first + 12 * second).length <= 20);
    });

    it(`polls all 80 runs within 185 s ${period}`, async () => {
      const { board, back } = await comeBackOnce();
      assert.ok(board.kickoffs.every(({ checkedAt = 0 }) => checkedAt > start + back));
    });
  }

  it('polls a run that was tracked offline only after the network is back, within a minute', async () => {
    const { clock, source, network, tracker, board } = await withoutNetwork({ kickoffs: runs(1) });
    await tracker.trackAll([{ deployment: key(), id: id(5) }]);
    await clock.advance(minute);
    assert.deepEqual([source.times(id(5)), board.troubleOf(kickoff({ id: id(5) }))?.kind], [[], 'offline']);
    network.hasAddress = true;
    await clock.advance(minute);
    assert.ok(source.times(id(5)).length > 0);
  });

  it('continues to poll deployments on localhost', async () => {
    const kickoffs = [...runs(1), kickoff({ deployment: key(3), id: id(9) })];
    const { clock, source, board } = await withoutNetwork({ deployments: [crew, local], kickoffs });
    const before = source.times(id(9)).length;
    await clock.advance(10 * minute);
    assert.ok(source.times(id(9)).length > before + 5);
    assert.deepEqual([board.troubleOfDeployment(crew)?.kind, board.troubleOfDeployment(local)], ['offline', undefined]);
  });

  it('sends requests on Refresh only if the network is back', async () => {
    const { clock, source, network, poller, board } = await withoutNetwork({ kickoffs: runs(3) });
    const before = source.requests.length;
    poller.pollNow(board.kickoffs);
    await clock.advance(second);
    assert.equal(source.requests.length, before);
    network.hasAddress = true;
    poller.pollNow(board.kickoffs);
    await clock.advance(0);
    assert.equal(source.requests.length, before + 1);
    assert.equal(board.troubleOf(kickoff()), undefined);
  });

  it('is no longer shown as offline after its last active run was removed', async () => {
    const { clock, tracker, board } = await withoutNetwork({ kickoffs: runs(1) });
    assert.deepEqual([clock.timers, board.troubleOfDeployment(crew)?.kind], [1, 'offline']);
    await tracker.remove([kickoff()]);
    await clock.advance(0);
    assert.deepEqual([clock.timers, board.troubleOfDeployment(crew)], [0, undefined]);
  });

  it('has no timer after the window closed during a network check', async () => {
    const { clock, poller } = await withoutNetwork({ kickoffs: runs(1) });
    poller.pollNow([kickoff()]);
    poller.dispose();
    await clock.advance(hour);
    assert.equal(clock.timers, 0);
  });
});

describe("Host names that can't be resolved", () => {
  const finding = (finds: (name: string) => boolean) => Object.assign(new ScriptedNetwork(), { finds });
  const none = () => false;

  /** Polls two hosts whose names can't be resolved for a minute. One of them responded before. */
  async function resolveNone() {
    const parts = await onNetwork({
      network: finding(none),
      deployments: [crew, other],
      kickoffs: [...runs(1, polledBefore), kickoff({ id: id(3) }), kickoff({ deployment: key(2), id: id(2) })],
    });
    await parts.clock.advance(minute);
    return parts;
  }

  it('make the machine offline within three requests if no name resolves and a host responded earlier', async () => {
    const { clock, board, source } = await resolveNone();
    await clock.advance(hour);
    for (const one of board.deployments) assert.equal(board.troubleOfDeployment(one)?.kind, 'offline');
    assert.ok(source.requests.length <= 3, String(source.requests.length));
  });

  it('make the machine offline only until they can be resolved', async () => {
    const { clock, source, network, board } = await resolveNone();
    const before = source.requests.length;
    network.finds = () => true;
    await clock.advance(65 * second);
    for (const one of board.deployments) assert.equal(board.troubleOfDeployment(one), undefined);
    assert.ok(source.requests.length >= before + 2);
  });

  it("cause lookups of only the deployments' host names", async () => {
    const { clock, network } = await resolveNone();
    await clock.advance(hour);
    assert.deepEqual([...new Set(network.lookedUp)].sort(), ['crew.example.com', 'other.example.com']);
  });

  it('are a problem of the host if no host ever responded', async () => {
    const { clock, board } = await onNetwork({ network: finding(none) });
    await clock.advance(minute);
    assert.equal(board.troubleOf(kickoff())?.kind, 'nameUnknown');
  });

  it("are only their host's problem if another name resolves or another host needs no lookup", async () => {
    for (const url of ['https://other.example.com', 'http://192.0.2.7', 'http://[2001:db8::7]']) {
      const { clock, board, network } = await onNetwork({
        network: finding((name) => name !== 'crew.example.com'),
        deployments: [crew, deployment({ key: 2, url, label: 'other' })],
        kickoffs: [...runs(1, polledBefore), kickoff({ deployment: key(2), id: id(2), ...polledBefore })],
      });
      await clock.advance(10 * minute);
      const problems = board.deployments.map((one) => board.troubleOfDeployment(one)?.kind);
      assert.deepEqual(problems, ['nameUnknown', undefined], url);
      assert.ok(!network.lookedUp.some((name) => /\d$|\]$/.test(name)), url);
    }
  });

  it('make the machine offline only if a request failed for this reason, because a proxy may resolve the names', async () => {
    for (const [failure, kind, later] of [
      [nameUnknown, 'offline', 'offline'],
      [unreachable, 'unreachable', undefined],
    ] as const) {
      const script = ({ at }: PollRequest) => (at > minute && at < hour ? failure : running);
      const { clock, board } = await polling({ script, network: finding(none) });
      await clock.advance(10 * minute);
      assert.equal(board.troubleOf(kickoff())?.kind, kind);
      await clock.advance(2 * hour);
      assert.equal(board.troubleOf(kickoff())?.kind, later, 'a host that is polled has responded by now');
    }
  });

  it("don't keep the machine offline after it has a network address again, because a proxy may resolve the names", async () => {
    let isCut = false;
    const network = finding(none);
    const { clock, board } = await polling({ script: () => (isCut ? unreachable : running), network });
    await clock.advance(minute);
    [isCut, network.hasAddress] = [true, false];
    await clock.advance(minute);
    assert.equal(board.troubleOf(kickoff())?.kind, 'offline');
    [isCut, network.hasAddress] = [false, true];
    await clock.advance(minute);
    assert.equal(board.troubleOf(kickoff()), undefined);
  });

  it("don't block Refresh, because a proxy may resolve them", async () => {
    const script = ({ at }: PollRequest) => (at < second ? nameUnknown : answered('succeeded'));
    const { clock, source, board, poller } = await polling({ script, network: finding(none), kickoffs: runs(2, polledBefore) });
    await clock.advance(hour);
    assert.equal(board.troubleOf(kickoff())?.kind, 'offline');
    const requestsBefore = source.requests.length;
    poller.pollNow([kickoff()]);
    await clock.advance(minute);
    assert.equal(source.requests.length, requestsBefore + 2);
    assert.ok(board.kickoffs.every(({ phase }) => phase.kind === 'succeeded'));
  });

  it('make the machine offline if the network is lost just after a response', async () => {
    const network = finding(none);
    const { clock, board } = await polling({ script: [running, nameUnknown], network });
    await clock.advance(minute);
    assert.equal(board.troubleOf(kickoff())?.kind, 'offline');
  });
});

describe('A host name', () => {
  it('is never looked up while its host responds', async () => {
    const { clock, network } = await onNetwork({ kickoffs: runs(5, polledBefore) });
    await clock.advance(hour);
    assert.deepEqual(network.lookedUp, []);
  });

  it("is looked up at most every 30 s while it can't be resolved", async () => {
    const { clock, network } = await onNetwork({ kickoffs: runs(5, polledBefore) });
    await clock.advance(hour);
    network.finds = () => false;
    await clock.advance(hour);
    assert.ok(network.lookedUp.length <= 1 + 120, String(network.lookedUp.length));
  });
});

describe('The first poll after an offline period', () => {
  for (const [kind, then] of [
    ['serverTrouble', undefined],
    ['refused', undefined],
    ['unreachable', 'unreachable'],
    ['throttled', 'throttled'],
  ] as const)
    it(`causes ${then ? 'a temporary problem' : 'no problem'} of the host if the poll fails with ${kind}`, async () => {
      let probes = 0;
      const online = ({ at }: PollRequest) => (at > minute && probes++ === 0 ? unanswered(kind) : running);
      const { clock, network, board } = await withoutNetwork({ kickoffs: runs(3), online });
      network.hasAddress = true;
      while (probes === 0) await clock.advance(second);
      assert.equal(board.troubleOfDeployment(crew)?.kind, then);
      await clock.advance(3 * minute);
      assert.equal(board.troubleOfDeployment(crew), undefined);
    });
});

describe('The network check', () => {
  function checking() {
    const network = new ScriptedNetwork();
    const clock = new ManualClock();
    const health = new HostHealth(() => 1);
    const board = new Board(health);
    board.show([crew, local], [kickoff(polledBefore), kickoff({ deployment: key(3), id: id(9), ...polledBefore })]);
    const seen = { checks: 0, ends: 0 };
    const isConnected = network.isConnected.bind(network);
    network.isConnected = () => (seen.checks++, isConnected());
    const connectivity = new Connectivity({ network, clock, board, health }, () => seen.ends++);
    return { network, clock, health, board, seen, connectivity };
  }

  for (const kind of ['unreachable', 'nameUnknown'] as const)
    it(`runs only once for simultaneous polls with the problem ${kind}`, async () => {
      const { connectivity, seen } = checking();
      for (const _ of ['once', 'again']) connectivity.checkAfterRequest(crew, unanswered(kind));
      await settled();
      assert.equal(seen.checks, 1);
    });

  it('reports no end of an offline period if the network was never lost', async () => {
    const { connectivity, seen } = checking();
    for (const failure of [unreachable, nameUnknown]) {
      connectivity.checkAfterRequest(crew, failure);
      await settled();
    }
    assert.deepEqual([seen.checks, seen.ends], [2, 0]);
  });

  for (const [when, polled, results] of [
    ['if the host responded', crew, [unanswered('refused'), unanswered('certificate')]],
    ['after polls of localhost', local, [unreachable, running]],
  ] as const)
    it(`doesn't run ${when}`, async () => {
      const { connectivity, seen, network } = checking();
      for (const result of results) connectivity.checkAfterRequest(polled, result);
      await settled();
      assert.deepEqual([seen.checks, network.lookedUp], [0, []]);
    });

  /** Checks the network once, without an IP address. */
  async function goOffline() {
    const parts = checking();
    parts.network.hasAddress = false;
    parts.connectivity.checkAfterRequest(crew, unreachable);
    await settled();
    assert.deepEqual([parts.health.isOffline, parts.clock.timers], [true, 1]);
    return parts;
  }

  it('repeats only every 30 s while the machine is offline', async () => {
    const { connectivity, seen, clock } = await goOffline();
    for (const result of [unreachable, running]) connectivity.checkAfterRequest(crew, result);
    connectivity.endOfflineIfIdle();
    await settled();
    assert.equal(seen.checks, 1);
    await clock.advance(30 * second);
    assert.deepEqual([seen.checks, seen.ends], [2, 0]);
  });

  it('ends the offline period and its own repetition when the network is back', async () => {
    const { seen, network, clock, health } = await goOffline();
    network.hasAddress = true;
    await clock.advance(30 * second);
    assert.deepEqual([health.isOffline, clock.timers, seen.ends], [false, 0, 1]);
  });

  /** Stops a check while it runs, without an IP address. */
  async function stopDuringCheck() {
    const parts = checking();
    parts.network.hasAddress = false;
    const check = parts.connectivity.check({ countsFailedLookups: false });
    parts.connectivity.stop();
    await check;
    return parts;
  }

  it("doesn't report the machine as offline if it was stopped during the check", async () => {
    const { clock, health } = await stopDuringCheck();
    assert.deepEqual([health.isOffline, clock.timers], [false, 0]);
  });

  it('can run again after it was stopped during a check', async () => {
    const { connectivity, health, seen } = await stopDuringCheck();
    connectivity.checkAfterRequest(crew, unreachable);
    await settled();
    assert.deepEqual([seen.checks, health.isOffline], [2, true]);
  });
});
