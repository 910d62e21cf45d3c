import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { Kickoff } from '#core/kickoff/kickoff';
import { lazy } from '#core/lib/lazy';
import { answered, ScriptedNetwork, unanswered } from '#test/support/builders';
import { below, chance, figure, seed, times } from '#test/support/fuzz';
import { hour, minute, second } from '#test/support/manualClock';
import { polling, spreadRuns } from '#test/support/polling';

/** Returns random parameters: runs, hosts, and a sleep or a clock change. */
function scene(random: () => number) {
  const hosts = 1 + below(4, random);
  return {
    hosts,
    count: 12 + below(30, random),
    latency: below(500, random),
    before: 62 * second + below(58 * second, random),
    asleep: minute + below(72 * hour, random),
    /** The time by which the clock is set back. Less than the age of the runs, so that no run is tracked in the future. */
    back: below(4, random) === 0 ? below(20 * hour, random) : 0,
    /** Milliseconds without a network after waking. */
    offline: below(3, random) === 0 ? below(2 * minute, random) : 0,
  };
}

async function awake({ hosts, count, latency, before }: ReturnType<typeof scene>) {
  const network = new ScriptedNetwork();
  const script = () => (network.hasAddress ? answered('running') : unanswered('unreachable'));
  const parts = await polling({ script, ...spreadRuns(count, hosts), latency, network });
  await parts.clock.advance(before);
  return parts;
}

describe('A machine that wakes', () => {
  /** Simulates sleeps and clock changes, once for all tests. Returns a line for each fault, and the most requests in 5 s after a sleep. */
  const sleepOnce = lazy(async () => {
    const [tooMany, wrongRuns, neverPolled]: string[][] = [[], [], []];
    let most = 0;
    const scenes = times(500);
    for (let index = 0; index < scenes; index++) {
      const of = scene(chance(index));
      const { clock, source, board, poller, network } = await awake(of);
      const where = `seed ${seed + index}, ${JSON.stringify(of)}`;
      network.hasAddress = of.offline === 0;
      // Runs that were polled at the same moment are equally overdue.
      const [, , , , , , , , , tenth = 0] = board.kickoffs.map(({ checkedAt = 0 }) => checkedAt).sort((one, other) => one - other);
      const longestUnseen = board.kickoffs.filter(({ checkedAt = 0 }) => checkedAt <= tenth + second);
      clock.setTimeOfDay(of.back > 0 ? -of.back : of.asleep);
      const woke = clock.elapsed;
      poller.rescheduleSooner();
      await clock.advance(of.offline);
      network.hasAddress = true;
      // A window checks the network every 30 s, and immediately on Refresh.
      if (of.offline > 0 && of.back === 0) poller.pollNow(board.kickoffs);
      const [online, then] = [clock.elapsed, clock.now()];
      await clock.advance(10 * second);

      const requests = source.requests.filter(({ at }) => at >= woke && at < woke + 5 * second).length;
      // After the clock was set back, the rate limiter starts empty.
      if (requests > (of.back > 0 ? 5 * 5 : 10)) tooMany!.push(`${where}: ${requests} in 5 s`);
      if (of.back === 0) {
        most = Math.max(most, requests);
        const isFresh = (run: Kickoff) => (board.kickoff(run)?.checkedAt ?? 0) >= then;
        // A recovered host gets one probe and then few requests. Runs whose polls failed come later.
        const fresh = (of.offline === 0 ? longestUnseen : board.kickoffs).filter(isFresh).length;
        if (fresh < (of.offline === 0 || of.hosts > 1 ? 10 : 8)) wrongRuns!.push(where);
      }
      // Every run is polled within the next five minutes.
      if (index % 10 === 0) {
        await clock.advance(5 * minute);
        const isPolled = ({ id }: Kickoff): boolean => source.times(id).some((at) => at >= online);
        if (!board.kickoffs.every(isPolled)) neverPolled!.push(where);
      }
      poller.dispose();
    }
    return { scenes, most, tooMany, wrongRuns, neverPolled };
  });

  it('sends at most ten requests in 5 s, and at most 25 requests in 5 s after its clock is set back', async () => {
    const { scenes, most, tooMany } = await sleepOnce();
    assert.deepEqual(tooMany, []);
    figure(15, `${scenes} sleeps and jumps: at most ${most} requests in 5 s`);
  }).timeout(times(60_000));

  it('polls the ten most overdue runs in 10 s, or at least eight runs if it had no network at first', async () => {
    const { wrongRuns } = await sleepOnce();
    assert.deepEqual(wrongRuns, []);
  }).timeout(times(60_000));

  it('polls each run within about five minutes', async () => {
    const { neverPolled } = await sleepOnce();
    assert.deepEqual(neverPolled, []);
  }).timeout(times(60_000));
});

describe('A machine that is offline at random moments', () => {
  /** Simulates offline periods, once for all tests. Returns a line for each fault, and the longest time until the first poll after one. */
  const loseNetworkOnce = lazy(async () => {
    const [requested, changed]: string[][] = [[], []];
    let latest = 0;
    const scenes = times(200);
    for (let index = 0; index < scenes; index++) {
      const random = chance(10_000 + index);
      const { clock, source, board, poller, network } = await awake(scene(random));
      const where = `seed ${seed + 10_000 + index}`;
      network.hasAddress = false;
      // Within 70 s, a request fails and shows that the network is lost.
      await clock.advance(70 * second);
      const phases = () => board.kickoffs.map(({ phase }) => phase);
      const [requestsBefore, phasesBefore] = [source.requests.length, phases()];
      await clock.advance(below(4 * hour, random));
      if (source.requests.length !== requestsBefore) requested!.push(where);
      if (!isDeepStrictEqual(phases(), phasesBefore)) changed!.push(where);
      network.hasAddress = true;
      const back = clock.elapsed;
      await clock.advance(65 * second);
      const noticed = (source.times().find((at) => at >= back) ?? Infinity) - back;
      latest = Math.max(latest, noticed);
      poller.dispose();
    }
    return { scenes, requested, changed, latest };
  });

  it('sends no request while the network is lost', async () => {
    const { requested } = await loseNetworkOnce();
    assert.deepEqual(requested, []);
  }).timeout(times(60_000));

  it('changes no status while the network is lost', async () => {
    const { changed } = await loseNetworkOnce();
    assert.deepEqual(changed, []);
  }).timeout(times(60_000));

  it('polls again within 65 s after the network is back', async () => {
    const { scenes, latest } = await loseNetworkOnce();
    assert.ok(latest <= 65 * second, String(latest));
    figure(16, `${scenes} times offline: 0 requests, noticed after ${(latest / second).toFixed(0)} s at most`);
  }).timeout(times(60_000));
});
