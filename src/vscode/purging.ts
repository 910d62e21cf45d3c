import type { LogOutputChannel } from 'vscode';
import type { Tracking } from '../core/tracking';
import type { SecretTokens } from './secretTokens';

/** Deletes what was removed more than seven days ago, and tokens with it. Nobody waits for it. */
export function purge(tracking: Tracking, tokens: SecretTokens, log: LogOutputChannel): void {
  const purged = tracking.purge().then((urls) => tokens.deleteEach(urls));
  purged.catch((error: unknown) => log.warn(`nothing purged: ${String(error)}`));
}

/** Notes what went for its age; nobody is told, for the user has set it so, and *Undo Remove* is there. */
export function noteRemoved(removed: Promise<number>, log: LogOutputChannel): void {
  const noted = removed.then((count) => {
    if (count > 0) log.info(`history.keepDays: ${count} runs removed`);
  });
  noted.catch((error: unknown) => log.warn(`nothing removed: ${String(error)}`));
}
