import { codeOf } from '#core/lib/errors';

const lessThanSign = 0x3c;
const minCapacity = 65_536;

/** The bytes of a body, in a buffer that grows in place. A million tiny arrays would need much more memory than their bytes. */
class BodyBuffer {
  readonly #buffer: ArrayBuffer;
  #size = 0;

  constructor(private readonly maxBytes: number) {
    this.#buffer = new ArrayBuffer(0, { maxByteLength: maxBytes });
  }

  get freeBytes(): number {
    return this.maxBytes - this.#size;
  }

  add(piece: Uint8Array): void {
    const end = this.#size + piece.length;
    if (end > this.#buffer.byteLength) this.#buffer.resize(Math.min(this.maxBytes, Math.max(minCapacity, 2 * end)));
    new Uint8Array(this.#buffer).set(piece, this.#size);
    this.#size = end;
  }

  toBytes(): Uint8Array {
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
export async function* decodedPieces(body: AsyncIterable<string | Uint8Array> | null, onPiece: () => void): AsyncGenerator<Uint8Array> {
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

interface BodyResult {
  readonly end: 'complete' | 'tooLarge' | IncompleteBody['kind'];
  /** A function, because the caller may not need the bytes. */
  readonly bytes: () => Uint8Array;
}

export interface BodyOptions {
  readonly maxBytes: number;
  readonly onPiece: () => void;
  readonly isHtml: boolean;
}

/** Reads a body up to its end, the size limit, or an error. Stops early if a body with an HTML header begins with `<`. Never rejects. */
export async function readBody(
  body: AsyncIterable<string | Uint8Array> | null,
  { maxBytes, onPiece, isHtml }: BodyOptions,
): Promise<BodyResult> {
  const buffer = new BodyBuffer(maxBytes);
  const bytes = () => buffer.toBytes();
  let firstByte: number | undefined;
  try {
    for await (const piece of decodedPieces(body, onPiece)) {
      // Simple servers send JSON as `text/html`, so the header isn't enough to recognize a web page.
      if (isHtml) firstByte ??= piece.find((byte) => byte > 0x20);
      if (firstByte === lessThanSign) return { end: 'notAnAnswer', bytes };
      const { freeBytes } = buffer;
      buffer.add(piece.subarray(0, freeBytes));
      if (piece.length > freeBytes) return { end: 'tooLarge', bytes };
    }
    return { end: 'complete', bytes };
  } catch (error) {
    return { end: error instanceof IncompleteBody ? error.kind : 'serverTrouble', bytes };
  }
}
