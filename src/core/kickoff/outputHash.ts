/** The maximum number of characters to hash. Longer outputs are sampled evenly. */
const maxHashedCharacters = 131_072;

/** Returns a short text that identifies an output: its length and a 53-bit hash. */
export function outputHash(output: string): string {
  return `${output.length}.${hashOf(output, output.length).toString(36)}`;
}

/** Whether an output is equal to the hashed output, or begins with the hashed output. */
export function startsWithHashed(hash: string, output: string): boolean {
  const length = Number.parseInt(hash, 10);
  return output.length >= length && hash === `${length}.${hashOf(output, length).toString(36)}`;
}

/** Returns a 53-bit hash of a text's first `length` characters. It needn't be secure, because a collision gains an attacker nothing. */
function hashOf(text: string, length: number): number {
  const step = Math.max(1, Math.ceil(length / maxHashedCharacters));
  let high = 0x5eadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < length; index += step) {
    const codeUnit = text.charCodeAt(index);
    high = Math.imul(high ^ codeUnit, 0x1e3779b1);
    low = Math.imul(low ^ codeUnit, 0x5f356495);
  }
  high = Math.imul(high ^ (high >>> 16), 0x05ebca6b) ^ Math.imul(low ^ (low >>> 13), 0x42b2ae35);
  low = Math.imul(low ^ (low >>> 16), 0x05ebca6b) ^ Math.imul(high ^ (high >>> 13), 0x42b2ae35);
  return 4_294_967_296 * (0x1f_ffff & low) + (high >>> 0);
}
