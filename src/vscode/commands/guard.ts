import vscode = require('vscode');
import type { CommandName } from '#contributions';
import { Cancelled, UserFacingError } from '#core/lib/errors';
import { words } from '#present/words/words';
import { traceOf } from '#vscode/log';
import { isFromUser } from './target';

const t = vscode.l10n.t;

/** A handler for each contributed command. A missing or extra handler doesn't compile. */
export type Handlers = { readonly [Name in CommandName]: (target?: unknown, selection?: unknown) => unknown };

/** Runs the command with this name. */
export type Run = (name: CommandName, target?: unknown, selection?: unknown) => unknown;

/** Wraps all commands with error handling. A program that passes an argument gets the value or the error. A user sees a message. */
export function guard(run: Run, log: vscode.LogOutputChannel): Run {
  return async (name, target, selection) => {
    try {
      return await run(name, target, selection);
    } catch (error) {
      if (error instanceof Cancelled) return undefined;
      // User-facing errors are expected. Other errors are bugs.
      log[error instanceof UserFacingError ? 'warn' : 'error'](`${name}: ${traceOf(error)}`);
      if (!isFromUser(target)) throw error;
      showFailure(error, log);
      return undefined;
    }
  };
}

/** Shows an error message without waiting for the user. A button opens the log if it contains more details. */
export function showFailure(error: unknown, log: vscode.LogOutputChannel): void {
  const isAll = error instanceof UserFacingError && !error.cause;
  const buttons = isAll ? [] : [t(words.showLog)];
  void vscode.window[isAll ? 'showWarningMessage' : 'showErrorMessage'](sentenceOf(error), ...buttons).then(
    (choice) => choice && log.show(),
  );
}

export function sentenceOf(error: unknown): string {
  return t(error instanceof UserFacingError ? error.message : words.failure);
}
