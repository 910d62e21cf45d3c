/** Below that a measurement says nothing, in milliseconds. */
const leastMs = 4;

/** 8 for linear time, 64 for quadratic time. */
export const linear = 28;

/** So often it is measured before it counts as more than linear: the collector may come at each once, what grows with the square does so each time. */
const tries = 4;

/**
 * How many times the processor time an eightfold input takes. By processor time and as a ratio, so that neither a slow machine
 * nor a busy one changes the answer.
 */
export function growth(run: (length: number) => unknown, length: number): number {
  let lowest = Infinity;
  for (let count = 0; count < tries && lowest >= linear; count += 1) {
    const small = Math.max(
      leastMs,
      least(() => run(length)),
    );
    lowest = Math.min(lowest, least(() => run(8 * length)) / small);
  }
  return lowest;
}

/** The least processor time of two runs, in milliseconds: what the machine does besides is not in it. */
export function least(run: () => unknown): number {
  return Math.min(...[0, 1].map(() => spent(run)));
}

function spent(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
