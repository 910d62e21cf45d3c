import type { Answer } from './answer';
import type { RunView } from './run';

/** What can be wrong with a request, whatever the dialect. */
export type Problem = 'notAuthenticated' | 'tokenRefused' | 'forbidden' | 'throttled' | 'noRoute' | 'missingInputs' | 'final' | 'crash';

/** One of the two ways in which deployments word their answers. */
export interface Dialect {
  readonly status: (run: RunView) => Answer;
  readonly unknownRun: (id: string) => Answer;
  /** `says` replaces the usual sentence. */
  readonly error: (problem: Problem, says?: string) => Answer;
  /** A status that no client knows. */
  readonly word: (word: string) => Answer;
}
