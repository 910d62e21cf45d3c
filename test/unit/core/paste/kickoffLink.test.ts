import fc from 'fast-check';
import assert from 'node:assert/strict';
import { originOf } from '#core/kickoff/deploymentUrl';
import { parseKickoffLink } from '#core/paste/kickoffLink';
import { figure, tries } from '#test/support/fuzz';

const id = '5b1e0f44-63b9-4c23-9514-f1fc22a90d88';
const base = 'https://my-crew-1a2b3c4d.crewai.com';

/** Parses a link as VS Code passes it, decoded once. */
function link(query: string, { path = '/track', fragment = '' } = {}) {
  return parseKickoffLink({ path, query, fragment });
}

describe('A link', () => {
  for (const query of [
    `url=${base}&id=${id}`,
    `id=${id}&url=${base}/kickoff`,
    `url=${base}/status/${id}`,
    `url=${base}/${id}/status`,
    `url=${base}&id=${id}&windowId=_blank`,
  ])
    it(`identifies a run: ${query}`, () => assert.deepEqual(link(query), { url: base, id }));

  it('keeps the plus signs of a base path', () => {
    assert.deepEqual(link(`url=${base}/a+b/status/${id}`), { url: `${base}/a+b`, id });
  });

  for (const [typed, origin] of Object.entries({
    'https://my-crew.crewai.com:443@evil.example/': 'https://evil.example',
    'https://my-crew.crewai.com\\@evil.example/': 'https://my-crew.crewai.com',
    'https://my-сrew.crewai.com': 'https://xn--my-rew-krf.crewai.com',
    'https://ｍｙ-crew。crewai.com': 'https://my-crew.crewai.com',
  }))
    it(`to ${typed} leads to ${origin}`, () => {
      const found = link(`url=${typed}&id=${id}`);
      assert.ok(found.problem === undefined);
      assert.equal(originOf(found.url), origin);
    });

  for (const [wrong, queries] of Object.entries({
    linkContainsMore: [
      `url=${base}&id=${id}&windowId=canary`,
      `url=${base}&id=${id}&token=canary`,
      `url=${base}/status/${id}?token=canary`,
      `url=${base}&url=https://other.example&id=${id}`,
      `url=${base}&id=${id}&id=x`,
      `url=${base}#canary&id=${id}`,
      `URL=${base}&id=${id}`,
      `url=${base}&id=${id}&idToken=canary`,
    ],
    linkWithoutUrl: ['', `id=${id}`, `url=ftp://host.example&id=${id}`, `url=javascript:alert(1)&id=${id}`],
    linkWithoutId: [`url=${base}`, `url=${base}&id=`, `url=${base}&id=../..`, `url=${base}&id=Bearer canary`, `url=${base}/inputs`],
  }))
    for (const query of queries)
      it(`is rejected as "${wrong}": ${query || 'an empty query'}`, () => assert.deepEqual(link(query), { problem: wrong }));

  it('is rejected if it has a fragment', () => {
    assert.deepEqual(link(`url=${base}&id=${id}`, { fragment: 'access_token=canary' }), { problem: 'linkContainsMore' });
  });

  it("is rejected if its path isn't /track", () => {
    for (const path of ['', '/', '/Track', '/track/', '/token', '/addDeployment'])
      assert.deepEqual(link(`url=${base}&id=${id}`, { path }), { problem: 'linkUnknown' }, path);
  });

  /** Names in several scripts. Some look like another name, and some aren't allowed in a host. */
  const label = fc.constantFrom(
    ...['my-crew', 'com', 'xn--my-rew-krf', '0x7f', '127', 'сrew', 'ｃｒｅｗ', 'faß', '例え', 'a\u00adb', 'a\u202eb', '\ud83d\ude00'],
  );
  const host = fc
    .array(label, { minLength: 1, maxLength: 4 })
    .chain((labels) => fc.constantFrom('.', '.', '。').map((dot) => labels.join(dot)));
  /** Texts before and after the host of a URL. */
  const before = fc.constantFrom('', '', '', 'me@', 'me:pass@', 'my-crew.crewai.com:443@', 'my-crew.crewai.com\\@', '%2d', '[::1]');
  const after = fc.constantFrom('', '', '', '.', ':443', ':8443', ':99999', '/a', '\\a', '?a', '%2f');

  it('leads only to an origin in ASCII, for any text', () => {
    let followed = 0;
    const runs = tries(500);
    const hostUrl = fc.tuple(before, host, after).map((parts) => parts.join(''));
    const urls = fc.oneof({ weight: 3, arbitrary: hostUrl }, { weight: 1, arbitrary: fc.string({ unit: 'binary' }) });
    const ids = fc.constantFrom(id, id, id, '..', `${id}&windowId=2`, `${id}&token=x`);
    const toAscii = fc.property(urls, ids, (url, run) => {
      const found = link(`url=https://${url}&id=${run}`);
      if (found.problem !== undefined) return;
      followed++;
      assert.match(found.url, /^https:\/\/[\x21-\x7e]+$/);
      assert.match(originOf(found.url), /^https:\/\/(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d+)?$/);
    });
    fc.assert(toAscii, runs);
    assert.ok(followed >= Math.floor(runs.numRuns / 10), `${followed} of ${runs.numRuns} links led to a host`);
    figure(6, `${runs.numRuns} random links: ${followed} led to a host, each in ASCII`);
  });
});
