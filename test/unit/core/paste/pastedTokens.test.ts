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
    'WWW-Authenticate: Bearer realm="api1"',
    'the bearer token of 2026',
    '"Bearer tok-demo-1" and "Bearer tok-demo-2"',
  ];
  for (const text of noTokens) {
    it(`isn't offered if the text contains only a placeholder, other words, or several tokens: ${text}`, () =>
      assert.equal(offered(text), undefined));
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

  const belongings: Readonly<Record<string, readonly [to: Readonly<Record<string, string | undefined>>, text: string]>> = {
    'only for the URL of its command': [
      { b: 'tok-demo-b' },
      "curl https://a.example/status/1\ncurl -H 'Authorization: Bearer tok-demo-b' https://b.example/status/2",
    ],
    'only for the URL of its pair of variables': [
      { b: 'tok-demo-b' },
      'GET https://a.example/status/1 200\nexport CREW_URL=https://b.example\nexport CREW_TOKEN=tok-demo-b',
    ],
    'together with another token, each for its own URL': [
      { a: 'tok-demo-a', b: 'tok-demo-b' },
      "curl https://a.example/status/1 -H 'Authorization: Bearer tok-demo-a' curl https://b.example/status/2 -H 'Authorization: Bearer tok-demo-b'",
    ],
    'for no URL if the text contains two URLs that it may belong to': [
      {},
      'Authorization: Bearer tok-demo-x https://a.example/status/1 https://b.example/status/2',
    ],
    'for no URL if its command contains a host without a scheme and another URL': [
      {},
      'curl -H "Authorization: Bearer tok-demo-x" a.example/x https://b.example/status/1',
    ],
    'for no URL if the text contains a Host header and the URL of another host': [
      {},
      'GET /user\nHost: a.example\nAuthorization: Bearer tok-demo-x\nhttps://b.example/status/1',
    ],
    'for no other URL if its command contains the URL of the dashboard': [
      {},
      "curl https://app.crewai.com/api -H 'Authorization: Bearer tok-demo-x'\nhttps://b.example/status/1",
    ],
    'for no URL if the first argument of its command is a host and a comment contains another URL': [
      {},
      "curl a.example -H 'Authorization: Bearer tok-demo-x' # not https://b.example/status/1",
    ],
    'for no URL if the text contains the host of one URL as the user name of another URL': [
      {},
      "curl https://b.example@a.example/x -H 'Authorization: Bearer tok-demo-x'\nhttps://b.example/status/1",
    ],
    'for any URL if the text contains no URL': [{ a: 'tok-demo-x', b: 'tok-demo-x', c: 'tok-demo-x' }, 'Authorization: Bearer tok-demo-x'],
  };
  for (const [about, [to, text]] of Object.entries(belongings))
    it(`is offered ${about}`, () => {
      for (const host of ['a', 'b', 'c']) assert.equal(offered(text, host), to[host], host);
    });
});
