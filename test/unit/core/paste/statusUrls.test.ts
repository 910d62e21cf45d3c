import assert from 'node:assert/strict';
import { deploymentUrlsIn, idInStatusUrl } from '#core/paste/statusUrls';

const uuid = '4f7e7c35-9b3e-4c53-9c4b-3d4d3c2d1e0f';
const amp = 'https://amp.example.com';

describe('deploymentUrlsIn', () => {
  const alone: readonly (readonly [string, { readonly url?: string; readonly id?: string; readonly isCertain: boolean } | undefined])[] = [
    [`${amp}/status/${uuid}`, { url: amp, id: uuid, isCertain: true }],
    [`url=amp.example.com/status/${uuid}`, { url: amp, id: uuid, isCertain: true }],
    [`${amp}/a/${uuid}/status...`, { url: `${amp}/a`, id: uuid, isCertain: true }],
    [`${amp}/${uuid}/status/?x=/status/other`, { url: amp, id: uuid, isCertain: true }],
    [`http://[::1]:8000/status/${uuid}`, { url: 'http://[::1]:8000', id: uuid, isCertain: true }],
    [`https://例え.テスト/status/${uuid}`, { url: 'https://xn--r8jz45g.xn--zckzah', id: uuid, isCertain: true }],
    [`${amp}/status/${uuid}/logs`, { url: amp, id: uuid, isCertain: true }],
    [`https://app.crewai.com/status/${uuid}`, { id: uuid, isCertain: true }],
    [`${amp}/status/run7.json`, { url: amp, id: 'run7.json', isCertain: false }],
    [`${amp}/status/run_7`, { url: amp, id: 'run_7', isCertain: true }],
    [`${amp}/status/run.a7`, { url: amp, id: 'run.a7', isCertain: true }],
    [`${amp}/status/7up`, { url: amp, id: '7up', isCertain: true }],
    [`${amp}/status/12`, { url: amp, isCertain: false }],
    [`${amp}/status/v2`, { url: amp, isCertain: false }],
    [`${amp}/status/done`, { url: amp, id: 'done', isCertain: false }],
    [`${amp}/run_7/status`, { url: amp, id: 'run_7', isCertain: false }],
    [`${amp}/status/your-run`, { url: amp, isCertain: false }],
    [`${amp}/status/${uuid.slice(0, 20)}…`, { url: amp, isCertain: false }],
    [`${amp}/stop/${uuid}`, { url: amp, isCertain: false }],
    [`${amp}/base/inputs/?x=1`, { url: `${amp}/base`, isCertain: false }],
    ['crew-1a2b3c4d.crewai.com', { url: 'https://crew-1a2b3c4d.crewai.com', isCertain: false }],
    ['https://app.crewai.com/kickoff', { isCertain: false }],
    [`status/${uuid}`, undefined],
    [`https:///status/${uuid}`, undefined],
    [`http://${uuid}/status/`, undefined],
    ['https://status/status', undefined],
    [`${amp}/statuses/${uuid}`, undefined],
    ['amp.example.com/run_7/status', undefined],
    ['amp.example.com/kickoff', undefined],
    ['crew-1a2b3c4d.crewai.com.example.com', undefined],
    [`${amp}/status/${uuid}?`.padEnd(2_000, 'x'), { url: amp, id: uuid, isCertain: true }],
    [`${amp}/status/${uuid}?`.padEnd(2_001, 'x'), undefined],
  ];
  for (const [text, found] of alone)
    it(`finds ${found ? 'one' : 'no'} deployment or status URL in ${text.slice(0, 80)}`, () =>
      assert.deepEqual<unknown>(deploymentUrlsIn(text), found ? [{ offset: 0, ...found }] : []));

  it('finds each URL at its position, even without a space between two URLs', () => {
    const text = `see ${amp}/kickoffhttp://two.example/status/${uuid}, or ${amp}/status/run_7`;
    assert.deepEqual<unknown>(deploymentUrlsIn(text), [
      { offset: 4, url: amp, isCertain: false },
      { offset: 35, url: 'http://two.example', id: uuid, isCertain: true },
      { offset: text.indexOf('https://amp.example.com/status'), url: amp, id: 'run_7', isCertain: false },
    ]);
  });
});

describe('A status URL with an ID that is not a UUID', () => {
  const read = (text: string) => deploymentUrlsIn(text).map(({ id, isCertain }) => `${id ?? 'none'} ${isCertain}`);

  it('is certain only if it is the whole text, except for a character on each side', () => {
    assert.deepEqual(read(`"${amp}/status/run_7"`), ['run_7 true']);
    assert.deepEqual(read(`"${amp}/status/run_7",`), ['run_7 false']);
  });

  it('has an ID before /status only if the URL is the whole text and the ID has a digit', () => {
    assert.deepEqual(read(`${amp}/run_7/status`), ['run_7 false']);
    assert.deepEqual(read(`see ${amp}/run_7/status`), ['none false']);
    assert.deepEqual(read(`${amp}/base/status`), ['none false']);
  });
});

describe('idInStatusUrl', () => {
  it('reads the ID only from the two forms of a status URL', () => {
    for (const url of [`${amp}/status/run`, `${amp}/base/run/status/`, `${amp}/status/run//`]) assert.equal(idInStatusUrl(url), 'run');
    for (const url of [amp, `${amp}/status`, `${amp}/status/`, `${amp}/status/-`, `${amp}/run`, `${amp}/status/run/logs`])
      assert.equal(idInStatusUrl(url), undefined, url);
  });
});
