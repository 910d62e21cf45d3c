import fc from 'fast-check';
import assert from 'node:assert/strict';
import type { DeploymentUrl } from '#core/kickoff/deployment';
import {
  canonicalPageUrl,
  canonicalUrl,
  hostOf,
  isDashboard,
  isLoopback,
  isIpAddress,
  isUnencrypted,
  originOf,
  deploymentPageUrlIn,
  deploymentPageUrl,
  proposedLabel,
  uniqueLabelMaker,
} from '#core/kickoff/deploymentUrl';
import { deployment, url } from '#test/support/builders';
import { always } from '#test/support/checks';
import { assertLinear } from '#test/support/growth';

const uuid = '4f7e7c35-9b3e-4c53-9c4b-3d4d3c2d1e0f';
const base = 'https://crew.example.com';

describe('The canonical URL of a deployment', () => {
  const table: readonly (readonly [string, string])[] = [
    [base, base],
    [`${base}/`, base],
    [`${base}///`, base],
    ['crew.example.com', base],
    [' crew.example.com\n', base],
    ['HTTPS://CREW.Example.COM', base],
    ['//crew.example.com', base],
    [`${base}:443`, base],
    ['http://crew.example.com:80', 'http://crew.example.com'],
    [`${base}:8443`, `${base}:8443`],
    ['http://crew.example.com:443', 'http://crew.example.com:443'],
    ['localhost:8000', 'https://localhost:8000'],
    ['http://localhost:8000', 'http://localhost:8000'],
    ['http://amp:8000', 'http://amp:8000'],
    ['http://[::1]:8000/', 'http://[::1]:8000'],
    ['https://user:secret@crew.example.com', base],
    ['user:secret@crew.example.com', base],
    [`${base}?token=secret`, base],
    [`${base}/#top`, base],
    ['https://Bücher.example', 'https://xn--bcher-kva.example'],
    ['https://例え.テスト/base', 'https://xn--r8jz45g.xn--zckzah/base'],
    ['https://ＣＲＥＷ.example.com', base],
    [`${base}/base/path/`, `${base}/base/path`],
    [`${base}/Base/../Path`, `${base}/Path`],
    [`${base}/base//path///`, `${base}/base//path`],
    [`${base}/base/kickoff//`, `${base}/base`],
    [`${base}/kickoff`, base],
    [`${base}/kickoff/`, base],
    [`${base}/inputs`, base],
    [`${base}/resume`, base],
    [`${base}/status`, base],
    [`${base}/status/`, base],
    [`${base}/status/${uuid}`, base],
    [`${base}/status/${uuid}/`, base],
    [`${base}/${uuid}/status`, base],
    [`${base}/stop`, base],
    [`${base}/stop/${uuid}`, base],
    [`${base}/base/kickoff?x=1`, `${base}/base`],
    [`${base}/base/status/${uuid}`, `${base}/base`],
    [`${base}/base/${uuid}/status`, `${base}/base`],
    [`${base}/base/stop/${uuid}`, `${base}/base`],
    [`${base}/mystatus/x`, `${base}/mystatus/x`],
    [`${base}/kickoffs`, `${base}/kickoffs`],
    [`${base}/kickoff/more`, `${base}/kickoff/more`],
    [`${base}/a/status/b/c`, `${base}/a/status/b/c`],
    ['crew.example.com/a://b', `${base}/a://b`],
  ];
  for (const [text, expected] of table) it(`for ${JSON.stringify(text)} is ${expected}`, () => assert.equal(canonicalUrl(text), expected));

  it('is still found for a non-ASCII host after 20,000 other URLs, despite a bug of Node.js 20 and 22', () => {
    for (let n = 0; n < 20_000; n++) canonicalUrl(`${base}/${n}`);
    assert.equal(canonicalUrl('https://Bücher.example'), 'https://xn--bcher-kva.example');
  });

  const none = [
    ...['', ' ', 'word', uuid, 'two words.example', 'https://', 'https://a b.example', 'ftp://crew.example.com', 'file:///etc/passwd'],
    ...['javascript:alert(1)', 'https://crew.example.com:99999', 'https://[::1', 'https://%00.example', '/status/x'],
    ...['https://crew.exam\nple.com', 'mylocalhost', 'localhosts'],
    // A URL parser accepts these texts as hosts.
    ...['12345', '7', '.', '...', '…'],
  ];
  for (const text of none) it(`doesn't exist for ${JSON.stringify(text)}`, () => assert.equal(canonicalUrl(text), undefined));

  it("doesn't exist for more than 2,000 characters", () => {
    assert.equal(canonicalUrl(`${base}/`.padEnd(2_000, 'x'))?.length, 2_000);
    assert.equal(canonicalUrl(`${base}/`.padEnd(2_001, 'x')), undefined);
  });

  const segment = fc.constantFrom('status', 'kickoff', 'inputs', 'resume', 'stop', 'x', uuid, 'base', '', '.', '..', '%2e', 'a b', 'ü');
  const urls = fc
    .tuple(
      fc.constantFrom('https://', 'http://', '', 'HTTPS://u:p@'),
      fc.constantFrom('crew.example.com', 'localhost:8', '[::1]', 'bücher.example'),
      fc.array(segment, { maxLength: 6 }),
    )
    .map(([scheme, host, path]) => [scheme + host, ...path].join('/'));

  always(
    'has no user name, password, query, or fragment for any text',
    5_000,
    [fc.oneof(urls, fc.string({ unit: 'binary' }), fc.webUrl())],
    (text) => {
      const canonical = canonicalUrl(text);
      if (canonical === undefined) return;
      const read = new URL(canonical);
      assert.equal(read.origin + read.pathname.replace(/\/$/, ''), canonical);
      assert.equal(read.username + read.password + read.search + read.hash, '');
    },
  );

  always('is its own canonical URL', 5_000, [fc.oneof(urls, fc.webUrl())], (text) => {
    const canonical = canonicalUrl(text);
    if (canonical !== undefined) assert.equal(canonicalUrl(canonical), canonical);
  });

  it('is computed in linear time for a text that is too long', () => {
    for (const part of ['/', '/status']) assertLinear((length) => canonicalUrl(`${base}${part.repeat(length)}x`), 20_000, part);
  }).timeout(30_000);

  it('is computed in linear time for a text with many slashes', () => {
    assertLinear((slashes) => {
      for (let time = 0; time < 300; time++) canonicalUrl(`https://a.example${'/'.repeat(slashes)}x`);
    }, 240);
  }).timeout(30_000);
});

describe('A URL', () => {
  it('belongs to the AMP dashboard only if its host is app.crewai.com', () => {
    assert.equal(isDashboard(url('https://app.crewai.com/crewai_plus/deployments/1')), true);
    assert.equal(isDashboard(url('https://app.crewai.com.example.com')), false);
    assert.equal(isDashboard(url('https://my-crew-1a2b3c4d.crewai.com')), false);
  });

  const unencrypted: readonly (readonly [string, boolean])[] = [
    ['http://crew.example.com', true],
    ['http://localhost:8000', false],
    ['http://2130706433', false],
    ['https://crew.example.com', false],
  ];
  for (const [text, expected] of unencrypted)
    it(`${expected ? 'counts' : "doesn't count"} as unencrypted if it is ${text}`, () => {
      assert.equal(isUnencrypted(url(text)), expected);
    });
});

describe('A deployment', () => {
  const labels: readonly (readonly [string, string])[] = [
    ['https://my-crew-1a2b3c4d.crewai.com', 'my-crew'],
    ['https://my-crew-1a2b3c4d-5e6f7a8b.crewai.com', 'my-crew-1a2b3c4d'],
    ['https://my-crew.crewai.com', 'my-crew'],
    ['https://1a2b3c4d.crewai.com', '1a2b3c4d'],
    ['https://crew-1a2b3c4x.crewai.com', 'crew-1a2b3c4x'],
    ['http://localhost:8000', 'localhost'],
    ['http://127.0.0.1:8000', '127.0.0.1'],
    ['http://[::1]:8000', '[::1]'],
  ];
  for (const [text, expected] of labels)
    it(`at ${text} has the proposed label ${expected}`, () => assert.equal(proposedLabel(url(text)), expected));

  it('gets the next free number after its label if the label is taken', () => {
    const unique = uniqueLabelMaker([deployment({ label: '127.0.0.1' }), deployment({ label: '127.0.0.1 3' })]);
    assert.deepEqual(['127.0.0.1', '127.0.0.1', 'crew', 'crew'].map(unique), ['127.0.0.1 2', '127.0.0.1 4', 'crew', 'crew 2']);
  });

  it('has an origin without the base path', () => {
    assert.equal(originOf(url('https://crew.example.com:8443/base')), 'https://crew.example.com:8443');
  });

  it('has a host without the port', () => {
    assert.equal(hostOf(url('https://crew.example.com:8443/base')), 'crew.example.com');
  });

  it('has no origin or host if its URL is damaged', () => {
    const damaged = 'https://a.ex mple' as DeploymentUrl;
    assert.deepEqual([originOf(damaged), hostOf(damaged)], ['', '']);
  });
});

describe('A host', () => {
  it('is an IP address only in IPv4 or bracketed IPv6 notation', () => {
    for (const host of ['127.0.0.1', '10.0.0.1', '[::1]']) assert.equal(isIpAddress(host), true, host);
    for (const host of ['crew7', '7crew', 'crew.7', 'a[']) assert.equal(isIpAddress(host), false, host);
  });

  it('belongs to this machine only if VS Code never sends its requests to a proxy', () => {
    for (const host of ['localhost', '127.0.0.1', '[::1]']) assert.equal(isLoopback(host), true, host);
    for (const host of [
      'crew.localhost',
      '127.255.1.2',
      '10.0.0.1',
      '10.127.0.0.1',
      '127.0.0.1.example.com',
      '127.example.com',
      'localhost.example.com',
    ])
      assert.equal(isLoopback(host), false, host);
  });
});

describe('The page of a deployment in AMP is', () => {
  const own = 'https://app.crewai.com/crewai_plus/deployments/42';
  for (const [where, page, expected] of [
    ['https://my-crew-1a2b3c4d.crewai.com', undefined, 'https://app.crewai.com'],
    ['https://crewai.com/base', undefined, 'https://app.crewai.com'],
    ['https://my-crew-1a2b3c4d.crewai.com', own, own],
    ['https://amp.example.com', own, own],
    ['https://amp.example.com', undefined, undefined],
    ['https://notcrewai.com', undefined, undefined],
    ['https://crewai.com.example.com', undefined, undefined],
  ] as const)
    it(`${expected ?? 'unknown'} for ${where}${page === undefined ? '' : ' with a stored page'}`, () => {
      assert.equal(deploymentPageUrl({ ...deployment(), url: canonicalUrl(where)!, ...(page !== undefined && { page }) }), expected);
    });
});

describe('The page of a deployment', () => {
  const page = 'https://app.crewai.com/crewai_plus/deployments/42';

  it('is found in a text only by its URL in the AMP dashboard', () => {
    for (const text of [page, `see ${page}/executions/7`, 'APP.crewai.com/crewai_plus/deployments/42.'])
      assert.equal(deploymentPageUrlIn(text), page, text);
    for (const host of ['myapp.crewai.com', 'my-app.crewai.com', 'app.crewai.com/x'])
      assert.equal(deploymentPageUrlIn(`https://${host}/crewai_plus/deployments/42`), undefined, host);
    for (const end of ['', '42x', '1'.repeat(19)])
      assert.equal(deploymentPageUrlIn(`app.crewai.com/crewai_plus/deployments/${end}`), undefined, end);
  });

  it('is stored as a URL without user name and password', () => {
    assert.equal(canonicalPageUrl(' https://me:demo@amp.example.com/crews?a=1#b '), 'https://amp.example.com/crews?a=1#b');
  });

  it("is rejected if it isn't an HTTP or HTTPS URL", () => {
    for (const text of ['', 'ftp://amp.example.com', 'two words']) assert.equal(canonicalPageUrl(text), undefined, text);
  });
});
