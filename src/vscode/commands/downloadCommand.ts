import vscode = require('vscode');
import type { Board } from '#core/history/board';
import type { Kickoff } from '#core/kickoff/kickoff';
import { UserFacingError } from '#core/lib/errors';
import type { AnswerDownloader } from '#core/polling/ports';
import { documentName } from '#present/documents/documentName';
import { commandWords } from '#present/words/commandWords';
import { words } from '#present/words/words';
import { askWhere } from '#vscode/prompts/saveDialog';
import type { CommandArguments } from './arguments';

/** What can be done with an answer that is too large to be kept. */
export class DownloadCommand {
  constructor(
    private readonly board: Board,
    private readonly find: CommandArguments,
    private readonly saver: AnswerDownloader,
    private readonly folder: vscode.Uri,
  ) {}

  async save(target: unknown): Promise<void> {
    const isTooLarge = (one: Kickoff): boolean => this.board.troubleOf(one)?.kind === 'tooLarge';
    const kickoff = await this.find.kickoff(target, { command: 'saveAnswer', suits: isTooLarge, none: commandWords.noneTooLarge });
    const deployment = this.board.deployment(kickoff.deployment);
    if (!deployment || !isTooLarge(kickoff)) throw new UserFacingError(vscode.l10n.t(commandWords.notTooLarge));
    const file = await askWhere(documentName(kickoff, 'status'), vscode.l10n.t(words.saveAnswer));
    if (!file) return;

    const { saver, folder } = this;
    const { saveAnswer } = await import('./download');
    const failure = await saveAnswer({ deployment, kickoff, file, saver, folder });
    if (failure !== undefined) throw new UserFacingError(failure);
  }
}
