import assert from 'node:assert/strict';
import { Token } from '#amp/http/token';
import { canary, observing, replying } from './asking';

describe('A token in a sentence that was cut', () => {
  it('is hidden from its fourth character on', () => {
    for (let length = 4; length < canary.length; length++)
      assert.equal(new Token(canary).redact(`Bad token ${canary.slice(0, length)}`), 'Bad token [token]', String(length));
  });

  it("shows fewer than four of its characters, wherever the server's message is cut", async () => {
    for (let before = 150; before <= 200; before++) {
      const detail = `${'x'.repeat(before)} ${canary} is wrong`;
      const seen = await observing({ client: { get: replying(422, {}, JSON.stringify({ detail })) } });
      const says = seen.kind === 'unanswered' ? seen.trouble.detail : undefined;
      assert.match(says ?? '', /^x{100}/);
      assert.ok(!says?.includes(canary.slice(0, 4)), says);
    }
  });
});
