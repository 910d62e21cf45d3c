/** An error whose message is shown to the user. */
export class UserFacingError extends Error {}

/** An error whose message may contain an input of a run. Commands show it to the user, but neither log it nor throw it to a program. */
export class UnloggedError extends UserFacingError {
  constructor(
    message: string,
    readonly loggedText = 'the message may contain an input, so it is not logged',
  ) {
    super(message);
  }
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The error of an action that the user canceled, which isn't shown. */
export class CanceledError extends Error {}

/** A failure to store a token. `present/words/words.ts` contains the message for the user. */
export class TokenNotStored extends UserFacingError {
  constructor(options?: ErrorOptions) {
    super("VS Code's secret storage didn't store the token.", options);
  }
}

/** Messages by kind of failure. `present/words/words.ts` contains the same messages for translation. */
export const historyFailureMessages = {
  diskFull: "Can't save run history: the disk is full. Free up disk space.",
  readOnly: "Can't save run history: its folder is read-only. Make the folder writable.",
  locked: "Can't use run history: another program has locked the file. Close that program.",
  damaged: "Can't read run history: the file is damaged. See the log for details.",
  damagedAnswer: "Can't read this run's saved response because it's damaged. See the log for details.",
  newer:
    "A newer version of this extension wrote the run history. Update the extension. Until then, runs aren't checked and nothing is saved.",
  unavailable: "Can't save run history: this editor doesn't include SQLite. Update the editor, or use VS Code 1.104 or later.",
  closed: "Can't use run history: this window is closing.",
  taken: "Another deployment already uses this URL. If that deployment isn't in your list, run Add Deployment with this URL to restore it.",
  other: "Can't use run history. See the log for details.",
} as const;

export type HistoryFailureKind = keyof typeof historyFailureMessages;

/** A failure of the run history. `cause` is only for the log. */
export class HistoryFailure extends UserFacingError {
  constructor(
    readonly kind: HistoryFailureKind,
    cause?: unknown,
  ) {
    super(historyFailureMessages[kind], { cause });
  }
}
