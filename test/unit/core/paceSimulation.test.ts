import assert from 'node:assert/strict';
import { coverage } from '../../bench/paceCoverage';
import { outcomes } from '../../bench/paceFigures';
import { differences, expected } from '../../bench/paceTable';
import { ownWorkloads, workloads } from '../../bench/paceWorkloads';

const seed = 20_261_001;

/** A tenth of what the bench does, so its bounds are loose. */
describe('The pace, simulated', () => {
  for (const [index, workload] of [...workloads, ...ownWorkloads].entries()) {
    it(`on ${workload.name}: ${workload.says}`, () => {
      const all = outcomes({ ...workload, ...(workload.horizon !== undefined && { horizon: 3_600 }) }, 500, seed + index);
      const ours = all.filter(({ schedule }) => schedule.startsWith('known'));
      const others = all.filter(({ schedule }) => schedule === 'byAge' || schedule === 'growing');
      for (const { schedule, figures } of ours) {
        const wanted = expected(schedule, workload.name);
        const [requests, p50, p90] = wanted ? differences(figures, wanted) : [0, 0, 0];
        assert.ok(Math.abs(requests) < 0.15 && Math.abs(p50) < 0.25 && Math.abs(p90) < 0.3, `${schedule}: ${figures.join(' ')}`);
        const isWorse = others.some((other) => figures[0] > other.figures[0] && figures[1] > other.figures[1]);
        assert.ok(!isWorse, 'never both later and dearer than another');
      }
    }).timeout(20_000);

    it(`says truly when a run will end, on ${workload.name}`, () => {
      const intervals = coverage(workload, 500, 10, seed + index).filter(({ kind, share }) => /usually|left/.test(kind) && share > 0.05);
      for (const { kind, right } of intervals) assert.ok(right >= 0.7, `${kind}: ${right}`);
    });
  }
});
