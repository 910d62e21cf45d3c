import assert from 'node:assert/strict';
import fc from 'fast-check';
import { originOf } from '../../../src/core/deployment';
import { linkOf } from '../../../src/core/link';

const id = '5b1e0f44-63b9-4c23-9514-f1fc22a90d88';
const base = 'https://my-crew-1a2b3c4d.crewai.com';

/** As the editor hands it over: decoded once. */
function link(query: string, { path = '/track', fragment = '' } = {}) {
  return linkOf({ path, query, fragment });
}

describe('A link', () => {
  for (const query of [
    `url=${base}&id=${id}`,
    `id=${id}&url=${base}/kickoff`,
    `url=${base}/status/${id}`,
    `url=${base}/${id}/status`,
    `url=${encodeURIComponent(`${base}/status/${id}`)}`,
    `url=MY-CREW-1a2b3c4d.CrewAI.com:443/&id=${id}`,
    `url=${base}&id=${id}&windowId=2`,
    `url=${base}&id=${id}&windowId=_blank`,
    `url=https://me:pass@my-crew-1a2b3c4d.crewai.com&id=${id}`,
  ])
    it(`names a run: ${query}`, () => assert.deepEqual(link(query), { url: base, id }));

  it('keeps a base path, with its plus signs', () => {
    assert.deepEqual(link(`url=${base}/a+b/status/${id}`), { url: `${base}/a+b`, id });
  });

  for (const [typed, origin] of Object.entries({
    'https://my-crew.crewai.com:443@evil.example/': 'https://evil.example',
    'https://my-crew.crewai.com\\@evil.example/': 'https://my-crew.crewai.com',
    'https://my-сrew.crewai.com': 'https://xn--my-rew-krf.crewai.com',
    'https://ｍｙ-crew。crewai.com': 'https://my-crew.crewai.com',
    'https://my-crew.crewai.com.': 'https://my-crew.crewai.com.',
    'https://my%2dcrew.crewai.com:8443': 'https://my-crew.crewai.com:8443',
    'http://0x7f.1:80': 'http://127.0.0.1',
    'https://faß.example': 'https://xn--fa-hia.example',
  }))
    it(`to ${typed} leads to ${origin}`, () => {
      const found = link(`url=${typed}&id=${id}`);
      assert.ok(found.wrong === undefined);
      assert.equal(originOf(found.url), origin);
    });

  for (const [wrong, queries] of Object.entries({
    holdsMore: [
      `url=${base}&id=${id}&windowId=canary`,
      `url=${base}&id=${id}&token=canary`,
      `url=${base}&id=${id}&bearer=canary`,
      `url=${base}/status/${id}?token=canary`,
      `url=${base}&id=${id}&label=x`,
      `url=${base}&url=https://other.example&id=${id}`,
      `url=${base}&id=${id}&id=x`,
      `url=${base}#canary&id=${id}`,
      `URL=${base}&id=${id}`,
    ],
    withoutUrl: [
      '',
      `id=${id}`,
      `url=&id=${id}`,
      `url=ftp://host.example&id=${id}`,
      `url=javascript:alert(1)&id=${id}`,
      `url=a b.c&id=${id}`,
    ],
    withoutId: [`url=${base}`, `url=${base}&id=`, `url=${base}&id=../..`, `url=${base}&id=Bearer canary`, `url=${base}/inputs`],
  }))
    for (const query of queries) it(`is refused as "${wrong}": ${query}`, () => assert.deepEqual(link(query), { wrong }));

  it('is refused with a fragment, or under another path', () => {
    assert.deepEqual(link(`url=${base}&id=${id}`, { fragment: 'access_token=canary' }), { wrong: 'holdsMore' });
    for (const path of ['', '/', '/Track', '/track/', '/token', '/addDeployment'])
      assert.deepEqual(link(`url=${base}&id=${id}`, { path }), { wrong: 'unknown' }, path);
  });

  it('is never thrown on, and leads to an origin in ASCII alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), fc.string(), (url, run, more) => {
        const found = link(`url=https://${url}&id=${run}${more}`);
        if (found.wrong === undefined) assert.match(found.url, /^https:\/\/[\x21-\x7e]+$/);
      }),
    );
  });
});
