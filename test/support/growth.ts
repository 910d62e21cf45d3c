import assert from 'node:assert/strict';

/** The shortest meaningful measurement, in milliseconds. */
const leastMs = 4;

/** The largest ratio that counts as linear time. `growth` returns about 8 for linear time and about 64 for quadratic time. */
const linear = 28;

/** The number of measurements before a result counts as more than linear. A garbage collection may disturb some measurements. */
const tries = 4;

/**
 * Returns the CPU time for an input of eight times the length, divided by the CPU time for the length. A slow or busy machine doesn't
 * change this ratio. Measures again until the ratio is below `most`.
 */
export function growth(run: (length: number) => unknown, length: number, most = linear): number {
  let lowest = Infinity;
  for (let count = 0; count < tries && lowest >= most; count += 1) {
    const small = Math.max(
      leastMs,
      least(() => run(length)),
    );
    lowest = Math.min(lowest, spent(() => run(8 * length)) / small);
  }
  return lowest;
}

/** Fails if `run` takes more than linear time. `about` is for the message. */
export function assertLinear(run: (length: number) => unknown, length: number, about = ''): void {
  const ratio = growth(run, length);
  assert.ok(ratio < linear, `${about} ${ratio}`);
}

/** Calls `run` twice. Returns the lower CPU time, in milliseconds. */
export function least(run: () => unknown): number {
  return Math.min(...[0, 1].map(() => spent(run)));
}

/** Returns the CPU time of this thread, because the time of the garbage collector's threads is too long for long inputs. Node.js 22.18 has no such time. */
function spent(run: () => unknown): number {
  const measured: Partial<NodeJS.Process> = process;
  const cpuUsage = (since?: NodeJS.CpuUsage) => measured.threadCpuUsage?.(since) ?? process.cpuUsage(since);
  const before = cpuUsage();
  run();
  const { user, system } = cpuUsage(before);
  return (user + system) / 1_000;
}
