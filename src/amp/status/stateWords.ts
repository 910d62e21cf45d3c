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

/** No word is longer; folding megabytes takes seconds. */
const longestWord = 100;

/** What a state word of either dialect means; undefined for an unknown one. */
export function kindOf(word: string): Phase['kind'] | undefined {
  if (word.length > longestWord) return undefined;
  const folded = word
    .toUpperCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();
  return kinds.get(folded) ?? (folded.includes('HUMAN') ? 'waiting' : undefined);
}
