import vscode = require('vscode');
import { olderThan } from '#core/history/retention';
import { UserFacingError } from '#core/lib/errors';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';
import { choose } from '#vscode/prompts/prompts';
import { pickTitle } from './arguments';
import type { CommandParts } from './commandParts';

/** Removes finished runs older than the age that the user enters, except unread runs. */
export async function deleteOldRuns({ board, clock, runRemover }: CommandParts): Promise<void> {
  const now = clock.now();
  const items = [90, 30, 7, 1].flatMap((days) => {
    const { length } = olderThan(days, board.kickoffs, now);
    const label = days === 1 ? t(commandWords.oldRunsDay) : t(commandWords.oldRunsDays, days);
    return length === 0 ? [] : [{ label, description: t(commandWords.oldRunsCount, length), days }];
  });
  if (items.length === 0) throw new UserFacingError(t(commandWords.noOldRuns));
  const { days } = await choose(items, { title: pickTitle('deleteOldRuns'), placeholder: t(commandWords.oldRunsPlaceholder) });
  await runRemover.remove(olderThan(days, board.kickoffs, now));
}

export async function deleteAllData({ tracker, tokens }: CommandParts): Promise<void> {
  const goOn = t(commandWords.deleteAll);
  const answer = await vscode.window.showWarningMessage(
    t(commandWords.deleteAllQuestion),
    { modal: true, detail: t(commandWords.deleteAllDetail) },
    goOn,
  );
  if (answer !== goOn) return;
  const kept = await tracker.deleteAll((urls) => tokens.deleteEach(urls));
  await tracker.vacuum();
  if (kept.length > 0) throw new UserFacingError(t(commandWords.tokensNotDeleted));
}
