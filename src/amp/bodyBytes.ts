import { BrokenOff, pieces } from './pieces';

const blockSize = 65_536;

/** Collects a body in blocks, so that a million tiny pieces cost no more than their bytes. */
class Blocks {
  readonly #blocks: Uint8Array[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(piece: Uint8Array): void {
    for (let from = 0; from < piece.length;) {
      const used = this.#size % blockSize;
      if (used === 0) this.#blocks.push(new Uint8Array(blockSize));
      const part = piece.subarray(from, from + blockSize - used);
      this.#blocks.at(-1)?.set(part, used);
      this.#size += part.length;
      from += part.length;
    }
  }

  whole(): Uint8Array {
    const bytes = new Uint8Array(this.#size);
    this.#blocks.forEach((block, index) => bytes.set(block.subarray(0, this.#size - index * blockSize), index * blockSize));
    return bytes;
  }
}

/** A body as far as it came, and how it ended. */
export interface BodyRead {
  readonly end: 'whole' | 'tooLarge' | 'brokenOff' | 'undecodable';
  /** Copied only when asked for: what is refused must not be held twice. */
  readonly bytes: () => Uint8Array;
}

/** Reads a body to its end, counting decoded bytes: a small gzip can hold a gigabyte. Never rejects. */
export async function readBody(
  body: AsyncIterable<string | Uint8Array> | null,
  { most, onPiece }: { readonly most: number; readonly onPiece: () => void },
): Promise<BodyRead> {
  const blocks = new Blocks();
  const bytes = () => blocks.whole();
  try {
    for await (const piece of pieces(body, onPiece)) {
      const room = most - blocks.size;
      blocks.add(piece.subarray(0, room));
      if (piece.length > room) return { end: 'tooLarge', bytes };
    }
    return { end: 'whole', bytes };
  } catch (error) {
    return { end: error instanceof BrokenOff ? error.kind : 'brokenOff', bytes };
  }
}
