import { appendFileSync } from 'node:fs';
import { seeded } from '#test/bench/paceWorkloads';

/** `SOAK=20` makes the random tests twenty times as long, `SOAK=0.1` a tenth. */
const factor = Number(process.env['SOAK'] ?? 1);

/** One for all tests of a process: the same in each `npm test`, so that it fails for what was changed; another in each long run. */
export const seed = Number(process.env['SEED'] ?? 1);

/** The long run, which prints its figures. */
export const isLong = factor > 1;

/** So many in `npm test`, more in a long run. */
export function times(count: number): number {
  return Math.ceil(count * factor);
}

/** How a property is tried: so often, by the seed of all. */
export function tries(count: number): { readonly numRuns: number; readonly seed: number } {
  return { numRuns: times(count), seed };
}

/** A generator of this process's seed, and for each `of` another. */
export function chance(of = 0): () => number {
  return seeded(seed + of);
}

/** A whole number below `end`. */
export function below(end: number, random: () => number): number {
  return Math.floor(random() * end);
}

/** The least of those that no more than one in twenty is above; `NaN` of none. */
export function p95(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.ceil(0.95 * values.length) - 1] ?? NaN;
}

/** Reports a figure of a promise. A long run prints the figure and writes it for the page of promises. */
export function figure(promise: number, says: string): void {
  if (isLong) console.log(`      promise ${promise}: ${says} (seed ${seed})`);
  const file = process.env['FIGURES_FILE'];
  if (file) appendFileSync(file, `${JSON.stringify({ promise, says, seed })}\n`);
}
