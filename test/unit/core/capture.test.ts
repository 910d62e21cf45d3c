import assert from 'node:assert/strict';
import { capturedAll, capturedFromProgram, captured, namesDashboard } from '../../../src/core/capture';

const uuid = '4f7e7c35-9b3e-4c53-9c4b-3d4d3c2d1e0f';
const next = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed';

describe('A pasted text', () => {
  const ids = [uuid, ` ${uuid}\n`, 'run_7', 'crew.example.com'];
  for (const text of ids) {
    it(`that as a whole is a legal id is that id: ${JSON.stringify(text)}`, () => {
      assert.deepEqual(captured(text), { id: text.trim() });
    });
  }

  const alone: readonly (readonly [string, string, boolean])[] = [
    [' run_7\n', 'run_7', true],
    ['"run_7"', 'run_7', true],
    ['a.crewai.com.b7', 'a.crewai.com.b7', true],
    ['abcdefghijkl', 'abcdefghijkl', true],
    ['123456789012', '123456789012', true],
    ['abcdef123456', 'abcdef123456', false],
    ['123456abcdef', '123456abcdef', false],
    ['x1-1111-4222-8333-444455556666', 'x1-1111-4222-8333-444455556666', true],
    ['x11111111-1111-4222-8333-4', 'x11111111-1111-4222-8333-4', true],
  ];
  for (const [text, id, isCertain] of alone) {
    it(`that is nothing but an id is ${isCertain ? 'taken' : 'asked about'}: ${JSON.stringify(text)}`, () => {
      assert.deepEqual<unknown>(capturedAll(text), { runs: [{ id }], tokens: [], isCertain });
    });
  }

  for (const text of ['x"run_7"', '"run_7"x'])
    it(`is no id where there is more: ${text}`, () => assert.deepEqual(capturedAll(text), { runs: [], tokens: [], isCertain: false }));

  const several: readonly (readonly [string, boolean, ...object[]])[] = [
    [`kickoff_ids: ${uuid}, ${next}`, true, { id: uuid }, { id: next }],
    [
      `kickoff_id: ${uuid}, then https://a.example/status/${next}`,
      true,
      { id: uuid, url: 'https://a.example' },
      { id: next, url: 'https://a.example' },
    ],
    [
      `https://a.example/status/${uuid} https://b.example/status/${next}`,
      true,
      { id: uuid, url: 'https://a.example' },
      { id: next, url: 'https://b.example' },
    ],
    [`CREW_URL=https://a.example CREWAI_URL=https://b.example kickoff_id: ${uuid}`, true, { id: uuid }],
    [`CREW_URL=https://a.example CREWAI_URL=https://b.example kickoff_ids: ${uuid}, ${next}`, false, { id: uuid }, { id: next }],
    [`https://a.example/status/degraded since ${uuid}`, true, { id: uuid }],
  ];
  for (const [text, isCertain, ...runs] of several) {
    it(`names its runs in their order, each with its address: ${text}`, () => {
      assert.deepEqual<unknown>(capturedAll(text), { runs, tokens: [], isCertain });
      assert.equal(captured(text)?.id, isCertain && runs.length === 1 ? uuid : undefined);
    });
  }

  const urls: readonly (readonly [string, string, string])[] = [
    [`https://crew.example.com/status/${uuid}`, 'https://crew.example.com', uuid],
    [`https://crew.example.com/${uuid}/status`, 'https://crew.example.com', uuid],
    [`  https://crew.example.com/status/${uuid}/\n`, 'https://crew.example.com', uuid],
    [`https://crew.example.com/${uuid}/status/`, 'https://crew.example.com', uuid],
    [`https://crew.example.com/status/${uuid}?x=1#y`, 'https://crew.example.com', uuid],
    [`https://crew.example.com/${uuid}/status/?x=/status/other`, 'https://crew.example.com', uuid],
    [`crew.example.com/status/${uuid}`, 'https://crew.example.com', uuid],
    [`https://crew.example.com/base/path/status/${uuid}`, 'https://crew.example.com/base/path', uuid],
    [`https://crew.example.com/base/path/${uuid}/status`, 'https://crew.example.com/base/path', uuid],
    [`https://crew.example.com/status/status/${uuid}`, 'https://crew.example.com', uuid],
    [`http://localhost:8000/status/${uuid}`, 'http://localhost:8000', uuid],
    ['https://crew.example.com/status/run%3A7', 'https://crew.example.com', 'run:7'],
    [`http://[::1]:8000/status/${uuid}`, 'http://[::1]:8000', uuid],
    [`https://例え.テスト/status/${uuid}`, 'https://xn--r8jz45g.xn--zckzah', uuid],
    [`https://user:pass@CREW.example.com:443/status/${uuid}`, 'https://crew.example.com', uuid],
  ];
  for (const [text, url, id] of urls) {
    it(`that is a status URL names deployment and run: ${text.trim()}`, () => {
      assert.deepEqual(captured(text), { id, url });
    });
  }

  const withoutHost = [
    `/status/${uuid}`,
    `status/${uuid}`,
    `/${uuid}/status`,
    `ftp://crew.example.com/status/${uuid}`,
    `word/status/${uuid}`,
  ];
  for (const text of withoutHost) {
    it(`that is a route without the address of a deployment names the run alone: ${text}`, () => {
      assert.deepEqual(captured(text), { id: uuid });
    });
  }

  const neither = [
    '',
    ' ',
    'two words',
    'https://crew.example.com',
    'https://crew.example.com/status',
    'https://crew.example.com/status/',
    'https://crew.example.com/kickoff',
    'https://crew.example.com/status/..',
    'https://crew.example.com/status/%2e%2e',
    'https://crew.example.com/status/a%2Fb',
    'https://crew.example.com/status/%E0%A4%A',
  ];
  for (const text of neither) {
    it(`that is neither names nothing: ${JSON.stringify(text)}`, () => {
      assert.equal(captured(text), undefined);
    });
  }

  it('never names the sign-in page whose query holds the status URL', () => {
    const text = `https://login.example.com/?next=https://crew.example.com/status/${uuid}`;
    assert.notEqual(captured(text)?.url, 'https://login.example.com');
  });

  const dashboards = ['app.crewai.com', 'https://app.crewai.com/crewai_plus/deployments/7', `see https://APP.crewai.com.`];
  for (const text of dashboards) {
    it(`is known as the dashboard's address: ${text}`, () => {
      assert.equal(namesDashboard(text), true);
      assert.equal(captured(text), undefined);
    });
  }

  const noDashboards = ['https://myapp.crewai.com', 'https://app.crewai.com.example.com', 'https://docs.crewai.com', 'crewai.com'];
  for (const text of noDashboards) {
    it(`is not taken for the dashboard: ${text}`, () => assert.equal(namesDashboard(text), false));
  }
});

describe('A text that a program gives', () => {
  it('may be a status URL or an id that would be asked about when it is pasted', () => {
    for (const text of ['https://crew.example.com/status/another-run', 'https://crew.example.com/another-run/status'])
      assert.deepEqual(capturedFromProgram(text), { id: 'another-run', url: 'https://crew.example.com' });
    assert.deepEqual(capturedFromProgram(' http://localhost:8000/base/status/another-run/?x=1#y\n'), {
      id: 'another-run',
      url: 'http://localhost:8000/base',
    });
    assert.deepEqual(capturedFromProgram(' abc123def456 '), { id: 'abc123def456' });
    for (const text of [
      'some text without any',
      'see https://crew.example.com/status/another-run',
      'https://crew.example.com/status/another-run and more',
      'https://crew.example.com/status/-run',
      'https://app.crewai.com/status/another-run',
    ])
      assert.equal(capturedFromProgram(text), undefined, text);
  });
});
