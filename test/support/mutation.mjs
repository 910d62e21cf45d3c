// `npm run mutation`: breaks src/core in each way that Stryker knows and counts what the unit tests find; about an hour of one core. With words: those files alone.
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { modernNode } from './host/install.mjs';
import { run as runQuietly } from './host/children.mjs';
import { root, run } from './steps.mjs';

/** @typedef {{ status: string, mutatorName: string, replacement?: string, location: { start: Place, end: Place } }} Mutant */
/** @typedef {{ line: number, column: number }} Place */
/** @typedef {{ source: string, mutants: readonly Mutant[] }} Mutated */

const here = path.join(root, 'test/support/mutation');
/** What part of all mutants the tests have to find. */
const wanted = 0.85;

/** Stryker, installed once per lock file beside the VS Codes of the tests: nobody else needs it. */
async function stryker() {
  const lock = await readFile(path.join(here, 'package-lock.json'));
  const home = path.join(root, '.vscode-test', `mutation-${createHash('sha256').update(lock).digest('hex').slice(0, 8)}`);
  if (!existsSync(home)) {
    const draft = `${home}.${process.pid}`;
    await mkdir(draft, { recursive: true });
    try {
      for (const file of ['package.json', 'package-lock.json', '.npmrc']) await cp(path.join(here, file), path.join(draft, file));
      const { code, said } = await runQuietly('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
        cwd: draft,
      });
      if (code !== 0) throw new Error(`Stryker cannot be installed: ${said.trim()}`);
      await rename(draft, home);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }
  return path.join(home, 'node_modules/@stryker-mutator/core/bin/stryker.js');
}

/** A test that fails is all that counts as found: neither a mutant that no test reaches nor one that makes tests go on for ever. */
const isFound = (/** @type {Mutant} */ { status }) => status === 'Killed';

/** What stands there, and what it was made into, in a line. */
function described(/** @type {string} */ source, /** @type {Mutant} */ { status, location: { start, end }, replacement = '' }) {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  lines.push((lines.pop() ?? '').slice(0, end.column - 1));
  const was = [(lines[0] ?? '').slice(start.column - 1), ...lines.slice(1)].join(' ');
  const short = (/** @type {string} */ text) => text.replaceAll(/\s+/g, ' ').slice(0, 70);
  return `${start.line}  ${status}: ${short(was)}  ->  ${short(replacement)}`;
}

/** @param {Readonly<Record<string, Mutated>>} files */
function told(files) {
  const all = Object.entries(files);
  for (const [name, { source, mutants }] of all)
    for (const one of mutants) if (!isFound(one)) console.log(`${name}:${described(source, one)}`);
  const line = (/** @type {string} */ name, /** @type {readonly Mutant[]} */ mutants) => {
    const count = (/** @type {string} */ status) => String(mutants.filter((one) => one.status === status).length).padStart(11);
    const found = mutants.filter(isFound).length;
    const rest = ['Survived', 'NoCoverage', 'Timeout'].map(count).join('');
    console.log(
      `${name.padEnd(28)}${String(mutants.length).padStart(8)}${String(found).padStart(8)}${rest}${percent(found / mutants.length).padStart(9)}`,
    );
  };
  console.log(`\n${''.padEnd(28)} mutants   found   survived  not reached  no end    score`);
  for (const [name, { mutants }] of all) line(name, mutants);
  const mutants = all.flatMap(([, file]) => file.mutants);
  line('all', mutants);
  return mutants.filter(isFound).length / mutants.length;
}

const percent = (/** @type {number} */ part) => (Number.isNaN(part) ? '-' : `${(part * 100).toFixed(1)} %`);

const node = await modernNode();
const names = process.argv.slice(2).map((name) => `src/core/${name}.ts`);
const args = ['--concurrency', String(Math.max(1, availableParallelism() - 1)), ...(names.length > 0 ? ['--mutate', names.join(',')] : [])];
// The random tests much shorter: each is run for each mutant that it meets.
const code = await run(node, ['--no-warnings', await stryker(), 'run', path.join(here, 'stryker.json'), ...args], { SOAK: '0.03' });
if (code !== 0) process.exit(code);
const { files } = JSON.parse(await readFile(path.join(root, 'dist/mutation.json'), 'utf8'));
const score = told(files);
console.log(`\n${percent(score)} found; ${percent(wanted)} are wanted`);
process.exit(score >= wanted ? 0 : 1);
