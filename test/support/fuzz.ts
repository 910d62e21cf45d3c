import { appendFileSync } from 'node:fs';
import { seeded } from '#test/bench/paceWorkloads';

/** The factor for the length of random tests. `SOAK=20` makes random tests twenty times as long. */
const factor = Number(process.env['SOAK'] ?? 1);

/**
 * The seed of all tests in a process. The seed is constant in `npm test`, so that only changes of the code cause failures. Long runs set a
 * random seed.
 */
export const seed = Number(process.env['SEED'] ?? 1);

/** Whether this is a long run, which prints its figures. */
export const isLong = factor > 1;

/** Returns `count` in `npm test`, and more in a long run. */
export function times(count: number): number {
  return Math.ceil(count * factor);
}

/** Returns the options of a property test: `count` runs in `npm test`, more in a long run. */
export function tries(count: number): { readonly numRuns: number; readonly seed: number } {
  return { numRuns: times(count), seed };
}

/** Returns a random number generator with the seed of this process. Each `of` gives another sequence. */
export function chance(of = 0): () => number {
  return seeded(seed + of);
}

export function below(end: number, random: () => number): number {
  return Math.floor(random() * end);
}

/** Returns the 95th percentile, or `NaN` without values. */
export function p95(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.ceil(0.95 * values.length) - 1] ?? NaN;
}

/**
 * Reports a measured figure for a promise in `docs/promises.md`. Prints the figure in a long run. Appends the figure to the file in
 * `FIGURES_FILE`, if set.
 */
export function figure(promise: number, says: string): void {
  if (isLong) console.log(`      promise ${promise}: ${says} (seed ${seed})`);
  const file = process.env['FIGURES_FILE'];
  if (file) appendFileSync(file, `${JSON.stringify({ promise, says, seed })}\n`);
}
