import type * as vscode from 'vscode';
import type { HistoryLoaderParts } from '#core/history/historyLoader';
import { HistoryFailure, UserFacingError } from '#core/lib/errors';
import { words } from '#present/words/words';
import { messageOf, type ShowFailure } from '#vscode/commands/guard';
import { t } from '#vscode/l10n';
import { stackTraceOf } from '#vscode/log';

export interface ErrorParts {
  readonly log: vscode.LogOutputChannel;
  /** Returns false for an error that was reported in the last ten minutes. */
  readonly shouldReport: (error: unknown) => boolean;
  readonly showFailure: ShowFailure;
}

/** Returns the functions that notify of a recovered history, and of a history that can't be read or written. */
export function historyNotifications(parts: ErrorParts): Pick<HistoryLoaderParts, 'notifyRecovered' | 'onError'> {
  const { log, shouldReport, showFailure } = parts;
  return {
    notifyRecovered: ({ damagedPath, isNew }, restoredCount) => {
      const event = damagedPath === undefined ? 'History created again' : `History replaced; old file: ${damagedPath}`;
      log.warn(`${event}; runs restored: ${restoredCount}`);
      if (damagedPath !== undefined) showFailure(new UserFacingError(t(words.setAside, damagedPath, restoredCount)));
      else if (isNew && restoredCount > 0) showFailure(new UserFacingError(t(words.historyGone, restoredCount)));
    },
    onError: (error) => {
      log.error(stackTraceOf(error));
      if (!shouldReport(error)) return;
      // Retries don't help until the user updates the extension or the editor.
      const needsUpdate = error instanceof HistoryFailure && (error.kind === 'newer' || error.kind === 'unavailable');
      showFailure(needsUpdate ? error : new UserFacingError(t(words.triedAgain, messageOf(error)), { cause: error }));
    },
  };
}
