import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { readBody, type BodyOptions } from '#amp/http/body';
import { below, chance, times } from '#test/support/fuzz';

const defaults: BodyOptions = { maxBytes: 1_000_000, onChunk: () => undefined, hasHtmlType: false };
const read = (pieces: Iterable<Uint8Array>, options: Partial<BodyOptions> = {}) =>
  readBody(Readable.from(pieces), { ...defaults, ...options });
const large = 300_000;
/** Sizes of pieces: empty, tiny, and around the sizes at which the buffer grows. */
const sizes = [0, 1, 2, 500, 8_192, 32_767, 32_768, 32_769, 65_535, 65_536, 65_537, 70_000];

/** Fails immediately. A comparison with `deepEqual` would take minutes to describe the difference of large bodies. */
function assertEqualBytes(received: Uint8Array, sent: Uint8Array): void {
  assert.equal(received.length, sent.length);
  assert.ok(Buffer.from(sent).equals(received), 'the bytes differ');
}

describe('The bytes read from a response', () => {
  it('are complete if some chunks are text and others are binary', async () => {
    const bytes = Uint8Array.of(0xff, 0, 0x80);
    const body = await readBody(Readable.from(['{"läuft":', bytes]), defaults);
    assertEqualBytes(body.body, Buffer.concat([Buffer.from('{"läuft":'), bytes]));
  });

  it('are an empty array if the response has no body', async () => {
    assert.equal((await readBody(null, defaults)).body.length, 0);
  });

  it('end at the size limit, with the result tooLarge, only if the body exceeds the limit', async () => {
    const cases = [
      ['123456', 6, 'complete', '123456'],
      ['123456', 7, 'complete', '123456'],
      ['123456', 5, 'tooLarge', '12345'],
      ['123456', 3, 'tooLarge', '123'],
      ['123456', 0, 'tooLarge', ''],
    ] as const;
    for (const [text, maxBytes, outcome, received] of cases) {
      const body = await read([Buffer.from(text.slice(0, 3)), Buffer.from(text.slice(3))], { maxBytes });
      assert.deepEqual([body.outcome, Buffer.from(body.body).toString()], [outcome, received]);
    }
  });

  it('equal the received bytes up to the size limit, for any division into chunks', async () => {
    const random = chance();
    for (let round = 0; round < times(200); round++) {
      const bytes = Uint8Array.from({ length: below(large, random) }, () => below(256, random));
      const pieces: Uint8Array[] = [];
      for (let from = 0; from < bytes.length;) {
        const part = bytes.subarray(from, from + sizes[below(sizes.length, random)]!);
        // A view into a larger buffer, or a copy.
        pieces.push(random() < 0.5 ? part : part.slice());
        from += part.length;
      }
      const maxBytes = random() < 0.5 ? large : below(large, random);
      const body = await read(pieces, { maxBytes });
      assert.equal(body.outcome, bytes.length > maxBytes ? 'tooLarge' : 'complete');
      assertEqualBytes(body.body, bytes.subarray(0, Math.min(maxBytes, bytes.length)));
    }
  });
});

describe('A body', () => {
  const pages = [['<!doctype html>'], ['\n  <html>'], ['\r\n', '\t ', '<html>']];

  async function assertRead(pieces: readonly string[], isHtml: boolean): Promise<void> {
    const sent = pieces.map((piece) => Buffer.from(piece));
    const body = await read(sent, { hasHtmlType: isHtml });
    assert.deepEqual([body.outcome, Buffer.from(body.body).toString()], ['complete', pieces.join('')]);
  }

  it('with an HTML content type is rejected without being read further when its first visible character is <', async () => {
    for (const page of pages) {
      let isReadFurther = false;
      const pieces = (async function* () {
        for (const piece of page) yield await Promise.resolve(piece);
        isReadFurther = true;
      })();
      const body = await readBody(pieces, { ...defaults, hasHtmlType: true });
      assert.deepEqual([body.outcome, isReadFurther], ['notAnAnswer', false], page.join(''));
    }
  });

  it("with an HTML content type is read when its first visible character isn't <", async () => {
    for (const text of [['{"result":"<b>"}'], [' ', '{', '<'], ['  '], []]) await assertRead(text, true);
  });

  it('without an HTML content type is read even when its first visible character is <', async () => {
    for (const page of pages) await assertRead(page, false);
  });

  describe("that can't be read completely", () => {
    const coded = (code: string) => Object.assign(new Error('Z_DATA_ERROR'), { code });
    const broken = ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_Z_BROTLI_ERR_BROTLI'].map(coded);
    const undecodable = ['Z_DATA_ERROR', 'Z_BUF_ERROR', 'ERR__ERROR_FORMAT_PADDING_1', 'ERR_BROTLI_INVALID_PARAM'].map(coded);
    const otherErrors: readonly unknown[] = [...broken, new Error('Z_DATA_ERROR'), undefined];

    function readFailing(error: unknown) {
      async function* failing(): AsyncGenerator<Uint8Array> {
        yield await Promise.resolve(Buffer.from('{"sta'));
        throw error;
      }
      return readBody(failing(), defaults);
    }

    it('has the bytes that were received before the failure', async () => {
      for (const error of [...undecodable, ...otherErrors])
        assert.equal(Buffer.from((await readFailing(error)).body).toString(), '{"sta', String(error));
    });

    it("is reported as invalid only if it can't be decompressed", async () => {
      for (const error of undecodable) assert.equal((await readFailing(error)).outcome, 'notAnAnswer', String(error));
      for (const decoder of [createGunzip(), createBrotliDecompress()]) {
        decoder.end('plain text');
        assert.equal((await readBody(decoder, defaults)).outcome, 'notAnAnswer');
      }
      for (const error of otherErrors) assert.equal((await readFailing(error)).outcome, 'serverTrouble', String(error));
    });
  });
});
