import { spawn } from 'node:child_process';

/**
 * Runs a program to its end and keeps what it said.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ code: number | undefined, said: string }>} `code` is undefined when the program could not be started.
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const letGo = atExit(() => child.kill('SIGKILL'));
    let said = '';
    const keep = (/** @type {Buffer} */ chunk) => (said += chunk.toString());
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const end = (/** @type {number | undefined} */ code) => {
      letGo();
      resolve({ code, said });
    };
    child.once('error', (error) => {
      said += error.message;
      end(undefined);
    });
    child.once('close', (code) => end(code ?? 1));
  });
}

const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
/** @type {Set<() => void>} */
const cleanings = new Set();

/**
 * Has something done when this process ends, by itself or by a signal.
 *
 * @param {() => void} clean Must be synchronous.
 * @returns {() => void} Call it when there is nothing left to clean.
 */
export function atExit(clean) {
  if (cleanings.size === 0) {
    process.on('exit', cleanAll);
    for (const signal of signals) process.on(signal, cleanAndDie);
  }
  cleanings.add(clean);
  return () => {
    if (!cleanings.delete(clean) || cleanings.size > 0) return;
    process.off('exit', cleanAll);
    for (const signal of signals) process.off(signal, cleanAndDie);
  };
}

function cleanAll() {
  for (const clean of [...cleanings]) {
    try {
      clean();
    } catch {
      // The others still want their turn.
    }
  }
}

/** @param {NodeJS.Signals} signal */
function cleanAndDie(signal) {
  cleanAll();
  for (const name of signals) process.off(name, cleanAndDie);
  process.kill(process.pid, signal);
}

/**
 * Ends a process and everything it started; the process must lead its own group (`detached: true`).
 *
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
export function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nobody is left in the group.
  }
}
