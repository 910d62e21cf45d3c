import type { Answer } from './answer';
import type { RunView } from './run';

export type Problem = 'notAuthenticated' | 'tokenRefused' | 'forbidden' | 'throttled' | 'noRoute' | 'missingInputs' | 'badJson' | 'crash';

/** One of the two forms of responses. */
export interface Dialect {
  readonly status: (run: RunView) => Answer;
  readonly unknownRun: (id: string) => Answer;
  /** `says` replaces the default message. */
  readonly error: (problem: Problem, says?: string) => Answer;
  readonly word: (word: string) => Answer;
}
