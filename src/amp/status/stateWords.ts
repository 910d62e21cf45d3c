import type { Phase } from '#core/kickoff/kickoff';

const kinds: ReadonlyMap<string, Phase['kind']> = new Map<string, Phase['kind']>([
  ['PENDING', 'queued'],
  ['QUEUED', 'queued'],
  ['SCHEDULED', 'queued'],
  ['CREATED', 'queued'],
  ['STARTED', 'running'],
  ['RUNNING', 'running'],
  ['RETRY', 'running'],
  ['IN PROGRESS', 'running'],
  ['SUCCESS', 'succeeded'],
  ['SUCCEEDED', 'succeeded'],
  ['COMPLETED', 'succeeded'],
  ['COMPLETE', 'succeeded'],
  ['FINISHED', 'succeeded'],
  ['DONE', 'succeeded'],
  ['FAILED', 'failed'],
  ['FAILURE', 'failed'],
  ['ERROR', 'failed'],
  ['TIMEOUT', 'failed'],
  ['TIMED OUT', 'failed'],
  ['CRASHED', 'failed'],
  ['REVOKED', 'stopped'],
  ['CANCELLED', 'stopped'],
  ['CANCELED', 'stopped'],
  ['STOPPED', 'stopped'],
  ['ABORTED', 'stopped'],
  ['PAUSED', 'waiting'],
  ['NOT FOUND', 'missing'],
]);

/** Longer status words count as unknown, because normalizing megabytes takes seconds. */
const longestWord = 100;

/** Returns the phase for a status word of either dialect of the AMP API. Undefined for an unknown word. */
export function kindOf(word: string): Phase['kind'] | undefined {
  if (word.length > longestWord) return undefined;
  const folded = word
    .toUpperCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();
  return kinds.get(folded) ?? (folded.includes('HUMAN') ? 'waiting' : undefined);
}
