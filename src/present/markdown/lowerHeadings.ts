/** The highest heading level of an output inside a report. The report's own sections have level 2. */
const highest = 3;
const lowest = 6;

/** Lowers the headings of sanitized Markdown below the headings of the report, all by the same number of levels. No level exceeds 6. */
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

/** Returns the levels of headings by line. In sanitized Markdown, fences start in the first column and are closed. */
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
