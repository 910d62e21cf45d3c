import * as vscode from 'vscode';
import type { Board } from '../core/board';
import type { DeploymentKey } from '../core/deployment';
import type { Kickoff } from '../core/kickoff';
import type { Store } from '../core/ports';
import { plain } from '../present/clean';
import { noticeText } from '../present/notice';
import { words } from '../present/words';
import { showFailure } from './guard';
import type { Opener } from './opener';
import { currentSettings } from './settings';

/** Tells of an end once over all windows, and of a refused token once. No message is ever waited for: it may stay open for hours. */
export class Notices {
  readonly #refused = new Set<DeploymentKey>();
  #isUnsaved = false;

  constructor(
    private readonly board: Board,
    private readonly store: Pick<Store, 'claimNotice'>,
    private readonly opener: Opener,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** The notice is claimed in the store, so that one window shows it. */
  async ended(kickoff: Kickoff): Promise<void> {
    this.#isUnsaved = false;
    const { notifications } = currentSettings();
    if (notifications === 'none' || (notifications === 'failures' && kickoff.phase.kind === 'succeeded')) return;
    if (!(await this.store.claimNotice(kickoff))) return;

    const isOutput = kickoff.phase.kind === 'succeeded' && kickoff.output !== undefined;
    const button = vscode.l10n.t(isOutput ? words.openOutput : words.openReport);
    const show = kickoff.phase.kind === 'failed' ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
    void show(noticeText(kickoff, vscode.l10n.t), button).then((choice) => {
      if (choice === button) this.#do(isOutput ? this.opener.output(kickoff) : this.opener.report(kickoff));
    });
  }

  /** Looks whether a deployment has begun to refuse its token. */
  lookForRefusals(setToken: (key: DeploymentKey) => Promise<unknown>): void {
    for (const deployment of this.board.deployments) {
      if (this.board.troubleOfDeployment(deployment)?.kind !== 'tokenRefused') {
        this.#refused.delete(deployment.key);
      } else if (!this.#refused.has(deployment.key)) {
        this.#refused.add(deployment.key);
        const button = vscode.l10n.t(words.setToken);
        const message = vscode.l10n.t(words.tokenRefusedNotice, plain(deployment.label));
        void vscode.window.showWarningMessage(message, button).then((choice) => {
          if (choice === button) this.#do(setToken(deployment.key));
        });
      }
    }
  }

  /** Said once until something can be stored again: what was heard is asked for again. */
  failedToSave(error: unknown): void {
    this.log.error(`not saved: ${String(error)}`);
    if (!this.#isUnsaved) showFailure(error, this.log);
    this.#isUnsaved = true;
  }

  #do(work: Promise<unknown>): void {
    work.catch((error: unknown) => showFailure(error, this.log));
  }
}
