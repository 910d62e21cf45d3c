const mostCharacters = 200;

/**
 * Returns a server's text as one line of at most 200 characters. Undefined if nothing is left. Replaces control, bidi, and zero-width
 * characters with spaces. Dropping these characters could restore a token that the redaction didn't recognize.
 */
export function oneLine(text: string): string | undefined {
  const line = text
    .slice(0, 10 * mostCharacters)
    .replace(/[\s\p{Cc}\p{Cf}\p{Cs}]+/gu, ' ')
    .trim();
  return shortened(line, mostCharacters).trim() || undefined;
}

/** Returns the start of a text. If the cut would split a surrogate pair, drops the first half of the pair too. */
export function shortened(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}

/** Returns the value if it's a text that isn't blank; otherwise undefined. */
export function filledText(value: unknown): string | undefined {
  return typeof value === 'string' && /\S/.test(value) ? value : undefined;
}
