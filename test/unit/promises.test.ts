import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import promises from '../support/promises.json';
import { pageOf, type HeldPromise } from '../support/promisesPage.mjs';

const page = readFileSync('docs/promises.md', 'utf8');

describe('The page of promises', () => {
  it('matches promises.json, whose promises are whole sentences', () => {
    const parts = (text: string): readonly string[] =>
      text
        .replaceAll(/[\s\\]+/g, ' ')
        .replaceAll(/[*_]/g, '')
        .split(' ## ');
    const written = parts(page);
    for (const [index, part] of parts(pageOf(promises)).entries()) assert.equal(written[index], part);
    for (const { says } of promises) assert.match(says, /^[A-Z].*\.$/);
  });

  it('names existing tests for each promise', () => {
    const named = [...page.matchAll(/^- `(test\/[\w/]+\.test\.ts)`: (.+)$/gm)].map(([, file = '', title = '']) => ({ file, title }));
    assert.ok(named.length >= promises.length);
    for (const { tests } of promises) {
      assert.ok(tests.length > 0);
      for (const { file, title } of tests) {
        assert.ok(named.some((one) => one.file === `test/${file}.test.ts`));
        assert.ok(readFileSync(`test/${file}.test.ts`, 'utf8').includes(title), `${file}: ${title}`);
      }
    }
  });

  it('gives a figure for each promise', () => {
    for (const { promise, figure, inVSCode } of promises as readonly HeldPromise[]) assert.ok(figure ?? inVSCode, String(promise));
  });
});
