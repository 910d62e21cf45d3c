import fc from 'fast-check';
import assert from 'node:assert/strict';
import { kickoffId, shortId } from '#core/kickoff/kickoffId';
import { id } from '#test/support/builders';
import { tries } from '#test/support/fuzz';

describe('A kickoff ID', () => {
  for (const legal of ['a', '0', 'CON', '4f7e7c35-9b3e-4c53-9c4b-3d4d3c2d1e0f', 'a..b', 'run:1~x_y.z-', 'a'.repeat(200)]) {
    it(`can be ${legal.slice(0, 40)} (length ${legal.length})`, () => {
      assert.equal(kickoffId(legal), legal);
    });
  }

  const illegal = [
    '',
    '.',
    '..',
    '-a',
    '~',
    'a/b',
    '../a',
    'a\\b',
    '%2e%2e',
    'a%00',
    'a b',
    ' a',
    'a\n',
    'a\0',
    'é',
    'a?b',
    'a#b',
    'a@b',
    'a'.repeat(201),
  ];
  for (const text of illegal) {
    it(`cannot be ${JSON.stringify(text.slice(0, 40))} (length ${text.length})`, () => {
      assert.equal(kickoffId(text), undefined);
    });
  }

  it('cannot be 64 KB long', () => {
    assert.equal(kickoffId('a'.repeat(65_536)), undefined);
  });

  it('is case-sensitive', () => {
    assert.notEqual(kickoffId('ABC'), kickoffId('abc'));
  });

  it('never changes another part of a URL', () => {
    const nasty = fc.array(
      fc.constantFrom('.', '..', '%2e', '%2F', '/', '\\', '?', '#', ':', '~', '@', 'a', '0', '\0', '\t', 'é', 'e\u0301', 'CON', ' '),
      {
        maxLength: 12,
      },
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      nasty.map((parts) => parts.join('')),
      fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._~:-]{0,199}$/),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const minted = kickoffId(text);
        if (minted === undefined) return;
        const { pathname, search, hash } = new URL(`https://crew.example.com/base/status/${minted}`);
        assert.deepEqual([minted, pathname, search, hash], [text, `/base/status/${text}`, '', '']);
      }),
      tries(10_000),
    );
  }).timeout(20_000);
});

describe('The short form of a kickoff ID', () => {
  it('is the first eight characters of a UUID', () => {
    assert.equal(shortId(id('4F7E7C35-9b3e-4c53-9c4b-3d4d3c2d1e0f')), '4F7E7C35');
  });

  it('is the whole ID if it is not a UUID', () => {
    assert.equal(shortId(id('4f7e7c35-9b3e-4c53-9c4b-3d4d3c2d1e0f-2')), '4f7e7c35-9b3e-4c53-9c4b-3d4d3c2d1e0f-2');
    assert.equal(shortId(id('x-4f7e7c35-9b3e-4c53-9c4b-3d4d3c2d1e0f')), 'x-4f7e7c35-9b3e-4c53-9c4b-3d4d3c2d1e0f');
    assert.equal(shortId(id('run-12')), 'run-12');
  });
});
