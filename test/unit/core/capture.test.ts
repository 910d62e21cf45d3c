import assert from 'node:assert/strict';
import { capturedFromProgram, captured, namesDashboard } from '../../../src/core/capture';

const uuid = '4f7e7c35-9b3e-4c53-9c4b-3d4d3c2d1e0f';

describe('A pasted text', () => {
  const ids = [uuid, ` ${uuid}\n`, 'run_7', 'crew.example.com'];
  for (const text of ids) {
    it(`that as a whole is a legal id is that id: ${JSON.stringify(text)}`, () => {
      assert.deepEqual(captured(text), { id: text.trim() });
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
    assert.deepEqual(capturedFromProgram('abc123def456'), { id: 'abc123def456' });
    assert.equal(capturedFromProgram('some text without any'), undefined);
  });
});
