import assert from 'node:assert/strict';
import { deploymentsIn, envText, importPlan, isPlaceholderToken } from '#core/paste/envFile';
import { deployment } from '#test/support/builders';
import { assertLinear } from '#test/support/growth';

const url = 'https://research-crew-4f7e7c35-9b3e-4c53-9c4b-3d4d3-1a2b3c4d.crewai.com';
const other = 'https://amp.example.com';
const token = 'demo00000000';

describe('The deployments in a .env file', () => {
  const pairs = [
    ['CREWAI_DEPLOYMENT_URL', 'CREWAI_DEPLOYMENT_TOKEN'],
    ['CREW_URL', 'CREW_TOKEN'],
    ['CREW_BASE_URL', 'CREW_BEARER_TOKEN'],
    ['CREWAI_API_URL', 'CREWAI_BEARER_TOKEN'],
    ['CREWAI_URL', 'CREWAI_TOKEN'],
    ['CRW_API_URL', 'CRW_API_TOKEN'],
    ['MCP_CREWAI_ENTERPRISE_SERVER_URL', 'MCP_CREWAI_ENTERPRISE_BEARER_TOKEN'],
  ] as const;
  for (const [name, tokenName] of pairs) {
    it(`are found under ${name} and ${tokenName}, even with a prefix or suffix`, () => {
      assert.deepEqual(deploymentsIn(`${name}=${url}\n${tokenName}=${token}`), [{ url, token }]);
      const prefixed = `RESEARCH_${tokenName}=${token}\nRESEARCH_${name}=${url}`;
      assert.deepEqual(deploymentsIn(prefixed), [{ url, token }]);
      assert.deepEqual(deploymentsIn(`${name}_2=${url}\n${tokenName}_2=${token}`), [{ url, token }]);
    });
  }

  const spellings: readonly (readonly [string, string])[] = [
    ['with CRLF and a byte order mark', `\ufeffCREW_URL=${url}\r\nCREW_TOKEN=${token}\r\n`],
    ['with backticks', `CREW_URL=\`${url}\`\nCREW_TOKEN=\`${token}\``],
    ['exported with more blanks', `export  CREW_URL=${url}\nset   CREW_TOKEN=${token}`],
    ['with blanks within quotes', `CREW_URL=" ${url} "\nCREW_TOKEN=' ${token} '`],
    ['set by PowerShell', `$env:CREW_URL = "${url}"\n$env:CREW_TOKEN = "${token}"`],
    ['as YAML', `CREW_URL: ${url}\nCREW_TOKEN: ${token}`],
    ['with comments', `# CREW_URL=${other}\nCREW_URL=${url} # production\nCREW_TOKEN="${token}" # secret`],
    ['with two definitions, of which the last is used', `CREW_URL=${other}\nCREW_URL=${url}\nCREW_TOKEN=tok-demo-old\nCREW_TOKEN=${token}`],
    ['with a route', `CREW_URL=${url}/kickoff\nCREW_TOKEN=${token}`],
    ['with Bearer and more blanks', `CREW_URL=${url}\nCREW_TOKEN='bearer  ${token}'`],
    ['without scheme', `CREW_URL=${url.replace('https://', '')}\nCREW_TOKEN=${token}`],
  ];
  for (const [way, text] of spellings) {
    it(`are read from this spelling: ${way}`, () => assert.deepEqual(deploymentsIn(text), [{ url, token }]));
  }

  const without: readonly (readonly [string, string])[] = [
    ['empty', 'CREW_TOKEN='],
    ['a placeholder', 'CREW_TOKEN=your-token-here'],
    ['the token of another pair', `CREWAI_TOKEN=${token}`],
    ['more than one word', `CREW_TOKEN="demo-Bearer 0000"`],
    ['in a comment', `# CREW_TOKEN=${token}`],
  ];
  for (const [why, line] of without) {
    it(`are returned without a token if the token in the file is ${why}`, () =>
      assert.deepEqual(deploymentsIn(`CREW_URL=${url}\n${line}`), [{ url }]));
  }

  const placeholders = [
    ...['https://your-crew.crewai.com', 'https://<name>.crewai.com', '${BASE_URL}', 'http://your_crew.example.com'],
    ...['your.crew.example.com', 'https://crew-${ID}.example.com', 'http://{crew}.example.com', '{crew}.example.com'],
  ];
  const nothing = [
    ...['', ...placeholders, 'https://app.crewai.com', 'ftp://amp.example.com'].map((value) => `CREW_URL=${value}`),
    ...[`# CREW_URL=${other}`, `MY_URL=${other}`, `CREW_URLS=${other}`, `XCREW_URL=${other}`, `const CREW_URL = "${other}"`, ''],
  ];
  for (const text of nothing) {
    it(`aren't found in ${JSON.stringify(text)}`, () => assert.deepEqual(deploymentsIn(text), []));
  }

  it('are found even if their path contains words of a placeholder', () => {
    assert.deepEqual<unknown>(deploymentsIn(`CREW_URL=${other}/your-crew/$1`), [{ url: `${other}/your-crew/$1` }]);
  });

  it('have the token of the first pair if two pairs with the same URL have tokens', () => {
    const text = `CREW_URL=${url}\nCREW_TOKEN=${token}\nCREWAI_URL=${url}\nCREWAI_TOKEN=another-one`;
    assert.deepEqual(deploymentsIn(text), [{ url, token }]);
  });

  it('are returned once each, even if only one of their pairs has a token', () => {
    const text = `CREW_URL=${url}\nCREWAI_DEPLOYMENT_URL=${url}/\nCREWAI_DEPLOYMENT_TOKEN=${token}\nSTAGING_CREW_URL=${other}`;
    assert.deepEqual(deploymentsIn(text), [{ url, token }, { url: other }]);
  });
});

describe('isPlaceholderToken()', () => {
  const words = ['your-token', 'my_secret1', 'the-token', 'token12', 'secret', 'bearer1', 'changeme', 'replace-me', 'crew-api-token'];
  const others = ['<api_token>', 'bearertoken', 'accessToken', 'demo-xxxx-1', 'abc...def', 'short', 'two words', 'demo00000000;'];
  for (const text of [...words, ...others]) it(`is true for ${text}`, () => assert.equal(isPlaceholderToken(text), true));

  for (const text of ['demo00', 'demo-your-1', 'demotoken1', 'api-tokens', 'apitoken-1', 'demo-xxx-1', 'a.b..c.d', 'A+/=~_9'])
    it(`is false for ${text}`, () => assert.equal(isPlaceholderToken(text), false));
});

describe('The bytes of an environment file', () => {
  const bytes = (...of: number[]) => Uint8Array.from(of);

  it('are read as UTF-16 if the file starts with the UTF-16 byte order mark', () => {
    assert.equal(envText(bytes(0xff, 0xfe, ...Buffer.from('A=é', 'utf16le'))), 'A=é');
  });

  it('are read as UTF-8 if the file has no UTF-16 byte order mark', () => {
    assert.equal(envText(new TextEncoder().encode('NAME=ü')), 'NAME=ü');
    assert.equal(envText(bytes(0xff, 0x41)), '\ufffdA');
    assert.equal(envText(bytes(0x41, 0xfe)), 'A\ufffd');
  });

  it('are rejected if the decoded text contains a NUL character', () => {
    assert.equal(envText(bytes(0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13)), undefined);
    assert.equal(envText(Buffer.from('A=é', 'utf16le')), undefined);
  });
});

const crew = deployment({ key: 1, url: 'https://crew-1a2b3c4d.crewai.com', label: 'crew' });

async function effectsOf(text: string, stored?: string): Promise<readonly string[]> {
  const all = await importPlan(text, [crew], () => Promise.resolve(stored));
  return all.map(({ label, effect }) => `${label}: ${effect}`);
}

describe('The import of an environment file', () => {
  it('adds each deployment with an unknown URL under a unique label', async () => {
    const text =
      'CREW_URL=https://crew-ffffffff.crewai.com\nCREW_URL_B=https://crew-eeeeeeee.crewai.com\nCREW_URL_C=https://other.example.com';
    assert.deepEqual(await effectsOf(text), ['crew 2: deployment', 'crew 3: deployment', 'other: deployment']);
  });

  it('takes linear time to number thousands of equal labels', () => {
    const text = (count: number) => Array.from({ length: count }, (_, index) => `A${index}_CREW_URL=c.a${index}.example.com`).join('\n');
    const [few, many] = [text(500), text(4_000)];
    assertLinear((length) => importPlan(length === 500 ? few : many, [], () => Promise.resolve(undefined)), 500);
  });

  const known = `CREW_URL=${crew.url}/kickoff\nCREW_TOKEN=demo00000000`;
  for (const [stored, effect, title] of [
    [undefined, 'token', "adds the token to a known deployment that doesn't have a token"],
    ['demo00000000', 'nothing', 'changes nothing if the known deployment has the same token'],
    ['demo11111111', 'otherToken', 'reports that the known deployment has a different token'],
  ] as const) {
    it(title, async () => {
      assert.deepEqual(await effectsOf(known, stored), [`crew: ${effect}`]);
    });
  }

  it('changes nothing for a known deployment without a token in the file', async () => {
    for (const stored of [undefined, 'demo00000000']) assert.deepEqual(await effectsOf(`CREW_URL=${crew.url}`, stored), ['crew: nothing']);
  });

  it('reads the stored token only of known deployments', async () => {
    const read: string[] = [];
    await importPlan(`${known}\nCREW_URL_B=https://other.example.com`, [crew], ({ url }) => {
      read.push(url);
      return Promise.resolve(undefined);
    });
    assert.deepEqual(read, [crew.url]);
  });
});
