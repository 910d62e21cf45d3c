import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root: every script runs there. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A program of node_modules/.bin, run by this Node on every system. */
export const bin = (name) => path.join(root, 'node_modules', ...name.split('/'));

/**
 * Runs a program to its end and gives its exit code; its output goes where ours goes, or to who takes it.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @param {(text: Buffer) => void} [take]
 * @returns {Promise<number>}
 */
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

/** Runs a step or ends this process: what follows needs it. */
export async function must(program, args, env) {
  const code = await run(program, args, env);
  if (code !== 0) process.exit(code);
}

/** Adds up what passed and failed, step by step. */
export class Tally {
  passed = 0;
  failed = 0;
  /** The failures, one line each. In a long output only the end is visible. */
  #failures = [];
  #folder = mkdtempSync(path.join(tmpdir(), 'kickoffs-tests-'));
  #steps = 0;

  /** One check that passes or fails as a whole; what it says comes at its end, for others may run beside it. */
  async check(name, program, args) {
    const said = [];
    const code = await run(program, args, {}, (text) => said.push(text));
    heading(name, said);
    if (code === 0) this.passed++;
    else this.#fail(name);
  }

  /** Suites that run beside each other: what each says comes at its end. */
  async suites(several) {
    const beside = async ([name, start]) => {
      const said = [];
      await this.#suite(name, (env) => start(env, (text) => said.push(text)));
      heading(name, said);
    };
    await Promise.all(several.map(beside));
  }

  async suite(name, start) {
    heading(name);
    await this.#suite(name, start);
  }

  /** A suite that writes its counts to COUNTS_FILE; one that ends badly without a failed test has failed all the same. */
  async #suite(name, start) {
    const file = path.join(this.#folder, `${++this.#steps}.json`);
    const code = await start({ COUNTS_FILE: file });
    const { passed, failed, names } = countsIn(file);
    this.passed += passed;
    this.failed += failed;
    this.#failures.push(...names);
    if (passed + failed === 0 || (code !== 0 && failed === 0)) this.#fail(`${name}: ended with code ${code} after ${passed} passed tests`);
  }

  #fail(name) {
    this.failed++;
    this.#failures.push(name);
  }

  /** Prints the closing line and ends this process. */
  close() {
    rmSync(this.#folder, { recursive: true, force: true });
    for (const failure of this.#failures) console.log(`failed: ${failure.replaceAll(/\s+/g, ' ').slice(0, 400)}`);
    console.log(`\n${this.passed} passed, ${this.failed} failed`);
    process.exit(this.failed === 0 ? 0 : 1);
  }
}

function heading(name, said = []) {
  const minutes = (performance.now() / 60_000).toFixed(1);
  console.log(`\n== ${name} [${minutes} min]`);
  process.stdout.write(Buffer.concat(said));
}

function countsIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, names: [] };
  }
}
