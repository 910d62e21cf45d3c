import vscode = require('vscode');
import type { HistoryLoaderParts } from '#core/history/historyLoader';
import type { HistoryRecovered } from '#core/history/store';
import { HistoryFailure, UserFacingError } from '#core/lib/errors';
import type { ErrorThrottle } from '#core/notices/errorThrottle';
import { words } from '#present/words/words';
import { sentenceOf, showFailure } from '#vscode/commands/guard';
import { traceOf } from '#vscode/log';

const t = vscode.l10n.t;

/** Returns the notifications about the run history. */
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

/** Shows once that the history was lost or damaged, and how many runs were restored. */
function showRecovered({ setAside, isNew }: HistoryRecovered, count: number, log: vscode.LogOutputChannel): void {
  log.warn(`history: ${setAside ?? 'another file'}, ${count} runs`);
  if (setAside !== undefined) showFailure(new UserFacingError(t(words.setAside, setAside, count)), log);
  else if (isNew && count > 0) showFailure(new UserFacingError(t(words.historyGone, count)), log);
}

/** Shows why the history can't be loaded, and whether the extension retries automatically. */
function showUnavailable(error: unknown, log: vscode.LogOutputChannel): void {
  if (error instanceof HistoryFailure && (error.kind === 'newer' || error.kind === 'unavailable')) {
    showFailure(error, log);
    return;
  }
  showFailure(new UserFacingError(t(words.triedAgain, sentenceOf(error)), { cause: error }), log);
}
