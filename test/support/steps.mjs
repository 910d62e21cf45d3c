import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository, which is the working directory of every script. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Returns the path of a program in node_modules, which this Node can run on every system. */
export const bin = (name) => path.join(root, 'node_modules', ...name.split('/'));

/** Runs a program and returns its exit code. The program's output goes to `take`, or to the output of this process. */
export function run(program, args, env = {}, take) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: take ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      env: { ...process.env, ...env },
    });
    if (take) for (const stream of [child.stdout, child.stderr]) stream.on('data', take);
    child.on('error', (error) => {
      console.error(error.message);
      resolve(127);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** Runs a step, and exits if the step fails. */
export async function must(program, args, env) {
  const code = await run(program, args, env);
  if (code !== 0) process.exit(code);
}

/** Counts passed and failed tests over all steps. */
export class Tally {
  passed = 0;
  failed = 0;
  /** The failures, one line each. The summary prints failures last, because only the end of a long output is visible. */
  #failures = [];
  #repeated = [];
  #folder = mkdtempSync(path.join(tmpdir(), 'kickoffs-tests-'));
  #steps = 0;

  /** Runs a check, which counts as one test. Prints the output of the check at the end, because checks can run in parallel. */
  async check(name, program, args) {
    const output = [];
    const code = await run(program, args, {}, (text) => output.push(text));
    heading(name, output);
    if (code === 0) this.passed++;
    else this.#fail(name);
  }

  /** Runs a suite in parallel with other suites, which compete for the processor. If the suite fails, `repeatFailed` runs it again. */
  async attempt(name, start) {
    const result = await this.#run(name, start);
    if (result.failures.length === 0) this.#count(result);
    else this.#repeated.push({ name, start, failures: result.failures });
  }

  /**
   * Runs each failed suite of `attempt` again, alone. Only a failure in the second run counts, but the summary lists the failures of both
   * runs.
   */
  async repeatFailed() {
    for (const { name, start } of this.#repeated) this.#count(await this.#run(`${name}, again and alone`, start));
  }

  /**
   * Runs a suite that writes its counts to COUNTS_FILE, and prints its output at the end. An error exit without a failed test counts as a
   * failure.
   */
  async #run(name, start) {
    const file = path.join(this.#folder, `${++this.#steps}.json`);
    const output = [];
    const code = await start({ COUNTS_FILE: file }, (text) => output.push(text));
    heading(name, output);
    const { passed, failed, names } = countsIn(file);
    const hasNoFailedTest = passed + failed === 0 || (code !== 0 && failed === 0);
    return { passed, failures: hasNoFailedTest ? [`${name}: exited with code ${code} after ${passed} passed tests`] : names };
  }

  #count({ passed, failures }) {
    this.passed += passed;
    for (const failure of failures) this.#fail(failure);
  }

  #fail(name) {
    this.failed++;
    this.#failures.push(name);
  }

  close() {
    rmSync(this.#folder, { recursive: true, force: true });
    for (const failure of this.#repeated.flatMap(({ failures }) => failures)) console.log(`failed in the first run: ${oneLine(failure)}`);
    for (const failure of this.#failures) console.log(`failed: ${oneLine(failure)}`);
    console.log(`\n${this.passed} passed, ${this.failed} failed`);
    process.exit(this.failed === 0 ? 0 : 1);
  }
}

function heading(name, output = []) {
  const minutes = (performance.now() / 60_000).toFixed(1);
  console.log(`\n== ${name} [${minutes} min]`);
  process.stdout.write(Buffer.concat(output));
}

function oneLine(text) {
  return text.replaceAll(/\s+/g, ' ').slice(0, 400);
}

function countsIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, names: [] };
  }
}
