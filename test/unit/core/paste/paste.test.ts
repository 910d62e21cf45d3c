import assert from 'node:assert/strict';
import { dashboardUrlPattern, parsePaste, pasteOrProblem, runFromExtension, runsInLine, truncatedIdPattern } from '#core/paste/paste';

const uuid = '4f7e7c35-9b3e-4c53-9c4b-3d4d3c2d1e0f';
const next = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed';
const other = 'c0ffee00-1111-4222-8333-444455556666';
const amp = 'https://amp.example.com';

/** Returns the parsed runs as text, for example `certain id@host id`. */
function read(text: string): string {
  const { runs, isCertain } = parsePaste(text);
  const found = runs.map(({ id, url }) => (url === undefined ? id : `${id}@${url.replace(/^https:\/\//, '')}`)).join(' ');
  return runs.length === 0 ? 'none' : `${isCertain ? 'certain' : 'offered'} ${found}`;
}

/** Texts that may be tokens or short IDs. */
const unclear = [
  'deadbeef',
  'DEADBEEF',
  'x_Demo-run-1-abcdefghij',
  'aBcdefghijklmnopqrst',
  'abCDEfghijklmnopqrst',
  '01ARZ3NDEKTSV4RRFFQ69G5FAVZ',
  'Z01ARZ3NDEKTSV4RRFFQ69G5FAV',
  'abc123def456',
  '0123456789abcdef',
  'pat_demo12345',
  'sk-demo-12345',
  'tok-demo-12345',
  'tokdemo1'.repeat(5),
  'eyJhbGciOiJub25lIn0.demo',
  'pk9f8e7d6c5b4a',
  'a1b2c3d4e5f6g7.',
  'rk_demo_abcdef',
  'npm_demo_abcdef',
  'Demo_Token-123456789012',
  'token:demo_12345',
  'ab'.repeat(32),
];

describe('A pasted text', () => {
  const ids: readonly (readonly [string, string])[] = [
    [` ${uuid}\n`, `certain ${uuid}`],
    [`(${uuid})`, `certain ${uuid}`],
    [`${uuid}!`, `certain ${uuid}`],
    ['"run_7"', 'certain run_7'],
    ['a.crewai.com.b7', 'certain a.crewai.com.b7'],
    ['20260801-0001', 'certain 20260801-0001'],
    ['your-kickoff-id', 'none'],
    ['a-11111111.crewai.com', 'none'],
    ['nightly.report.final', 'certain nightly.report.final'],
    ['report.final', 'certain report.final'],
    ['run:42', 'certain run:42'],
    ['01ARZ3NDEKTSV4RRFFQ69G5FAV', 'certain 01ARZ3NDEKTSV4RRFFQ69G5FAV'],
    ['Nightly_report_of_the_team', 'certain Nightly_report_of_the_team'],
    ['WEEKLY_REPORT_2026_11_29', 'certain WEEKLY_REPORT_2026_11_29'],
    ['weekly_report_2026_11_29', 'certain weekly_report_2026_11_29'],
    ['ABCDEFGHIJKLMNOPQRSTUV', 'certain ABCDEFGHIJKLMNOPQRSTUV'],
    ['abcdefghijklmnopqrstuv', 'certain abcdefghijklmnopqrstuv'],
    ['two words', 'none'],
  ];
  for (const [text, found] of ids)
    it(`${found === 'none' ? 'is not a kickoff ID' : 'is a kickoff ID'}: ${JSON.stringify(text)}`, () => assert.equal(read(text), found));

  it('needs a confirmation if it may be a token or a short ID', () => {
    for (const text of unclear) assert.equal(read(text), `offered ${text}`);
  });

  it('needs no confirmation if it is a readable ID, such as nightly-2026-11-29', () => {
    for (const text of ['abcdefghijkl', 'nightly-2026-11-29', 'b7', 'run_2026_11_29T03', 'weekly.2', 'nightly20261129'])
      assert.equal(read(text), `certain ${text}`);
  });

  it('needs a confirmation if it is a longer word that contains a UUID', () => {
    assert.equal(read(`crew-${uuid}`), `offered crew-${uuid} ${uuid}`);
  });

  it('identifies no run if its ID is truncated', () => {
    for (const cut of [9, 12, 13, 18, 23, 35].map((length) => uuid.slice(0, length)))
      for (const end of ['', '.', '...', '…', '-...'])
        for (const before of ['', 'kickoff_id: ', '{"kickoff_id": "', `${amp}/status/`, 'run '])
          for (const after of ['', ' failed', '"}'])
            assert.equal(read(`${before}${cut}${end}${after}`), 'none', `${before}${cut}${end}${after}`);
    assert.equal(read('f1b63850...'), 'none');
  });

  it('contains a truncated ID only if a UUID ends too early', () => {
    for (const text of [
      `${uuid.slice(0, 13)}…`,
      `${uuid.slice(0, 8)}..`,
      `${uuid.slice(0, 8)}…`,
      `"${uuid.slice(0, 9)}" x`,
      uuid.slice(0, 35),
    ])
      assert.equal(truncatedIdPattern.test(text.toUpperCase()), true, text);
    for (const text of [
      uuid,
      `${uuid}…`,
      `x${uuid.slice(0, 13)}…`,
      uuid.slice(0, 7),
      `${uuid.slice(0, 8)}.`,
      `${uuid.slice(0, 13)}. x`,
      `${uuid.slice(0, 8)} is short`,
      'a-text…',
    ])
      assert.equal(truncatedIdPattern.test(text), false, text);
  });

  it('assigns an ID without a URL to a deployment only if the text contains no other deployment', () => {
    const cases: readonly (readonly [string, string])[] = [
      [`kickoff_id: ${uuid}, then ${amp}/status/${next}`, `certain ${uuid}@amp.example.com ${next}@amp.example.com`],
      [`https://a.example/status/${uuid} https://b.example/status/${next}`, `certain ${uuid}@a.example ${next}@b.example`],
      [`CREW_URL=https://a.example CREWAI_URL=https://b.example kickoff_id: ${uuid}`, `certain ${uuid}`],
      [`https://a.example/status/${uuid} kickoff_id: ${uuid} POST https://b.example/kickoff`, `certain ${uuid}@a.example`],
      [`CREW_URL=https://a.example "kickoff_id": "${uuid}"`, `certain ${uuid}@a.example`],
      [`POST ${amp}/kickoff\n${uuid}`, `offered ${uuid}@amp.example.com`],
    ];
    for (const [text, found] of cases) assert.equal(read(text), found, text);
  });

  it('needs a confirmation if it contains several deployments and several IDs without a URL', () => {
    const text = `POST https://a.example/kickoff POST https://b.example/kickoff kickoff_id: ${uuid} kickoff_id: ${next}`;
    const { runs, isCertain, isDeploymentUnclear } = parsePaste(text);
    assert.deepEqual([runs.map(({ url }) => url), isCertain, isDeploymentUnclear], [[undefined, undefined], false, true]);
    assert.equal(parsePaste(`POST ${amp}/kickoff kickoff_id: ${uuid}`).isDeploymentUnclear, false);
  });

  it('ignores a kickoff ID that is also a token, and needs a confirmation for its other IDs', () => {
    const text = `"kickoff_id": "tok-demo-7" "kickoff_id": "${uuid}" Authorization: Bearer tok-demo-7`;
    assert.equal(read(text), `offered ${uuid}`);
  });

  it('identifies two runs if two deployments have a run with the same ID', () => {
    assert.equal(read(`https://a.example/status/${uuid} https://b.example/${uuid}/status`), `certain ${uuid}@a.example ${uuid}@b.example`);
  });

  const offered: readonly (readonly [string, ...string[]])[] = [
    [`{"execution_id": "${uuid}"}`, uuid],
    ['kickoff_id=abc123', 'abc123'],
    [`"GET /status/${uuid} HTTP/1.1" 200`, uuid],
    [`ftp://crew.example.com/status/${uuid}`, uuid],
    [`see ${amp}/status/run_7`, 'run_7'],
    [`https://app.crewai.com/crewai_plus/deployments/12/executions/${uuid}`, uuid],
  ];
  for (const [text, ...found] of offered)
    it(`needs a confirmation if it isn't clear that its ID is a kickoff ID: ${JSON.stringify(text)}`, () => {
      const { runs, isCertain } = parsePaste(text);
      assert.deepEqual([runs.map(({ id }) => id), isCertain], [found, false]);
    });

  const contexts = (text: string) => parsePaste(text).runs.map(({ context }) => context);

  it('gives each uncertain ID a context of whole words from its line, with up to 30 characters on each side', () => {
    assert.deepEqual(contexts(`first\ntask_id: ${uuid}, done\ntrace ${other}\nlast`), [`task_id: ${uuid}, done`, `trace ${other}`]);
    assert.deepEqual(contexts(`${'a '.repeat(100)}${uuid}${' b'.repeat(100)}`), [`…${'a '.repeat(14)}${uuid}${' b'.repeat(14)}…`]);
    assert.deepEqual(contexts(`${other} picked ${uuid} ${other}`), [`${other} picked…`, `…picked ${uuid}…`]);
  });

  it('masks secrets in the context of an uncertain ID', () => {
    for (const [text, shown] of [
      [`Bearer tok-demo-12345 ${uuid} tok-demo-12345`, `Bearer ••• ${uuid} •••`],
      [`CREW_URL=${amp} CREW_TOKEN=tok-demo-12345 ${uuid}`, `…CREW_TOKEN=••• ${uuid}`],
      [`X-API-Key: sk-demo-1 ${uuid} Basic dXNlcjpw`, `X-API-Key: ••• ${uuid} Basic •••`],
      [`https://me:demo-pass@a.example/x/${uuid}`, `…ps://•••@a.example/x/${uuid}`],
      [`"password": "demo pass" ${uuid}`, `"password": ••• ${uuid}`],
      [`run ${uuid}\tCookie: a=demo; b=demo`, `run ${uuid}\tCookie:•••`],
    ] as const)
      assert.deepEqual(contexts(text), [shown]);
  });

  it('gives no context to a certain ID, or to an ID without other text in its line', () => {
    assert.deepEqual(contexts(`kickoff_id: ${uuid}`), [undefined]);
    assert.deepEqual(contexts(`${uuid}\n${other}`), [undefined, undefined]);
  });

  for (const [text, expected] of [
    [`${uuid}\n${other}`, true],
    [`["${uuid}", "${other}"]`, true],
    [`POST ${amp}/kickoff POST https://b.example.com/kickoff kickoff_id: ${uuid} kickoff_id: ${other}`, true],
    [`trace_id=${other} picked ${uuid}`, false],
    [`${uuid} and 12`, false],
  ] as const)
    it(`${expected ? 'is' : "isn't"} treated as a list of runs that the user wants to track: ${JSON.stringify(text)}`, () => {
      const { runs, isCertain, areAllMeant } = parsePaste(text);
      assert.deepEqual([isCertain, areAllMeant, runs.length > 0], [false, expected, true]);
    });

  for (const text of [
    '',
    'https://crew.example.com/status/%2e%2e',
    'https://crew.example.com/status/a%2Fb',
    'https://x.com/jo/status/1789012345678901234',
    'kickoff_id = sys.argv[1]',
    `Set-Cookie: session=${other}; Path=/`,
    `curl -H "X-API-Key: ${other}" ${amp}/kickoff`,
    `CREW_TOKEN=${other}\nCREW_URL=${amp}`,
  ])
    it(`identifies no run: ${JSON.stringify(text)}`, () => assert.equal(read(text), 'none'));

  for (const text of [
    `Authorization: Bearer\u00a0${other}`,
    `Bearer <${other}>`,
    `token: “${other}”`,
    `API key «${other}»`,
    `token | ${other}`,
    `("Bearer", "${other}")`,
    `Bearer ^${other}`,
    `secret:\n${other}`,
  ])
    it(`identifies no run if its UUID is a secret: ${JSON.stringify(text)}`, () =>
      assert.equal(read(`https://a.example/inputs\n${text}`), 'none'));

  it('refers to the AMP dashboard only if it contains the host of the dashboard', () => {
    for (const text of ['app.crewai.com', 'https://app.crewai.com/crewai_plus/deployments/7', 'see https://APP.crewai.com.'])
      assert.equal(dashboardUrlPattern.test(text), true, text);
    for (const text of ['https://myapp.crewai.com', 'https://app.crewai.com.example.com', 'https://docs.crewai.com', 'crewai.com'])
      assert.equal(dashboardUrlPattern.test(text), false, text);
  });

  it('that is a status URL of the AMP dashboard identifies a run, but not the URL of its deployment', () => {
    assert.equal(read(`https://app.crewai.com/status/${uuid}`), `certain ${uuid}`);
  });
});

describe('The text in the box for a kickoff ID', () => {
  for (const [text, problem] of [
    ['https://app.crewai.com/crewai_plus/deployments/7', 'pasteDashboard'],
    [`run ${uuid.slice(0, 13)}… failed`, 'kickoffIdCut'],
    ['no ID at all', 'kickoffIdWrong'],
    [`kickoff_id: ${uuid}`.padEnd(200_001), 'pasteTooLong'],
  ] as const)
    it(`has the problem "${problem}": ${text.slice(0, 60).trim()}`, () => assert.deepEqual(pasteOrProblem(text), { problem }));

  it('has the same runs as any pasted text, up to the maximum length', () => {
    const text = `kickoff_id: ${uuid}`.padEnd(200_000);
    assert.deepEqual(pasteOrProblem(text), { paste: parsePaste(text) });
  });
});

describe('A text from another extension', () => {
  it('that is a status URL identifies a run', () => {
    for (const text of ['https://crew.example.com/status/another-run', 'https://crew.example.com/another-run/status'])
      assert.deepEqual(runFromExtension(text), { id: 'another-run', url: 'https://crew.example.com' });
    const base = { id: 'another-run', url: 'http://localhost:8000/base' };
    assert.deepEqual(runFromExtension(' http://localhost:8000/base/status/another-run/?x=1#y\n'), base);
    assert.deepEqual(runFromExtension('http://localhost:8000/base/status/another-run\n'), base);
  });

  it('that is a UUID identifies a run', () => {
    assert.deepEqual(runFromExtension(` ${uuid} `), { id: uuid });
  });

  it('that may be a token or a short ID identifies no run', () => {
    for (const text of unclear) assert.equal(runFromExtension(text), undefined, text);
  });

  it('that contains exactly one certain run identifies that run', () => {
    assert.deepEqual(runFromExtension(`{"kickoff_id": "${uuid}"}`), { id: uuid });
  });

  it("identifies no run if it isn't clear which run is meant", () => {
    for (const text of [
      'some text without any',
      `the task ${uuid}`,
      'see https://crew.example.com/status/another-run',
      'x=https://crew.example.com/status/another-run',
      'crew.example.com/status/another-run',
      'https://crew.example.com/status/another-run and more',
      'https://crew.example.com/status/-run',
      'https://app.crewai.com/status/another-run',
      `kickoff_id: ${uuid} kickoff_id: ${next}`,
    ])
      assert.equal(runFromExtension(text), undefined, text);
  });
});

describe('A line in a terminal', () => {
  const id = '9d2f6b1e-3c4d-4e5f-8a6b-7c8d9e0f1a2b';
  const other = 'c0ffee00-1111-4222-8333-444455556666';
  const url = 'https://crew-1a2b3c4d.crewai.com';

  for (const line of [`{"kickoff_id":"${id}"}`, `kickoff_id=${id} trace_id=${other}`, `Kicked off with Id ${id}`])
    it(`contains a run at the position of its ID: ${line}`, () => assert.deepEqual(runsInLine(line), [{ id, offset: line.indexOf(id) }]));

  it('with the URL of one deployment contains a run with that URL', () => {
    const line = `POST ${url}/kickoff -> {"kickoff_id": "${id}"}`;
    assert.deepEqual(runsInLine(line), [{ id, offset: line.indexOf(id), url }]);
  });

  it('with the URLs of two deployments contains a run with neither URL', () => {
    const line = `${url}/kickoff ${url.replace('crew-', 'flow-')}/kickoff kickoff_id: ${id}`;
    assert.deepEqual(runsInLine(line), [{ id, offset: line.indexOf(id) }]);
  });

  it('is read only if it has up to 4,000 characters', () => {
    const line = `kickoff_id=${id}`;
    assert.deepEqual(runsInLine(line.padEnd(4_000)), [{ id, offset: 11 }]);
    assert.deepEqual(runsInLine(line.padEnd(4_001)), []);
  });

  for (const line of [`trace_id=${id}`, id, `${url}/status/${id}`, 'kickoff_id=run', `kickoff_id: ${' '.repeat(5_000)}${id}`])
    it(`contains no run if no ID is close to a label such as kickoff_id: ${line.replace(/ {9,}/, ' … ')}`, () =>
      assert.deepEqual(runsInLine(line), []));
});
