import assert from 'node:assert/strict';
import { routeOf } from '../../../src/core/captureRoute';
import { routesIn, withoutAddresses } from '../../../src/core/captureRoutes';

const uuid = '4f7e7c35-9b3e-4c53-9c4b-3d4d3c2d1e0f';
const amp = 'https://amp.example.com';

describe('An address', () => {
  const read: readonly (readonly [string, { readonly base?: string; readonly id?: string; readonly isDoubtful?: boolean } | undefined])[] =
    [
      [`${amp}/status/${uuid}`, { base: amp, id: uuid }],
      [`http://amp.example.com/status/${uuid}`, { base: 'http://amp.example.com', id: uuid }],
      [`url=amp.example.com/status/${uuid}`, { base: amp, id: uuid }],
      [`${amp}/${uuid}/status...`, { base: amp, id: uuid }],
      [`${amp}/a/kickoff/${uuid}/logs`, { base: `${amp}/a`, id: uuid }],
      [`status/${uuid}`, { id: uuid }],
      [`${amp}/${uuid}`, { base: amp, id: uuid, isDoubtful: true }],
      [`${amp}/a/${uuid}`, undefined],
      [`${amp}/mystatus/${uuid}`, undefined],
      [`${amp}/statuses/${uuid}`, undefined],
      [`${amp}/status/run_7`, { base: amp, id: 'run_7' }],
      [`${amp}/stop/run%3A7`, { base: amp, id: 'run:7' }],
      [`${amp}/mystatus/run_7`, undefined],
      [`${amp}/statuses/run_7`, undefined],
      [`${amp}/status/run7.b7`, { base: amp, id: 'run7.b7' }],
      [`${amp}/status/run7.json`, { base: amp, id: 'run7.json', isDoubtful: true }],
      [`${amp}/status/1234`, { base: amp, id: '1234', isDoubtful: true }],
      [`${amp}/status/done`, { base: amp, id: 'done', isDoubtful: true }],
      [`${amp}/status/${uuid.slice(0, 20)}`, { base: amp, id: uuid.slice(0, 20), isDoubtful: true }],
      [`${amp}/status/123`, { base: amp }],
      [`${amp}/status/v2`, { base: amp }],
      [`${amp}/status/your-run`, { base: amp }],
      [`${amp}/kickoff`, { base: amp }],
      [`${amp}/base/inputs/?x=1`, { base: `${amp}/base` }],
      [`${amp}/kickoff/word`, { base: amp }],
      [`${amp}/mykickoff`, undefined],
      [`${amp}/kickoffs`, undefined],
      ['amp.example.com/kickoff', undefined],
      [`url=${amp}/kickoff`, undefined],
      ['crew-1a2b3c4d.crewai.com', { base: 'https://crew-1a2b3c4d.crewai.com' }],
      ['crew-1a2b3c4d.crewai.com.example.com', undefined],
      ['https://app.crewai.com/kickoff', {}],
      ['https://x.com/jo/status/112345678901', undefined],
      ['https://mobile.twitter.com/jo/status/112345678901', undefined],
      ['https://notx.com/status/run_7', { base: 'https://notx.com', id: 'run_7' }],
      ['https://x.com.example/status/run_7', { base: 'https://x.com.example', id: 'run_7' }],
      ['https://mastodon.example/@jo/status/run_7', undefined],
    ];
  for (const [text, route] of read) it(`is read: ${text}`, () => assert.deepEqual<unknown>(routeOf(text), route));

  it('has 2,000 signs at most', () => {
    const text = `${amp}/status/${uuid}?`;
    assert.deepEqual<unknown>(routeOf(text.padEnd(2_000, 'x')), { base: amp, id: uuid });
    assert.equal(routeOf(text.padEnd(2_001, 'x')), undefined);
  });
});

describe('The addresses of a text', () => {
  it('are found at their places, two that stick together too', () => {
    const text = `see ${amp}/kickoffhttp://two.example/status/${uuid}, or crew-1a2b3c4d.crewai.com`;
    assert.deepEqual<unknown>(routesIn(text), [
      { at: 4, base: amp },
      { at: 35, base: 'http://two.example', id: uuid },
      { at: text.indexOf('crew-'), base: 'https://crew-1a2b3c4d.crewai.com' },
    ]);
    assert.deepEqual<unknown>(routesIn('no address, and/or none'), []);
  });

  it('name an id that is no UUID beyond doubt when nothing else is there', () => {
    assert.deepEqual<unknown>(routesIn(`  \n${amp}/status/run_7 \n\n`), [{ at: 3, base: amp, id: 'run_7' }]);
    assert.deepEqual<unknown>(routesIn(`see ${amp}/status/run_7`), [{ at: 4, base: amp, id: 'run_7', isDoubtful: true }]);
  });

  it('are taken out, and every other sign keeps its place', () => {
    const text = `a http://amp.example.com/${uuid} b ${amp} c x.crewai.com/y d status/${uuid}`;
    const left = withoutAddresses(text);
    assert.equal(left.replace(/ +/g, ' '), `a b c d status/${uuid}`);
    for (const sign of [' b ', ' c ', ' d ']) assert.equal(left.indexOf(sign), text.indexOf(sign));
  });
});
