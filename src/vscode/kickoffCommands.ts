import * as vscode from 'vscode';
import type { Board } from '../core/board';
import { HistoryFailure, UserFacingError } from '../core/errors';
import type { Kickoff } from '../core/kickoff';
import type { Poller } from '../core/poller';
import type { Tracking } from '../core/tracking';
import { clean } from '../present/clean';
import { nameOf } from '../present/naming';
import { momentText } from '../present/times';
import { words } from '../present/wordsAll';
import type { Arguments } from './arguments';
import { DeploymentNode, TaskNode } from './nodes';
import { ask, back } from './prompts';
import type { Removing } from './removing';

const t = vscode.l10n.t;

/** What can be done to runs, beside opening what they left. */
export class KickoffCommands {
  constructor(
    private readonly board: Board,
    private readonly tracking: Tracking,
    private readonly poller: Poller,
    private readonly find: Arguments,
    private readonly removing: Removing,
  ) {}

  /** Asks again now; a server that asked to wait is left in peace, and the user told until when. */
  async refresh(given: unknown, selected: unknown): Promise<void> {
    this.#ask(await this.#meant(given, selected));
  }

  refreshAll(): void {
    this.#ask(this.board.kickoffs);
  }

  async copyId(given: unknown, selected: unknown): Promise<void> {
    const kickoffs = await this.find.kickoffs(given, selected);
    await vscode.env.clipboard.writeText(kickoffs.map(({ id }) => id).join('\n'));
    vscode.window.setStatusBarMessage(t(words.idCopied, kickoffs.length), 3_000);
  }

  /** As addresses, which name the deployment too: Track Kickoff takes them. */
  async copyAllIds(): Promise<void> {
    const lines = this.board.kickoffs.map((kickoff) => `${this.board.deployment(kickoff.deployment)?.url ?? ''}/status/${kickoff.id}`);
    await vscode.env.clipboard.writeText(lines.join('\n'));
    vscode.window.setStatusBarMessage(t(words.idsCopied, lines.length), 3_000);
  }

  async rename(kickoff: Kickoff): Promise<void> {
    const label = await ask({
      title: t(words.renameTitle),
      prompt: t(words.renameKickoffPrompt),
      placeholder: nameOf({ ...kickoff, label: '' }),
      value: kickoff.label ?? '',
      check: () => undefined,
    });
    if (label !== back) await this.tracking.rename(kickoff, clean(label));
  }

  async remove(given: unknown, selected: unknown): Promise<void> {
    await this.removing.remove(await this.find.kickoffs(given, selected));
  }

  async markRead(given: unknown, selected: unknown): Promise<void> {
    for (const kickoff of await this.find.kickoffs(given, selected)) await this.tracking.markRead(kickoff);
  }

  async mute(given: unknown, selected: unknown, isMuted: boolean): Promise<void> {
    for (const kickoff of await this.find.kickoffs(given, selected)) await this.tracking.mute(kickoff, isMuted);
  }

  /** Nothing means all; a deployment's row all of its runs. */
  async #meant(given: unknown, selected: unknown): Promise<readonly Kickoff[]> {
    if (given === undefined) return this.board.kickoffs;
    if (given instanceof DeploymentNode) return this.board.kickoffs.filter(({ deployment }) => deployment === given.key);
    return this.find.kickoffs(given instanceof TaskNode ? given.kickoff : given, selected);
  }

  #ask(kickoffs: readonly Kickoff[]): void {
    if (this.tracking.isReadOnly) throw new HistoryFailure('newer');
    this.poller.askNow(kickoffs);
    const throttled = kickoffs.map((kickoff) => this.board.troubleOf(kickoff)).find((trouble) => trouble?.kind === 'throttled');
    const until = throttled?.retryAt ?? (kickoffs.length > 0 ? Math.min(...kickoffs.map(({ notBefore = 0 }) => notBefore)) : 0);
    if (until > Date.now()) throw new UserFacingError(t(words.throttledRefresh, momentText(until, Date.now())));
  }
}
