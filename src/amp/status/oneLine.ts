const maxLineLength = 200;

/** Returns the start of a text on one line; undefined if it is blank. */
export function oneLine(text: string): string | undefined {
  // Control and zero-width characters become spaces, because dropping them could restore a token that the redaction missed.
  const line = text
    .slice(0, 10 * maxLineLength)
    .replace(/[\s\p{Cc}\p{Cf}\p{Cs}]+/gu, ' ')
    .trim();
  return truncate(line, maxLineLength).trim() || undefined;
}

/** Returns the start of a text. If the cut would split a surrogate pair, drops the first half of the pair too. */
export function truncate(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : text.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '');
}

/** Returns a text that isn't blank. Undefined for any other value. */
export function nonBlankText(value: unknown): string | undefined {
  return typeof value === 'string' && /\S/.test(value) ? value : undefined;
}
