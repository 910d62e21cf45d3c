import assert from 'node:assert/strict';
import { canonicalUrl } from '#core/kickoff/deploymentUrl';
import { tokenFor, tokensIn } from '#core/paste/pastedTokens';
import { unescapeText } from '#core/paste/unescape';

function offered(text: string, host = 'a'): string | undefined {
  return tokenFor(canonicalUrl(`https://${host}.example`)!, tokensIn(unescapeText(text)));
}

describe('A token in a pasted text', () => {
  const noTokens = [
    'Authorization: Bearer <token>',
    'Authorization: Bearer YOUR_TOKEN_1',
    'Authorization: Bearer ${TOKEN}',
    'Authorization: Bearer ***',
    'WWW-Authenticate: Bearer realm="api1"',
    'the bearer token of 2026',
    '"Bearer tok-demo-1" and "Bearer tok-demo-2"',
  ];
  for (const text of noTokens) {
    it(`isn't offered if the text contains none or several: ${text}`, () => assert.equal(offered(text), undefined));
  }

  it('is offered without the characters around it', () => {
    for (const text of [
      "-H 'Authorization: Bearer tok-demo-abc'",
      'Bearer \t tok-demo-1',
      '{\\"authorization\\":\\"Bearer tok-demo-abc\\"}',
      'CREW_URL=https://a.example CREW_TOKEN="tok-demo-abc"',
    ])
      assert.match(offered(text) ?? '', /^tok-demo-(?:abc|1)$/);
  });

  const belongings: readonly (readonly [about: string, text: string, to: Readonly<Record<string, string | undefined>>])[] = [
    [
      'to the URL of its command only',
      "curl https://a.example/status/1\ncurl -H 'Authorization: Bearer tok-demo-b' https://b.example/status/2",
      { a: undefined, b: 'tok-demo-b' },
    ],
    [
      'to the URL of its pair of variables only',
      'GET https://a.example/status/1 200\nexport CREW_URL=https://b.example\nexport CREW_TOKEN=tok-demo-b',
      { a: undefined, b: 'tok-demo-b' },
    ],
    [
      'with another one, each to its own URL',
      "curl https://a.example/status/1 -H 'Authorization: Bearer tok-demo-a' curl https://b.example/status/2 -H 'Authorization: Bearer tok-demo-b'",
      { a: 'tok-demo-a', b: 'tok-demo-b', c: undefined },
    ],
    ['to no URL if it may be for two', 'Authorization: Bearer tok-demo-x https://a.example/status/1 https://b.example/status/2', {}],
    ['to no other URL if its host has no scheme', 'curl -H "Authorization: Bearer tok-demo-x" a.example/x https://b.example/status/1', {}],
    [
      'to no other URL if it is for the Host header',
      'GET /user\nHost: a.example\nAuthorization: Bearer tok-demo-x\nhttps://b.example/status/1',
      {},
    ],
    [
      'to no other URL if it is for the dashboard',
      "curl https://app.crewai.com/api -H 'Authorization: Bearer tok-demo-x'\nhttps://b.example/status/1",
      {},
    ],
    [
      'to no other URL if its command begins with a host',
      "curl a.example -H 'Authorization: Bearer tok-demo-x' # not https://b.example/status/1",
      {},
    ],
    [
      'to no URL that is a user name before the host',
      "curl https://b.example@a.example/x -H 'Authorization: Bearer tok-demo-x'\nhttps://b.example/status/1",
      {},
    ],
    ['to the only URL in the text', 'https://a.example/status/1 Authorization: Bearer tok-demo-a', { a: 'tok-demo-a' }],
    ['to each URL if the text names none', 'Authorization: Bearer tok-demo-x', { a: 'tok-demo-x', b: 'tok-demo-x', c: 'tok-demo-x' }],
  ];
  for (const [about, text, to] of belongings)
    it(`is offered ${about}`, () => {
      for (const host of ['a', 'b', 'c']) assert.equal(offered(text, host), to[host], host);
    });
});
