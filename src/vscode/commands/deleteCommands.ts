import vscode = require('vscode');
import type { Board } from '#core/history/board';
import { olderThan } from '#core/history/retention';
import type { Tracker } from '#core/history/tracker';
import { UserFacingError } from '#core/lib/errors';
import { commandWords } from '#present/words/commandWords';
import { closeDocuments } from '#vscode/documents/openTabs';
import { back, choose } from '#vscode/prompts/prompts';
import type { SecretTokens } from '#vscode/secretTokens';
import { pickTitle } from './arguments';
import type { RemoveRuns } from './removeRuns';

const t = vscode.l10n.t;

/** The commands that remove or delete many runs. */
export class DeleteCommands {
  constructor(
    private readonly board: Board,
    private readonly tracker: Tracker,
    private readonly tokens: Pick<SecretTokens, 'deleteEach'>,
    private readonly removeRuns: RemoveRuns,
  ) {}

  /** Removes runs that finished long ago, but no active or unread ones. They can be restored for seven days. */
  async deleteOldRuns(): Promise<void> {
    const now = Date.now();
    const items = [90, 30, 7, 1].map((days) => ({
      label: days === 1 ? t(commandWords.oldRunsDay) : t(commandWords.oldRunsDays, days),
      description: t(commandWords.oldRunsCount, olderThan(days, this.board.kickoffs, now).length),
      days,
    }));
    const item = await choose(items, { title: pickTitle('deleteOldRuns'), placeholder: t(commandWords.oldRunsPlaceholder) });
    if (item === back) return;

    const kickoffs = olderThan(item.days, this.board.kickoffs, now);
    if (kickoffs.length === 0) throw new UserFacingError(t(commandWords.noOldRuns));
    await this.removeRuns.remove(kickoffs);
  }

  async deleteAllData(): Promise<void> {
    const goOn = t(commandWords.deleteAll);
    const answer = await vscode.window.showWarningMessage(
      t(commandWords.deleteAllQuestion),
      { modal: true, detail: t(commandWords.deleteAllDetail) },
      goOn,
    );
    if (answer !== goOn) return;
    const urls = await this.tracker.deleteAll();
    // A failure of one doesn't prevent the others.
    await Promise.all([this.tokens.deleteEach(urls), this.tracker.vacuum(), closeDocuments()]);
  }
}
