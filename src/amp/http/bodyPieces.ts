import { codeOf } from '#core/lib/errors';

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
    throw new IncompleteBody(isDecoding(error) ? 'notAnAnswer' : 'serverTrouble');
  }
}

/** After an error of zlib or Brotli, the connection works, but the body isn't valid. */
function isDecoding(error: unknown): boolean {
  return /^(?:Z_|ERR__ERROR_|ERR_BROTLI)/.test(codeOf(error) ?? '');
}
