import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import promises from '../support/promises.json';
import { pageOf, sentenceOf, type HeldPromise } from '../support/promisesPage.mjs';

const page = readFileSync('docs/promises.md', 'utf8');

describe('The page of promises', () => {
  it('matches promises.json', () => {
    const parts = (text: string): readonly string[] =>
      text
        .replaceAll(/[\s\\]+/g, ' ')
        .replaceAll(/[*_]|-{3,}/g, '')
        .split(/ (?=## |\d+\. [A-Z])/);
    const written = parts(page);
    for (const [index, part] of parts(pageOf(promises)).entries()) assert.equal(written[index], part);
  });

  it('has only whole sentences as promises', () => {
    for (const { says } of promises) assert.match(says, /^[A-Z].*\.$/);
  });

  it('names existing tests for each promise', () => {
    for (const { tests } of promises) {
      assert.ok(tests.length > 0);
      for (const { file, title } of tests) {
        assert.ok(readFileSync(`test/${file}.test.ts`, 'utf8').includes(title), `${file}: ${title}`);
        assert.ok(!title.includes('${'), `no test that runs has this title: ${title}`);
      }
    }
  });

  it('names a test with its suite and "…" for values', () => {
    assert.equal(
      sentenceOf('unit/amp/http/hostileServers', ' without leaking a timer or connection'),
      'A server that … is reported as the problem … without leaking a timer or connection',
    );
  });

  it("can't name a test that doesn't exist", () => {
    assert.throws(() => sentenceOf('unit/amp/http/hostileServers', 'has no such title'));
  });

  it('gives a figure for each promise, measured with or without VS Code', () => {
    for (const { promise, figure, inVSCode } of promises as readonly HeldPromise[]) assert.ok(figure ?? inVSCode, String(promise));
  });
});
