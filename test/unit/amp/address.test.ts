import assert from 'node:assert/strict';
import fc from 'fast-check';
import { address } from '../../../src/amp/address';
import { AmpClient } from '../../../src/amp/client';
import { Token } from '../../../src/amp/token';
import { canary, patient, urlOf } from './asking';
import { httpServer } from './servers';

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
  fc.constantFrom(...nasty, ' ', ';', '@', '//evil.example', 'http://evil.example/', '\u202e', 'x'.repeat(2_000)),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: fc.constantFrom('.', '%', '2', 'e', '/', '\\', ':', '~', '-', 'a') }),
);

describe('The address of a run', () => {
  it('is the base, the route and the id', () => {
    const of = (base: string, id: string) => address(urlOf(base), ['status', id])?.href;
    assert.equal(of('https://crew.example', 'a-1'), 'https://crew.example/status/a-1');
    assert.equal(of('https://crew.example:8443/factory/crew', 'a:1~_.'), 'https://crew.example:8443/factory/crew/status/a%3A1~_.');
    assert.equal(of('http://[::1]:4180', 'a'), 'http://[::1]:4180/status/a');
  });

  it('is none when the id would be a way', () => {
    for (const id of ['', '.', '..', '\ud800']) assert.equal(address(urlOf('https://crew.example/base'), ['status', id]), undefined, id);
  });

  it('is exactly below the base or none, for any id', () => {
    const bases = ['https://crew.example', 'https://crew.example/a/b', 'http://127.0.0.1:1', 'https://bücher.example/%20x'].map(urlOf);
    fc.assert(
      fc.property(fc.constantFrom(...bases), anyId, (base, id) => {
        const url = address(base, ['status', id]);
        if (!url) return;
        assert.equal(url.href, `${base}/status/${encodeURIComponent(id)}`);
        assert.equal(decodeURIComponent(url.pathname.split('/').at(-1) ?? ''), id);
        assert.equal(url.search + url.hash + url.username, '');
      }),
      { numRuns: 10_000 },
    );
  }).timeout(20_000);

  it('is what the server sees, for any id that is sent', async () => {
    const server = await httpServer((_, response) => response.end('{}'));
    const client = new AmpClient('0.0.0', patient);
    const base = urlOf(`${server.url}/base`);
    await fc.assert(
      fc.asyncProperty(anyId, async (id) => {
        server.asked.length = 0;
        const heard = await client.get({ base, route: ['status', id], token: new Token(canary), signal: new AbortController().signal });
        if (heard.kind === 'reply')
          assert.deepEqual(
            server.asked.map(({ path }) => path),
            [`/base/status/${encodeURIComponent(id)}`],
          );
        else assert.deepEqual([heard.trouble.kind, server.asked], ['refused', []]);
      }),
      { numRuns: 500 },
    );
    await server.close();
  }).timeout(20_000);
});
