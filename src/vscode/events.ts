import vscode = require('vscode');
import { contributionPrefix, settingDefinitions } from '#contributions';
import type { Retention } from '#core/history/retention';
import type { Store } from '#core/history/store';
import type { HostHealth } from '#core/polling/hostHealth';
import type { LeaderElection } from '#core/windows/leaderElection';
import { followWindowUse } from '#core/windows/windowUse';
import type { BaseCommandParts } from '#vscode/commands/arguments';
import { closeDeletedDocuments, markSeenRuns, updateTitleButtons } from '#vscode/documents/openTabs';
import type { RunNotifications } from '#vscode/notices/runNotifications';
import type { StatusBar } from '#vscode/statusBar/statusBar';
import { pollLogger } from './log';

/** The objects that fire events or react to them. */
export interface EventParts extends Pick<BaseCommandParts, 'log' | 'board' | 'poller' | 'tracker' | 'historyLoader' | 'tokens' | 'view'> {
  readonly store: Pick<Store, 'kickoff'>;
  readonly health: HostHealth;
  readonly leader: LeaderElection;
  readonly notifications: RunNotifications;
  readonly statusBar: StatusBar;
  readonly retention: Retention;
}

/** Connects the events of VS Code and of this extension's objects with the objects that react to them. */
export function connectEvents(parts: EventParts): vscode.Disposable {
  const { board, health, poller, leader, tracker, tokens, notifications } = parts;
  const isLeader = (): boolean => leader.term !== undefined;
  const onError = (error: unknown): void => notifications.reportSaveFailure(error);
  const updateWindowUse = followWindowUse({ ...parts, onError }, vscode.window.state);
  // Only the polling window claims rejections. Otherwise, two windows could notify of one rejection after the polling window changed.
  const updateRejectionClaims = (): void => {
    if (isLeader()) notifications.tokenRejections.updateClaims();
  };
  // Checks only deployments without runs, because polls notice the missing tokens of other deployments. Other windows read the result.
  const recordTokens = async (changedUrl?: string): Promise<void> => {
    if (!isLeader()) return;
    for (const deployment of board.deployments.filter((one) => board.kickoffsOf(one).length === 0)) {
      const token = await tokens.get(deployment.url).catch(() => 'unreadable');
      if (isLeader()) health.recordToken(deployment, token !== undefined, deployment.url === changedUrl);
    }
  };
  return vscode.Disposable.from(
    poller.onDidPoll(pollLogger(parts.log)),
    poller.onDidEnd((kickoff) => notifications.addEnd(kickoff)),
    poller.onDidFailToSave(onError),
    health.onDidRejectToken((deploymentKey) => {
      notifications.tokenRejections.recordRejection(deploymentKey);
      updateRejectionClaims();
    }),
    leader.onDidChange(() => {
      updateRejectionClaims();
      void recordTokens();
    }),
    board.onDidChange(({ kickoffs }) => notifications.addChanges(kickoffs, isLeader())),
    board.onDidChange(({ reorderedKeys, changedKeys }) => {
      updateRejectionClaims();
      if (changedKeys.length > 0) void recordTokens();
      if (reorderedKeys.length > 0) closeDeletedDocuments(parts.store).catch(onError);
    }),
    markSeenRuns(board, tracker, onError),
    updateTitleButtons(board),
    vscode.window.tabGroups.onDidChangeTabs(() => poller.rescheduleSooner()),
    tokens.onDidChange((url) => {
      void recordTokens(url);
      const deployment = board.deployments.find((one) => one.url === url);
      if (!deployment) return;
      // Polls only in the focused window, where the user probably entered the token, and in the polling window.
      const mayPoll = isLeader() || vscode.window.state.focused;
      // While no run is active, there may be no polling window.
      if (mayPoll || !board.hasActiveRuns) notifications.tokenRejections.onTokenChange(deployment);
      if (mayPoll) poller.pollNow(board.kickoffsOf(deployment));
    }),
    vscode.window.onDidChangeWindowState(updateWindowUse),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration(contributionPrefix)) return;
      parts.statusBar.refresh();
      poller.rescheduleSooner();
      if (event.affectsConfiguration(settingDefinitions.openWith.key)) parts.view.refresh();
      if (event.affectsConfiguration(settingDefinitions.keepDays.key)) parts.retention.onSettingChange();
    }),
  );
}
