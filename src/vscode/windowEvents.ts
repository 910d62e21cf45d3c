import * as vscode from 'vscode';
import { section, settings } from '../contributions';
import type { Board } from '../core/board';
import type { Custody } from '../core/custody';
import type { Keeping } from '../core/keeping';
import type { Leader } from '../core/leader';
import type { Poller } from '../core/poller';
import type { Tracking } from '../core/tracking';
import { WindowUse } from '../core/windowUse';
import type { Windows } from '../core/windows';
import type { Notices } from './notices';
import { Reading } from './reading';
import type { SecretTokens } from './secretTokens';
import type { StatusBar } from './statusBar';
import type { KickoffsView } from './view';

/** Who listens to what. */
export interface Listening {
  readonly board: Board;
  readonly poller: Poller;
  readonly leader: Leader;
  readonly windows: Windows;
  readonly tracking: Tracking;
  readonly custody: Custody;
  readonly tokens: SecretTokens;
  readonly notices: Notices;
  readonly statusBar: StatusBar;
  readonly view: KickoffsView;
  readonly keeping: Keeping;
}

/** Wires what happens - in this window, in its settings, in the secret storage - to those who act on it. */
export function listen(parts: Listening): vscode.Disposable {
  const { board, poller, leader, tracking, tokens, notices } = parts;
  const failed = (error: unknown): void => notices.failedToSave(error);
  const use = new WindowUse({ ...parts, failed }, vscode.window.state);
  // One that has ceased to poll may still hear a refusal that those after it do not know of yet: it would be told, forgotten, and told again.
  const refused = (): void => {
    if (leader.tenure) notices.lookForRefusals();
  };
  return vscode.Disposable.from(
    poller.onDidEnd((kickoff) => notices.ended(kickoff)),
    board.onDidChange(({ kickoffs }) => notices.seen(kickoffs, leader.tenure !== undefined)),
    poller.onDidFailToSave((error) => notices.failedToSave(error)),
    board.onDidChange(refused),
    leader.onDidChange(refused),
    new Reading(board, tracking, failed),
    vscode.window.tabGroups.onDidChangeTabs(() => poller.hurry()),
    tokens.onDidChange((url) => {
      const deployment = board.deployments.find((one) => one.url === url);
      // In the window where it was typed, and where it is needed.
      if (deployment && (leader.tenure || vscode.window.state.focused)) poller.askNow(board.kickoffsOf(deployment));
    }),
    vscode.window.onDidChangeWindowState((state) => use.changed(state)),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(section)) settingsChanged(event, parts);
    }),
  );
}

/** Each setting is obeyed at once. */
function settingsChanged(event: vscode.ConfigurationChangeEvent, { statusBar, view, poller, keeping }: Listening): void {
  statusBar.refresh();
  poller.hurry();
  if (event.affectsConfiguration(settings.openWith.key)) view.refresh();
  if (event.affectsConfiguration(settings.keepDays.key)) keeping.changed();
}
