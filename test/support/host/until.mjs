import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

/**
 * Calls a function until it returns a truthy value. Waits longer after each call, because the calls keep a window busy.
 *
 * @template T
 * @param {string} description The expected state, for the error message. The last value is part of this message.
 * @param {() => T | Promise<T>} attempt A thrown error counts as a falsy value.
 * @param {number} [timeoutMs]
 * @returns {Promise<NonNullable<T>>}
 */
export async function until(description, attempt, timeoutMs = 45_000) {
  const start = Date.now();
  /** @type {unknown} */
  let last;
  for (;;) {
    try {
      const result = await attempt();
      if (result) return result;
      last = result;
    } catch (error) {
      last = error;
    }
    const elapsedMs = Date.now() - start;
    if (elapsedMs > timeoutMs) throw new Error(`Waited ${timeoutMs / 1000} seconds for ${description}; last seen: ${shown(last)}`);
    await sleep(Math.min(500, 50 + elapsedMs / 10));
  }
}

function shown(/** @type {unknown} */ value) {
  return value instanceof Error ? value.message : inspect(value, { depth: 4, breakLength: 120 });
}
