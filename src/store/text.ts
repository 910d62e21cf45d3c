/** Marks what SQLite's text cannot hold; no character by Unicode's own word, and escaped itself. */
const mark = '\u{10ffff}';
const digits = '0123456789abcdef';
const stored = /\u{10ffff}([0-9a-f]{6})/gu;

/**
 * A text as it can be stored. SQLite keeps UTF-8, which has no lone surrogates, and its texts are read up to the first NUL: a name that
 * came back changed would pass for another task at every poll.
 */
export function storable(text: string): string {
  return text.isWellFormed() && !text.includes('\0') && !text.includes(mark) ? text : escaped(text);
}

/** In blocks of plain numbers: an output may consist of millions of them, and a function called for each would take seconds. */
function escaped(text: string): string {
  const block = new Uint16Array(65_536);
  const parts: string[] = [];
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const point = text.codePointAt(at) ?? 0;
    const isPair = point > 0xffff;
    if (point === 0 || (point & 0x1ff800) === 0xd800 || point === 0x10ffff) {
      block[length++] = 0xdbff;
      block[length++] = 0xdfff;
      for (let bits = 20; bits >= 0; bits -= 4) block[length++] = digits.charCodeAt((point >> bits) & 0xf);
    } else {
      block[length++] = text.charCodeAt(at);
      if (isPair) block[length++] = text.charCodeAt(at + 1);
    }
    if (isPair) at++;
    if (length > block.length - 8 || at + 1 >= text.length) {
      parts.push(Buffer.from(block.buffer, 0, 2 * length).toString('utf16le'));
      length = 0;
    }
  }
  return parts.join('');
}

/** The text that was given to `storable`; what that never wrote stays as it is. */
export function restored(text: string): string {
  return text.includes(mark) ? text.replace(stored, (escaped, hex: string) => characterOf(parseInt(hex, 16)) ?? escaped) : text;
}

function characterOf(code: number): string | undefined {
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
