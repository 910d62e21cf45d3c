// `npm run tool -- mutation` changes the source with Stryker, and counts the mutants that unit tests find. Changes core, amp, store, and the tested
// part of vscode. A full run takes hours.
// Arguments select folders or files of src/, for example `npm run tool -- mutation amp core/polling/pollInterval`.
// With EVERY=10, only every tenth mutant runs.
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { installOnce, modernNode } from './host/install.mjs';
import { root, run } from './steps.mjs';

const here = path.join(root, 'test/support/mutation');
/** Goal: the share of mutants that the tests find in each folder. */
const wanted = 0.9;

/** Whether a test failed because of a mutant. A mutant without coverage, or with a timeout, doesn't count as found. */
const isFound = ({ status }) => status === 'Killed';

function described(source, { status, location: { start, end }, replacement = '' }) {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  lines.push((lines.pop() ?? '').slice(0, end.column - 1));
  const was = [(lines[0] ?? '').slice(start.column - 1), ...lines.slice(1)].join(' ');
  const short = (text) => text.replaceAll(/\s+/g, ' ').slice(0, 70);
  return `${start.line}  ${status}: ${short(was)}  ->  ${short(replacement)}`;
}

/** Prints the mutants that no test found, and the scores. Returns the lowest score. */
function printReport(files) {
  const all = Object.entries(files);
  for (const [name, { source, mutants }] of all)
    for (const one of mutants) if (!isFound(one)) console.log(`${name}:${described(source, one)}`);
  const line = (name, mutants) => {
    const count = (status) => String(mutants.filter((one) => one.status === status).length).padStart(11);
    const found = mutants.filter(isFound).length;
    const rest = ['Survived', 'NoCoverage', 'Timeout'].map(count).join('');
    console.log(
      `${name.padEnd(28)}${String(mutants.length).padStart(8)}${String(found).padStart(8)}${rest}${percent(found / mutants.length).padStart(9)}`,
    );
  };
  console.log(`\n${''.padEnd(28)} mutants   found   survived  not reached  timeout   score`);
  for (const [name, { mutants }] of all) line(name, mutants);
  const topFolder = (name) => name.split('/').slice(0, 2).join('/');
  const folders = [...new Set(all.map(([name]) => topFolder(name)))];
  const scores = folders.map((folder) => {
    const mutants = all.filter(([name]) => topFolder(name) === folder).flatMap(([, file]) => file.mutants);
    line(folder, mutants);
    return mutants.filter(isFound).length / mutants.length;
  });
  return Math.min(...scores.filter((score) => !Number.isNaN(score)));
}

/** Returns the files of an argument. In src/vscode, these are only the files with a unit test, because the other files need VS Code. */
function filesOf(word) {
  const isFile = existsSync(path.join(root, 'src', `${word}.ts`));
  const names = isFile
    ? [`${word}.ts`]
    : readdirSync(path.join(root, 'src', word), { recursive: true, encoding: 'utf8' }).map(
        (name) => `${word}/${name.split(path.sep).join('/')}`,
      );
  const isReached = (name) => !name.startsWith('vscode/') || existsSync(path.join(root, 'test/unit', name.replace(/\.ts$/, '.test.ts')));
  return names.filter((name) => name.endsWith('.ts') && isReached(name));
}

const percent = (part) => (Number.isNaN(part) ? '-' : `${(part * 100).toFixed(1)} %`);

const node = await modernNode();
/** Stryker isn't in package.json, because only this script needs it. */
const stryker = path.join(await installOnce(here, 'mutation', 'Stryker'), 'node_modules/@stryker-mutator/core/bin/stryker.js');
const every = Number(process.env['EVERY'] ?? 1);
const words = process.argv.length > 2 ? process.argv.slice(2) : ['core', 'amp', 'store', 'vscode'];
const names = words.flatMap(filesOf);
const mutated = names.map((name) => `src/${name}`).join(',');
const args = ['--concurrency', String(Math.max(1, availableParallelism() - 1)), '--mutate', mutated];
// Shortens the random tests, because they run for each mutant.
const env = { SOAK: '0.03', EVERY: String(every), MUTATED: [...new Set(names.map((name) => name.split('/')[0]))].join(',') };
const code = await run(node, ['--no-warnings', stryker, 'run', path.join(here, 'stryker.json'), ...args], env);
if (code !== 0) process.exit(code);
const { files } = JSON.parse(await readFile(path.join(root, 'dist/mutation.json'), 'utf8'));
for (const file of Object.values(files)) file.mutants = file.mutants.filter(({ id }) => Number(id) % every === 0);
const score = printReport(files);
console.log(`\n${percent(score)} found in the worst folder; the goal is ${percent(wanted)} in each`);
process.exit(score >= wanted ? 0 : 1);
