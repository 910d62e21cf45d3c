import vscode = require('vscode');
import type { KickoffList } from '#core/history/kickoffList';
import { olderThan } from '#core/history/retention';
import type { Tracker } from '#core/history/tracker';
import { UserFacingError } from '#core/lib/errors';
import type { Clock } from '#core/lib/types';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';
import { choose } from '#vscode/prompts/prompts';
import type { SecretTokens } from '#vscode/secretTokens';
import { pickTitle } from './arguments';
import type { RunRemover } from './runRemover';

export interface DeleteCommandsParts {
  readonly board: KickoffList;
  readonly tracker: Tracker;
  readonly tokens: Pick<SecretTokens, 'deleteEach'>;
  readonly runRemover: RunRemover;
  readonly clock: Pick<Clock, 'now'>;
}

/** The commands that remove or delete many runs. */
export class DeleteCommands {
  constructor(private readonly parts: DeleteCommandsParts) {}

  /** Removes finished runs older than the age that the user enters, except unread runs. */
  async deleteOldRuns(): Promise<void> {
    const now = this.parts.clock.now();
    const items = [90, 30, 7, 1].flatMap((days) => {
      const { length } = olderThan(days, this.parts.board.kickoffs, now);
      const label = days === 1 ? t(commandWords.oldRunsDay) : t(commandWords.oldRunsDays, days);
      return length === 0 ? [] : [{ label, description: t(commandWords.oldRunsCount, length), days }];
    });
    if (items.length === 0) throw new UserFacingError(t(commandWords.noOldRuns));
    const { days } = await choose(items, { title: pickTitle('deleteOldRuns'), placeholder: t(commandWords.oldRunsPlaceholder) });
    await this.parts.runRemover.remove(olderThan(days, this.parts.board.kickoffs, now));
  }

  async deleteAllData(): Promise<void> {
    const goOn = t(commandWords.deleteAll);
    const answer = await vscode.window.showWarningMessage(
      t(commandWords.deleteAllQuestion),
      { modal: true, detail: t(commandWords.deleteAllDetail) },
      goOn,
    );
    if (answer !== goOn) return;
    const kept = await this.parts.tracker.deleteAll((urls) => this.parts.tokens.deleteEach(urls));
    await this.parts.tracker.vacuum();
    if (kept.length > 0) throw new UserFacingError(t(commandWords.tokensNotDeleted));
  }
}
