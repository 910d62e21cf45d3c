import assert from 'node:assert/strict';
import type { DeploymentKey } from '#core/kickoff/deployment';
import { lazy } from '#core/lib/lazy';
import { answered, id, key, unanswered, type Script } from '#test/support/builders';
import { aHost, excess, inAll, mostWithin } from '#test/support/ceiling';
import { figure } from '#test/support/fuzz';
import { hour, minute, second } from '#test/support/manualClock';
import { polling, spreadRuns } from '#test/support/polling';

const running = answered('running');

/** Starts a window with runs on several hosts that were tracked a day ago. */
async function spread(count: number, { hosts = 1, script = running }: { hosts?: number; script?: Script } = {}) {
  const { deployments, kickoffs } = spreadRuns(count, hosts);
  const parts = await polling({ script, deployments, kickoffs, latency: 300 });
  const hostOf = new Map(kickoffs.map((run) => [run.id, run.deployment]));
  const times = (host?: number) =>
    parts.source.requests.filter((request) => host === undefined || hostOf.get(request.id) === host).map(({ at }) => at);
  return { ...parts, kickoffs, times };
}

function assertWithinLimits(times: (host?: number) => readonly number[], hosts: number): void {
  assert.ok(excess(times(), inAll) <= 0);
  for (let host = 1; host <= hosts; host++) assert.ok(excess(times(host), aHost) <= 0);
}

function longestWait(times: readonly number[], end: number): number {
  return [...times, end].reduce((longest, at, index) => Math.max(longest, at - (times[index - 1] ?? 0)), 0);
}

describe('The request limit', () => {
  let fullest = 0;
  after(() => figure(7, `up to 1,000 runs on 4 hosts: at most ${(100 * fullest).toFixed(1)} % of the limit`));

  for (const count of [1, 10, 200, 1_000]) {
    for (const hosts of [1, 2, 4]) {
      const where = `runs: ${count}, hosts: ${hosts}`;
      /** Polls for ten minutes, once for all tests. */
      const pollOnce = lazy(async () => {
        const parts = await spread(count, { hosts });
        await parts.clock.advance(10 * minute);
        const [{ timers }, { inFlight }] = [parts.clock, parts.source];
        parts.poller.dispose();
        return { ...parts, timers, inFlight };
      });

      it(`is never exceeded in ten minutes (${where})`, async () => {
        const { times } = await pollOnce();
        assertWithinLimits(times, hosts);
        fullest = Math.max(fullest, mostWithin(times(), 600) / (inAll.burst + inAll.perSecond * 600));
      }).timeout(60_000);

      it(`needs at most one timer besides the timers of requests in flight (${where})`, async () => {
        const { timers, inFlight } = await pollOnce();
        assert.ok(timers <= 1 + inFlight);
      }).timeout(60_000);

      it(`is shared about equally: no run waits much longer than a minute or, if longer, a round of polls (${where})`, async () => {
        const { source, kickoffs } = await pollOnce();
        const perSecond = Math.min(5, 2 * hosts);
        const fair = Math.max(minute, (count / perSecond) * second);
        const longest = Math.max(...kickoffs.map((run) => longestWait(source.times(run.id), 10 * minute)));
        assert.ok(longest <= 1.25 * fair + 5 * second, `waited ${longest} ms, ${fair} would be fair`);
      }).timeout(60_000);
    }
  }

  for (const [direction, change] of [
    ['back', -hour],
    ['forward', hour],
  ] as const)
    it(`is never exceeded when the system clock is set ${direction} repeatedly during polling`, async () => {
      const { clock, times } = await spread(200, { hosts: 3 });
      for (let n = 0; n < 20; n++) {
        await clock.advance(7 * second);
        clock.setTimeOfDay(change * (n % 3));
      }
      await clock.advance(2 * minute);
      assertWithinLimits(times, 3);
      assert.ok(times().some((at) => at > 150 * second));
    });

  it('is never exceeded by a hundred refreshes by the user in 30 s', async () => {
    const { clock, poller, kickoffs, times } = await spread(200);
    for (let n = 0; n < 100; n++) {
      poller.pollNow(n % 2 ? kickoffs : kickoffs.slice(n, n + 1));
      poller.rescheduleSooner();
      await clock.advance(300);
    }
    assert.ok(excess(times(), aHost) <= 0);
  });
});

describe('Polls, starts, and stops together', () => {
  for (const hosts of [1, 3]) {
    /** Simulates five minutes, once for all tests. */
    const simulateOnce = lazy(async () => {
      const { clock, poller, tracker, board, kickoffs, times } = await spread(200, { hosts });
      const others: { readonly at: number; readonly host: number }[] = [];
      let [stopped, longest] = [0, 0];
      const request = async (host: DeploymentKey): Promise<void> => {
        const deployment = board.deployment(host);
        assert.ok(deployment);
        await poller.acquireRequestSlot(deployment);
        others.push({ at: clock.elapsed, host });
      };
      let turn = Promise.resolve();
      for (let minutes = 0; minutes < 5; minutes++) {
        // The user selects 30 runs and stops them, and starts a run every three seconds, with a request for the names of the inputs.
        for (const run of kickoffs.slice(minutes * 30, (minutes + 1) * 30))
          turn = turn.then(async () => {
            await request(run.deployment);
            stopped++;
            poller.pollNow([run]);
          });
        for (let number = 0; number < 20; number++) {
          const began = clock.elapsed;
          const started = (async () => {
            await request(key());
            await request(key());
            longest = Math.max(longest, clock.elapsed - began);
            await tracker.trackAll([{ deployment: key(), id: id(10_000 + minutes * 100 + number) }]);
          })();
          await clock.advance(3 * second);
          await started;
        }
      }
      poller.dispose();
      return { others, times, stopped, longest };
    });

    it(`stay within the request limit (hosts: ${hosts})`, async () => {
      const { others, times } = await simulateOnce();
      const together = (host?: number) =>
        [...times(host), ...others.filter((one) => host === undefined || one.host === host).map(({ at }) => at)].sort((a, b) => a - b);
      assertWithinLimits(together, hosts);
      figure(7, `${others.length} starts and stops among polls: within the limit`);
    }).timeout(60_000);

    it(`delay no start for more than two seconds (hosts: ${hosts})`, async () => {
      const { longest } = await simulateOnce();
      assert.ok(longest <= 2 * second, String(longest));
    }).timeout(60_000);

    it(`include all 150 stops within five minutes (hosts: ${hosts})`, async () => {
      const { stopped } = await simulateOnce();
      assert.equal(stopped, 150);
    }).timeout(60_000);
  }
});

describe('A run among many others', () => {
  for (const after of [0, second, 10 * second, 5 * minute])
    it(`is polled in its first second and at least nine times in its first minute (added ${after / second} s after the start)`, async () => {
      const { clock, source, tracker } = await spread(200);
      await clock.advance(after);
      await tracker.trackAll([{ deployment: key(), id: id(9_999) }]);
      await clock.advance(second);
      assert.equal(source.times(id(9_999)).length, 1);
      await clock.advance(59 * second);
      assert.ok(source.times(id(9_999)).length >= 9, String(source.times(id(9_999))));
    });

  it('waits at most 550 s for a poll if there are 1,000 runs, with and without window focus', async () => {
    const { clock, source, poller, window, kickoffs } = await spread(1_000);
    window.isFocused = false;
    await clock.advance(12 * minute);
    window.isFocused = true;
    poller.rescheduleSooner();
    await clock.advance(15 * minute);
    const longest = Math.max(...kickoffs.map((run) => longestWait(source.times(run.id), 27 * minute)));
    assert.ok(longest <= 1.1 * 500 * second, String(longest));
  }).timeout(20_000);

  it('is polled first if the user refreshes it with only a few other runs', async () => {
    const { clock, source, poller, kickoffs } = await spread(200);
    await clock.advance(10 * second);
    poller.pollNow(kickoffs);
    const before = source.requests.length;
    const few = kickoffs.slice(150, 153);
    poller.pollNow(few);
    await clock.advance(2 * second);
    few.forEach((run, index) => assert.equal(source.requests[before + index]?.id, run.id));
  });
});

describe('A recovered host', () => {
  let most = 0;
  after(() => figure(9, `an hour of failures: at most ${most} requests for up to 5,000 runs`));

  /** Connection resets and time-outs are the same kind of failure. HTTP 503 and a broken certificate are two other kinds. */
  for (const [kind, what] of [
    ['unreachable', 'resets and time-outs'],
    ['serverTrouble', 'HTTP 503'],
    ['certificate', 'TLS failures'],
  ] as const) {
    for (const count of [200, 5_000]) {
      /** Polls a host that fails for an hour, and then until it has recovered, once for all tests. Counts the requests during the hour. */
      const recoverOnce = lazy(async () => {
        const script: Script = ({ at }) => (at < hour ? unanswered(kind) : running);
        const { clock, source, times, kickoffs, poller } = await spread(count, { script });
        await clock.advance(hour);
        const during = times().length;
        await clock.advance(count === 200 ? 10 * minute : 5 * minute + 11 * second);
        poller.dispose();
        const [back = Infinity] = times().filter((at) => at >= hour);
        return { source, times, kickoffs, during, back };
      });

      it(`got at most 40 requests for its ${count} runs during an hour of ${what}`, async () => {
        const { during } = await recoverOnce();
        assert.ok(during <= 40, String(during));
        most = Math.max(most, during);
      }).timeout(60_000);

      it(`gets eight to ten requests for its ${count} runs within ten seconds of the first poll after an hour of ${what}`, async () => {
        const { times, back } = await recoverOnce();
        const first = times().filter((at) => at >= back && at <= back + 300 + 10 * second);
        assert.ok(first.length <= 10 && first.length >= 8, String(first));
      }).timeout(60_000);

      it(`is polled for ${count === 200 ? 'all' : 'over 200'} of its ${count} runs within 130 s of recovery from ${what}`, async () => {
        const { source, kickoffs, back } = await recoverOnce();
        const soonest = back + 130 * second;
        const wanted = new Set(source.requests.filter(({ at }) => at >= back && at <= soonest).map((request) => request.id));
        assert.ok(count > 200 ? wanted.size > 200 : kickoffs.every((run) => wanted.has(run.id)), String(wanted.size));
      }).timeout(60_000);
    }
  }
});
