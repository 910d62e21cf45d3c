import { IncompleteBody, pieces } from './bodyPieces';

const blockSize = 16_384;
const leastUncopied = 8_192;
const lessThan = 0x3c;

/** Collects a body in blocks, because a million tiny pieces would cost far more than their bytes. */
class BodyBuffer {
  readonly #full: Uint8Array[] = [];
  #open = new Uint8Array(0);
  #used = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(piece: Uint8Array): void {
    this.#size += piece.length;
    if (canStoreUncopied(piece)) {
      this.#begin(0);
      this.#full.push(piece);
    } else this.#copy(piece);
  }

  whole(): Uint8Array {
    const bytes = new Uint8Array(this.#size);
    let at = 0;
    for (const block of [...this.#full, ...this.#begun()]) {
      bytes.set(block, at);
      at += block.length;
    }
    return bytes;
  }

  #copy(piece: Uint8Array): void {
    for (let from = 0; from < piece.length;) {
      if (this.#used === this.#open.length) this.#begin(blockSize);
      const part = piece.subarray(from, from + this.#open.length - this.#used);
      this.#open.set(part, this.#used);
      this.#used += part.length;
      from += part.length;
    }
  }

  #begin(size: number): void {
    this.#full.push(...this.#begun());
    this.#open = new Uint8Array(size);
    this.#used = 0;
  }

  /** Returns the used part of the current block. */
  #begun(): readonly Uint8Array[] {
    if (this.#used === 0) return [];
    return [this.#used === this.#open.length ? this.#open : this.#open.slice(0, this.#used)];
  }
}

/**
 * Whether to store a piece without a copy. A copy would take twice the memory until garbage collection. But a small part of a larger buffer is
 * copied, because it would keep the whole buffer in memory.
 */
function canStoreUncopied({ length, buffer }: Uint8Array): boolean {
  return length >= leastUncopied && buffer.byteLength <= 2 * length;
}

/** The received part of a body, and the reason that no more was read. */
export interface BodyRead {
  readonly end: 'whole' | 'tooLarge' | 'brokenOff' | 'undecodable';
  /** Joins the blocks. Only a body that is used needs this copy. */
  readonly bytes: () => Uint8Array;
}

/** How to read a body. */
export interface BodyOptions {
  /** The size limit in bytes, decoded. */
  readonly most: number;
  readonly onPiece: () => void;
  /** Whether the headers say that the body is HTML. */
  readonly isHtml: boolean;
}

/**
 * Reads a body to its end, or to the first `<` of an HTML page. The limit counts decoded bytes, because a small gzip can expand to a
 * gigabyte. Never rejects.
 */
export async function readBody(body: AsyncIterable<string | Uint8Array> | null, { most, onPiece, isHtml }: BodyOptions): Promise<BodyRead> {
  const blocks = new BodyBuffer();
  const bytes = () => blocks.whole();
  let first: number | undefined;
  try {
    for await (const piece of pieces(body, onPiece)) {
      // Simple servers send JSON as HTML, so the header alone isn't enough.
      first ??= piece.find((byte) => byte > 0x20);
      if (isHtml && first === lessThan) return { end: 'undecodable', bytes };
      const room = most - blocks.size;
      blocks.add(piece.subarray(0, room));
      if (piece.length > room) return { end: 'tooLarge', bytes };
    }
    return { end: 'whole', bytes };
  } catch (error) {
    return { end: error instanceof IncompleteBody ? error.kind : 'brokenOff', bytes };
  }
}
