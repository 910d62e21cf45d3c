import assert from 'node:assert/strict';
import { lazy } from '#core/lib/lazy';
import { simulated, type Day } from '#test/bench/daySimulation';
import { faultsOf } from '#test/bench/dayTable';
import { aHost, mostWithin } from '#test/support/ceiling';
import { figure, seed, times } from '#test/support/fuzz';

/** Simulates hours with windows that open and close. `npm run soak -- 7 13` simulates 20 times as many. */
describe('In simulated hours,', () => {
  let [most, mostWithTen] = [0, 0];
  after(() => {
    figure(7, `simulated hours: at most ${(100 * most).toFixed(1)} % of the limit`);
    figure(13, `simulated hours: ten windows sent at most ${(100 * mostWithTen).toFixed(1)} % of the requests of one`);
  });

  for (const { runs, hosts, hours } of [
    { runs: 10, hosts: 1, hours: 0.5 },
    { runs: 200, hosts: 1, hours: 0.3 },
    { runs: 400, hosts: 3, hours: 0.1 },
  ]) {
    /** Simulates the hours with one window and with ten windows, once for all tests. */
    const simulateDays = lazy(async () => {
      const days: Day[] = [];
      for (const windows of [1, 10]) days.push(await simulated({ windows, runs, hosts, seed, hours: hours * times(1) }));
      return days;
    });

    it(`requests and waits stay within their limits (runs: ${runs}, hosts: ${hosts})`, async () => {
      const days = await simulateDays();
      for (const day of days) assert.deepEqual(faultsOf(day), []);
      const busiest = Math.max(...days.flatMap((day) => day.hosts.map(({ requests }) => mostWithin(requests, 600))));
      most = Math.max(most, busiest / (aHost.burst + aHost.perSecond * 600));
      assert.ok(days.every(({ finished }) => finished > 0));
    }).timeout(times(60_000));

    it(`ten windows send at most 5% more requests than one (runs: ${runs}, hosts: ${hosts})`, async () => {
      const days = await simulateDays();
      const [one = NaN, ten = NaN] = days.map(({ requests, openHours }) => requests.length / openHours);
      assert.ok(ten <= 1.05 * one, `${ten} for ${one}`);
      mostWithTen = Math.max(mostWithTen, ten / one);
    }).timeout(times(60_000));
  }
});
