// `npm run soak`: the tests that hold the promises, the random ones much longer, with seed and figures; writes docs/promises.md. With numbers: those promises alone.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { modernNode } from './host/install.mjs';
import { pageOf } from './promisesPage.mjs';
import { bin, must, root, run } from './steps.mjs';

const file = path.join(root, 'test/support/promises.json');
const asked = process.argv.slice(2).map(Number);
const seed = process.env.SEED ?? String(Math.floor(Math.random() * 2 ** 31));
const escaped = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** @type {import('./promisesPage.mjs').HeldPromise[]} */
const promises = JSON.parse(readFileSync(file, 'utf8'));
const node = await modernNode();
const folder = mkdtempSync(path.join(tmpdir(), 'kickoffs-soak-'));
await must(process.execPath, ['esbuild.js', '--only=unit', '--quiet']);
console.log(`SEED=${seed}`);

let failures = 0;
for (const promise of promises) {
  if (asked.length > 0 && !asked.includes(promise.promise)) continue;
  console.log(`\n== ${promise.promise}. ${promise.says}`);
  const figures = path.join(folder, `${promise.promise}.jsonl`);
  writeFileSync(figures, '');
  let failed = 0;
  const tests = promise.tests.filter((one) => one.file.startsWith('unit/'));
  for (const factor of new Set(tests.map(({ longer = 1 }) => longer)))
    if (
      (await soaked(
        tests.filter(({ longer = 1 }) => longer === factor),
        factor,
        figures,
      )) !== 0
    )
      failed++;
  const said = readFileSync(figures, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const own = said.filter((one) => one.promise === promise.promise).map(({ says }) => says);
  // What is measured is kept only where all of it held.
  if (own.length > 0 && failed === 0) promise.figure = [...new Set(own)].join('; ');
  failures += failed;
}
rmSync(folder, { recursive: true, force: true });
writeFileSync(file, `${JSON.stringify(promises, undefined, 2)}\n`);
writeFileSync(path.join(root, 'docs/promises.md'), pageOf(promises));
await run(process.execPath, [bin('prettier/bin/prettier.cjs'), '--write', '--log-level=warn', file, 'docs/promises.md']);
console.log(`\n${failures === 0 ? 'All held' : `${failures} did not hold`}; SEED=${seed} replays it`);
process.exit(failures === 0 ? 0 : 1);

/** Those tests alone, so many times as long as in `npm test`. */
function soaked(tests, longer, figures) {
  const files = [...new Set(tests.map((one) => `dist/test/${one.file}.test.js`))];
  const names = tests.map(({ title }) => escaped(title)).join('|');
  const env = { SOAK: longer, SEED: seed, FIGURES_FILE: figures };
  return run(node, ['--no-warnings', bin('mocha/bin/mocha.js'), '--timeout', '0', '--grep', names, ...files], env);
}
