import assert from 'node:assert/strict';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { IncompleteBody, pieces } from '#amp/http/bodyPieces';

/** Reads a body and returns its pieces, and how often `onPiece` was called. */
async function readAll(body: Parameters<typeof pieces>[0]): Promise<{ readonly received: Uint8Array[]; readonly calls: number }> {
  let calls = 0;
  const received: Uint8Array[] = [];
  for await (const piece of pieces(body, () => calls++)) received.push(piece);
  return { received, calls };
}

async function* failing(error: unknown): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  throw error;
}

describe('The pieces of a body', () => {
  it('are bytes, also when the body consists of text', async () => {
    const bytes = Uint8Array.of(0xff, 0, 0x80);
    async function* body() {
      yield await Promise.resolve('{"läuft":');
      yield bytes;
    }
    assert.deepEqual(await readAll(body()), { received: [Buffer.from('{"läuft":'), bytes], calls: 2 });
  });

  it('are none when the response has no body', async () => {
    assert.deepEqual(await readAll(null), { received: [], calls: 0 });
  });

  it('end with an error that distinguishes an invalid encoding from a broken connection', async () => {
    const coded = (code: unknown) => Object.assign(new Error('failed'), { code });
    const cases: readonly (readonly [unknown, IncompleteBody['kind']])[] = [
      [coded('Z_BUF_ERROR'), 'undecodable'],
      [coded('ERR_BROTLI_INVALID_PARAM'), 'undecodable'],
      [coded('ECONNRESET'), 'brokenOff'],
      [coded('ERR_STREAM_PREMATURE_CLOSE'), 'brokenOff'],
      [coded('ERR_Z_BROTLI_ERR_BROTLI'), 'brokenOff'],
      [new Error('Z_DATA_ERROR'), 'brokenOff'],
      [undefined, 'brokenOff'],
    ];
    const isOf = (kind: string) => (thrown: unknown) => thrown instanceof IncompleteBody && thrown.kind === kind;
    for (const [error, kind] of cases) await assert.rejects(readAll(failing(error)), isOf(kind), String(error));
    for (const decoder of [createGunzip(), createBrotliDecompress()]) {
      decoder.end('plain text');
      await assert.rejects(readAll(decoder), isOf('undecodable'));
    }
  });
});
