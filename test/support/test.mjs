// `npm test` runs all steps. `npm run unit` runs only the steps without VS Code. Arguments select steps: checks, unit, integration, ui.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { findChromium } from './host/chromium.mjs';
import { installHost, modernNode } from './host/install.mjs';
import { bin, must, root, run, Tally } from './steps.mjs';

const steps = process.argv.slice(2);
const wants = (step) => steps.length === 0 || steps.includes(step);
const versions = ['oldest', 'newest'].filter((version) => !process.env.KICKOFFS_VERSION || process.env.KICKOFFS_VERSION === version);
const node = process.execPath;
/** Fails unit tests that make no assertion. */
const assertions = path.join(root, 'test/support/assertions.cjs');
/**
 * The UI test files that run in the oldest version if no version is selected: tracking, the list, reports, history file, tokens, network,
 * settings, first steps, and accessibility. A window of the oldest version takes a third less CPU time to open. The others run in the newest
 * version. With KICKOFFS_VERSION, all files run in the selected version.
 */
const inOldest = [
  ...['accessibility', 'clicks', 'commands', 'damage', 'envImport', 'firstMinutes', 'freshness', 'fullDisk', 'localProblems', 'mainJob'],
  ...['networkProblems', 'paste', 'problems', 'profiles', 'report', 'reportTabs', 'rows', 'settings', 'survival', 'tokens', 'windows'],
];
/**
 * The order of the UI test files. Files that mostly wait start first, while checks and unit tests keep the processor busy. The longest of the
 * other files follow, so that all finish at about the same time.
 */
const startOrder = [
  ...['startRaces', 'problems', 'commands', 'survival', 'start', 'settings', 'networkProblems', 'freshness', 'localProblems', 'hostile'],
  ...['startProblems', 'documents', 'hostileText', 'reportTabs', 'hostileWorkspace', 'report', 'damage', 'windows', 'accessibility'],
  ...['keyboard', 'mainJob', 'tokens'],
];
const tally = new Tally();

const checked = wants('checks') ? checks() : undefined;
if (['unit', 'integration', 'ui'].some(wants)) {
  // Creates the package before VS Code is installed in this folder, because vsce lists every file of the folder.
  await must(node, wants('ui') ? ['test/support/package.mjs'] : ['esbuild.js', '--production']);
  await must(node, ['test/support/build.mjs', 'simulate', 'unit', 'integration', 'timers', 'stranger', 'ui']);
}

const suites = wants('ui') ? uiSuites() : [];
const installed = wants('ui') || wants('integration') ? install() : undefined;
// Tests in a window wait for half of their time, so three of them run at a time. With four on two cores, single windows wait for so long that
// their tests fail. Unit tests take the place of one of them, and integration tests of another.
await Promise.all([unit().then(nextSuites), integration().then(nextSuites), nextSuites(), checked]);
await tally.repeatFailed();
tally.close();

async function checks() {
  await Promise.all([tally.check('lint', node, [bin('eslint/bin/eslint.js'), '.']), otherChecks()]);
}

async function otherChecks() {
  await tally.check('types', node, [bin('typescript/bin/tsc'), '-p', '.']);
  await tally.check('layout', node, [bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.']);
  await tally.check('dead code', node, [bin('knip/bin/knip.js')]);
}

/** Installs the VS Code hosts and Chromium once before the tests. If an installation fails, the tests report the error. */
async function install() {
  await Promise.allSettled([...versions.map(installHost), findChromium()]);
}

async function unit() {
  if (!wants('unit')) return;
  const modern = await modernNode();
  const folder = 'dist/test/unit';
  const names = readdirSync(path.join(root, folder), { recursive: true })
    .filter((name) => name.endsWith('.test.js'))
    .sort();
  // A test of competing processes mostly waits, so it starts first.
  const isWaited = (name) => Number(path.basename(name) === 'contest.test.js');
  const files = names.sort((one, other) => isWaited(other) - isWaited(one)).map((name) => path.join(folder, name));
  await tally.attempt('unit', (env, take) => mocha(modern, files, env, ['--parallel', '--jobs', '2', '--require', assertions], take));
}

async function integration() {
  await installed;
  const program = 'test/support/inVSCode.mjs';
  for (const which of wants('integration') ? versions : [])
    await tally.attempt(`integration tests, ${which} VS Code`, (env, take) => run(node, [program, which], env, take));
}

/** Returns the UI test files with their VS Code versions, in the order in which they start. */
function uiSuites() {
  const names = readdirSync(path.join(root, 'dist/test/ui'))
    .filter((file) => file.endsWith('.test.mjs'))
    .map((file) => path.basename(file, '.test.mjs'));
  const versionOf = (name) => (versions.length === 2 && inOldest.includes(name) ? 'oldest' : versions.at(-1));
  const place = ({ name }) => (startOrder.includes(name) ? startOrder.indexOf(name) : startOrder.length);
  return names.map((name) => ({ name, version: versionOf(name) })).sort((one, other) => place(one) - place(other));
}

async function nextSuites() {
  await installed;
  for (let suite = suites.shift(); suite; suite = suites.shift()) {
    const { name, version } = suite;
    const start = (env, take) => mocha(node, `dist/test/ui/${name}.test.mjs`, { ...env, KICKOFFS_VERSION: version }, [], take);
    await tally.attempt(`${name}, ${version} VS Code`, start);
  }
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
