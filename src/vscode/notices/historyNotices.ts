import type * as vscode from 'vscode';
import type { HistoryLoaderParts } from '#core/history/historyLoader';
import type { HistoryRecovered } from '#core/history/store';
import { HistoryFailure, UserFacingError } from '#core/lib/errors';
import type { ErrorThrottle } from '#core/notices/errorThrottle';
import { words } from '#present/words/words';
import { sentenceOf, type ShowFailure } from '#vscode/commands/guard';
import { t } from '#vscode/l10n';
import { traceOf } from '#vscode/log';

export interface NoticeOutput {
  readonly log: vscode.LogOutputChannel;
  readonly errorThrottle: ErrorThrottle;
  readonly showFailure: ShowFailure;
}

export function historyNotices(output: NoticeOutput): Pick<HistoryLoaderParts, 'notifyRecovered' | 'failed'> {
  const { log, errorThrottle, showFailure } = output;
  return {
    notifyRecovered: (recovered, count) => showRecovered(recovered, count, output),
    failed: (error) => {
      log.error(traceOf(error));
      if (errorThrottle.shouldReport(error)) showUnavailable(error, showFailure);
    },
  };
}

/** Notifies if the history was unreadable, or if it was missing and runs were restored. */
function showRecovered({ setAside, isNew }: HistoryRecovered, count: number, { log, showFailure }: NoticeOutput): void {
  log.warn(
    setAside === undefined
      ? `History created again; runs restored: ${count}`
      : `History replaced; old file: ${setAside}; runs restored: ${count}`,
  );
  if (setAside !== undefined) showFailure(new UserFacingError(t(words.setAside, setAside, count)));
  else if (isNew && count > 0) showFailure(new UserFacingError(t(words.historyGone, count)));
}

/** Mentions retries, unless the user must update the extension or the editor. */
function showUnavailable(error: unknown, showFailure: ShowFailure): void {
  if (error instanceof HistoryFailure && (error.kind === 'newer' || error.kind === 'unavailable')) {
    showFailure(error);
    return;
  }
  showFailure(new UserFacingError(t(words.triedAgain, sentenceOf(error)), { cause: error }));
}
