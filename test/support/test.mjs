// `npm test`: everything. `npm run unit`: what needs no VS Code. More words choose steps: checks, unit, integration, ui.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { installHost, modernNode } from './host/install.mjs';
import { bin, must, root, run, Tally } from './steps.mjs';

const asked = process.argv.slice(2);
const wants = (step) => asked.length === 0 || asked.includes(step);
const versions = ['oldest', 'newest'].filter((version) => !process.env.KICKOFFS_VERSION || process.env.KICKOFFS_VERSION === version);
const node = process.execPath;
/** Fails unit tests that make no assertion. */
const assertions = path.join(root, 'test/support/assertions.cjs');
const byRealTime = 'quickTasks';
/**
 * What both versions are asked when both are tested, since a window that comes up takes seven seconds of a core: the main job, all that
 * is done by keyboard, and what survives a kill and a reload. A version that is named alone is asked everything.
 */
const onBoth = ['settings', 'survival', 'states', 'commands', 'clicks', 'reportTabs', 'mainJob', 'envImport', 'paste', 'tokens'];
/** The longest are begun first, so that no worker is left with one alone. */
const minutes = [
  'settings',
  'problems',
  'survival',
  'hostileWorkspace',
  'windows',
  'localProblems',
  'report',
  'reportTabs',
  'clicks',
  'states',
  'damage',
];
const halfMinutes = ['fullDisk', 'freshness', 'networkProblems', 'mainJob', 'currentTask', 'hostile', 'commands'];
const longest = [...minutes, ...halfMinutes];
const tally = new Tally();

// The package first: its maker reads the name of every file here, and a VS Code that is not installed yet has none.
await must(node, wants('ui') ? ['test/support/package.mjs'] : ['esbuild.js', '--production']);
await must(node, ['test/support/build.mjs', 'simulate', 'unit', 'integration', 'timers', 'stranger', 'ui', 'uiOldest']);

await Promise.all([wants('checks') && checks(), wants('ui') && install()]);
if (wants('unit')) await unit();
const inHosts = wants('integration') && hosts();
if (wants('ui')) await realTime();
await Promise.all([inHosts, wants('ui') && workbench()]);
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

/** Ahead of the tests, and once though several want it; where it cannot be had, they say so. */
async function install() {
  await Promise.allSettled(versions.map(installHost));
}

async function unit() {
  const modern = await modernNode();
  const folder = 'dist/test/unit';
  const names = readdirSync(path.join(root, folder), { recursive: true })
    .filter((name) => name.endsWith('.test.js'))
    .sort();
  // Contests of processes are mostly waited for: begun first, a worker of its own has them.
  const isWaited = (name) => Number(path.basename(name) === 'contest.test.js');
  const files = names.sort((one, other) => isWaited(other) - isWaited(one)).map((name) => path.join(folder, name));
  await tally.suite('unit', (env) => mocha(modern, files, env, ['--parallel', '--jobs', '3', '--require', assertions]));
}

async function hosts() {
  const program = 'test/support/inVSCode.mjs';
  for (const which of versions) await tally.suites([[`in VS Code, ${which}`, (env, take) => run(node, [program, which], env, take)]]);
}

/** Its tasks go by in real time, which a machine that is busy with windows would not keep. */
async function realTime() {
  await tally.suites(
    versions.map((which) => [
      `through the workbench, ${which}, packaged, by real time`,
      (env, take) => mocha(node, `dist/test/ui/${byRealTime}.test.mjs`, told(which, env), [], take),
    ]),
  );
}

/** Most of a test's time is waiting. */
async function workbench() {
  const [newest, oldest] = ['ui', 'ui-oldest'].map((folder) => suitesIn(path.join('dist/test', folder)));
  const isBoth = versions.length > 1;
  const suites = newest.concat(isBoth ? oldest.filter(({ name }) => onBoth.includes(name)) : []);
  const place = ({ name }) => (longest.includes(name) ? longest.indexOf(name) : longest.length);
  const files = suites.sort((one, other) => place(one) - place(other)).map(({ file }) => file);
  await tally.suite(`through the workbench, ${versions.join(' and ')}, packaged`, (env) =>
    mocha(node, files, told(versions.at(-1), env), ['--parallel', '--jobs', isBoth ? '3' : '2']),
  );
}

function suitesIn(folder) {
  const files = readdirSync(path.join(root, folder)).filter((file) => file.endsWith('.test.mjs'));
  return files
    .map((file) => ({ name: path.basename(file, '.test.mjs'), file: path.join(folder, file) }))
    .filter(({ name }) => name !== byRealTime);
}

function told(which, env) {
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
