import assert from 'node:assert/strict';
import { Token } from '#amp/http/token';
import { canary, pollOnce, replying } from './testPoll';

describe('A token at a truncated text’s end', () => {
  it('is redacted when at least four of its characters are left', () => {
    for (let length = 4; length < canary.length; length++)
      assert.equal(new Token(canary).redact(`Bad token ${canary.slice(0, length)}`), 'Bad token [token]', String(length));
  });

  it("is reduced to fewer than four characters, wherever the server's message is cut", async () => {
    for (let before = 150; before <= 200; before++) {
      const detail = `${'x'.repeat(before)} ${canary} is wrong`;
      const seen = await pollOnce({ client: { get: replying(422, {}, JSON.stringify({ detail })) } });
      const shown = seen.kind === 'unanswered' ? seen.trouble.detail : undefined;
      assert.match(shown ?? '', /^x{100}/);
      assert.ok(!shown?.includes(canary.slice(0, 4)), shown);
    }
  });
});
