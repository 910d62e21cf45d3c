/** Returns a text without the characters at its end that match `sign`. Unlike `replace(/…+$/, '')`, takes linear time. */
export function trimEnd(text: string, sign: RegExp): string {
  let end = text.length;
  while (end > 0 && sign.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}
