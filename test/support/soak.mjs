// `npm run soak` runs the tests that verify the promises, and writes docs/promises.md. Random tests run much longer than in `npm test`.
// Arguments select promises by number.
// `npm run soak -- vscode` runs the tests that need a real VS Code, in the newest version.
// `npm run soak -- windows` runs the tests with three windows in both versions of VS Code, half an hour each. WINDOWS_MINUTES,
// WINDOWS_KILLS, and WINDOWS_ENDS shorten these tests.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { modernNode } from './host/install.mjs';
import { readPromises, writePromises } from './promises.mjs';
import { bin, must, root, run } from './steps.mjs';

const words = process.argv.slice(2);
const numbers = words.map(Number);
const seed = process.env.SEED ?? String(Math.floor(Math.random() * 2 ** 31));
const escaped = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

const promises = readPromises();
const folder = mkdtempSync(path.join(tmpdir(), 'kickoffs-soak-'));
console.log(`SEED=${seed}`);
const failures = words[0] === 'windows' ? await inWindows() : words[0] === 'vscode' ? await inVSCode() : await withoutVSCode();
rmSync(folder, { recursive: true, force: true });
await writePromises(promises);
console.log(`\n${failures === 0 ? 'No promise failed.' : `${failures} promises failed.`} Rerun with SEED=${seed}.`);
process.exit(failures === 0 ? 0 : 1);

async function withoutVSCode() {
  const node = await modernNode();
  await must(process.execPath, ['test/support/build.mjs', 'unit']);
  let failures = 0;
  for (const promise of promises) {
    if (numbers.length > 0 && !numbers.includes(promise.promise)) continue;
    console.log(`\n== ${promise.promise}. ${promise.says}`);
    const figures = path.join(folder, `${promise.promise}.jsonl`);
    let failed = 0;
    const tests = promise.tests.filter((one) => one.file.startsWith('unit/'));
    for (const factor of new Set(tests.map(({ longer = 1 }) => longer))) {
      const selected = tests.filter(({ longer = 1 }) => longer === factor);
      if ((await runLonger(node, selected, factor, figures)) !== 0) failed++;
    }
    // Figures of failed tests aren't saved.
    if (failed === 0) keepFigures(promise, 'figure', figures);
    failures += failed;
  }
  return failures;
}

/** Runs the UI tests of promises and the integration tests. Returns the number of failures. */
async function inVSCode() {
  await must(process.execPath, ['test/support/package.mjs']);
  await must(process.execPath, ['test/support/build.mjs', 'simulate', 'integration', 'timers', 'stranger', 'ui']);
  const figures = path.join(folder, 'vscode.jsonl');
  const env = { SEED: seed, FIGURES_FILE: figures, KICKOFFS_VERSION: 'newest' };
  const files = new Set(promises.flatMap(({ tests }) => tests.map(({ file }) => file)).filter((file) => /^ui\/\w+$/.test(file)));
  const suites = [...files].map((file) => `dist/test/${file}.test.mjs`);
  const through = await run(process.execPath, ['--no-warnings', bin('mocha/bin/mocha.js'), ...suites], env);
  const within = await run(process.execPath, ['test/support/inVSCode.mjs', 'newest'], env);
  if (through === 0 && within === 0) for (const promise of promises) keepFigures(promise, 'inVSCode', figures);
  return Number(through !== 0) + Number(within !== 0);
}

/** Runs the tests with three windows in the oldest and newest VS Code. Returns the number of failures. */
async function inWindows() {
  await must(process.execPath, ['test/support/package.mjs']);
  await must(process.execPath, ['test/support/build.mjs', 'ui']);
  const isWhole = !Object.keys(process.env).some((name) => name.startsWith('WINDOWS_'));
  let failures = 0;
  for (const version of ['newest', 'oldest']) {
    if ((process.env.KICKOFFS_VERSION ?? version) !== version) continue;
    console.log(`\n== three windows, ${version}`);
    const figures = path.join(folder, `${version}.jsonl`);
    const env = { SEED: seed, FIGURES_FILE: figures, KICKOFFS_VERSION: version };
    if ((await run(process.execPath, ['--no-warnings', bin('mocha/bin/mocha.js'), 'dist/test/ui/long/*.test.mjs'], env)) !== 0) failures++;
    else if (isWhole) for (const { promise, says } of figuresIn(figures)) keepWindowsFigure(promise, version, says);
  }
  return failures;
}

function keepFigures(promise, name, file) {
  const own = figuresIn(file).filter((one) => one.promise === promise.promise);
  if (own.length > 0) promise[name] = [...new Set(own.map(({ says }) => says))].join('; ');
}

function keepWindowsFigure(number, version, says) {
  const promise = promises.find((one) => one.promise === number);
  promise.inWindows = { ...promise.inWindows, [version]: says };
}

function figuresIn(file) {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line));
}

/** Runs only these tests, `longer` times as long as in `npm test`. */
function runLonger(node, tests, longer, figures) {
  const files = [...new Set(tests.map((one) => `dist/test/${one.file}.test.js`))];
  const names = tests.map(({ title }) => escaped(title)).join('|');
  const env = { SOAK: longer, SEED: seed, FIGURES_FILE: figures };
  return run(node, ['--no-warnings', bin('mocha/bin/mocha.js'), '--timeout', '0', '--grep', names, ...files], env);
}
