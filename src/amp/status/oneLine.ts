const maxCharacters = 200;

/** Returns the start of a text on one line; undefined if it is blank. */
export function oneLine(text: string): string | undefined {
  // Control and zero-width characters become spaces, because dropping them could restore a token that the redaction missed.
  const line = text
    .slice(0, 10 * maxCharacters)
    .replace(/[\s\p{Cc}\p{Cf}\p{Cs}]+/gu, ' ')
    .trim();
  return shortened(line, maxCharacters).trim() || undefined;
}

/** Returns the start of a text. If the cut would split a surrogate pair, drops the first half of the pair too. */
export function shortened(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}

/** Returns a text that isn't blank. Undefined for any other value. */
export function nonBlankText(value: unknown): string | undefined {
  return typeof value === 'string' && /\S/.test(value) ? value : undefined;
}
