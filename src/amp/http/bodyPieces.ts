/** A body that did not come to its end. */
export class IncompleteBody extends Error {
  constructor(readonly kind: 'brokenOff' | 'undecodable') {
    super(kind);
  }
}

/** A body as it comes, decoded; `onPiece` is told of each piece. Throws `IncompleteBody` when it ends too early. */
export async function* pieces(body: AsyncIterable<string | Uint8Array> | null, onPiece: () => void): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of body ?? []) {
      onPiece();
      yield typeof piece === 'string' ? Buffer.from(piece) : piece;
    }
  } catch (error) {
    throw new IncompleteBody(isDecoding(error) ? 'undecodable' : 'brokenOff');
  }
}

/** The codes of zlib and Brotli: what came is no gzip, not a connection that broke. */
function isDecoding(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^Z_|^ERR__ERROR_|^ERR_BROTLI/.test(String(error.code));
}
