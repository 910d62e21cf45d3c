/** Tells one output from others without holding any of them: its length, and a hash of 53 bits. */
export function markOf(output: string): string {
  return `${output.length}.${hashOf(output, output.length).toString(36)}`;
}

/** Whether an output begins with the one that bears that mark: it is the same, or has grown. */
export function isContinued(mark: string, output: string): boolean {
  const length = Number.parseInt(mark, 10);
  return output.length >= length && mark === `${length}.${hashOf(output, length).toString(36)}`;
}

/** Two multiplicative hashes side by side; nobody gains anything by finding two outputs that share one. */
function hashOf(text: string, length: number): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 2_654_435_761);
    low = Math.imul(low ^ unit, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return 4_294_967_296 * (0x1f_ffff & low) + (high >>> 0);
}
