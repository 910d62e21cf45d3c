const mostCharacters = 200;

/** A server's text as one short line, of which no parts are joined, for they may be a token's: no control, bidi or zero-width characters, at most 200 characters. */
export function oneLine(text: string): string | undefined {
  const line = text
    .slice(0, 10 * mostCharacters)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return shortened(line, mostCharacters).trim() || undefined;
}

/** The start of a text that is kept in full elsewhere; never half a character. */
export function shortened(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}
