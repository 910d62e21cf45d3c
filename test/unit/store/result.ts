/** Returns the body and output of a run in tests with processes. Every seventh result is large enough for compression on another thread. */
export function resultOf(id: string): string {
  return `${id} `.repeat(Number(id.split('-').at(-1)) % 7 === 0 ? 8_000 : 50);
}
