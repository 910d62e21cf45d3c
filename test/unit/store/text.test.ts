import assert from 'node:assert/strict';
import fc from 'fast-check';
import { restored, storable } from '../../../src/store/text';
import { tries } from '../../support/fuzz';

describe('A text that SQLite cannot hold', () => {
  const odd = fc.constantFrom('\0', '\ud800', '\udbff', '\udc00', '\udfff', '\u{10ffff}', '\u{10fffe}', '\u{1f600}', '\ue000', 'a', '0');

  it('is escaped character by character, and comes back', () => {
    assert.equal(
      storable('a\0\ud800b\udfff\u{10ffff}\u{1f600}'),
      'a\u{10ffff}000000\u{10ffff}00d800b\u{10ffff}00dfff\u{10ffff}10ffff\u{1f600}',
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.oneof(odd, fc.string({ unit: 'binary', maxLength: 1 })) }), (text) => {
        const held = storable(text);
        assert.ok(held.isWellFormed() && !held.includes('\0'));
        assert.equal(restored(held), text);
      }),
      tries(500),
    );
  }).timeout(20_000);

  it('comes back however long, also where a pair stands between two blocks', () => {
    for (const start of ['', 'a', 'ab', 'abc'])
      for (const unit of ['\u{1f600}', '\u{10ffff}', '\0a', '\ud800']) {
        const text = start + unit.repeat(70_000);
        assert.ok(restored(storable(text)) === text, JSON.stringify(start + unit));
      }
  });
});
