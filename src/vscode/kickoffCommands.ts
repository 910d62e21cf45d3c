import * as vscode from 'vscode';
import type { Board } from '../core/board';
import type { Deployment } from '../core/deployment';
import { HistoryFailure, UserFacingError } from '../core/errors';
import { isSettled, type Kickoff } from '../core/kickoff';
import type { Poller } from '../core/poller';
import type { Tracking } from '../core/tracking';
import { clean, uncoloured } from '../present/clean';
import { nameOf } from '../present/naming';
import { momentText } from '../present/times';
import { words } from '../present/wordsAll';
import type { Arguments } from './arguments';
import { DeploymentNode } from './nodes';
import { ask, back } from './prompts';
import type { Removing } from './removing';

const t = vscode.l10n.t;

/** The commands for runs, except those that open their documents. */
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
    const kickoffs = await this.find.kickoffs(given, selected, { command: 'copyId' });
    await vscode.env.clipboard.writeText(kickoffs.map(({ id }) => id).join('\n'));
    vscode.window.setStatusBarMessage(t(words.idCopied, kickoffs.length), 3_000);
  }

  /** Copies the whole reason of a failure. */
  async copyError(given: unknown): Promise<void> {
    const kickoff = await this.find.kickoff(given, {
      command: 'copyError',
      suits: (one) => reasonOf(one) !== undefined,
      none: words.noneFailed,
    });
    const reason = reasonOf(kickoff);
    if (reason === undefined) throw new UserFacingError(t(words.noneFailed));
    await vscode.env.clipboard.writeText(uncoloured(reason));
    vscode.window.setStatusBarMessage(t(words.errorCopied), 3_000);
  }

  /** Copies status URLs, which contain the deployment too, so that Track Kickoff understands them. */
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
    await this.removing.remove(await this.find.kickoffs(given, selected, { command: 'remove' }));
  }

  async markRead(given: unknown, selected: unknown): Promise<void> {
    const offer = { command: 'markRead', suits: isUnread, none: words.noneUnread } as const;
    await this.#markRead(await this.find.kickoffs(given, selected, offer));
  }

  /** Marks all runs as read, or all runs of one deployment. */
  async markAllRead(deployment?: Deployment): Promise<void> {
    await this.#markRead(deployment ? this.board.kickoffsOf(deployment) : this.board.kickoffs);
  }

  async #markRead(kickoffs: readonly Kickoff[]): Promise<void> {
    const unread = kickoffs.filter(isUnread);
    if (unread.length === 0) throw new UserFacingError(t(words.noneUnread));
    await this.tracking.markAllRead(unread);
    vscode.window.setStatusBarMessage(t(words.runsRead, unread.length), 3_000);
  }

  async mute(given: unknown, selected: unknown, isMuted: boolean): Promise<void> {
    const toMute = { command: 'mute', suits: (one: Kickoff) => !isSettled(one.phase) && !one.isMuted, none: words.noneToMute } as const;
    const toUnmute = { command: 'unmute', suits: (one: Kickoff) => one.isMuted === true, none: words.noneMuted } as const;
    const kickoffs = await this.find.kickoffs(given, selected, isMuted ? toMute : toUnmute);
    for (const kickoff of kickoffs) await this.tracking.mute(kickoff, isMuted);
  }

  /** Nothing means all; a deployment's row all of its runs. */
  async #meant(given: unknown, selected: unknown): Promise<readonly Kickoff[]> {
    if (given === undefined) return this.board.kickoffs;
    if (given instanceof DeploymentNode) return this.board.kickoffs.filter(({ deployment }) => deployment === given.key);
    return this.find.kickoffs(given, selected, { command: 'refresh' });
  }

  #ask(kickoffs: readonly Kickoff[]): void {
    if (this.tracking.isReadOnly) throw new HistoryFailure('newer');
    this.poller.askNow(kickoffs);
    const throttled = kickoffs.map((kickoff) => this.board.troubleOf(kickoff)).find((trouble) => trouble?.kind === 'throttled');
    const until = throttled?.retryAt ?? (kickoffs.length > 0 ? Math.min(...kickoffs.map(({ notBefore = 0 }) => notBefore)) : 0);
    if (until > Date.now()) throw new UserFacingError(t(words.throttledRefresh, momentText(until, Date.now())));
  }
}

function isUnread(kickoff: Kickoff): boolean {
  return kickoff.isUnread === true;
}

function reasonOf({ phase }: Kickoff): string | undefined {
  return phase.kind === 'failed' ? phase.reason : undefined;
}
