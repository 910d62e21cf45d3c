/** Marks what SQLite's text cannot hold; no character by Unicode's own word, and escaped itself. */
const mark = '\u{10ffff}';
const unstorable = /[\0\ud800-\udfff\u{10ffff}]/gu;
const stored = /\u{10ffff}([0-9a-f]{6})/gu;

/**
 * A text as it can be stored. SQLite keeps UTF-8, which has no lone surrogates, and its texts are read up to the first NUL: a name that
 * came back changed would pass for another task at every poll.
 */
export function storable(text: string): string {
  return text.replace(unstorable, (character) => mark + (character.codePointAt(0) ?? 0).toString(16).padStart(6, '0'));
}

/** The text that was given to `storable`; what that never wrote stays as it is. */
export function restored(text: string): string {
  return text.includes(mark) ? text.replace(stored, (escaped, hex: string) => characterOf(parseInt(hex, 16)) ?? escaped) : text;
}

function characterOf(code: number): string | undefined {
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
