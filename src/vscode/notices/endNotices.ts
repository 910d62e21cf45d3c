import vscode = require('vscode');
import { settings as settingKeys, views } from '#contributions';
import type { Board } from '#core/history/board';
import type { Store } from '#core/history/store';
import type { Deployment } from '#core/kickoff/deployment';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import { Canceled, HistoryFailure } from '#core/lib/errors';
import type { Clock, Disposable } from '#core/lib/types';
import { NoticeQueue, shareMs, standByMs } from '#core/notices/noticeQueue';
import { claimWait, documentsToOpen, hasJustEnded, hasNewWait, hasResult, isNotified, opensDocument } from '#core/notices/noticeRules';
import { TokenRejections } from '#core/notices/tokenRejections';
import { plain } from '#present/cleanText';
import { noticeText } from '#present/noticeText';
import { words } from '#present/words/words';
import type { LazyCommands } from '#vscode/commands/lazyCommands';
import { t } from '#vscode/l10n';
import type { CurrentSettings } from '#vscode/settings';
import type { NoticeOutput } from './historyNotices';

type Button = readonly [label: string, act: () => Thenable<unknown>];

const turnOff: Button = [words.turnOffNotifications, turnOffNotifications];
/** A section of VS Code's documentation. */
const keyringHelp = 'https://code.visualstudio.com/docs/configure/settings-sync#_troubleshooting-keychain-issues';

export interface EndNoticesParts extends NoticeOutput {
  readonly board: Board;
  readonly store: Pick<Store, 'claimNotice' | 'claimRefusal' | 'claimLostToken' | 'forgetRefusal' | 'update'>;
  readonly commands: Pick<LazyCommands, 'opener' | 'run' | 'setToken'>;
  readonly clock: Clock;
  readonly settings: CurrentSettings;
}

/** Notifies in one window only. Doesn't wait for the user, because a notification may stay open for hours. */
export class EndNotices implements Disposable {
  readonly #ends: NoticeQueue;
  readonly #others: NoticeQueue;
  readonly tokenRejections: TokenRejections;

  constructor(private readonly parts: EndNoticesParts) {
    const { board, store, clock, showFailure } = parts;
    const holding = (milliseconds: number): NoticeQueue =>
      new NoticeQueue({
        milliseconds,
        clock,
        claim: (kickoff) => this.#claim(kickoff),
        notify: (claimed) => this.#act(claimed),
        failed: (error) => this.failedToSave(error),
      });
    [this.#ends, this.#others] = [holding(shareMs), holding(standByMs)];
    const notify = (one: Deployment, isLost: boolean): void => this.#showTokenProblem(one, isLost);
    this.tokenRejections = new TokenRejections({ board, store, notify, failed: showFailure });
  }

  ended(kickoff: Kickoff): void {
    this.#add(this.#ends, kickoff);
  }

  /** Windows that don't poll wait longer, so that they notify only if the polling window didn't. */
  seen(kickoffs: readonly Kickoff[], isPolling: boolean): void {
    const now = this.parts.clock.now();
    for (const kickoff of kickoffs) {
      if (hasNewWait(kickoff)) this.#add(isPolling ? this.#ends : this.#others, kickoff);
      else if (hasJustEnded(kickoff, now)) this.#add(this.#others, kickoff);
    }
  }

  async #claim(kickoff: Kickoff): Promise<boolean> {
    if (isSettled(kickoff.phase)) return this.parts.store.claimNotice(kickoff);
    const claimed = await claimWait(this.parts.store, kickoff);
    if (claimed) this.parts.board.put(claimed);
    return claimed !== undefined;
  }

  #add(ends: NoticeQueue, kickoff: Kickoff): void {
    const settings = this.parts.settings.current;
    if (isNotified(kickoff, settings) || opensDocument(kickoff, settings)) ends.add(kickoff);
  }

  dispose(): void {
    this.#ends.dispose();
    this.#others.dispose();
  }

  #act(claimed: readonly Kickoff[]): void {
    const settings = this.parts.settings.current;
    const ended = claimed.filter(({ phase }) => isSettled(phase));
    const documents = documentsToOpen(ended, settings);
    // As preview tabs, several documents would replace each other.
    for (const { kickoff, what } of documents)
      this.#do(this.parts.commands.opener().then((opener) => opener.openBeside(kickoff, what, documents.length === 1)));
    this.#tellEnds(ended.filter((kickoff) => isNotified(kickoff, settings)));
    // The user may have provided the input before a delayed notification.
    const now = claimed.map((kickoff) => this.parts.board.kickoff(kickoff)).filter((kickoff) => kickoff !== undefined);
    this.#tellWaits(now.filter(({ phase }) => phase.kind === 'waiting'));
  }

  #tellEnds(ended: readonly Kickoff[]): void {
    const [only, ...others] = ended;
    if (!only) return;
    if (others.length > 0) {
      const failed = ended.filter(({ phase }) => phase.kind !== 'succeeded').length;
      this.#show(failed > 0, t(failed > 0 ? words.endedMany : words.endedManyWell, ended.length, failed), words.showKickoffs, showView);
      return;
    }
    const deployment = this.parts.board.deployment(only.deployment);
    if (!deployment) return;
    const isOutput = hasResult(only);
    const open = async (): Promise<void> => (await this.parts.commands.opener())[isOutput ? 'output' : 'report'](only);
    const text = noticeText(only, deployment, t);
    this.#show(only.phase.kind === 'failed', text, isOutput ? words.openOutput : words.openReport, open);
  }

  #tellWaits(waiting: readonly Kickoff[]): void {
    const [only, ...others] = waiting;
    if (!only) return;
    if (others.length > 0) {
      this.#show(false, t(words.noticeWaitingMany, waiting.length), words.showKickoffs, showView);
      return;
    }
    const deployment = this.parts.board.deployment(only.deployment);
    if (!deployment) return;
    // By the time of the click, the deployment may have another URL or may be removed.
    const open = async (): Promise<void> => {
      const now = this.parts.board.deployment(deployment.key);
      if (now) await this.parts.commands.run('openInBrowser', { deployment: now.url });
    };
    this.#show(false, noticeText(only, deployment, t), words.openInBrowser, open);
  }

  #show(isWarning: boolean, message: string, button: string, act: Button[1], others: readonly Button[] = [turnOff]): void {
    const buttons = new Map([[button, act] as const, ...others].map(([label, run]) => [t(label), run]));
    const show = isWarning ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
    void show(message, ...buttons.keys()).then((choice) => {
      const chosen = buttons.get(choice ?? '');
      if (chosen) this.#do(chosen());
    });
  }

  #showTokenProblem(deployment: Deployment, isLost: boolean): void {
    // By the time of the click, the deployment may have another URL or may be removed.
    const act = async (): Promise<unknown> => {
      const now = this.parts.board.deployment(deployment.key);
      return now && this.parts.commands.setToken(now);
    };
    const text = t(isLost ? words.tokenLostNotice : words.tokenRefusedNotice, plain(deployment.label));
    this.#show(true, text, words.setToken, act, isLost ? [[words.help, openKeyringHelp]] : []);
  }

  /** Shows the error unless the same error was shown in the last ten minutes. */
  failedToSave(error: unknown): void {
    // The window is closing, or `HistoryLoader` reports that a newer version wrote the history.
    if (error instanceof HistoryFailure && (error.kind === 'closed' || error.kind === 'newer')) return;
    this.parts.log.error(`Failed to write the run history: ${String(error)}`);
    if (this.parts.errorThrottle.shouldReport(error)) this.parts.showFailure(error);
  }

  #do(work: Thenable<unknown>): void {
    work.then(undefined, (error: unknown) => {
      if (!(error instanceof Canceled)) this.parts.showFailure(error);
    });
  }
}

function showView(): Thenable<unknown> {
  return vscode.commands.executeCommand(`${views.kickoffs}.focus`);
}

function openKeyringHelp(): Thenable<unknown> {
  return vscode.env.openExternal(vscode.Uri.parse(keyringHelp));
}

/** For eight seconds, the status bar shows the command that opens the settings. */
async function turnOffNotifications(): Promise<void> {
  await vscode.workspace.getConfiguration().update(settingKeys.notifications.key, 'none', vscode.ConfigurationTarget.Global);
  vscode.window.setStatusBarMessage(t(words.notificationsOff), 8_000);
}
