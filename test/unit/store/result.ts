/** What a run's body and only output are in the tests with processes: often small, sometimes large enough to be packed on another thread. */
export function resultOf(id: string): string {
  return `${id} `.repeat(Number(id.split('-').at(-1)) % 7 === 0 ? 8_000 : 50);
}
