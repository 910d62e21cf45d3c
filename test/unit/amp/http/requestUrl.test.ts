import fc from 'fast-check';
import assert from 'node:assert/strict';
import http from 'node:http';
import { duplexPair, type Duplex } from 'node:stream';
import { AmpClient, requestUrl } from '#amp/http/client';
import type { DeploymentUrl } from '#core/kickoff/deployment';
import { kickoffId } from '#core/kickoff/kickoffId';
import { url as urlOf } from '#test/support/builders';
import { always } from '#test/support/checks';
import { figure, times, tries } from '#test/support/fuzz';
import { patient, requestTo } from './testPoll';

const nasty = [
  ...['..', '.', '', '%2e%2e', '%2E.', '../inputs', '..\\..', 'a/b', 'a\\b', 'a?b', 'a#b'],
  ...['\0', 'CON', '\r\nX: y', '\ud800', 'e\u0301', '\u00e9'],
];
const anyId = fc.oneof(
  fc.constantFrom(...nasty, ' ', ';', '@', '//evil.example', 'http://evil.example/', '\u202e', 'x'.repeat(2_000), 'x'.repeat(65_536)),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: fc.constantFrom('.', '%', '2', 'e', '/', '\\', ':', '~', '-', 'a') }),
  fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._~:-]{0,60}$/),
);

describe('The request URL of a run', () => {
  it('is undefined when the ID is empty, a relative path, or not encodable', () => {
    for (const id of ['', '.', '..', '\ud800']) assert.equal(requestUrl(urlOf('https://crew.example/base'), ['status', id]), undefined, id);
  });

  const of = (base: string) => requestUrl(base as DeploymentUrl, ['status', 'a'])?.href;

  it('ignores slashes at the end of a stored base URL', () => {
    assert.equal(of('https://crew.example/factory//'), 'https://crew.example/factory/status/a');
  });

  it('is undefined when the stored base URL is damaged', () => {
    for (const base of ['', 'crew.example', 'file:///srv/crew', 'https://user@crew.example:port', 'blob:https:1'])
      assert.equal(of(base), undefined, base);
  });

  const bases = ['https://crew.example', 'https://crew.example/a/b', 'http://127.0.0.1:1', 'https://bücher.example/%20x'].map(urlOf);
  always('is exactly <base>/status/<encoded ID> or undefined, for any ID', 10_000, [fc.constantFrom(...bases), anyId], (base, id) => {
    const url = requestUrl(base, ['status', id]);
    if (!url) return;
    assert.equal(url.href, `${base}/status/${encodeURIComponent(id)}`);
    assert.equal(decodeURIComponent(url.pathname.split('/').at(-1) ?? ''), id);
    assert.equal(url.search + url.hash + url.username, '');
  });

  it('arrives unchanged at the server or is rejected without a request, for any ID', async () => {
    const original = http.globalAgent;
    const seen: string[] = [];
    const server = http.createServer({ maxHeaderSize: 1_000_000 }, (request, response) => {
      seen.push(request.url ?? '');
      response.end('{}');
    });
    // Connects to the server in memory, without a socket.
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
          const result = await client.get(requestTo('http://crew.example/base', id));
          if (result.kind === 'response') {
            sent++;
            assert.deepEqual(seen, [`/base/status/${encodeURIComponent(id)}`]);
          } else {
            refused++;
            assert.deepEqual([result.trouble.kind, seen], ['refused', []]);
          }
          // A valid kickoff ID needs no encoding.
          if (kickoffId(id)) assert.ok(result.kind === 'response' && decodeURIComponent(seen[0] ?? '') === `/base/status/${id}`);
        }),
        tries(2_500),
      );
    } finally {
      http.globalAgent = original;
    }
    assert.ok(sent > 5 * refused && refused > 0, `${sent} sent, ${refused} refused`);
    figure(21, `${sent + refused} IDs: ${sent} sent exactly, ${refused} rejected without a request`);
  }).timeout(times(60_000));
});
