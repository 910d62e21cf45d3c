import * as vscode from 'vscode';
import type { Board } from '../core/board';
import type { Poller } from '../core/poller';
import type { Tracking } from '../core/tracking';
import type { Adding } from './adding';
import { showFailure } from './guard';
import type { Notices } from './notices';
import type { SecretTokens } from './secretTokens';
import type { StatusBar } from './statusBar';

/** Who listens to what. */
export interface Listening {
  readonly board: Board;
  readonly poller: Poller;
  readonly tracking: Tracking;
  readonly tokens: SecretTokens;
  readonly notices: Notices;
  readonly adding: Adding;
  readonly statusBar: StatusBar;
  readonly log: vscode.LogOutputChannel;
}

/** Wires what happens - in this window, in its settings, in the secret storage - to those who act on it. */
export function listen({ board, poller, tracking, tokens, notices, adding, statusBar, log }: Listening): vscode.Disposable {
  const failed = (error: unknown): void => showFailure(error, log);
  return vscode.Disposable.from(
    poller.onDidEnd((kickoff) => {
      notices.ended(kickoff).catch(failed);
    }),
    poller.onDidFailToSave((error) => notices.failedToSave(error)),
    board.onDidChange(() =>
      notices.lookForRefusals(async (key) => {
        const deployment = board.deployment(key);
        if (deployment) await adding.setToken(deployment);
      }),
    ),
    tokens.onDidChange((url) => {
      const deployment = board.deployments.find((one) => one.url === url);
      if (deployment) poller.askNow(board.kickoffsOf(deployment));
    }),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) tracking.load().then(() => poller.hurry(), failed);
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration('crewaiKickoffs')) return;
      statusBar.refresh();
      poller.hurry();
    }),
  );
}
