const hidden = '[token]';
/** A shorter text may stand in an output by chance. */
const shortestHidden = 8;

/** A secret that shows itself in no log, message or inspection. */
export class Token {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The value of the `Authorization` header: the only place where the text goes. Undefined when a header cannot carry it. */
  authorization(): string | undefined {
    return /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(this.#text) ? `Bearer ${this.#text}` : undefined;
  }

  isSameAs(other: Token): boolean {
    return this.#text === other.#text;
  }

  /** A server may repeat the token in what it says, and a sentence may be cut in its middle. */
  hiddenIn(text: string): string {
    if (this.#text === '') return text;
    const whole = text.replaceAll(this.#text, hidden);
    for (let length = this.#text.length - 1; length >= 4; length--) {
      if (whole.endsWith(this.#text.slice(0, length))) return whole.slice(0, -length) + hidden;
    }
    return whole;
  }

  /** A body in which a server repeats the token must not bring it into the store: there alone the bytes are not kept as sent. */
  hiddenInBody(body: Uint8Array): Uint8Array {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    if (this.#text.length < shortestHidden || !bytes.includes(this.#text)) return body;
    return Buffer.from(bytes.toString('latin1').replaceAll(this.#text, hidden), 'latin1');
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return hidden;
  }
}
