import type { DeploymentUrl } from '#core/kickoff/deployment';
import type { Trouble } from '#core/kickoff/trouble';
import type { Tokens } from '#core/polling/ports';

const redacted = '[token]';
/** A shorter text may stand in an output by chance. */
const shortestRedacted = 8;
/** Without one of these a body holds no token but as it is; the last two matter where one of theirs is in it. */
const escapes = ['\\u00', '\\/', '\\"', '\\\\'];
/** Three backslashes, and five characters more. */
const longestSpelling = 8;

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

  /** A server may repeat the token in what it says, and a sentence may be cut in its middle; the name of a host is in lower case. */
  redact(text: string): string {
    if (this.#text === '') return text;
    const whole = text.replace(this.#spellings(), redacted);
    const [lower, token] = [whole.toLowerCase(), this.#text.toLowerCase()];
    for (let length = token.length - 1; length >= 4; length--) {
      if (lower.endsWith(token.slice(0, length))) return whole.slice(0, -length) + redacted;
    }
    return whole;
  }

  /** A body in which a server repeats the token must not bring it into the store: there alone the bytes are not kept as sent. */
  redactBody(body: Uint8Array): Uint8Array {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    const signs = [this.#text, this.#text.toLowerCase(), this.#text.toUpperCase(), ...escapes.slice(0, /["\\]/.test(this.#text) ? 4 : 2)];
    if (this.#text.length < shortestRedacted || !signs.some((sign) => bytes.includes(sign))) return body;
    const text = bytes.toString('latin1');
    const without = text.replace(this.#spellings(), redacted);
    return without === text ? body : Buffer.from(without, 'latin1');
  }

  /** The same for a body that was cut: what may be the token's beginning is left out. */
  redactPartialBody(body: Uint8Array): Uint8Array {
    return this.redactBody(body).subarray(0, -longestSpelling * this.#text.length);
  }

  /** The same for a body that goes by: held back is as much as may be the token's beginning. */
  async *redactStream(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let held: Uint8Array = new Uint8Array();
    for await (const piece of body) {
      const bytes = this.redactBody(Buffer.concat([held, piece]));
      const from = Math.max(0, bytes.length - longestSpelling * this.#text.length + 1);
      yield bytes.subarray(0, from);
      held = bytes.subarray(from);
    }
    yield held;
  }

  /** The token as it is, or with any of its characters as JSON may write them, also JSON inside JSON. */
  #spellings(): RegExp {
    const characters = Array.from(this.#text, (character) => {
      const hex = character.charCodeAt(0).toString(16).padStart(4, '0');
      const escaped = /["/]/.test(character) ? '\\\\{0,3}' : character === '\\' ? '\\\\?' : '';
      return `(?:${escaped}\\u${hex}|\\\\{1,3}u${hex})`;
    });
    return new RegExp(characters.join(''), 'gi');
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return redacted;
  }
}

/** The token of a deployment; a keychain that cannot be read holds none. */
export async function tokenAt(tokens: Tokens, url: DeploymentUrl): Promise<Token | undefined> {
  try {
    const text = await tokens.get(url);
    return text ? new Token(text) : undefined;
  } catch {
    return undefined;
  }
}

/** A trouble whose sentence does not repeat the token. */
export function withoutToken(trouble: Trouble, token: Token): Trouble {
  return trouble.detail === undefined ? trouble : { ...trouble, detail: token.redact(trouble.detail) };
}
