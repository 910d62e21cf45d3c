// `npm test` runs all steps. `npm run unit` runs only the steps without VS Code. Arguments select steps: checks, unit, integration, ui.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { installHost, modernNode } from './host/install.mjs';
import { bin, must, root, run, Tally } from './steps.mjs';

const steps = process.argv.slice(2);
const wants = (step) => steps.length === 0 || steps.includes(step);
const versions = ['oldest', 'newest'].filter((version) => !process.env.KICKOFFS_VERSION || process.env.KICKOFFS_VERSION === version);
const node = process.execPath;
/** Fails unit tests that make no assertion. */
const assertions = path.join(root, 'test/support/assertions.cjs');
const byRealTime = 'quickTasks';
/**
 * The UI test files that run in both versions when both are tested: tracking, the list, reports, kills and reloads, first steps, and accessibility. The start of
 * a window takes ten seconds of CPU time. A version that is selected alone runs all files.
 */
const onBoth = ['commands', 'clicks', 'rows', 'reportTabs', 'mainJob', 'survival', 'paste', 'firstMinutes', 'accessibility'];
/** The longest files, which start first, so that the workers finish at about the same time. */
const longest = [
  'settings',
  'problems',
  'clicks',
  'hostile',
  'reportTabs',
  'hostileWorkspace',
  'report',
  'damage',
  'windows',
  'commands',
  'fullDisk',
  'survival',
  'accessibility',
  'states',
];
const tally = new Tally();

// Creates the package before VS Code is installed in this folder, because vsce lists every file of the folder.
await must(node, wants('ui') ? ['test/support/package.mjs'] : ['esbuild.js', '--production']);
await must(node, ['test/support/build.mjs', 'simulate', 'unit', 'integration', 'timers', 'stranger', 'ui']);

await Promise.all([wants('checks') && checks(), wants('ui') && install()]);
if (wants('unit')) await unit();
const inHosts = wants('integration') && hosts();
if (wants('ui')) await realTime();
await Promise.all([inHosts, wants('ui') && workbench()]);
await tally.repeatFailed();
tally.close();

async function checks() {
  await Promise.all([lint(), otherChecks()]);
}

async function lint() {
  await tally.check('lint', node, [bin('eslint/bin/eslint.js'), '.']);
}

async function otherChecks() {
  await tally.check('types', node, [bin('typescript/bin/tsc'), '-p', '.']);
  await tally.check('layout', node, [bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.']);
  await tally.check('dead code', node, [bin('knip/bin/knip.js')]);
}

/** Installs the VS Code hosts once before the tests. If the installation fails, the tests report the error. */
async function install() {
  await Promise.allSettled(versions.map(installHost));
}

async function unit() {
  const modern = await modernNode();
  const folder = 'dist/test/unit';
  const names = readdirSync(path.join(root, folder), { recursive: true })
    .filter((name) => name.endsWith('.test.js'))
    .sort();
  // A test of competing processes mostly waits, so it starts first.
  const isWaited = (name) => Number(path.basename(name) === 'contest.test.js');
  const files = names.sort((one, other) => isWaited(other) - isWaited(one)).map((name) => path.join(folder, name));
  await tally.attempt('unit', (env, take) => mocha(modern, files, env, ['--parallel', '--jobs', '3', '--require', assertions], take));
}

async function hosts() {
  const program = 'test/support/inVSCode.mjs';
  for (const which of versions)
    await tally.attempt(`integration tests, ${which} VS Code`, (env, take) => run(node, [program, which], env, take));
}

/** Runs the file whose simulated tasks need real time. Many parallel windows would delay these tasks. */
async function realTime() {
  const start = (which) => (env, take) => mocha(node, `dist/test/ui/${byRealTime}.test.mjs`, withVersion(which, env), [], take);
  await Promise.all(versions.map((which) => tally.attempt(`${byRealTime} in real time, ${which} VS Code`, start(which))));
}

/** Runs the UI tests in parallel, because they mostly wait. */
async function workbench() {
  const folder = 'dist/test/ui';
  const names = readdirSync(path.join(root, folder))
    .filter((file) => file.endsWith('.test.mjs'))
    .map((file) => path.basename(file, '.test.mjs'))
    .filter((name) => name !== byRealTime);
  const isBoth = versions.length > 1;
  const suites = [
    ...names.map((name) => ({ name, version: versions.at(-1) })),
    ...names.filter((name) => isBoth && onBoth.includes(name)).map((name) => ({ name, version: 'oldest' })),
  ];
  const place = ({ name }) => (longest.includes(name) ? longest.indexOf(name) : longest.length);
  const waiting = suites.sort((one, other) => place(one) - place(other));
  const worker = async () => {
    for (let suite = waiting.shift(); suite; suite = waiting.shift()) {
      const { name, version } = suite;
      const start = (env, take) => mocha(node, `${folder}/${name}.test.mjs`, withVersion(version, env), [], take);
      await tally.attempt(`${name}, ${version} VS Code`, start);
    }
  };
  await Promise.all(Array.from({ length: 3 }, worker));
}

function withVersion(which, env) {
  return { ...env, KICKOFFS_VERSION: which };
}

function mocha(program, files, env, more = [], take) {
  const reporter = path.join(root, 'test/support/countingReporter.cjs');
  return run(
    program,
    ['--no-warnings', bin('mocha/bin/mocha.js'), '--reporter', reporter, '--forbid-only', '--forbid-pending', ...more, ...[files].flat()],
    env,
    take,
  );
}
