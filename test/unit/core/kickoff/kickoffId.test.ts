import fc from 'fast-check';
import assert from 'node:assert/strict';
import { kickoffId, shortId } from '#core/kickoff/kickoffId';
import { id } from '#test/support/builders';
import { always } from '#test/support/checks';

describe('A kickoff ID', () => {
  for (const legal of ['a', '0', 'CON', '4f7e7c35-9b3e-4c53-9c4b-3d4d3c2d1e0f', 'a..b', 'run:1~x_y.z-', 'a'.repeat(200)])
    it(`can be ${legal.slice(0, 40)} (length ${legal.length})`, () => assert.equal(kickoffId(legal), legal));

  for (const [why, texts] of Object.entries({
    'its first character': ['.', '..', '-a', '~'],
    'a path': ['a/b', '../a', 'a\\b'],
    'percent-encoding': ['%2e%2e', 'a%00'],
    'white space or a control character': ['a b', ' a', 'a\n', 'a\0'],
    'a non-ASCII character': ['é'],
    'a character that starts another part of a URL': ['a?b', 'a#b', 'a@b'],
    'its length': ['', 'a'.repeat(201), 'a'.repeat(65_536)],
  }))
    for (const text of texts)
      it(`is invalid because of ${why}: ${JSON.stringify(text.slice(0, 40))} (length ${text.length})`, () =>
        assert.equal(kickoffId(text), undefined));

  const characters = fc.constantFrom(
    ...['.', '..', '%2e', '%2F', '/', '\\', '?', '#', ':', '~', '@', 'a', '0', '\0', '\t', 'é', 'e\u0301', 'CON', ' '],
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(characters, { maxLength: 12 }).map((parts) => parts.join('')),
    fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._~:-]{0,199}$/),
  );
  always('never changes another part of a URL', 10_000, [texts], (text) => {
    const minted = kickoffId(text);
    if (minted === undefined) return;
    const { pathname, search, hash } = new URL(`https://crew.example.com/base/status/${minted}`);
    assert.deepEqual([minted, pathname, search, hash], [text, `/base/status/${text}`, '', '']);
  });
});

describe('The short form of a kickoff ID', () => {
  it('is the first eight characters of a UUID', () => {
    assert.equal(shortId(id('4F7E7C35-9b3e-4c53-9c4b-3d4d3c2d1e0f')), '4F7E7C35');
  });

  it("is the whole ID if it isn't a UUID", () => {
    for (const text of ['4f7e7c35-9b3e-4c53-9c4b-3d4d3c2d1e0f-2', 'x-4f7e7c35-9b3e-4c53-9c4b-3d4d3c2d1e0f', 'run-12'])
      assert.equal(shortId(id(text)), text);
  });
});
