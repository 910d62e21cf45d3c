import assert from 'node:assert/strict';
import { valueFormat } from '#present/valueFormat';

const now = new Date(2026, 10, 27, 14, 2).getTime();

function text(language: string, value: Parameters<ReturnType<typeof valueFormat>>[0]): string {
  return valueFormat(language)(value);
}

describe('A time of day', () => {
  it('has two digits each for hours and minutes, in every language', () => {
    for (const language of ['en', 'zh-cn', 'pt-br', 'ko', 'de'])
      for (const time of ['00:07', '09:05', '12:00', '14:02', '23:59'])
        assert.equal(text(language, { at: new Date(`2026-11-27T${time}`).getTime(), now }), time, language);
  });

  it("includes the date in the user's language if the time is on another day", () => {
    const at = new Date(2026, 10, 24, 9, 5).getTime();
    assert.equal(text('en', { at, now }), 'Nov 24, 09:05');
    assert.equal(text('zh-cn', { at, now }), '11月24日 09:05');
    assert.equal(text('pt-br', { at, now }), '24 de nov., 09:05');
    assert.equal(text('ko', { at, now }), '11월 24일 09:05');
  });

  it('includes the year if the time is in another year', () => {
    const at = new Date(2025, 10, 27, 14, 2).getTime();
    assert.equal(text('en', { at, now }), 'Nov 27, 2025, 14:02');
    assert.equal(text('zh-cn', { at, now }), '2025年11月27日 14:02');
  });
});

describe('A date', () => {
  it("is in the user's language, with the time and its zone", () => {
    const at = Date.UTC(2026, 10, 27, 13, 2);
    const inBerlin = (language: string) => valueFormat(language, 'Europe/Berlin')({ at });
    assert.equal(inBerlin('en'), 'Nov 27, 2026, 14:02 GMT+1');
    assert.match(inBerlin('de'), /^27\. Nov\. 2026, 14:02 MEZ$/);
    assert.match(inBerlin('zh-cn'), /^2026年11月27日 (?:GMT\+1 )?14:02/);
    assert.match(inBerlin('ko'), /^2026년 11월 27일 14:02/);
    assert.match(valueFormat('en', 'UTC')({ at: Date.UTC(2026, 10, 27) }), /, 00:00 UTC$/);
  });
});

describe('A number in a text', () => {
  it("has the digit groups of the user's language", () => {
    assert.equal(text('en', 1_234_567), '1,234,567');
    assert.equal(text('pt-br', 1_234_567), '1.234.567');
    assert.equal(text('en', 1_000), '1,000');
  });

  it('has no digit groups below 1,000', () => {
    for (const number of [0, 1, 999]) assert.equal(text('en', number), `${number}`);
  });
});

describe('A list of names in a text', () => {
  it("is joined with the separators of the user's language", () => {
    const joined = { en: 'A, B, and C', 'pt-br': 'A, B e C', 'zh-cn': 'A、B和C', ko: 'A, B 및 C' };
    for (const [language, expected] of Object.entries(joined)) assert.equal(text(language, ['A', 'B', 'C']), expected);
    assert.equal(text('en', ['A']), 'A');
  });
});

describe('A name in a text', () => {
  it('is unchanged, even if it is empty or consists of digits', () => {
    for (const name of ['12345', '', 'Research Crew']) assert.equal(text('pt-br', name), name);
  });
});

describe('Values in a text', () => {
  it("are formatted even if VS Code's language is unknown", () => {
    for (const language of ['', 'x', 'no language', 'qps-ploc']) {
      assert.match(text(language, { at: now - 400 * 24 * 3_600_000, now }), /2025/);
      assert.match(text(language, { at: now }), /2026/);
      assert.match(text(language, 1_234), /1.?234/);
    }
  });
});
