import { spawn } from 'node:child_process';

/**
 * Runs a program until it ends, and returns its output.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ code: number | undefined, output: string }>} `code` is undefined when the program could not be started.
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const removeCleanup = atExit(() => child.kill('SIGKILL'));
    let output = '';
    const append = (/** @type {Buffer} */ chunk) => (output += chunk.toString());
    child.stdout.on('data', append);
    child.stderr.on('data', append);
    const end = (/** @type {number | undefined} */ code) => {
      removeCleanup();
      resolve({ code, output });
    };
    child.once('error', (error) => {
      output += error.message;
      end(undefined);
    });
    child.once('close', (code) => end(code ?? 1));
  });
}

const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
/** @type {Set<() => void>} */
const cleanups = new Set();

/**
 * Registers a function to run when this process exits or receives a signal.
 *
 * @param {() => void} cleanup Must be synchronous.
 * @returns {() => void} Unregisters the function.
 */
export function atExit(cleanup) {
  if (cleanups.size === 0) {
    process.on('exit', runCleanups);
    for (const signal of signals) process.on(signal, cleanUpAndExit);
  }
  cleanups.add(cleanup);
  return () => {
    if (!cleanups.delete(cleanup) || cleanups.size > 0) return;
    process.off('exit', runCleanups);
    for (const signal of signals) process.off(signal, cleanUpAndExit);
  };
}

function runCleanups() {
  for (const cleanup of [...cleanups]) {
    try {
      cleanup();
    } catch {
      // The other cleanups must run even if one cleanup fails.
    }
  }
}

function cleanUpAndExit(/** @type {NodeJS.Signals} */ signal) {
  runCleanups();
  for (const name of signals) process.off(name, cleanUpAndExit);
  process.kill(process.pid, signal);
}

/** Sends a signal to a process and all its descendants. The process must lead its own group (`detached: true`). */
export function signalGroup(/** @type {import('node:child_process').ChildProcess} */ child, /** @type {NodeJS.Signals} */ signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is empty.
  }
}
