import * as vscode from 'vscode';
import type { Board } from '../core/board';
import { UserFacingError } from '../core/errors';
import { olderThan } from '../core/keeping';
import type { Tracking } from '../core/tracking';
import { words } from '../present/wordsAll';
import { pickTitle } from './commandTitle';
import { closeDocuments } from './openTabs';
import { back, choose } from './prompts';
import type { Removing } from './removing';
import type { SecretTokens } from './secretTokens';

const t = vscode.l10n.t;

/** What takes much off the list at once. */
export class Deleting {
  constructor(
    private readonly board: Board,
    private readonly tracking: Tracking,
    private readonly tokens: Pick<SecretTokens, 'deleteEach'>,
    private readonly removing: Removing,
  ) {}

  /** Removes runs that finished long ago, but no active or unread ones. They can be restored for seven days. */
  async deleteOldRuns(): Promise<void> {
    const now = Date.now();
    const items = [90, 30, 7, 1].map((days) => ({
      label: days === 1 ? t(words.oldRunsDay) : t(words.oldRunsDays, days),
      description: t(words.oldRunsCount, olderThan(days, this.board.kickoffs, now).length),
      days,
    }));
    const item = await choose(items, { title: pickTitle('deleteOldRuns'), placeholder: t(words.oldRunsPlaceholder) });
    if (item === back) return;

    const kickoffs = olderThan(item.days, this.board.kickoffs, now);
    if (kickoffs.length === 0) throw new UserFacingError(t(words.noOldRuns));
    await this.removing.remove(kickoffs);
  }

  async deleteAllData(): Promise<void> {
    const goOn = t(words.deleteAll);
    const answer = await vscode.window.showWarningMessage(
      t(words.deleteAllQuestion),
      { modal: true, detail: t(words.deleteAllDetail) },
      goOn,
    );
    if (answer !== goOn) return;
    const urls = await this.tracking.deleteAll();
    // None waits for another to go well.
    await Promise.all([this.tokens.deleteEach(urls), this.tracking.sweep(), closeDocuments()]);
  }
}
