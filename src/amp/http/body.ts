import { codeOf } from '#core/lib/errors';

const blockSize = 16_384;
const leastUncopied = 8_192;
const lessThan = 0x3c;

/** A buffer that copies tiny pieces of a body into blocks. A million tiny arrays would need much more memory than their bytes. */
class BodyBuffer {
  readonly #blocks: Uint8Array[] = [];
  readonly #tiny = new Uint8Array(blockSize);
  #used = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(piece: Uint8Array): void {
    this.#size += piece.length;
    if (piece.length >= leastUncopied) {
      this.#endBlock();
      this.#blocks.push(wastesMemory(piece) ? new Uint8Array(piece) : piece);
      return;
    }
    if (this.#used + piece.length > blockSize) this.#endBlock();
    this.#tiny.set(piece, this.#used);
    this.#used += piece.length;
  }

  whole(): Uint8Array {
    this.#endBlock();
    const bytes = new Uint8Array(this.#size);
    let at = 0;
    for (const block of this.#blocks) {
      bytes.set(block, at);
      at += block.length;
    }
    return bytes;
  }

  #endBlock(): void {
    this.#blocks.push(this.#tiny.slice(0, this.#used));
    this.#used = 0;
  }
}

/** Whether a large piece would keep a much larger buffer in memory. Other large pieces aren't copied, to save memory. */
function wastesMemory({ length, buffer }: Uint8Array): boolean {
  return buffer.byteLength > 2 * length;
}

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
  const blocks = new BodyBuffer();
  const bytes = () => blocks.whole();
  let first: number | undefined;
  try {
    for await (const piece of pieces(body, onPiece)) {
      // Simple servers send JSON as `text/html`, so the header isn't enough to recognize a web page.
      if (isHtml) first ??= piece.find((byte) => byte > 0x20);
      if (first === lessThan) return { end: 'notAnAnswer', bytes };
      const room = most - blocks.size;
      blocks.add(piece.subarray(0, room));
      if (piece.length > room) return { end: 'tooLarge', bytes };
    }
    return { end: 'whole', bytes };
  } catch (error) {
    return { end: error instanceof IncompleteBody ? error.kind : 'serverTrouble', bytes };
  }
}
