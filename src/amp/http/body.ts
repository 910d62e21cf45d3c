import { codeOf } from '#core/lib/errors';

const lessThanSign = 0x3c;
const minCapacityBytes = 65_536;
/** The maximum size of the part that `readBody` returns of an incomplete body. Callers need only its start. */
const maxPartialBodyBytes = 1_048_576;

/** The error for a body that ends too early or can't be decoded. */
export class BodyError extends Error {
  constructor(readonly kind: 'serverTrouble' | 'notAnAnswer') {
    super(kind);
  }
}

/** Yields the decoded pieces of a body. Throws `BodyError` if the body ends too early or can't be decoded. */
export async function* decodedPieces(body: AsyncIterable<string | Uint8Array> | null, onPiece: () => void): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of body ?? []) {
      onPiece();
      yield typeof piece === 'string' ? Buffer.from(piece) : piece;
    }
  } catch (error) {
    // After an error of zlib or Brotli, the connection works, but the body isn't valid.
    const isDecodingError = /^(?:Z_|ERR__ERROR_|ERR_BROTLI)/.test(codeOf(error) ?? '');
    throw new BodyError(isDecodingError ? 'notAnAnswer' : 'serverTrouble');
  }
}

export interface BodyOptions {
  readonly maxBytes: number;
  readonly onPiece: () => void;
  readonly hasHtmlType: boolean;
}

/** Reads a body up to its end, the size limit, or an error. Stops if a body with the type `text/html` begins with `<`. Never rejects. */
export async function readBody(body: AsyncIterable<string | Uint8Array> | null, { maxBytes, onPiece, hasHtmlType }: BodyOptions) {
  // The buffer grows in place, because a million tiny arrays would need much more memory than their bytes.
  const buffer = new ArrayBuffer(0, { maxByteLength: maxBytes });
  let byteCount = 0;
  let firstByte: number | undefined;
  let outcome: 'complete' | 'tooLarge' | BodyError['kind'] = 'complete';
  try {
    for await (const piece of decodedPieces(body, onPiece)) {
      // Simple servers send JSON as `text/html`, so the type isn't enough to recognize a web page.
      if (hasHtmlType) firstByte ??= piece.find((byte) => byte > 0x20);
      if (firstByte === lessThanSign) {
        outcome = 'notAnAnswer';
        break;
      }
      const offset = byteCount;
      byteCount = Math.min(maxBytes, offset + piece.length);
      if (byteCount > buffer.byteLength) buffer.resize(Math.min(maxBytes, Math.max(minCapacityBytes, 2 * byteCount)));
      new Uint8Array(buffer).set(piece.subarray(0, byteCount - offset), offset);
      if (offset + piece.length > maxBytes) {
        outcome = 'tooLarge';
        break;
      }
    }
  } catch (error) {
    outcome = error instanceof BodyError ? error.kind : 'serverTrouble';
  }
  const returnedBytes = outcome === 'complete' ? byteCount : Math.min(byteCount, maxPartialBodyBytes);
  return { outcome, body: new Uint8Array(buffer.transferToFixedLength(returnedBytes)) };
}
