import assert from 'node:assert/strict';
import { Token } from '#amp/http/token';
import { canary, polled, redactedStream } from './testPoll';

describe('A token', () => {
  it('can be sent only if it is visible ASCII, with or without inner spaces', () => {
    for (const text of ['x', canary, 'tok-demo with spaces', '~!']) assert.equal(new Token(text).authorization(), `Bearer ${text}`);
    for (const text of ['', ' ', ' tok-demo-1', 'tok-demo-1 ', 'tok-demo\r\nX: 1', 'tok\0demo', 'tök-demo-1', 'tok-demo-\x7f', '\ud800'])
      assert.equal(new Token(text).authorization(), undefined, text);
  });

  it('that is empty causes no redaction in a text', () => {
    assert.equal(new Token('').redact('Bad token.'), 'Bad token.');
  });

  it('is redacted in a body only if it has at least eight characters', () => {
    for (const [text, shown] of Object.entries({ 'tok-dem': 'tok-dem', 'tok-demo': '[token]', 'tok-demo-1': '[token]' }))
      assert.equal(Buffer.from(new Token(text).redactBody(Buffer.from(`{"a":"${text}"}`))).toString(), `{"a":"${shown}"}`);
  });
});

describe('A redacted stream', () => {
  it('has [token] only in the places of complete tokens, for any chunk sizes', async () => {
    const text = `{"echo":"${canary}","again":"${canary}${canary}","end":"${canary.slice(0, -1)}"}`;
    for (const size of [1, 2, 7, 20, 21, 1_000]) {
      const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, index) => text.slice(index * size, (index + 1) * size));
      assert.equal(await redactedStream(canary, pieces), text.replaceAll(canary, '[token]'), String(size));
    }
  });

  it('delays only the last bytes of a chunk, because they may be the start of the token', async () => {
    async function* body(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.alloc(1_000, 'x'));
      yield Buffer.alloc(1_000, 'y');
    }
    const lengths: number[] = [];
    for await (const piece of new Token(canary).redactStream(body())) lengths.push(piece.length);
    const longestSpelling = 17 * canary.length;
    assert.ok(lengths[0]! >= 1_000 - longestSpelling, String(lengths));
    const total = lengths.reduce((sum, length) => sum + length);
    assert.equal(total, 2_000);
  });
});

describe("A token at a truncated text's end", () => {
  it('is redacted only when at least four of its characters are left', () => {
    for (let length = 4; length < canary.length; length++)
      assert.equal(new Token(canary).redact(`Bad token ${canary.slice(0, length)}`), 'Bad token [token]', String(length));
    for (const text of ['Bad token', 'Bad token t', 'Bad token to', 'Bad token tok']) assert.equal(new Token(canary).redact(text), text);
  });

  it("is reduced to fewer than four characters, wherever the server's message is cut", async () => {
    for (let before = 150; before <= 200; before++) {
      const detail = `${'x'.repeat(before)} ${canary} is wrong`;
      const seen = await polled(422, JSON.stringify({ detail }));
      const shown = seen.kind === 'unanswered' ? seen.trouble.detail : undefined;
      assert.match(shown ?? '', /^x{100}/);
      assert.ok(!shown?.includes(canary.slice(0, 4)), shown);
    }
  });
});
