/** An error whose message is shown to the user. */
export class UserFacingError extends Error {}

/** The error of an action that the user canceled. It isn't shown. */
export class Cancelled extends Error {}

/** VS Code's secret storage didn't store a token. `present/words/words.ts` has the message. */
export class TokenNotStored extends UserFacingError {
  constructor(options?: ErrorOptions) {
    super("VS Code's secret storage didn't store the token.", options);
  }
}

/** Messages by kind of failure. `present/words/words.ts` contains them too, for translation. */
export const historyFailures = {
  diskFull: "Can't save run history: the disk is full.",
  readOnly: "Can't save run history: its folder is read-only.",
  locked: "Can't save run history: another program has locked the file.",
  damaged: "Can't read run history: the file is damaged.",
  damagedAnswer: 'The saved response of this run is damaged.',
  newer:
    "The run history was written by a newer version of this extension. It's read-only until you update: runs aren't checked and nothing is saved.",
  unavailable: "Can't save run history: this editor doesn't include SQLite.",
  closed: "Can't use run history: this window is closing.",
  taken: "Another deployment already uses this URL. If it isn't in your list, you removed it recently.",
  other: "Can't save run history. See the log for details.",
} as const;

export type HistoryFailureKind = keyof typeof historyFailures;

/** A failure of the run history. Its cause is for the log. */
export class HistoryFailure extends UserFacingError {
  constructor(
    readonly kind: HistoryFailureKind,
    cause?: unknown,
  ) {
    super(historyFailures[kind], { cause });
  }
}
