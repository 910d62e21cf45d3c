import assert from 'node:assert/strict';
import { coverage } from '#test/bench/paceCoverage';
import { outcomes } from '#test/bench/paceFigures';
import { differences, expected } from '#test/bench/paceTable';
import { ownWorkloads, workloads } from '#test/bench/paceWorkloads';
import { figure, seed } from '#test/support/fuzz';

const first = 20_261_000 + seed;

/** Simulates only 500 runs of each workload, so the bounds are loose. */
describe('In a simulation,', () => {
  /** The largest differences from `paceTable.ts`: of the requests, and of the p50 and p90 of the delay between the end and the final response. */
  let worst = [0, 0, 0];
  after(() => {
    const [requests, p50, p90] = worst.map((part) => `${(100 * part).toFixed(0)} %`);
    figure(26, `${workloads.length} workloads: requests within ${requests} of the table, p50 within ${p50}, p90 within ${p90}`);
  });

  for (const [index, workload] of [...workloads, ...ownWorkloads].entries()) {
    const isInTable = workloads.includes(workload);
    let simulated: ReturnType<typeof outcomes> | undefined;
    /** Simulates the workload once for all tests. */
    const simulate = () => {
      const limited = { ...workload, ...(workload.horizon !== undefined && { horizon: 3_600 }) };
      simulated ??= outcomes(limited, 500, first + index);
      return { all: simulated, ours: simulated.filter(({ schedule }) => schedule.startsWith('known')) };
    };

    it(`the poll schedule is never both slower and more expensive than a simpler schedule for ${workload.name}: ${workload.says}`, () => {
      const { all, ours } = simulate();
      const others = all.filter(({ schedule }) => schedule === 'byAge' || schedule === 'growing');
      for (const { figures } of ours) {
        const isWorse = others.some((other) => figures[0] > other.figures[0] && figures[1] > other.figures[1]);
        assert.ok(!isWorse, 'no other schedule is both faster and cheaper');
      }
    }).timeout(60_000);

    it(`the poll schedule has ${isInTable ? 'about the' : 'no'} figures in paceTable.ts for ${workload.name}`, () => {
      for (const { schedule, figures } of simulate().ours) {
        const wanted = expected(schedule, workload.name);
        assert.equal(wanted !== undefined, isInTable, schedule);
        if (!wanted) continue;
        const [requests, p50, p90] = differences(figures, wanted);
        assert.ok(Math.abs(requests) < 0.15 && Math.abs(p50) < 0.25 && Math.abs(p90) < 0.3, `${schedule}: ${figures.join(' ')}`);
        worst = worst.map((most, at) => Math.max(most, Math.abs([requests, p50, p90][at] ?? 0)));
      }
    }).timeout(60_000);

    it(`each common kind of estimated end matches the actual end at least 70% of the time for ${workload.name}`, () => {
      const often = coverage(workload, 500, 10, first + index).filter(({ share }) => share > 0.05);
      assert.ok(often.length > 0);
      for (const { kind, right } of often) assert.ok(right >= 0.7, `${kind}: ${right}`);
    });
  }
});
