import fc from 'fast-check';
import assert from 'node:assert/strict';
import http from 'node:http';
import { duplexPair, type Duplex } from 'node:stream';
import { AmpClient, requestUrl } from '#amp/http/client';
import { Token } from '#amp/http/token';
import { kickoffId } from '#core/kickoff/kickoffId';
import { figure, times, tries } from '#test/support/fuzz';
import { canary, patient, urlOf } from './asking';

const nasty = [
  '..',
  '.',
  '',
  '%2e%2e',
  '%2E.',
  '../inputs',
  '..\\..',
  'a/b',
  'a\\b',
  'a?b',
  'a#b',
  '\0',
  'CON',
  '\r\nX: y',
  '\ud800',
  'e\u0301',
  '\u00e9',
];
const anyId = fc.oneof(
  fc.constantFrom(...nasty, ' ', ';', '@', '//evil.example', 'http://evil.example/', '\u202e', 'x'.repeat(2_000), 'x'.repeat(65_536)),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: fc.constantFrom('.', '%', '2', 'e', '/', '\\', ':', '~', '-', 'a') }),
  fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._~:-]{0,60}$/),
);

describe('The address of a run', () => {
  it('is the base, the route and the id', () => {
    const of = (base: string, id: string) => requestUrl(urlOf(base), ['status', id])?.href;
    assert.equal(of('https://crew.example', 'a-1'), 'https://crew.example/status/a-1');
    assert.equal(of('https://crew.example:8443/factory/crew', 'a:1~_.'), 'https://crew.example:8443/factory/crew/status/a%3A1~_.');
    assert.equal(of('http://[::1]:4180', 'a'), 'http://[::1]:4180/status/a');
  });

  it('is none when the id would be a way', () => {
    for (const id of ['', '.', '..', '\ud800']) assert.equal(requestUrl(urlOf('https://crew.example/base'), ['status', id]), undefined, id);
  });

  it('is exactly below the base or none, for any id', () => {
    const bases = ['https://crew.example', 'https://crew.example/a/b', 'http://127.0.0.1:1', 'https://bücher.example/%20x'].map(urlOf);
    fc.assert(
      fc.property(fc.constantFrom(...bases), anyId, (base, id) => {
        const url = requestUrl(base, ['status', id]);
        if (!url) return;
        assert.equal(url.href, `${base}/status/${encodeURIComponent(id)}`);
        assert.equal(decodeURIComponent(url.pathname.split('/').at(-1) ?? ''), id);
        assert.equal(url.search + url.hash + url.username, '');
      }),
      tries(10_000),
    );
  }).timeout(times(20_000));

  it('is what the server sees, for any id that is sent', async () => {
    const kept = http.globalAgent;
    const seen: string[] = [];
    const server = http.createServer({ maxHeaderSize: 1_000_000 }, (request, response) => {
      seen.push(request.url ?? '');
      response.end('{}');
    });
    // Straight into the server: what it parses came over a wire that is none.
    http.globalAgent = new (class extends http.Agent {
      override createConnection(): Duplex {
        const [ours, theirs] = duplexPair();
        server.emit('connection', theirs);
        return Object.assign(ours, { setTimeout: () => ours });
      }
    })();
    const client = new AmpClient('0.0.0', patient);
    let refused = 0;
    let sent = 0;
    try {
      await fc.assert(
        fc.asyncProperty(anyId, async (id) => {
          seen.length = 0;
          const question = { base: urlOf('http://crew.example/base'), route: ['status', id], token: new Token(canary) };
          const result = await client.get({ ...question, signal: new AbortController().signal });
          if (result.kind === 'response') assert.deepEqual(seen, [`/base/status/${encodeURIComponent(id)}`]);
          else assert.deepEqual([result.trouble.kind, seen], ['refused', []]);
          if (result.kind === 'response') sent++;
          else refused++;
          // What may be tracked at all is a part of a path as it stands.
          if (kickoffId(id)) assert.ok(result.kind === 'response' && decodeURIComponent(seen[0] ?? '') === `/base/status/${id}`);
        }),
        tries(10_000),
      );
    } finally {
      http.globalAgent = kept;
    }
    assert.ok(sent > 5 * refused && refused > 0, `${sent} sent, ${refused} refused`);
    figure(
      21,
      `${sent + refused} ids: the server saw exactly <base>/status/<id> for ${sent}, nothing for the ${refused} that were refused`,
    );
  }).timeout(times(60_000));
});
