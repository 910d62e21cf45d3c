import vscode = require('vscode');
import type { HistoryLoaderParts } from '#core/history/historyLoader';
import type { HistoryRecovered } from '#core/history/store';
import { HistoryFailure, UserFacingError } from '#core/lib/errors';
import type { ErrorThrottle } from '#core/notices/errorThrottle';
import { words } from '#present/words/words';
import { sentenceOf, showFailure } from '#vscode/commands/guard';
import { t } from '#vscode/l10n';
import { traceOf } from '#vscode/log';

/** Notifies of a recovered history, and of one that can't be loaded. */
export function historyNotices(
  log: vscode.LogOutputChannel,
  errorThrottle: ErrorThrottle,
): Pick<HistoryLoaderParts, 'notifyRecovered' | 'failed'> {
  return {
    notifyRecovered: (recovered, count) => showRecovered(recovered, count, log),
    failed: (error) => {
      log.error(traceOf(error));
      if (errorThrottle.shouldReport(error)) showUnavailable(error, log);
    },
  };
}

/** Notifies once that the history was lost or unreadable, and how many runs were restored. */
function showRecovered({ setAside, isNew }: HistoryRecovered, count: number, log: vscode.LogOutputChannel): void {
  log.warn(
    setAside === undefined
      ? `History created again; runs restored: ${count}`
      : `History replaced; old file: ${setAside}; runs restored: ${count}`,
  );
  if (setAside !== undefined) showFailure(new UserFacingError(t(words.setAside, setAside, count)), log);
  else if (isNew && count > 0) showFailure(new UserFacingError(t(words.historyGone, count)), log);
}

/** Shows why the history can't be loaded, and that the extension keeps trying if it does. */
function showUnavailable(error: unknown, log: vscode.LogOutputChannel): void {
  if (error instanceof HistoryFailure && (error.kind === 'newer' || error.kind === 'unavailable')) {
    showFailure(error, log);
    return;
  }
  showFailure(new UserFacingError(t(words.triedAgain, sentenceOf(error)), { cause: error }), log);
}
