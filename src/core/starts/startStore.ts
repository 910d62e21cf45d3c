import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import type { Inputs, StartAttempt } from './attempt';

/** Changes are durable when a method resolves. Rejects with a `UserFacingError` if the history can't be read or written. */
export interface StartStore {
  addStart(attempt: StartAttempt): Promise<void>;
  /** Does nothing if the attempt doesn't exist anymore. */
  changeStart(attempt: StartAttempt): Promise<void>;
  deleteStart(attempt: StartAttempt): Promise<void>;
  /** Replaces an attempt by its run, in one transaction. The run gets the inputs of the attempt. Returns the run as stored. */
  acceptStart(attempt: StartAttempt, kickoff: Kickoff): Promise<Kickoff>;
  /** Undefined if the run's inputs aren't known. */
  inputs(ref: KickoffRef): Promise<Inputs | undefined>;
}
