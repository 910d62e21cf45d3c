import type { Phase } from '#core/kickoff/kickoff';

const wordsByKind: Readonly<Record<Phase['kind'], readonly string[]>> = {
  queued: ['PENDING', 'QUEUED', 'SCHEDULED', 'CREATED'],
  running: ['STARTED', 'RUNNING', 'RETRY', 'IN PROGRESS'],
  succeeded: ['SUCCESS', 'SUCCEEDED', 'COMPLETED', 'COMPLETE', 'FINISHED', 'DONE'],
  failed: ['FAILED', 'FAILURE', 'ERROR', 'TIMEOUT', 'TIMED OUT', 'CRASHED'],
  stopped: ['REVOKED', 'CANCELLED', 'CANCELED', 'STOPPED', 'ABORTED'],
  waiting: ['PAUSED'],
  missing: ['NOT FOUND'],
};
const kinds = Object.keys(wordsByKind) as Phase['kind'][];

/** The maximum length of a status word. Longer words count as unknown, because normalizing megabytes takes seconds. */
const longestWord = 100;

/** Returns the kind of phase for a status word of either dialect of the AMP API. Undefined for an unknown word. */
export function phaseKindOf(word: string): Phase['kind'] | undefined {
  if (word.length > longestWord) return undefined;
  const normalized = word
    .toUpperCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();
  return kinds.find((kind) => wordsByKind[kind].includes(normalized)) ?? (normalized.includes('HUMAN') ? 'waiting' : undefined);
}
