import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { readBody } from '#amp/http/body';
import { below, chance, times } from '#test/support/fuzz';

const read = (pieces: readonly Uint8Array[], most = Infinity) =>
  readBody(Readable.from(pieces), { most, onPiece: () => undefined, isHtml: false });
const large = 300_000;
/** Sizes of pieces: tiny, around the block size, and around the size from which pieces are stored without copying. */
const sizes = [1, 2, 500, 8_191, 8_192, 8_193, 16_383, 16_384, 16_385, 40_000, 70_000];

describe('The bytes of a body', () => {
  it('equal the received bytes up to the size limit, for any division into pieces', async () => {
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
      const most = random() < 0.5 ? Infinity : below(large, random);
      const body = await read(pieces, most);
      assert.equal(body.end, bytes.length > most ? 'tooLarge' : 'whole');
      assert.deepEqual(Buffer.from(body.bytes()), Buffer.from(bytes.subarray(0, Math.min(most, bytes.length))));
    }
  });

  it('are copied when they are a small part of a larger buffer', async () => {
    const slab = new Uint8Array(large).fill(1);
    const body = await read([slab.subarray(0, 10_000)]);
    slab.fill(2);
    assert.ok(body.bytes().every((byte) => byte === 1));
  });
});
