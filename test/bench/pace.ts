// Simulates the poll intervals: requests, delay until the end is noticed, and accuracy of the expected end. Arguments: runs per workload,
// seed.
import { coverage } from './paceCoverage';
import { outcomes, type Outcome } from './paceFigures';
import { differences, expected, stuckTable } from './paceTable';
import { ownWorkloads, workloads, type Workload } from './paceWorkloads';

const runs = Number(process.argv[2] ?? 5_004);
const seed = Number(process.argv[3] ?? 20_261_001);

const names = {
  fixed: 'fixed 3 s',
  growing: '2 s x 1.5 to 15 s',
  byAge: '0.05 of the age',
  known3: 'ours, 3 known',
  known10: 'ours, turned slow',
  known20: 'ours, 20 known',
} as const;

const kinds = {
  took: 'last 3 took …',
  usually: 'usually 6-14 min',
  onceStarted: 'once started',
  longerThanUsual: 'longer than usual',
  left: '2-5 min left',
  about: 'about 4 min left (within a quarter)',
  lessThanMinute: 'less than a minute left',
} as const;

const all = [...workloads, ...ownWorkloads].map((workload, index) => ({ workload, seed: seed + 10 * index }));
const faults: string[] = [];

console.log(
  `Poll intervals over ${runs} runs per workload, seed ${seed}: requests per run, and seconds until the end is noticed at p50 / p90 / p99`,
);
for (const { workload, seed } of all) showPace(workload, outcomes(workload, runs, seed));
console.log('\nAccuracy of the expected end, weighted by time: how often each text is shown, and how often it is right (before rounding)');
for (const { workload, seed } of all) for (const known of [5, 10, 20]) showCoverage(workload, known, seed);
console.log(`\n${faults.length === 0 ? 'All promises are kept.' : `Broken promises:\n  ${faults.join('\n  ')}`}`);
if (faults.length > 0) process.exitCode = 1;

function showPace({ name, says }: Workload, found: readonly Outcome[]): void {
  console.log(`\n${name}: ${says}`);
  for (const outcome of found) {
    const { schedule, figures } = outcome;
    console.log(`  ${names[schedule].padEnd(18)} ${line(figures)}${against(outcome, name)}${extras(outcome)}`);
    const isWorse = found.some(
      (other) => ['byAge', 'growing'].includes(other.schedule) && figures[0] > other.figures[0] && figures[1] > other.figures[1],
    );
    if (schedule.startsWith('known') && isWorse) faults.push(`${name}, ${names[schedule]}: both later and more expensive than another`);
  }
}

function against({ schedule, figures }: Outcome, name: string): string {
  const wanted = expected(schedule, name);
  if (!wanted) return '';
  const off = differences(figures, wanted);
  if (off.some((one, index) => Math.abs(one) > (index === 3 ? 0.2 : 0.1)))
    faults.push(`${name}, ${names[schedule]}: too far from the table`);
  return `   table ${line(wanted)}   off ${off.map((one) => `${one < 0 ? '-' : '+'}${Math.abs(100 * one).toFixed(0)} %`.padStart(6)).join('')}`;
}

function extras({ schedule, stuck, outputs }: Outcome): string {
  const inFourHours =
    stuck === undefined || schedule === 'known10' ? '' : `   stuck ${stuck.toFixed(0)} in 4 h (table ${stuckTable[schedule]})`;
  return `${inFourHours}${outputs > 0 ? `   outputs seen before the end ${outputs.toFixed(2)}` : ''}`;
}

function line([requests, ...late]: Outcome['figures']): string {
  return `${requests.toFixed(1).padStart(6)} ${late.map((one) => one.toFixed(1).padStart(5)).join(' /')}`;
}

/** Prints the accuracy. Only ranges are promised to be right. After a redeploy, the old history is misleading. */
function showCoverage(workload: Workload, known: number, of: number): void {
  if (workload.known !== undefined && known !== workload.known) return;
  const results = coverage(workload, runs, known, of + 5);
  const texts = results.map(
    ({ kind, share, right, exact }) =>
      `${kinds[kind]} ${percent(share)}, right ${percent(right)}${right === exact ? '' : ` (${percent(exact)})`}`,
  );
  console.log(`  ${workload.name.padEnd(14)} ${`${known} known`.padEnd(9)} ${texts.join('; ')}`);
  for (const { kind, right, share } of results) {
    if ((kind === 'usually' || kind === 'left') && share > 0.01 && right < 0.75)
      faults.push(`${workload.name}, ${known} known: ${kinds[kind]} covers ${percent(right)}`);
  }
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
