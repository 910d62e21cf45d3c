// `npm test`: everything. `npm run unit`: what needs no VS Code. More words choose steps: checks, unit, integration, ui.
import { runTests } from '@vscode/test-electron';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chooseVSCode } from './host/choose.mjs';
import { installHost, modernNode } from './host/install.mjs';
import { errorsIn } from './host/logs.mjs';
import { bin, must, root, run, Tally } from './steps.mjs';

const asked = process.argv.slice(2);
const wants = (step) => asked.length === 0 || asked.includes(step);
const versions = ['oldest', 'newest'].filter((version) => !process.env.KICKOFFS_VERSION || process.env.KICKOFFS_VERSION === version);
const node = process.execPath;
const byRealTime = 'quickTasks';
/**
 * What both versions are asked when both are tested, since a window that comes up takes eleven seconds of a core: the main job, all that
 * is done by keyboard, and what survives a kill and a reload. A version that is named alone is asked everything.
 */
const onBoth = ['settings', 'survival', 'states', 'commands', 'mainJob', 'envImport', 'paste', 'tokens'];
/** The longest are begun first, so that no worker is left with one alone. */
const minutes = ['settings', 'troubles', 'survival', 'hostileWorkspace', 'windows', 'troublesHere', 'report', 'states', 'damage'];
const halfMinutes = ['fullDisk', 'freshness', 'troublesOnTheWay', 'mainJob', 'underWay', 'hostile', 'commands'];
const longest = [...minutes, ...halfMinutes];
/** Whatever names the extension in a log: its id, its view, the folder from which it is run. */
const ours = new RegExp(`crewai-?kickoffs|${path.join(root, 'dist').replaceAll(/\W/g, '\\$&')}\\b`, 'i');
const tally = new Tally();

await must(node, ['esbuild.js', '--production', '--quiet']);
await must(node, ['esbuild.js', '--only=simulate,unit,integration,timers,stranger,ui,uiOldest', '--quiet']);

await Promise.all([wants('checks') && checks(), wants('ui') && install()]);
if (wants('unit')) await unit();
if (wants('ui')) await must(node, ['test/support/package.mjs']);
await Promise.all([wants('integration') && hosts(), wants('ui') && realTime()]);
if (wants('ui')) await workbench();
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
  // Contests of processes are mostly waited for: begun first, a worker of its own has them.
  const files = ['dist/test/unit/store/contest.test.js', 'dist/test/unit/**/*.test.js'];
  await tally.suite('unit', (env) => mocha(modern, files, env, ['--parallel', '--jobs', '3']));
}

async function hosts() {
  for (const which of versions) await tally.suite(`in VS Code, ${which}`, (env) => inVSCode(which, env));
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

async function inVSCode(which, env) {
  const { executable } = await chooseVSCode(which);
  const folder = mkdtempSync(path.join(tmpdir(), 'kickoffs-vscode-'));
  try {
    // A second extension, which is activated first and watches the timers of ours.
    const watcher = path.join(folder, 'extensions/kickoffs-tests.timers-0.0.1');
    cpSync(path.join(root, 'dist/test/timers'), watcher, { recursive: true });
    cpSync(path.join(root, 'test/support/timers/package.json'), path.join(watcher, 'package.json'));
    const code = await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: root,
      extensionTestsPath: path.join(root, 'dist/test/integration/index.js'),
      extensionTestsEnv: { ...env, KICKOFFS_WATCHED: path.join(root, 'dist/whole.js') },
      launchArgs: [`--user-data-dir=${folder}/data`, `--extensions-dir=${folder}/extensions`],
    });
    const errors = errorsIn(path.join(folder, 'data'), ours);
    for (const error of errors) console.error(`in the logs: ${error}`);
    return errors.length > 0 ? 1 : code;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
