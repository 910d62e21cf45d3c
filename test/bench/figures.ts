import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Returns the value that this share of the values doesn't exceed, or `NaN` without values. */
export function quantile(values: readonly number[], of: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(of * sorted.length))] ?? NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Returns a line of a table: a wide first column, and cells that are aligned to the right. */
export function tableLine(what: string, width: number, cells: readonly string[], cellWidth: number): string {
  return what.padEnd(width) + cells.map((cell) => cell.padStart(cellWidth)).join('');
}

/** Runs a benchmark in a temporary folder, which is deleted afterward. The process fails if the benchmark fails. */
export function benchmark(measure: (folder: string) => Promise<void>): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'kickoffs-bench-'));
  measure(folder)
    .catch((error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    })
    .finally(() => rmSync(folder, { recursive: true, force: true }));
}
