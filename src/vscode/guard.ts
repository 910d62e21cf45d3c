import * as vscode from 'vscode';
import type { CommandName } from '../contributions';
import type { CustodyParts } from '../core/custody';
import { Cancelled, HistoryFailure, UserFacingError } from '../core/errors';
import type { Mended } from '../core/ports';
import type { Reasons } from '../core/reasons';
import { words } from '../present/words';
import { isOfUser } from './given';
import { traceOf } from './logged';

const t = vscode.l10n.t;

/** A handler for every contributed command: a missing or extra one does not compile. */
export type Handlers = { readonly [Name in CommandName]: (given?: unknown, selected?: unknown) => unknown };

/** What a command does, by its name. */
export type Run = (name: CommandName, given?: unknown, selected?: unknown) => unknown;

/** The one guard of all commands. A program that calls with an argument gets the value or the error; a user gets a sentence. */
export function guarded(run: Run, log: vscode.LogOutputChannel): Run {
  return async (name, given, selected) => {
    try {
      return await run(name, given, selected);
    } catch (error) {
      if (error instanceof Cancelled) return undefined;
      // What the user is told was foreseen; an error in the log is a mistake of ours.
      log[error instanceof UserFacingError ? 'warn' : 'error'](`${name}: ${traceOf(error)}`);
      if (!isOfUser(given)) throw error;
      showFailure(error, log);
      return undefined;
    }
  };
}

/** Shows why something failed, without waiting for an answer; the button leads to the log, where that says more. */
export function showFailure(error: unknown, log: vscode.LogOutputChannel): void {
  const isAll = error instanceof UserFacingError && !error.cause;
  const buttons = isAll ? [] : [t(words.showLog)];
  void vscode.window[isAll ? 'showWarningMessage' : 'showErrorMessage'](sentenceOf(error), ...buttons).then(
    (choice) => choice && log.show(),
  );
}

/** How the user is told what becomes of the history. */
export function telling(log: vscode.LogOutputChannel, reasons: Reasons): Pick<CustodyParts, 'tell' | 'failed'> {
  return {
    tell: (mended, count) => tellMended(mended, count, log),
    failed: (error) => {
      log.error(traceOf(error));
      if (reasons.isToTell(error)) tellWhyNone(error, log);
    },
  };
}

/** Says once what became of a history that was lost or could not be read, and how much of it is back. */
function tellMended({ setAside, isNew }: Mended, count: number, log: vscode.LogOutputChannel): void {
  log.warn(`history: ${setAside ?? 'another file'}, ${count} runs`);
  if (setAside !== undefined) showFailure(new UserFacingError(t(words.setAside, setAside, count)), log);
  else if (isNew && count > 0) showFailure(new UserFacingError(t(words.historyGone, count)), log);
}

/** Says why there is no history to work on, and that it will come by itself, where it will. */
function tellWhyNone(error: unknown, log: vscode.LogOutputChannel): void {
  if (error instanceof HistoryFailure && (error.kind === 'newer' || error.kind === 'unavailable')) {
    showFailure(error, log);
    return;
  }
  showFailure(new UserFacingError(t(words.triedAgain, sentenceOf(error)), { cause: error }), log);
}

function sentenceOf(error: unknown): string {
  return t(error instanceof UserFacingError ? error.message : words.failure);
}
