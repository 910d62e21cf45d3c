const placeholder = '[token]';
/** Shorter tokens aren't redacted in bodies, because an output may contain them by chance. */
const minRedactedLength = 8;
/** Every body with an escaped token contains one of these sequences. The last two apply only to tokens with a quote or a backslash. */
const escapes = ['\\u00', '\\/', '%', '&', '\\"', '\\\\'];
/** The length of the longest escaped character, three backslashes followed by `u0026#x00002b;`. */
const maxEscapedCharLength = 17;
/** Patterns for the names of characters in HTML. Other characters of tokens have no name. */
const entityNamePatterns: Readonly<Record<string, string>> = {
  ...{ '!': 'excl', '"': 'quot', '#': 'num', $: 'dollar', '%': 'percnt', '&': 'amp', "'": 'apos', '(': 'lpar', ')': 'rpar', '*': 'ast' },
  ...{ '+': 'plus', ',': 'comma', '.': 'period', '/': 'sol', ':': 'colon', ';': 'semi', '<': 'lt', '=': 'equals', '>': 'gt', '?': 'quest' },
  ...{ '@': 'commat', '[': 'l(?:sqb|brack)', '\\': 'bsol', ']': 'r(?:sqb|brack)', '^': 'hat', _: 'lowbar', '`': 'grave' },
  ...{ '{': 'l(?:cub|brace)', '|': 'ver(?:t|bar)', '}': 'r(?:cub|brace)' },
};

/** A bearer token. Its text is private, so that logs, JSON, and inspection don't contain it. */
export class Token {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Returns the value of the `Authorization` header. No other method returns the token. Undefined if a header can't contain the token. */
  authorization(): string | undefined {
    return /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(this.#text) ? `Bearer ${this.#text}` : undefined;
  }

  /** Replaces the token, even if the text's end cuts it off after four characters or more. Ignores case, as URL hosts are lowercase. */
  redact(text: string): string {
    if (this.#text === '') return text;
    const redactedText = text.replace(this.#spellingPattern(), placeholder);
    const [lowercaseEnd, lowercaseToken] = [redactedText.slice(-this.#text.length).toLowerCase(), this.#text.toLowerCase()];
    let prefixLength = lowercaseToken.length - 1;
    while (prefixLength >= 4 && !lowercaseEnd.endsWith(lowercaseToken.slice(0, prefixLength))) prefixLength--;
    return prefixLength < 4 ? redactedText : redactedText.slice(0, -prefixLength) + placeholder;
  }

  /** Replaces the token in a body, because bodies are stored. Changes nothing else in the body. */
  redactBody(body: Uint8Array): Uint8Array {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    const needles = [this.#text, this.#text.toLowerCase(), this.#text.toUpperCase(), ...escapes.slice(0, /["\\]/.test(this.#text) ? 6 : 4)];
    if (this.#text.length < minRedactedLength || !needles.some((needle) => bytes.includes(needle))) return body;
    const text = bytes.toString('latin1');
    const redactedText = text.replace(this.#spellingPattern(), placeholder);
    return redactedText === text ? body : Buffer.from(redactedText, 'latin1');
  }

  /** Redacts an incomplete body. Drops the last bytes, because they may be the start of the token. */
  redactPartialBody(body: Uint8Array): Uint8Array {
    return this.redactBody(body).subarray(0, -maxEscapedCharLength * this.#text.length);
  }

  /** Yields the redacted chunks of a body. Holds back the last bytes of a chunk, because the token may continue in the next chunk. */
  async *redactStream(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let heldBytes: Uint8Array = new Uint8Array();
    for await (const chunk of body) {
      const bytes = this.redactBody(Buffer.concat([heldBytes, chunk]));
      const heldOffset = Math.max(0, bytes.length - maxEscapedCharLength * this.#text.length);
      yield bytes.subarray(0, heldOffset);
      heldBytes = bytes.subarray(heldOffset);
    }
    yield heldBytes;
  }

  /** Returns a pattern for the token as plain text, in URLs, in HTML, in a JSON string, and in JSON inside a JSON string. */
  #spellingPattern(): RegExp {
    const characterPatterns = Array.from(this.#text, (character) => {
      const charCode = character.charCodeAt(0);
      const hex = charCode.toString(16).padStart(2, '0');
      const unicodeHex = hex.padStart(4, '0');
      const backslashes = /["/]/.test(character) ? '\\\\{0,3}' : character === '\\' ? '\\\\?' : '';
      const namePattern = entityNamePatterns[character];
      const entityPattern = `#0{0,4}${charCode};|#x0{0,4}${hex};${namePattern === undefined ? '' : `|${namePattern};`}`;
      return `(?:${backslashes}\\u${unicodeHex}|\\\\{1,3}u${unicodeHex}|%${hex}|(?:&|\\\\{1,3}u0026)(?:${entityPattern}))`;
    });
    return new RegExp(characterPatterns.join(''), 'gi');
  }
}
