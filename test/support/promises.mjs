// `npm run tool -- promises` writes docs/promises.md from promises.json, for example after a test was renamed.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pageOf } from './promisesPage.mjs';
import { bin, root, run } from './steps.mjs';

const file = path.join(root, 'test/support/promises.json');

/** @returns {import('./promisesPage.mjs').HeldPromise[]} */
export function readPromises() {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Stores the promises, and writes their page. */
export async function writePromises(/** @type {readonly import('./promisesPage.mjs').HeldPromise[]} */ promises) {
  const page = path.join(root, 'docs/promises.md');
  writeFileSync(file, `${JSON.stringify(promises, undefined, 2)}\n`);
  writeFileSync(page, pageOf(promises));
  await run(process.execPath, [bin('prettier/bin/prettier.cjs'), '--write', '--log-level=warn', file, page]);
}

if (process.argv[1] === import.meta.filename) await writePromises(readPromises());
