/** The level that a report's own parts have, and one more. */
const highest = 3;
const lowest = 6;

/** Puts the headings of a harmless text below those of the report that it stands in, each as far below as the first of them must go. */
export function lowerHeadings(markdown: string): string {
  const lines = markdown.split('\n');
  const levels = headings(lines);
  let top = highest;
  for (const level of levels.values()) top = Math.min(top, level);
  const by = highest - top;
  if (by === 0) return markdown;
  return lines
    .map((line, index) => {
      const level = levels.get(index);
      return level === undefined ? line : line.replace(/#+/, '#'.repeat(Math.min(level + by, lowest)));
    })
    .join('\n');
}

/** The lines that are headings, with their levels. In a harmless text fences stand in the first column and are closed. */
function headings(lines: readonly string[]): ReadonlyMap<number, number> {
  const levels = new Map<number, number>();
  let fence: string | undefined;
  lines.forEach((line, index) => {
    if (fence !== undefined) {
      const [, end] = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line) ?? [];
      if (end?.startsWith(fence)) fence = undefined;
      return;
    }
    fence = /^(?:`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[0];
    const [, marks] = /^ {0,3}(#{1,6})(?=\s|$)/.exec(line) ?? [];
    if (marks !== undefined) levels.set(index, marks.length);
  });
  return levels;
}
