import * as vscode from 'vscode';
import { views } from '../contributions';
import type { Board } from '../core/board';
import type { Deployment, DeploymentKey } from '../core/deployment';
import { Ends, shareMs, standByMs } from '../core/ends';
import { Cancelled, HistoryFailure } from '../core/errors';
import type { Kickoff } from '../core/kickoff';
import type { Clock, Disposable, Store } from '../core/ports';
import type { Reasons } from '../core/reasons';
import { hasJustEnded, hasResult, isOpened, isTold, opened } from '../core/telling';
import { plain } from '../present/clean';
import { noticeText } from '../present/notice';
import { words } from '../present/words';
import { showFailure } from './guard';
import type { LaterCommands } from './laterCommands';
import { currentSettings } from './settings';

/** Tells of an end once over all windows, and of a refused token once. No message is ever waited for: it may stay open for hours. */
export class Notices implements Disposable {
  readonly #refused = new Set<DeploymentKey>();
  readonly #ends: Ends;
  readonly #others: Ends;

  constructor(
    private readonly board: Board,
    private readonly store: Pick<Store, 'claimNotice' | 'claimRefusal' | 'forgetRefusal'>,
    private readonly commands: Pick<LaterCommands, 'opener' | 'setToken'>,
    private readonly log: vscode.LogOutputChannel,
    private readonly reasons: Reasons,
    private readonly clock: Clock,
  ) {
    const holding = (milliseconds: number): Ends =>
      new Ends(
        milliseconds,
        clock,
        (ref) => store.claimNotice(ref),
        (ended) => this.#act(ended),
        (error) => this.failedToSave(error),
      );
    [this.#ends, this.#others] = [holding(shareMs), holding(standByMs)];
  }

  /** This window heard an end. It is claimed in the store, so that one window tells of it and opens what it left. */
  ended(kickoff: Kickoff): void {
    this.#hold(this.#ends, kickoff);
  }

  /** What changed on the list: an end that another window heard is told here when that one is gone before it could. */
  seen(kickoffs: readonly Kickoff[]): void {
    const now = this.clock.now();
    for (const kickoff of kickoffs) if (hasJustEnded(kickoff, now)) this.#hold(this.#others, kickoff);
  }

  #hold(ends: Ends, kickoff: Kickoff): void {
    const wishes = currentSettings();
    if (isTold(kickoff, wishes) || isOpened(kickoff, wishes)) ends.hold(kickoff);
  }

  dispose(): void {
    this.#ends.dispose();
    this.#others.dispose();
  }

  #act(ended: readonly Kickoff[]): void {
    const wishes = currentSettings();
    for (const { kickoff, what } of opened(ended, wishes)) this.#do(this.commands.opener().then((opener) => opener.aside(kickoff, what)));
    this.#tell(ended.filter((kickoff) => isTold(kickoff, wishes)));
  }

  #tell(kickoffs: readonly Kickoff[]): void {
    const [only, ...others] = kickoffs;
    if (!only) return;
    if (others.length > 0) {
      const failed = kickoffs.filter(({ phase }) => phase.kind !== 'succeeded').length;
      this.#show(
        failed > 0,
        vscode.l10n.t(failed > 0 ? words.endedMany : words.endedManyWell, kickoffs.length, failed),
        words.showKickoffs,
        () => vscode.commands.executeCommand(`${views.kickoffs}.focus`),
      );
      return;
    }
    const isOutput = hasResult(only);
    const open = async (): Promise<void> => (await this.commands.opener())[isOutput ? 'output' : 'report'](only);
    this.#show(only.phase.kind === 'failed', noticeText(only, vscode.l10n.t), isOutput ? words.openOutput : words.openReport, open);
  }

  /** Nobody waits for the answer. */
  #show(isWarning: boolean, message: string, button: string, act: () => Thenable<unknown>): void {
    const label = vscode.l10n.t(button);
    const show = isWarning ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
    void show(message, label).then((choice) => {
      if (choice === label) this.#do(act());
    });
  }

  /** Looks whether a deployment has begun to refuse its token, or takes it again. */
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
    // It may stand for hours: the deployment may be elsewhere by then, or gone.
    const act = async (): Promise<unknown> => {
      const now = this.board.deployment(deployment.key);
      return now && this.commands.setToken(now);
    };
    this.#show(true, vscode.l10n.t(words.tokenRefusedNotice, plain(deployment.label)), words.setToken, act);
  }

  /** Said now and then while it lasts: what was heard is asked for again, so nothing is lost by it. */
  failedToSave(error: unknown): void {
    if (error instanceof HistoryFailure && error.kind === 'closed') return;
    this.log.error(`not saved: ${String(error)}`);
    if (this.reasons.isToTell(error)) showFailure(error, this.log);
  }

  #do(work: Thenable<unknown>): void {
    work.then(undefined, (error: unknown) => {
      if (!(error instanceof Cancelled)) showFailure(error, this.log);
    });
  }
}
