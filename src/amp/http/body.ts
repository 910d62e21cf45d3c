import { codeOf } from '#core/lib/errors';

const lessThan = 0x3c;
const leastCapacity = 65_536;

/** The bytes of a body, in a buffer that grows in place. A million tiny arrays would need much more memory than their bytes. */
class BodyBuffer {
  readonly #buffer: ArrayBuffer;
  #size = 0;

  constructor(private readonly most: number) {
    this.#buffer = new ArrayBuffer(0, { maxByteLength: most });
  }

  get room(): number {
    return this.most - this.#size;
  }

  add(piece: Uint8Array): void {
    const end = this.#size + piece.length;
    if (end > this.#buffer.byteLength) this.#buffer.resize(Math.min(this.most, Math.max(leastCapacity, 2 * end)));
    new Uint8Array(this.#buffer).set(piece, this.#size);
    this.#size = end;
  }

  whole(): Uint8Array {
    return new Uint8Array(this.#buffer).slice(0, this.#size);
  }
}

/** The error for a body that ends too early or can't be decoded. */
export class IncompleteBody extends Error {
  constructor(readonly kind: 'serverTrouble' | 'notAnAnswer') {
    super(kind);
  }
}

/** Yields the decoded pieces of a body. Throws `IncompleteBody` if the body ends too early or can't be decoded. */
export async function* pieces(body: AsyncIterable<string | Uint8Array> | null, onPiece: () => void): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of body ?? []) {
      onPiece();
      yield typeof piece === 'string' ? Buffer.from(piece) : piece;
    }
  } catch (error) {
    // After an error of zlib or Brotli, the connection works, but the body isn't valid.
    const isDecoding = /^(?:Z_|ERR__ERROR_|ERR_BROTLI)/.test(codeOf(error) ?? '');
    throw new IncompleteBody(isDecoding ? 'notAnAnswer' : 'serverTrouble');
  }
}

interface BodyRead {
  readonly end: 'whole' | 'tooLarge' | IncompleteBody['kind'];
  /** A function, because the caller may not need the bytes. */
  readonly bytes: () => Uint8Array;
}

export interface BodyOptions {
  readonly most: number;
  readonly onPiece: () => void;
  readonly isHtml: boolean;
}

/** Reads a body up to its end, the size limit, or an error. Stops early if a body with an HTML header begins with `<`. Never rejects. */
export async function readBody(body: AsyncIterable<string | Uint8Array> | null, { most, onPiece, isHtml }: BodyOptions): Promise<BodyRead> {
  const buffer = new BodyBuffer(most);
  const bytes = () => buffer.whole();
  let first: number | undefined;
  try {
    for await (const piece of pieces(body, onPiece)) {
      // Simple servers send JSON as `text/html`, so the header isn't enough to recognize a web page.
      if (isHtml) first ??= piece.find((byte) => byte > 0x20);
      if (first === lessThan) return { end: 'notAnAnswer', bytes };
      const { room } = buffer;
      buffer.add(piece.subarray(0, room));
      if (piece.length > room) return { end: 'tooLarge', bytes };
    }
    return { end: 'whole', bytes };
  } catch (error) {
    return { end: error instanceof IncompleteBody ? error.kind : 'serverTrouble', bytes };
  }
}
