import assert from 'node:assert/strict';
import fc from 'fast-check';
import { captured } from '../../../src/core/capture';

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
    [`https://user:pass@CREW.example.com:443/status/${uuid}`, 'https://crew.example.com', uuid],
  ];
  for (const [text, url, id] of urls) {
    it(`that is a status URL names deployment and run: ${text.trim()}`, () => {
      assert.deepEqual(captured(text), { id, url });
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
    `ftp://crew.example.com/status/${uuid}`,
    `word/status/${uuid}`,
    `/status/${uuid}`,
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

  it('never throws and only gives legal ids back, whatever it is', () => {
    const part = fc.constantFrom(
      '/status/',
      '/',
      'status',
      'https://',
      'crew.example.com',
      uuid,
      '%',
      '%2F',
      '?',
      '#',
      '..',
      ' ',
      '\n',
      ':',
      '@',
      '\0',
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.oneof(part, fc.string({ maxLength: 3 })), { maxLength: 10 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const found = captured(text);
        if (found) assert.match(found.id, /^[A-Za-z0-9][A-Za-z0-9._~:-]{0,199}$/);
      }),
      { numRuns: 5_000 },
    );
  }).timeout(20_000);

  it('is looked through in no time when it is long', () => {
    const started = performance.now();
    captured('/status/a?'.repeat(6_500) + '\nx');
    captured('/status/'.repeat(8_000));
    captured(`https://crew.example.com${'/'.repeat(64_000)}x/status/${uuid}`);
    assert.ok(performance.now() - started < 200);
  });
});
