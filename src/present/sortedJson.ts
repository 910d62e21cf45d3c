/** A JSON text with its members in order, so that a comparison shows what differs and not how it was written. */
export function sortedJson(text: string): string {
  return JSON.stringify(sorted(JSON.parse(text), 0), undefined, 2);
}

const deepest = 200;

function sorted(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > deepest) return value;
  if (Array.isArray(value)) return value.map((item) => sorted(item, depth + 1));
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member, depth + 1)]));
}
