import assert from 'node:assert/strict';
import { simulated, type Day } from '#test/bench/daySimulation';
import { rowOf } from '#test/bench/dayTable';
import { aHost, mostWithin } from '#test/support/ceiling';
import { figure, seed, times } from '#test/support/fuzz';

/** Simulates parts of the day that `npm run bench -- day` simulates completely. A soak run simulates more hours. */
describe('A simulated day', () => {
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
    it(`keeps the limits of requests and waits, and sends at most 5% more requests with ten windows than with one: ${runs} runs, ${hosts} hosts`, async () => {
      const settings = [1, 10].map((windows) => ({ windows, runs, hosts, seed, hours: hours * times(1), restless: 20 }));
      const rows: { readonly day: Day; readonly row: ReturnType<typeof rowOf> }[] = [];
      for (const setting of settings) {
        const day = await simulated(setting);
        rows.push({ day, row: rowOf(setting, day) });
      }
      for (const { row } of rows) assert.deepEqual(row.faults, []);
      const busiest = Math.max(...rows.flatMap(({ day }) => day.hosts.map(({ requests }) => mostWithin(requests, 600))));
      most = Math.max(most, busiest / (aHost.burst + aHost.perSecond * 600));
      const [one = NaN, ten = NaN] = rows.map(({ row }) => row.perRunAndHour);
      assert.ok(ten <= 1.05 * one, `${ten} for ${one}`);
      mostWithTen = Math.max(mostWithTen, ten / one);
      assert.ok(rows.every(({ day }) => day.late.length > 0));
    }).timeout(times(60_000));
  }
});
