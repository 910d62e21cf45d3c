/** Returns a text without the characters at its end that match `pattern`. Unlike `replace(/…+$/, '')`, takes linear time. */
export function trimEnd(text: string, pattern: RegExp): string {
  let end = text.length;
  while (end > 0 && pattern.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}
