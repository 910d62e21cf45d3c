import vscode = require('vscode');
import { views } from '#contributions';
import type { Board } from '#core/history/board';
import type { Store } from '#core/history/store';
import type { Deployment, DeploymentKey } from '#core/kickoff/deployment';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import { Cancelled, HistoryFailure } from '#core/lib/errors';
import type { Clock, Disposable } from '#core/lib/types';
import type { ErrorThrottle } from '#core/notices/errorThrottle';
import { NoticeQueue, shareMs, standByMs } from '#core/notices/noticeQueue';
import {
  claimWait,
  documentsToOpen,
  hasJustEnded,
  hasNewWait,
  hasResult,
  isNotified,
  opensDocument,
  waitingSince,
} from '#core/notices/noticeRules';
import { plain } from '#present/cleanText';
import { noticeText } from '#present/noticeText';
import { words } from '#present/words/words';
import { showFailure } from '#vscode/commands/guard';
import type { LazyCommands } from '#vscode/commands/lazyCommands';
import { currentSettings } from '#vscode/settings';

/**
 * Notifies once, over all windows, of each run that finishes or waits for human input, and of each rejected token.
 * Nothing waits for the user, because a notification may stay open for hours.
 */
export class EndNotices implements Disposable {
  readonly #refused = new Set<DeploymentKey>();
  readonly #ends: NoticeQueue;
  readonly #others: NoticeQueue;

  constructor(
    private readonly board: Board,
    private readonly store: Pick<Store, 'claimNotice' | 'claimRefusal' | 'forgetRefusal' | 'update'>,
    private readonly commands: Pick<LazyCommands, 'opener' | 'run' | 'setToken'>,
    private readonly log: vscode.LogOutputChannel,
    private readonly errorThrottle: ErrorThrottle,
    private readonly clock: Clock,
  ) {
    const holding = (milliseconds: number): NoticeQueue =>
      new NoticeQueue(
        milliseconds,
        clock,
        (kickoff) => this.#claim(kickoff),
        (claimed) => this.#act(claimed),
        (error) => this.failedToSave(error),
      );
    [this.#ends, this.#others] = [holding(shareMs), holding(standByMs)];
  }

  /** This window received the final status of a run. */
  ended(kickoff: Kickoff): void {
    this.#add(this.#ends, kickoff);
  }

  /** Some runs changed. The polling window notifies first, and the others if it was closed before it could. */
  seen(kickoffs: readonly Kickoff[], isPolling: boolean): void {
    const now = this.clock.now();
    for (const kickoff of kickoffs) {
      if (hasNewWait(kickoff)) this.#add(isPolling ? this.#ends : this.#others, kickoff);
      else if (hasJustEnded(kickoff, now)) this.#add(this.#others, kickoff);
    }
  }

  async #claim(kickoff: Kickoff): Promise<boolean> {
    if (isSettled(kickoff.phase)) return this.store.claimNotice(kickoff);
    const claimed = await claimWait(this.store, kickoff);
    if (claimed) this.board.put(claimed);
    return claimed !== undefined;
  }

  #add(ends: NoticeQueue, kickoff: Kickoff): void {
    const settings = currentSettings();
    if (isNotified(kickoff, settings) || opensDocument(kickoff, settings)) ends.add(kickoff);
  }

  dispose(): void {
    this.#ends.dispose();
    this.#others.dispose();
  }

  #act(claimed: readonly Kickoff[]): void {
    const settings = currentSettings();
    const ended = claimed.filter(({ phase }) => isSettled(phase));
    for (const { kickoff, what } of documentsToOpen(ended, settings))
      this.#do(this.commands.opener().then((opener) => opener.openBeside(kickoff, what)));
    this.#tellEnds(ended.filter((kickoff) => isNotified(kickoff, settings)));
    this.#tellWaits(claimed.flatMap((kickoff) => this.#stillWaiting(kickoff)));
  }

  /** The notification may have been delayed until the user has answered. */
  #stillWaiting(kickoff: Kickoff): readonly Kickoff[] {
    const now = this.board.kickoff(kickoff);
    return now && waitingSince(now) !== undefined ? [now] : [];
  }

  #tellEnds(ended: readonly Kickoff[]): void {
    const [only, ...others] = ended;
    if (!only) return;
    if (others.length > 0) {
      const failed = ended.filter(({ phase }) => phase.kind !== 'succeeded').length;
      this.#show(
        failed > 0,
        vscode.l10n.t(failed > 0 ? words.endedMany : words.endedManyWell, ended.length, failed),
        words.showKickoffs,
        showView,
      );
      return;
    }
    const deployment = this.board.deployment(only.deployment);
    if (!deployment) return;
    const isOutput = hasResult(only);
    const open = async (): Promise<void> => (await this.commands.opener())[isOutput ? 'output' : 'report'](only);
    const text = noticeText(only, deployment, vscode.l10n.t);
    this.#show(only.phase.kind === 'failed', text, isOutput ? words.openOutput : words.openReport, open);
  }

  #tellWaits(waiting: readonly Kickoff[]): void {
    const [only, ...others] = waiting;
    if (!only) return;
    if (others.length > 0) {
      this.#show(false, vscode.l10n.t(words.noticeWaitingMany, waiting.length), words.showKickoffs, showView);
      return;
    }
    const deployment = this.board.deployment(only.deployment);
    if (!deployment) return;
    // The deployment may be at another URL by the time of the click, or gone.
    const open = async (): Promise<void> => {
      const now = this.board.deployment(deployment.key);
      if (now) await this.commands.run('openInBrowser', { deployment: now.url });
    };
    this.#show(false, noticeText(only, deployment, vscode.l10n.t), words.openInBrowser, open);
  }

  /** Shows a message with one button, without waiting for the user. */
  #show(isWarning: boolean, message: string, button: string, act: () => Thenable<unknown>): void {
    const label = vscode.l10n.t(button);
    const show = isWarning ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
    void show(message, label).then((choice) => {
      if (choice === label) this.#do(act());
    });
  }

  /** Notifies of each deployment that began to reject its token, and forgets those that accept it again. */
  lookForRefusals(): void {
    for (const deployment of this.board.deployments) {
      const isRefused = this.board.troubleOfDeployment(deployment)?.kind === 'tokenRefused';
      if (isRefused === this.#refused.has(deployment.key)) continue;
      if (isRefused) {
        this.#refused.add(deployment.key);
        this.#do(this.#refusal(deployment));
      } else {
        this.#refused.delete(deployment.key);
        this.#do(this.store.forgetRefusal(deployment.key));
      }
    }
  }

  async #refusal(deployment: Deployment): Promise<void> {
    if (!(await this.store.claimRefusal(deployment.key))) return;
    // The deployment may be at another URL by the time of the click, or gone.
    const act = async (): Promise<unknown> => {
      const now = this.board.deployment(deployment.key);
      return now && this.commands.setToken(now);
    };
    this.#show(true, vscode.l10n.t(words.tokenRefusedNotice, plain(deployment.label)), words.setToken, act);
  }

  /** Shows now and then that history can't be saved. Responses that couldn't be saved are requested again. */
  failedToSave(error: unknown): void {
    // A notification at startup already said that the history is read-only.
    if (error instanceof HistoryFailure && (error.kind === 'closed' || error.kind === 'newer')) return;
    this.log.error(`not saved: ${String(error)}`);
    if (this.errorThrottle.shouldReport(error)) showFailure(error, this.log);
  }

  #do(work: Thenable<unknown>): void {
    work.then(undefined, (error: unknown) => {
      if (!(error instanceof Cancelled)) showFailure(error, this.log);
    });
  }
}

function showView(): Thenable<unknown> {
  return vscode.commands.executeCommand(`${views.kickoffs}.focus`);
}
