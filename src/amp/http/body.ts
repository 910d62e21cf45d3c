import { codeOf } from '#core/lib/errors';

const lessThanSign = 0x3c;
const minCapacityBytes = 65_536;
/** The maximum size of the part that `readBody` returns of an incomplete body. Callers need only the start of the body. */
const maxPartialBodyBytes = 1_048_576;

/** The error for a body that ends too early or can't be decoded. */
export class BodyError extends Error {
  constructor(readonly kind: 'serverTrouble' | 'notAnAnswer') {
    super(kind);
  }
}

/** Yields the decoded chunks of a body. Throws `BodyError` if the body ends too early or can't be decoded. */
export async function* decodedChunks(body: AsyncIterable<string | Uint8Array> | null, onChunk: () => void): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body ?? []) {
      onChunk();
      yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    }
  } catch (error) {
    // An error of zlib or Brotli means that the body isn't valid. Any other error is about the connection.
    const isDecodingError = /^(?:Z_|ERR__ERROR_|ERR_BROTLI)/.test(codeOf(error) ?? '');
    throw new BodyError(isDecodingError ? 'notAnAnswer' : 'serverTrouble');
  }
}

export interface BodyOptions {
  readonly maxBytes: number;
  readonly onChunk: () => void;
  readonly hasHtmlType: boolean;
}

/** Reads a body up to its end, the size limit, or an error. Stops if a body with the type `text/html` begins with `<`. Never rejects. */
export async function readBody(body: AsyncIterable<string | Uint8Array> | null, { maxBytes, onChunk, hasHtmlType }: BodyOptions) {
  // The buffer grows in place, because a million tiny arrays would need much more memory than their bytes.
  const buffer = new ArrayBuffer(0, { maxByteLength: maxBytes });
  let byteCount = 0;
  let firstByte: number | undefined;
  let outcome: 'complete' | 'tooLarge' | BodyError['kind'] = 'complete';
  try {
    for await (const chunk of decodedChunks(body, onChunk)) {
      // Simple servers send JSON as `text/html`, so the type isn't enough to recognize a web page.
      if (hasHtmlType) firstByte ??= chunk.find((byte) => byte > 0x20);
      if (firstByte === lessThanSign) {
        outcome = 'notAnAnswer';
        break;
      }
      const offset = byteCount;
      byteCount = Math.min(maxBytes, offset + chunk.length);
      if (byteCount > buffer.byteLength) buffer.resize(Math.min(maxBytes, Math.max(minCapacityBytes, 2 * byteCount)));
      new Uint8Array(buffer).set(chunk.subarray(0, byteCount - offset), offset);
      if (offset + chunk.length > maxBytes) {
        outcome = 'tooLarge';
        break;
      }
    }
  } catch (error) {
    outcome = error instanceof BodyError ? error.kind : 'serverTrouble';
  }
  const returnedByteCount = outcome === 'complete' ? byteCount : Math.min(byteCount, maxPartialBodyBytes);
  return { outcome, body: new Uint8Array(buffer.transferToFixedLength(returnedByteCount)) };
}
