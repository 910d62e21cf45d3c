import type { LogOutputChannel } from 'vscode';
import type { Tracker } from '#core/history/tracker';
import type { SecretTokens } from './secretTokens';

/** Deletes what was removed more than seven days ago, and tokens with it. Nobody waits for it. */
export function purge(tracker: Tracker, tokens: SecretTokens, log: LogOutputChannel): void {
  logRemoved(
    tracker.purge().then((urls) => tokens.deleteEach(urls)),
    log,
  );
}

/** Notes how many runs went for their age; nobody is told, for the user has set it so, and *Undo Remove* is there. */
export function logRemoved(removed: Promise<unknown>, log: LogOutputChannel): void {
  const noted = removed.then((count) => {
    if (count) log.info(`history.keepDays: ${Number(count)} runs removed`);
  });
  noted.catch((error: unknown) => log.warn(`nothing removed: ${String(error)}`));
}
