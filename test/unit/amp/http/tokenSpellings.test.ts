import fc from 'fast-check';
import assert from 'node:assert/strict';
import { Token } from '#amp/http/token';
import { always } from '#test/support/checks';
import { assertLinear } from '#test/support/growth';
import { canary, polled, pollOnce, redactedStream, replying } from './testPoll';

/** A token with all special characters of Base64, which serializers may escape. */
const secret = 'dGVzdC/0b2tlbi1z+ZWNyZXQ9PQ==';

function inBody(token: string, body: string): string {
  return Buffer.from(new Token(token).redactBody(Buffer.from(body))).toString();
}

describe('A token', () => {
  const spellings = {
    'without escapes': secret,
    'escaped by Gson or .NET': secret.replace(/[=+]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`),
    'escaped with capital hex digits': secret.replace(/[=+]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16).toUpperCase()}`),
    'escaped by PHP': secret.replaceAll('/', '\\/'),
    'in upper case': secret.toUpperCase(),
    'in lower case': secret.toLowerCase(),
    'in a URL': encodeURIComponent(secret),
    'in a URL with small hex digits': encodeURIComponent(secret).toLowerCase(),
    'in HTML with decimal codes': secret.replace(/[=+/]/g, (sign) => `&#${sign.charCodeAt(0)};`),
    'in HTML with hex codes': secret.replace(/[=+/]/g, (sign) => `&#x${sign.charCodeAt(0).toString(16)};`),
    'in HTML with capital hex codes and zeros': secret.replace(
      /[=+/]/g,
      (sign) => `&#X000${sign.charCodeAt(0).toString(16).toUpperCase()};`,
    ),
    'in HTML with names of special characters': secret.replaceAll('=', '&equals;').replaceAll('+', '&plus;').replaceAll('/', '&sol;'),
    'in HTML that Gson escaped': secret.replace(/[=+/]/g, (sign) => `\\u0026#${sign.charCodeAt(0)};`),
    'escaped letter by letter': Array.from(secret, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`).join(''),
  };
  for (const [how, spelled] of Object.entries(spellings)) {
    it(`${how} is redacted in the result of a poll`, async () => {
      for (const status of [200, 404, 422]) {
        const text = `{"state":"FAILURE","status":"invalid key: Bearer ${spelled}","detail":"not for ${spelled}"}`;
        const seen = await polled(status, text, { token: secret });
        assert.equal(Buffer.from(seen.body ?? []).toString(), text.replaceAll(spelled, '[token]'));
        assert.ok(!JSON.stringify(seen, (name, value: unknown) => (name === 'body' ? undefined : value)).includes(secret));
        if (seen.kind === 'answered' && status === 200)
          assert.deepEqual(seen.answer.phase, { kind: 'failed', reason: 'invalid key: Bearer [token]' });
        if (status === 422) assert.deepEqual(seen.kind === 'unanswered' && seen.trouble.detail, 'not for [token]');
      }
    });
  }

  const part = fc.constantFrom('"', '\\', 'a', '\\u0064', '\n', '☃', '/', secret.slice(0, -1), secret.toUpperCase().slice(2));
  const escaped = fc.array(fc.constantFrom(false, true), { minLength: secret.length, maxLength: secret.length });
  always(
    'is redacted in plain and nested JSON, even if any of its characters are escaped',
    1_000,
    [fc.array(part), escaped, fc.boolean()],
    (parts, which, twice) => {
      const spelled = Array.from(secret, (sign, index) => (which[index] ? `\\u00${sign.charCodeAt(0).toString(16)}` : sign)).join('');
      const around = JSON.stringify(parts.join('')).slice(0, -1);
      const text = `${around} ${twice ? JSON.stringify(spelled).slice(1, -1) : spelled}"`;
      assert.equal(inBody(secret, text), `${around} [token]"`);
    },
  );

  it('with characters that JSON must escape is redacted unless it is escaped twice', () => {
    const odd = 'ab"cd\\ef/gh';
    for (const text of [odd, JSON.stringify(odd).slice(1, -1), JSON.stringify(JSON.stringify(odd)).slice(3, -3)])
      assert.equal(new Token(odd).redact(`x ${text} y`), text.includes('\\\\\\\\') ? `x ${text} y` : 'x [token] y');
    for (const text of [JSON.stringify({ a: odd }), JSON.stringify({ a: odd }).replaceAll('/', '\\/')])
      assert.equal(inBody(odd, text), '{"a":"[token]"}');
  });

  it('is redacted without removing a backslash in front of the token', () => {
    const body = JSON.stringify({ path: `C:\\keys\\${canary}`, share: `\\\\${canary}\\x` });
    assert.equal(inBody(canary, body), body.replaceAll(canary, '[token]'));
    assert.equal(new Token(canary).redact(`C:\\keys\\${canary}`), 'C:\\keys\\[token]');
  });

  it('is redacted in upper or lower case, as in the host name of a redirect', async () => {
    const location = 'https://Tok-Demo-4F2A9C17D0BE.evil.example/';
    const seen = await pollOnce({ client: { get: replying(302, { location }) } });
    assert.equal(seen.kind === 'unanswered' && seen.trouble.detail, 'https://[token].evil.example');
    assert.equal(new Token('Tok-Demo-4f2a').redact('it is tok-demo-4F'), 'it is [token]');
  });

  it('is redacted in plain, URL, and HTML spellings, wherever a stream is cut', async () => {
    const odd = 'key&<"50%">\'a+b/c';
    const names = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos', '%': 'percnt', '+': 'plus', '/': 'sol' } as const;
    const html = odd.replace(/[&<>"'%+/]/g, (sign) => `&${names[sign as keyof typeof names]};`);
    const longest = Array.from(odd, (sign) => `\\\\\\u0026#x0000${sign.charCodeAt(0).toString(16)};`).join('');
    for (const spelled of [odd, encodeURIComponent(odd), html, html.replaceAll('&', '\\\\\\u0026'), longest]) {
      const text = `a ${spelled} z`;
      assert.equal(new Token(odd).redact(text), 'a [token] z');
      for (let at = 0; at <= text.length; at++) {
        assert.equal(await redactedStream(odd, [text.slice(0, at), text.slice(at)]), 'a [token] z', `${spelled} cut at ${at}`);
      }
    }
  });

  it('is redacted if its special characters are written with any of their HTML names', () => {
    const signs = '!"#$%&\'()*+,./:;<=>?@[[\\]]^_`{{||}}';
    const names =
      'excl quot num dollar percnt amp apos lpar rpar ast plus comma period sol colon semi lt equals gt quest commat ' +
      'lsqb lbrack bsol rsqb rbrack hat lowbar grave lcub lbrace vert verbar rcub rbrace';
    const spelled = names.replace(/\w+ ?/g, (name) => `&${name.trim()};`);
    assert.equal(inBody(`key${signs}`, `{"a":"key${spelled}"}`), '{"a":"[token]"}');
  });

  it('is searched for in linear time', () => {
    const token = new Token(canary);
    const units = ['\\', '\\\\\\u0074', '\\u0074', '\\/', 't', '%', '%74', '&', '&#116;', '&#0000', '\\\\\\u0026'];
    for (const unit of [`${canary} `, canary.slice(0, -1), ...units])
      assertLinear((length) => token.redactBody(Buffer.from(`\\u00${unit.repeat(length / unit.length)}`)), 500_000, unit);
    for (const unit of ['%', '%25', '&', '&amp;', '\\', '/', '"'])
      assertLinear((length) => new Token(unit.repeat(40)).redactBody(Buffer.from(`${unit.repeat(length / unit.length)} x`)), 50_000, unit);
  }).timeout(60_000);
});
