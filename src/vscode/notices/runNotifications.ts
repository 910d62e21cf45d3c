import vscode = require('vscode');
import { settingDefinitions, viewId } from '#contributions';
import type { Board } from '#core/history/board';
import type { Store } from '#core/history/store';
import type { Deployment, DeploymentKey } from '#core/kickoff/deployment';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import { HistoryFailure } from '#core/lib/errors';
import type { Clock, Disposable } from '#core/lib/types';
import { NoticeQueue, sharedDelayMs, standByDelayMs } from '#core/notices/noticeQueue';
import { claimWait, documentsToOpen, isFreshUnread, hasNewWait, hasResult, shouldNotify, opensDocument } from '#core/notices/noticeRules';
import { TokenRejections } from '#core/notices/tokenRejections';
import { defuse } from '#present/cleanText';
import { nameOf } from '#present/names';
import { noticeText, sharedNoticeText } from '#present/noticeText';
import { words } from '#present/words/words';
import { showWithButtons, type Buttons, type RunCommand } from '#vscode/commands/guard';
import { openBeside, openReport, openText } from '#vscode/documents/openDocument';
import { visibleDocumentsOf } from '#vscode/documents/openTabs';
import { t } from '#vscode/l10n';
import type { SettingsReader } from '#vscode/settings';
import type { ErrorParts } from './historyNotifications';

/** The section of VS Code's documentation about problems with keyrings. */
const keyringHelpUrl = 'https://code.visualstudio.com/docs/configure/settings-sync#_troubleshooting-keychain-issues';

export interface RunNotificationsParts extends ErrorParts {
  readonly board: Board;
  readonly store: Pick<Store, 'claimNotice' | 'claimRejection' | 'claimLostToken' | 'forgetRejection' | 'update'>;
  readonly runCommand: RunCommand;
  readonly clock: Clock;
  readonly settings: SettingsReader;
}

/** Notifies of finished runs, waiting runs, and token problems, each in only one window. Also opens the documents of finished runs. */
export class RunNotifications implements Disposable {
  readonly #queue: NoticeQueue;
  readonly #standByQueue: NoticeQueue;
  readonly tokenRejections: TokenRejections;

  constructor(private readonly parts: RunNotificationsParts) {
    const { board, store, clock, showFailure } = parts;
    const createQueue = (delayMs: number): NoticeQueue =>
      new NoticeQueue({
        delayMs,
        clock,
        claim: (kickoff) => this.#claim(kickoff),
        onClaimed: (runs) => this.#openDocuments(runs),
        notify: (claimedRuns) => this.#notify(claimedRuns),
        onError: (error) => this.reportSaveFailure(error),
      });
    [this.#queue, this.#standByQueue] = [createQueue(sharedDelayMs), createQueue(standByDelayMs)];
    const notify = (deployment: Deployment, isLost: boolean): void => this.#notifyOfTokenProblem(deployment, isLost);
    this.tokenRejections = new TokenRejections({ board, store, notify, onError: showFailure });
  }

  /** Queues the notification of a run that this window found finished. */
  addEnd(kickoff: Kickoff): void {
    this.#enqueue(this.#queue, kickoff);
  }

  /** Queues notifications of runs' new waits and ends. Delays them more if another window, which may claim them, probably notifies. */
  addChanges(kickoffs: readonly Kickoff[], isPolling: boolean): void {
    const now = this.parts.clock.now();
    for (const kickoff of kickoffs) {
      if (hasNewWait(kickoff)) this.#enqueue(isPolling ? this.#queue : this.#standByQueue, kickoff);
      else if (isFreshUnread(kickoff, now)) this.#enqueue(this.#standByQueue, kickoff);
    }
  }

  async #claim(kickoff: Kickoff): Promise<boolean> {
    if (isSettled(kickoff.phase)) return this.parts.store.claimNotice(kickoff);
    const claimedRun = await claimWait(this.parts.store, kickoff);
    if (claimedRun) this.parts.board.putAll([claimedRun]);
    return claimedRun !== undefined;
  }

  #enqueue(queue: NoticeQueue, kickoff: Kickoff): void {
    const settings = this.parts.settings.current;
    if (shouldNotify(kickoff, settings) || opensDocument(kickoff, settings)) queue.add(kickoff);
  }

  dispose(): void {
    this.#queue.dispose();
    this.#standByQueue.dispose();
  }

  async #openDocuments(runs: readonly Kickoff[]): Promise<void> {
    const endedRuns = runs.filter(({ phase }) => isSettled(phase));
    const documents = documentsToOpen(endedRuns, this.parts.settings.current);
    // As preview tabs, several documents would replace each other.
    for (const { kickoff, kind } of documents) await openBeside(kickoff, kind, documents.length === 1).catch(this.parts.showFailure);
  }

  /** Notifies of claimed runs, except runs that the user has opened or removed meanwhile, and runs that don't wait anymore. */
  async #notify(claimedRuns: readonly Kickoff[]): Promise<void> {
    const { board, settings } = this.parts;
    const currentRunsOf = (runs: readonly Kickoff[]) =>
      runs.flatMap((kickoff) => board.kickoff(kickoff) ?? []).filter((kickoff) => shouldNotify(kickoff, settings.current));
    const endedRuns = currentRunsOf(claimedRuns.filter(({ phase }) => isSettled(phase))).filter((kickoff) => !isEndSeen(kickoff));
    const activeRuns = currentRunsOf(claimedRuns.filter(({ phase }) => !isSettled(phase)));
    const waitingRuns = activeRuns.filter(({ phase }) => phase.kind === 'waiting');
    // A run that AMP hasn't found for two minutes may be waiting, so its wait is claimed, too. Others went missing after the claim.
    const missingRuns = activeRuns.filter(({ phase }) => phase.kind === 'missing');
    await Promise.all([this.#notifyOfEnds(endedRuns), this.#notifyOfWaits(waitingRuns), this.#notifyOfWaits(missingRuns)]);
  }

  async #notifyOfEnds(endedRuns: readonly Kickoff[]): Promise<void> {
    const isWarning = endedRuns.some(({ phase }) => (endedRuns.length > 1 ? phase.kind !== 'succeeded' : phase.kind === 'failed'));
    const hasSuccess = endedRuns.some(({ phase }) => phase.kind === 'succeeded');
    const onlyFailuresButton = { [t(words.onlyFailures)]: () => this.#limitToFailures() };
    const openButtons = (kickoff: Kickoff): Buttons =>
      hasResult(kickoff)
        ? { [t(words.openOutput)]: () => openText(kickoff, 'output') }
        : { [t(words.openReport)]: () => openReport(kickoff) };
    const otherButtons = hasSuccess && this.parts.settings.current.notifications === 'all' ? onlyFailuresButton : {};
    await this.#showTogether(endedRuns, isWarning, openButtons, otherButtons);
  }

  async #notifyOfWaits(runs: readonly Kickoff[]): Promise<void> {
    const [firstRun, ...others] = runs;
    if (!firstRun) return;
    const openButton = { [t(words.openInBrowser)]: () => this.#runCommandFor(firstRun.deployment, 'openInBrowser') };
    const openAndMuteButtons = (kickoff: Kickoff): Buttons => ({ ...openButton, [t(words.muteThisRun)]: () => this.#mute(kickoff) });
    // Runs of several deployments have no common page in AMP.
    const sharedButtons = others.length > 0 && others.every(({ deployment }) => deployment === firstRun.deployment) ? openButton : {};
    await this.#showTogether(runs, false, openAndMuteButtons, sharedButtons);
  }

  /** Shows one notification for all runs. `buttonsOf` returns the buttons for a single run, and `otherButtons` are always shown. */
  async #showTogether(kickoffs: readonly Kickoff[], isWarning: boolean, buttonsOf: (only: Kickoff) => Buttons, otherButtons: Buttons) {
    const deployments = this.parts.board.deployments.filter(({ key }) => kickoffs.some(({ deployment }) => deployment === key));
    const [[only, ...more], [deployment]] = [kickoffs, deployments];
    if (!only || !deployment) return;
    const text = more.length > 0 ? sharedNoticeText(kickoffs, deployments, t) : noticeText(only, deployment, t);
    const showView = () => vscode.commands.executeCommand(`${viewId}.focus`);
    const buttons = more.length > 0 ? { [t(words.showKickoffs)]: showView } : buttonsOf(only);
    await this.#show(isWarning, text, { ...buttons, ...otherButtons });
  }

  /** Runs a command for a deployment. Reads its URL only now, because the user may have changed the URL or removed the deployment. */
  async #runCommandFor(key: DeploymentKey, command: 'openInBrowser' | 'setToken'): Promise<void> {
    const deployment = this.parts.board.deployment(key);
    if (deployment) await this.parts.runCommand(command, { deployment: deployment.url });
  }

  async #limitToFailures(): Promise<void> {
    const saveSetting = (value: string): Thenable<void> =>
      vscode.workspace.getConfiguration().update(settingDefinitions.notifications.key, value, vscode.ConfigurationTarget.Global);
    await saveSetting('failures');
    void this.#show(false, t(words.onlyFailuresSet), { [t(words.undo)]: () => saveSetting('all') });
  }

  async #mute(kickoff: Kickoff): Promise<void> {
    // Rejects if the run is removed, so that no notification says that it is muted.
    const runCommand = async (command: 'mute' | 'unmute'): Promise<void> => {
      const deployment = this.parts.board.deployment(kickoff.deployment)?.url;
      await this.parts.runCommand(command, { deployment, kickoffId: kickoff.id });
    };
    await runCommand('mute');
    void this.#show(false, t(words.runMuted, defuse(nameOf(kickoff))), { [t(words.undo)]: () => runCommand('unmute') });
  }

  #show(isWarning: boolean, text: string, buttons: Buttons): Promise<void> {
    return showWithButtons(this.parts, text, buttons, isWarning ? vscode.window.showWarningMessage : vscode.window.showInformationMessage);
  }

  #notifyOfTokenProblem(deployment: Deployment, isLost: boolean): void {
    const text = t(isLost ? words.tokenLostNotice : words.tokenRefusedNotice, defuse(deployment.label));
    const setTokenButton = { [t(words.setToken)]: () => this.#runCommandFor(deployment.key, 'setToken') };
    const helpButton = { [t(words.help)]: () => vscode.env.openExternal(vscode.Uri.parse(keyringHelpUrl)) };
    void this.#show(true, text, isLost ? { ...setTokenButton, ...helpButton } : setTokenButton);
  }

  /** Logs that the history can't be written. Shows the error unless the same error was shown in the last ten minutes. */
  reportSaveFailure(error: unknown): void {
    // Nothing to report: the window is closing, or `HistoryLoader` reports that a newer version wrote the history.
    if (error instanceof HistoryFailure && (error.kind === 'closed' || error.kind === 'newer')) return;
    this.parts.log.error(`Failed to write the run history: ${String(error)}`);
    if (this.parts.shouldReport(error)) this.parts.showFailure(error);
  }
}

/** Whether the user has seen that the run finished. A visible task output marks the run as read, but doesn't show the end. */
function isEndSeen(kickoff: Kickoff): boolean {
  const documents = visibleDocumentsOf(kickoff);
  if (documents.length === 0) return kickoff.isUnread !== true;
  return documents.some(({ kind }) => kind === 'report' || kind === 'output');
}
