import assert from 'node:assert/strict';
import { Board } from '#core/history/board';
import type { Observation } from '#core/kickoff/kickoff';
import { Connectivity } from '#core/polling/connectivity';
import { HostHealth } from '#core/polling/hostHealth';
import { answered, deployment, id, key, kickoff, ScriptedNetwork, unanswered, type Ask } from '#test/support/builders';
import { ManualClock, settled, start } from '#test/support/manualClock';
import { polling, runs, type Setting } from '#test/support/polling';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

const running = answered('running');
const nameUnknown = unanswered('nameUnknown');
const unreachable = unanswered('unreachable');

const crew = deployment();
const other = deployment({ key: 2, url: 'https://other.example.com', label: 'other' });
const local = deployment({ key: 3, url: 'http://127.0.0.1:4180', label: 'local' });
const heard = { phase: { kind: 'running' }, checkedAt: start - minute } as const;

type Of = Omit<Setting, 'script'> & { readonly online?: (ask: Ask) => Observation };

/** A window whose requests to other machines fail as long as there is no network. */
function onNetwork({ online = () => running, network = new ScriptedNetwork(), ...setting }: Of = {}) {
  return polling({
    ...setting,
    network,
    script: (ask) => {
      const { hostname } = new URL(ask.deployment.url);
      if (hostname === '127.0.0.1') return online(ask);
      if (!network.hasAddress) return unreachable;
      return network.finds(hostname) ? online(ask) : nameUnknown;
    },
  });
}

describe('A machine without a network', function () {
  this.timeout(20_000);

  it('asks nobody, changes no phase, and says since when it is offline', async () => {
    const kickoffs = [...runs(40), ...runs(40, { deployment: key(2) })];
    const { clock, source, network, board } = await onNetwork({ deployments: [crew, other], kickoffs });
    await clock.advance(10 * minute);
    network.hasAddress = false;
    await clock.advance(minute);
    const [asked, phases] = [source.asked.length, board.kickoffs.map(({ phase }) => phase)];
    await clock.advance(10 * hour);
    assert.equal(source.asked.length, asked);
    assert.deepEqual(
      board.kickoffs.map(({ phase }) => phase),
      phases,
    );
    const troubles = [
      ...board.kickoffs.map((one) => board.troubleOf(one)),
      ...board.deployments.map((one) => board.troubleOfDeployment(one)),
    ];
    const [{ since = 0 } = { since: 0 }] = troubles as { since?: number }[];
    assert.ok(since >= start + 10 * minute && since <= start + 11 * minute, String(since - start));
    assert.deepEqual(
      troubles,
      troubles.map(() => ({ kind: 'offline', since })),
    );
    assert.deepEqual(
      network.lookedUp.filter((name) => !/^(?:crew|other)\.example\.com$/.test(name)),
      [],
    );
  });

  it('notices within 65 s that it has one again, and asks each host once before anything else of it is asked', async () => {
    for (const wait of [7, 31, 59, 3_601]) {
      const kickoffs = [...runs(40), ...runs(40, { deployment: key(2) })];
      const { clock, source, network, board } = await onNetwork({ deployments: [crew, other], kickoffs, latency: 2 * second });
      await clock.advance(10 * minute);
      network.hasAddress = false;
      await clock.advance(minute + wait * second);
      const before = source.asked.length;
      const back = clock.elapsed;
      network.hasAddress = true;
      await clock.advance(65 * second);
      const after = source.asked.slice(before);
      const first = after[0]?.at ?? Infinity;
      assert.ok(first - back <= 65 * second, String(first - back));
      assert.equal(board.troubleOfDeployment(crew), undefined);
      assert.equal(after.filter(({ at }) => at < first + 2 * second).length, 2, 'one a host');
      assert.ok(after.filter(({ at }) => at < first + 12 * second).length <= 20, 'at most ten a host in the first ten seconds');
      await clock.advance(2 * minute);
      assert.ok(
        board.kickoffs.every(({ checkedAt = 0 }) => checkedAt > start + back),
        'and then all',
      );
    }
  });

  it('goes on asking itself', async () => {
    const { clock, source, network, board } = await onNetwork({
      deployments: [crew, local],
      kickoffs: [...runs(1), kickoff({ deployment: key(3), id: id(9) })],
    });
    await clock.advance(minute);
    network.hasAddress = false;
    await clock.advance(minute);
    const before = source.times(id(9)).length;
    await clock.advance(10 * minute);
    assert.ok(source.times(id(9)).length > before + 5);
    assert.deepEqual([board.troubleOfDeployment(crew)?.kind, board.troubleOfDeployment(local)], ['offline', undefined]);
  });

  it('looks at once when the user asks for it, and sends nothing as long as it has none', async () => {
    const { clock, source, network, poller, board } = await onNetwork({ kickoffs: runs(3) });
    await clock.advance(minute);
    network.hasAddress = false;
    await clock.advance(minute);
    const before = source.asked.length;
    poller.askNow(board.kickoffs);
    await clock.advance(second);
    assert.equal(source.asked.length, before);
    network.hasAddress = true;
    poller.askNow(board.kickoffs);
    await clock.advance(0);
    assert.equal(source.asked.length, before + 1);
    assert.equal(board.troubleOf(kickoff()), undefined);
  });

  it('keeps an id that is tracked meanwhile, and asks for it when there is one again', async () => {
    const { clock, source, network, tracker, board } = await onNetwork({ kickoffs: runs(1) });
    await clock.advance(minute);
    network.hasAddress = false;
    await clock.advance(minute);
    await tracker.track({ deployment: key(), id: id(5) });
    await clock.advance(minute);
    assert.deepEqual([source.times(id(5)), board.troubleOf(kickoff({ id: id(5) }))?.kind], [[], 'offline']);
    network.hasAddress = true;
    await clock.advance(minute);
    assert.ok(source.times(id(5)).length > 0);
  });

  it('sets no timer once nothing of others is open, and is not offline any more', async () => {
    const { clock, network, tracker, board } = await onNetwork({ kickoffs: runs(1) });
    network.hasAddress = false;
    await clock.advance(minute);
    assert.deepEqual([clock.timers, board.troubleOfDeployment(crew)?.kind], [1, 'offline']);
    await tracker.remove([kickoff()]);
    await clock.advance(0);
    assert.deepEqual([clock.timers, board.troubleOfDeployment(crew)], [0, undefined]);
  });

  it('leaves nothing when the window closes, also while it looks', async () => {
    const { clock, network, poller } = await onNetwork({ kickoffs: runs(1) });
    network.hasAddress = false;
    await clock.advance(minute);
    poller.askNow([kickoff()]);
    poller.dispose();
    await clock.advance(hour);
    assert.equal(clock.timers, 0);
  });

  it('leaves a host in peace that asked for time, also when it has one again', async () => {
    const retryAt = start + 2 * hour;
    const script = (ask: { at: number }) => (ask.at < minute ? unanswered('throttled', { retryAt }) : running);
    const { clock, source, network } = await onNetwork({
      deployments: [crew, other],
      kickoffs: [...runs(1), kickoff({ deployment: key(2), id: id(2) })],
      online: (ask) => (ask.deployment.key === crew.key ? script(ask) : running),
    });
    await clock.advance(minute);
    network.hasAddress = false;
    await clock.advance(minute);
    network.hasAddress = true;
    await clock.advance(3 * hour);
    const times = source.times(id(1));
    assert.deepEqual(times.slice(0, 2), [0, 2 * hour]);
  });

  it('says of a deployment that waits for its user what it waits for', async () => {
    const { clock, network, board } = await onNetwork({
      deployments: [crew, other],
      kickoffs: [...runs(1), kickoff({ deployment: key(2), id: id(2) })],
      online: (ask) => (ask.deployment.key === crew.key ? unanswered('noToken') : running),
    });
    await clock.advance(minute);
    network.hasAddress = false;
    await clock.advance(minute);
    assert.deepEqual([board.troubleOfDeployment(crew)?.kind, board.troubleOfDeployment(other)?.kind], ['noToken', 'offline']);
  });
});

describe('Names that are not found', () => {
  function finding(finds: (name: string) => boolean): ScriptedNetwork {
    return Object.assign(new ScriptedNetwork(), { finds });
  }
  const none = () => false;

  it('make a machine offline when none is and one was heard before', async () => {
    const { clock, source, network, board } = await onNetwork({
      network: finding(none),
      deployments: [crew, other],
      kickoffs: [...runs(1, heard), kickoff({ deployment: key(2), id: id(2) })],
    });
    await clock.advance(minute);
    const before = source.asked.length;
    assert.ok(before <= 2, String(before));
    await clock.advance(hour);
    assert.equal(source.asked.length, before);
    assert.deepEqual(
      board.deployments.map((one) => board.troubleOfDeployment(one)?.kind),
      ['offline', 'offline'],
    );
    network.finds = () => true;
    await clock.advance(65 * second);
    assert.deepEqual(
      board.deployments.map((one) => board.troubleOfDeployment(one)),
      [undefined, undefined],
    );
    assert.ok(source.asked.length >= before + 2);
  });

  it('are the trouble of a host when it was never heard', async () => {
    const { clock, board } = await onNetwork({ network: finding(none) });
    await clock.advance(minute);
    assert.equal(board.troubleOf(kickoff())?.kind, 'nameUnknown');
  });

  it('are the trouble of the host that was mistyped when another is found, or has a number', async () => {
    for (const url of ['https://other.example.com', 'http://192.0.2.7', 'http://[2001:db8::7]']) {
      const { clock, network, board } = await onNetwork({
        network: finding((name) => name !== 'crew.example.com'),
        deployments: [crew, deployment({ key: 2, url, label: 'other' })],
        kickoffs: [...runs(1, heard), kickoff({ deployment: key(2), id: id(2), ...heard })],
      });
      await clock.advance(10 * minute);
      assert.deepEqual(
        board.deployments.map((one) => board.troubleOfDeployment(one)?.kind),
        ['nameUnknown', undefined],
        url,
      );
      assert.ok(!network.lookedUp.some((name) => /\d$|\]$/.test(name)), url);
    }
  });

  it('tell nothing where a host answers all the same: a proxy finds it', async () => {
    for (const isProxied of [true, false]) {
      const network = finding(() => !isProxied);
      const script = ({ at }: Ask) => (at > minute && at < hour ? unreachable : running);
      const { clock, board } = await polling({ script, network });
      await clock.advance(minute);
      network.finds = none;
      await clock.advance(10 * minute);
      assert.equal(board.troubleOf(kickoff())?.kind, isProxied ? 'unreachable' : 'offline');
      await clock.advance(2 * hour);
      assert.equal(board.troubleOf(kickoff()) === undefined, isProxied, 'it is asked until it answers');
    }
  });

  it('are no reason to leave all unasked for ever where only a proxy finds any: who refreshes or tracks is believed', async () => {
    const script = ({ at }: Ask) => (at < second ? unreachable : answered('succeeded'));
    const { clock, source, board, poller } = await polling({ script, network: finding(none), kickoffs: runs(2, heard) });
    await clock.advance(hour);
    assert.equal(board.troubleOf(kickoff())?.kind, 'offline');
    const asked = source.asked.length;
    poller.askNow([kickoff()]);
    await clock.advance(minute);
    assert.deepEqual([source.asked.length - asked, board.kickoffs.map(({ phase }) => phase.kind)], [2, ['succeeded', 'succeeded']]);
  });

  it('tell of no proxy where they are lost just after an answer', async () => {
    const network = finding(none);
    const { clock, board } = await polling({ script: [running, unreachable], network });
    await clock.advance(minute);
    assert.equal(board.troubleOf(kickoff())?.kind, 'offline');
  });

  it('are asked for one after the other, no oftener than each half minute, and only while a host cannot be reached', async () => {
    const { clock, network } = await onNetwork({ kickoffs: runs(5, heard) });
    await clock.advance(hour);
    assert.deepEqual(network.lookedUp, ['crew.example.com'], 'once, when it answers first');
    network.finds = () => false;
    await clock.advance(hour);
    assert.ok(network.lookedUp.length <= 1 + 1 + 120, String(network.lookedUp.length));
  });
});

describe('The first probe after a time without a network', () => {
  for (const [kind, then] of [
    ['serverTrouble', undefined],
    ['refused', undefined],
    ['unreachable', 'unreachable'],
    ['throttled', 'throttled'],
  ] as const) {
    it(`that brings ${kind} ${then ? 'makes the host sick' : 'is of that run alone'}`, async () => {
      let probes = 0;
      const window = await onNetwork({
        kickoffs: runs(3),
        online: ({ at }) => (at > minute && probes++ === 0 ? unanswered(kind) : running),
      });
      const { clock, network, board } = window;
      await clock.advance(minute);
      network.hasAddress = false;
      await clock.advance(minute);
      network.hasAddress = true;
      while (probes === 0) await clock.advance(second);
      assert.equal(board.troubleOfDeployment(crew)?.kind, then);
      await clock.advance(3 * minute);
      assert.equal(board.troubleOfDeployment(crew), undefined);
    });
  }
});

describe('Whoever looks for the network', () => {
  function looking() {
    const network = new ScriptedNetwork();
    const clock = new ManualClock();
    const health = new HostHealth(() => 1);
    const board = new Board(health);
    board.show([crew, local], [kickoff(heard), kickoff({ deployment: key(3), id: id(9), ...heard })]);
    const seen = { looks: 0, ends: 0 };
    const isConnected = network.isConnected.bind(network);
    network.isConnected = () => (seen.looks++, isConnected());
    const connectivity = new Connectivity({ network, clock, board, health }, () => seen.ends++);
    return { network, clock, health, board, seen, connectivity };
  }

  it('looks each time that a host cannot be reached, one look at a time', async () => {
    const { connectivity, seen } = looking();
    for (const kind of ['unreachable', 'nameUnknown'] as const) {
      for (const _ of ['once', 'again']) connectivity.record(crew, unanswered(kind));
      await settled();
    }
    assert.equal(seen.looks, 2);
    for (const trouble of [unanswered('refused'), unanswered('certificate')]) connectivity.record(crew, trouble);
    await settled();
    assert.equal(seen.looks, 2);
  });

  it('does not look for what this machine says itself, nor while it looks by a timer', async () => {
    const { connectivity, seen, network, clock, health } = looking();
    for (const brought of [unreachable, running]) connectivity.record(local, brought);
    await settled();
    assert.deepEqual([seen.looks, network.lookedUp], [0, []]);

    network.hasAddress = false;
    connectivity.record(crew, unreachable);
    await settled();
    assert.deepEqual([health.isOffline, connectivity.isLooking, clock.timers], [true, true, 1]);
    for (const brought of [unreachable, running]) connectivity.record(crew, brought);
    connectivity.sync();
    await settled();
    assert.equal(seen.looks, 1);
    await clock.advance(30 * second);
    assert.deepEqual([seen.looks, seen.ends], [2, 0]);
    network.hasAddress = true;
    await clock.advance(30 * second);
    assert.deepEqual([health.isOffline, connectivity.isLooking, clock.timers, seen.ends], [false, false, 0, 1]);
  });

  it('has nothing to say when it finds a network that was never lost', async () => {
    const { connectivity, seen, clock } = looking();
    await connectivity.look();
    assert.deepEqual([seen.ends, clock.timers], [0, 0]);
  });

  it('is not heard any more once another window looks', async () => {
    const { connectivity, network, clock, health, seen } = looking();
    network.hasAddress = false;
    const look = connectivity.look();
    connectivity.rest();
    await look;
    assert.deepEqual([health.isOffline, clock.timers], [false, 0]);
    connectivity.record(crew, unreachable);
    await settled();
    assert.deepEqual([seen.looks, health.isOffline], [2, true]);
  });

  it('takes a host for one behind a proxy only where it goes on answering unfound, not after a time without a network', async () => {
    for (const wasOffline of [true, false]) {
      const { connectivity, network, clock, health } = looking();
      const lose = async () => {
        network.finds = () => false;
        connectivity.record(crew, unreachable);
        await settled();
      };
      network.finds = () => false;
      connectivity.record(crew, running);
      await settled();
      if (wasOffline) await lose();
      network.finds = () => true;
      await clock.advance(31 * second);
      network.finds = () => false;
      connectivity.record(crew, running);
      await settled();
      await lose();
      assert.equal(health.isOffline, wasOffline);
    }
  });
});
