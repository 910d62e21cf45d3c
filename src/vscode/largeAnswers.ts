import * as vscode from 'vscode';
import type { Board } from '../core/board';
import { UserFacingError } from '../core/errors';
import type { Kickoff } from '../core/kickoff';
import type { AnswerSaver } from '../core/ports';
import { documentName } from '../present/documentName';
import { words } from '../present/wordsAll';
import type { Arguments } from './arguments';
import { askWhere } from './saveDialog';

/** What can be done with an answer that is too large to be kept. */
export class LargeAnswers {
  constructor(
    private readonly board: Board,
    private readonly find: Arguments,
    private readonly saver: AnswerSaver,
    private readonly folder: vscode.Uri,
  ) {}

  async save(given: unknown): Promise<void> {
    const isTooLarge = (one: Kickoff): boolean => this.board.troubleOf(one)?.kind === 'tooLarge';
    const kickoff = await this.find.kickoff(given, { command: 'saveAnswer', suits: isTooLarge, none: words.noneTooLarge });
    const deployment = this.board.deployment(kickoff.deployment);
    if (!deployment || !isTooLarge(kickoff)) throw new UserFacingError(vscode.l10n.t(words.notTooLarge));
    const target = await askWhere(documentName(kickoff, 'status'), vscode.l10n.t(words.saveAnswer));
    if (!target) return;

    const { saver, folder } = this;
    const { saveAnswer } = await import('./saving');
    const failure = await saveAnswer({ deployment, kickoff, target, saver, folder });
    if (failure !== undefined) throw new UserFacingError(failure);
  }
}
