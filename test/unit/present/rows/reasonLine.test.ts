import assert from 'node:assert/strict';
import { reasonLine } from '#present/rows/reasonLine';
import { assertLinear } from '#test/support/growth';
import { assertClean, hostileTexts } from '#test/unit/present/documents/hostile';

/** Reasons that providers, CrewAI, and its tools report, and the line that a row shows. */
const reasons: Readonly<Record<string, string>> = {
  'ValueError: SERPER_API_KEY is not set': 'SERPER_API_KEY is not set',
  "Error code: 429 - {'error': {'message': 'You exceeded your current quota, please check your plan and billing details.'}}":
    'exceeded quota',
  'litellm.RateLimitError: RateLimitError: OpenAIException - Rate limit reached for gpt-4o': 'Rate limit reached for gpt-4o',
  'litellm.AuthenticationError: AnthropicException - {"type":"error","error":{"message":"invalid x-api-key"}}': 'invalid x-api-key',
  'Task failed guardrail validation after 3 retries. Last error: too long': 'Task failed guardrail validation after 3 retries',
  'Traceback (most recent call last):\n  File "crew.py", line 3\nValueError: No topic. Add one.\n': 'No topic. Add one',
  'The first line\nand more': 'The first line',
  "KeyError: 'GITHUB_TOKEN'": "KeyError: 'GITHUB_TOKEN'",
  '429 Too Many Requests': '429 Too Many Requests',
  '\u001b[31mError: no key\u001b[0m': 'no key',
  '': '',
};

describe('The failure reason in a row', () => {
  for (const [reason, line] of Object.entries(reasons))
    it(`is "${line}" for ${JSON.stringify(reason.slice(0, 60))}`, () => assert.equal(reasonLine(reason), line));

  it('is a short line without control characters, for any reason', () => {
    for (const text of hostileTexts)
      for (const reason of [text, `Error: ${text}`, `{"message": "${text}"}`, `Traceback (most recent call last):\n${text}`])
        assertClean(120, reasonLine(reason));
  });

  it('is computed in linear time, even from a hostile text', () => {
    for (const piece of ['Error: ', 'error:', '"message": "', "'message': '\\", 'x. ', 'a,  please', '. '])
      assertLinear((length) => void reasonLine(piece.repeat(length)), 5_000, piece);
  }).timeout(20_000);
});
