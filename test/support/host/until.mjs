import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

/**
 * Asks again and again until the answer is good: soon at first, and less often the longer it takes, for asking keeps a window busy.
 *
 * @template T
 * @param {string} description What is waited for; the error says it, with the last answer.
 * @param {() => T | Promise<T>} ask A truthy answer is good.
 * @param {number} [timeoutMs]
 * @returns {Promise<NonNullable<T>>}
 */
export async function until(description, ask, timeoutMs = 45_000) {
  const start = Date.now();
  /** @type {unknown} */
  let last;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    const elapsedMs = Date.now() - start;
    if (elapsedMs > timeoutMs) throw new Error(`Waited ${timeoutMs / 1000} seconds for ${description}; last seen: ${shown(last)}`);
    await sleep(Math.min(300, 50 + elapsedMs / 10));
  }
}

/** @param {unknown} value */
function shown(value) {
  return value instanceof Error ? value.message : inspect(value, { depth: 4, breakLength: 120 });
}
