// Runs the unit tests for Stryker with this repository's mocha, in one process and without time limits. The tests of the mutant's file run
// first.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import Mocha from 'mocha';

const require = createRequire(import.meta.url);

/** The global object with which Stryker switches mutants in the built tests. */
const switches = (globalThis.__stryker__ ??= {});

/** The test runner. Mutants of code that runs at load time need a reload of the files. Other mutants are switched at run time. */
class UnitTests {
  #files = [];
  #loaded;

  capabilities() {
    return { reloadEnvironment: true };
  }

  init() {
    const folders = (process.env['MUTATED'] ?? 'core').split(',').map((folder) => path.resolve('dist/test/unit', folder));
    this.#files = folders
      .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => path.join(folder, file)))
      .filter((file) => file.endsWith('.test.js') && !long.includes(nameOf(file)));
    this.#loaded = load(this.#files);
  }

  async dryRun() {
    this.#loaded.suite.beforeEach(function () {
      switches.currentTestId = this.currentTest.fullTitle();
    });
    const tests = await run(this.#loaded);
    this.#loaded.suite._beforeEach.pop();
    return { status: 'complete', tests, mutantCoverage: switches.mutantCoverage };
  }

  async mutantRun({ activeMutant: { id, fileName }, testFilter, hitLimit, mutantActivation }) {
    if (Number(id) % every !== 0) return { status: 'error', errorMessage: 'Not in the sample' };
    switches.activeMutant = id;
    switches.hitCount = 0;
    switches.hitLimit = hitLimit;
    const tests = await this.#meet(fileName, mutantActivation === 'static' ? undefined : testFilter);
    switches.activeMutant = undefined;
    if (hitLimit !== undefined && switches.hitCount > hitLimit) return { status: 'timeout' };
    const failed = tests.filter(({ status }) => status === failure);
    return failed.length === 0
      ? { status: 'survived', nrOfTests: tests.length }
      : { status: 'killed', nrOfTests: tests.length, killedBy: failed.map(({ id }) => id), failureMessage: failed[0].failureMessage };
  }

  async #meet(fileName, names) {
    const mirrors = (file) => nameOf(file).startsWith(nameOf(fileName)) || nameOf(fileName).startsWith(nameOf(file));
    const inOrder = (files) => files.toSorted((one, other) => Number(mirrors(other)) - Number(mirrors(one)));
    if (names) {
      const wanted = new Set(names);
      this.#loaded.grep({ test: (title) => wanted.has(title) });
      const { suites } = this.#loaded.suite;
      const order = inOrder(suites.map(({ file }) => file));
      suites.sort((one, other) => order.indexOf(one.file) - order.indexOf(other.file));
      return run(this.#loaded, true);
    }
    const inSource = fileName.split(path.sep).join('/');
    const source = `\n// ${inSource.slice(inSource.lastIndexOf('/src/') + 1)}\n`;
    const all = [];
    for (const file of inOrder(this.#files.filter((one) => readFileSync(one, 'utf8').includes(source)))) {
      all.push(...(await runReloaded(file)));
      if (all.at(-1)?.status === failure) break;
    }
    return all;
  }
}

/** Loads a test file and runs it until a test fails. A file that can't be loaded counts as a failed test. */
async function runReloaded(file) {
  try {
    return await run(load([file]), true);
  } catch (error) {
    return [{ id: file, status: failure, failureMessage: String(error) }];
  }
}

/**
 * Skipped test files: long simulations, random tests that need many runs, and tests with other processes. No mutant is active in other
 * processes.
 */
const long = ['pasteFuzz', 'ceiling', 'pollIntervalSimulation', 'waking', 'day', 'bombs', 'contest', 'contained'];
/** Skipped titles: tests with huge texts, which take minutes with all mutants in the code, and tests that measure time. */
const huge =
  /linear time|deeper than the call stack|of any size|computed from a sample|of 320 MiB|for 64 MB|never stops sending|killed at random/;

/** The runner skips mutants whose ID isn't a multiple of this number. The report leaves them out too. */
const every = Number(process.env['EVERY'] ?? 1);

const success = 0;
const failure = 1;
const nameOf = (file) => path.basename(file).split('.')[0];

function load(files) {
  const mocha = new Mocha({ timeout: 0, reporter: class {} });
  mocha.cleanReferencesAfterRun(false).lazyLoadFiles(true);
  for (const file of files) {
    delete require.cache[file];
    mocha.addFile(file);
  }
  mocha.loadFiles();
  setUp(mocha.suite);
  return mocha;
}

function setUp(suite) {
  suite.tests = suite.tests.filter((test) => !huge.test(test.fullTitle()));
  for (const test of suite.tests) test.timeout(0);
  for (const inner of suite.suites) setUp(inner);
}

function run(mocha, untilOneFails = false) {
  const tests = [];
  const ended = (test, status, failureMessage) =>
    tests.push({ id: test.fullTitle(), name: test.fullTitle(), timeSpentMs: test.duration ?? 0, status, failureMessage });
  bail(mocha.suite, untilOneFails);
  return new Promise((resolve) => {
    mocha
      .run(() => resolve(tests))
      .on('pass', (test) => ended(test, success))
      .on('fail', (test, error) => ended(test, failure, error.message));
  });
}

function bail(suite, should) {
  suite.bail(should);
  for (const inner of suite.suites) bail(inner, should);
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'unit', injectableClass: UnitTests }];
