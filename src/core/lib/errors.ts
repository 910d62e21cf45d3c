/** An error whose message is shown to the user. */
export class UserFacingError extends Error {}

/** The user canceled an action. Nothing is shown. */
export class Cancelled extends Error {}

/** Messages by kind of failure. `present/words/words.ts` contains them too, for translation. */
export const historyFailures = {
  diskFull: 'History cannot be saved: the disk is full.',
  readOnly: 'History cannot be saved: its folder is read-only.',
  locked: 'History cannot be saved: another program keeps it locked.',
  damaged: 'History cannot be read: its file is damaged.',
  damagedAnswer: 'The stored answer of this run is damaged.',
  newer: 'History was written by a newer version of this extension. Until this one is updated it is only shown: nothing is asked or saved.',
  unavailable: 'History cannot be saved: this editor has no SQLite.',
  closed: 'History is closed: this window is going away.',
  taken: 'Another deployment, perhaps a removed one, has that URL.',
  other: 'History cannot be saved. See the log.',
} as const;

export type HistoryFailureKind = keyof typeof historyFailures;

/** A failure of the history. Its cause is for the log. */
export class HistoryFailure extends UserFacingError {
  constructor(
    readonly kind: HistoryFailureKind,
    cause?: unknown,
  ) {
    super(historyFailures[kind], { cause });
  }
}
