import assert from 'node:assert/strict';
import { capturedAll } from '../../../src/core/capture';
import { tokenFor } from '../../../src/core/captureToken';
import { canonicalUrl } from '../../../src/core/deployment';

const run = '9d2f6b1e-3c4d-4e5f-8a6b-7c8d9e0f1a2b';
const next = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed';
const other = 'c0ffee00-1111-4222-8333-444455556666';
const amp = 'https://amp.example.com';

/** What was tried to mislead the reader once it was written. */
describe('A text that could mislead', () => {
  const asked: readonly (readonly [string, ...string[]])[] = [
    [`Run ${run} is done, run ${next} is not`, run, next],
    [`kickoff ${run} superseded by ${next}`, run, next],
    [`kickoff_id,task_id\n${run},${other}`, run, other],
    [`task_id,kickoff_id\n${other},${run}`, other, run],
    [`| task_id | kickoff_id |\n|---|---|\n| ${other} | ${run} |`, other, run],
    [`Kickoff ID Task ID\n${run} ${other}`, run, other],
    [`(kickoff_id, task_id) = ('${run}', '${other}')`, run, other],
    [`kickoff_id=${run},${other}`, run, other],
    [`{"kickoff_id": "${run}", "previous_kickoff_id": "${next}"}`, run, next],
    [`cf-ray: ${other}`, other],
    [`etag: "${other}"`, other],
    [`npx crewai deploy status -u ${other}`, other],
    [`kickoff_id must be a UUID such as ${other}`, other],
    [`"kickoff_id": {"type": "string", "example": "${other}"}`, other],
    [`/home/me/runs/${run}/output.json`, run],
    [`https://app.crewai.com/crewai_plus/deployments/12/executions/${run}`, run],
    [`${amp}/${run}`, run],
    [`${amp}/status/${run}.json`, run],
    [`${amp}/status/${run.slice(0, 19)}`, run.slice(0, 19)],
    [`kickoff_id=abc123`, 'abc123'],
    ['https://status.example.com/status/degraded', 'degraded'],
    ['please look at src/status/view2, it is wrong', 'view2'],
    ['https://github.com/o/r/blob/main/src/status/view2.ts', 'view2.ts'],
    [`curl ${amp}/status/run_7`, 'run_7'],
    [`crew-${run}`, run, `crew-${run}`],
    ['a1b2c3d4e5f6', 'a1b2c3d4e5f6'],
    [run.slice(0, 23), run.slice(0, 23)],
  ];
  for (const [text, ...ids] of asked) {
    it(`is asked about: ${JSON.stringify(text)}`, () => {
      const { runs, isCertain } = capturedAll(text);
      assert.deepEqual(
        runs.map(({ id }) => id),
        ids,
      );
      assert.equal(isCertain, false);
    });
  }

  const nothing = [
    `parent: ${other}`,
    `X-Correlation-ID: ${other}`,
    `Set-Cookie: session=${other}; Path=/`,
    `curl -H "X-API-Key: ${other}" ${amp}/kickoff`,
    `Authorization: Bearer ${other}`,
    `CREW_TOKEN=${other}\nCREW_URL=${amp}`,
    `/var/log/pods/${other}/crew.log`,
    `https://smith.langchain.com/o/${other}/projects/p/${next}`,
    'https://mastodon.social/@jo/status/112345678901',
    'https://host.example.com/status/v2',
    'kickoff_id = sys.argv[1]',
    'kickoff_id = uuid.uuid4()',
    'kickoff_id=$(curl -s x | jq -r .kickoff_id)',
    `请求ID：${other}`,
  ];
  for (const text of nothing) {
    it(`names no run: ${JSON.stringify(text)}`, () => assert.deepEqual(capturedAll(text).runs, []));
  }

  const certain: readonly (readonly [string, ...string[]])[] = [
    [`user=${other} started ${run} on pod ${next}`, run],
    [`session_id=${other} id=${run}`, run],
    [`Kickoff ID\n${run}\nTask ID\n${other}`, run],
    [`kickoff_ids=[UUID('${run}'), UUID('${next}')]`, run, next],
    [`https://example.com/?kickoff_id=${run}`, run],
    [`${amp}/status/${run}/logs`, run],
    [`deployment ${other}, run ${run}`, run],
  ];
  for (const [text, ...ids] of certain) {
    it(`still names its runs: ${JSON.stringify(text)}`, () => {
      const { runs, isCertain } = capturedAll(text);
      assert.deepEqual(
        runs.map(({ id }) => id),
        ids,
      );
      assert.equal(isCertain, true);
    });
  }

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
    it(`holds no token, or no single one: ${text}`, () =>
      assert.equal(tokenFor(canonicalUrl('https://a.example')!, capturedAll(text).tokens), undefined));
  }

  const secret = '5b1e0f44-63b9-4c23-9514-f1fc22a90d88';
  for (const text of [
    `Authorization: Bearer\u00a0${secret}`,
    `Bearer <${secret}>`,
    `token: “${secret}”`,
    `API key «${secret}»`,
    `token | ${secret}`,
    `token, ${secret}`,
    `token; ${secret}`,
    `("Bearer", "${secret}")`,
    `Bearer ^${secret}`,
    `secret:\n${secret}`,
  ])
    it(`takes no secret for a run: ${JSON.stringify(text)}`, () => {
      const { runs, isCertain } = capturedAll(`https://a.example/inputs\n${text}`);
      assert.ok(!isCertain || runs.every(({ id }) => id !== secret), JSON.stringify(runs));
    });

  it('gives back the token itself, without what stands around it', () => {
    for (const text of [
      "-H 'Authorization: Bearer tok-demo-abc'",
      'Bearer \t tok-demo-1',
      '{\\"authorization\\":\\"Bearer tok-demo-abc\\"}',
      'CREW_URL=https://a.example CREW_TOKEN="tok-demo-abc"',
    ])
      assert.match(tokenFor(canonicalUrl('https://a.example')!, capturedAll(text).tokens) ?? '', /^tok-demo-(?:abc|1)$/);
  });

  const belongings: readonly (readonly [about: string, text: string, offered: Readonly<Record<string, string | undefined>>])[] = [
    [
      'that of one command to its address alone',
      "curl https://a.example/status/1\ncurl -H 'Authorization: Bearer tok-demo-b' https://b.example/status/2",
      { a: undefined, b: 'tok-demo-b' },
    ],
    [
      'that of a pair of names to its address alone, whatever stands above it',
      'GET https://a.example/status/1 200\nexport CREW_URL=https://b.example\nexport CREW_TOKEN=tok-demo-b',
      { a: undefined, b: 'tok-demo-b' },
    ],
    [
      'two to the address of each',
      "curl https://a.example/status/1 -H 'Authorization: Bearer tok-demo-a' curl https://b.example/status/2 -H 'Authorization: Bearer tok-demo-b'",
      { a: 'tok-demo-a', b: 'tok-demo-b', c: undefined },
    ],
    ['to nobody where it may be for either', 'Authorization: Bearer tok-demo-x https://a.example/status/1 https://b.example/status/2', {}],
    [
      'to nobody where it is for a host without a scheme',
      'curl -H "Authorization: Bearer tok-demo-x" a.example/x https://b.example/status/1',
      {},
    ],
    [
      'to nobody where it is for the host of a header',
      'GET /user\nHost: a.example\nAuthorization: Bearer tok-demo-x\nhttps://b.example/status/1',
      {},
    ],
    [
      'to nobody where it is for the dashboard',
      "curl https://app.crewai.com/api -H 'Authorization: Bearer tok-demo-x'\nhttps://b.example/status/1",
      {},
    ],
    [
      'to nobody where it is for what a command begins with',
      "curl a.example -H 'Authorization: Bearer tok-demo-x' # not https://b.example/status/1",
      {},
    ],
    [
      'to nobody where a name before the host looks like one',
      "curl https://b.example@a.example/x -H 'Authorization: Bearer tok-demo-x'\nhttps://b.example/status/1",
      {},
    ],
    ['to nobody else, where one address is named', 'https://a.example/status/1 Authorization: Bearer tok-demo-a', { a: 'tok-demo-a' }],
    [
      'wherever it is wanted, where no address is named',
      'Authorization: Bearer tok-demo-x',
      { a: 'tok-demo-x', b: 'tok-demo-x', c: 'tok-demo-x' },
    ],
  ];
  for (const [about, text, offered] of belongings)
    it(`offers a token ${about}`, () => {
      for (const host of ['a', 'b', 'c'])
        assert.equal(tokenFor(canonicalUrl(`https://${host}.example`)!, capturedAll(text).tokens), offered[host], host);
    });
});
