import { IncompleteBody, pieces } from './bodyPieces';

const blockSize = 16_384;
const leastUncopied = 8_192;
const lessThan = 0x3c;

/** A buffer that copies tiny pieces of a body into blocks. A million tiny arrays would need much more memory than their bytes. */
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

  /** Returns the used part of the current block in a list, or an empty list. */
  #begun(): readonly Uint8Array[] {
    if (this.#used === 0) return [];
    return [this.#used === this.#open.length ? this.#open : this.#open.slice(0, this.#used)];
  }
}

/**
 * Whether to store a piece without a copy. A copy of a large piece would need the memory twice until garbage collection. A piece of a much
 * larger buffer is copied, because the piece would keep the whole buffer in memory.
 */
function canStoreUncopied({ length, buffer }: Uint8Array): boolean {
  return length >= leastUncopied && buffer.byteLength <= 2 * length;
}

/** The received part of a body, and the reason that no more was read. */
export interface BodyRead {
  readonly end: 'whole' | 'tooLarge' | 'brokenOff' | 'undecodable';
  /** Copies the received pieces into one array. A function, because the caller may not need the bytes. */
  readonly bytes: () => Uint8Array;
}

/** Options of `readBody`. */
export interface BodyOptions {
  /** The size limit in decoded bytes. */
  readonly most: number;
  readonly onPiece: () => void;
  /** Whether the `Content-Type` of a successful response is HTML. */
  readonly isHtml: boolean;
}

/**
 * Reads a body up to its end, the size limit, or an error. Stops early if a body with an HTML header begins with `<`. The limit counts
 * decoded bytes, because a small gzip can expand to a gigabyte. Never rejects.
 */
export async function readBody(body: AsyncIterable<string | Uint8Array> | null, { most, onPiece, isHtml }: BodyOptions): Promise<BodyRead> {
  const blocks = new BodyBuffer();
  const bytes = () => blocks.whole();
  let first: number | undefined;
  try {
    for await (const piece of pieces(body, onPiece)) {
      // Simple servers send JSON as `text/html`, so the header isn't enough to recognize a web page.
      if (isHtml) first ??= piece.find((byte) => byte > 0x20);
      if (first === lessThan) return { end: 'undecodable', bytes };
      const room = most - blocks.size;
      blocks.add(piece.subarray(0, room));
      if (piece.length > room) return { end: 'tooLarge', bytes };
    }
    return { end: 'whole', bytes };
  } catch (error) {
    return { end: error instanceof IncompleteBody ? error.kind : 'brokenOff', bytes };
  }
}
