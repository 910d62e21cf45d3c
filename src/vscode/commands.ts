import * as vscode from 'vscode';
import type { Board } from '../core/board';
import { UserFacingError } from '../core/errors';
import type { Kickoff } from '../core/kickoff';
import type { Poller } from '../core/poller';
import type { Tracking } from '../core/tracking';
import { timeOfDay } from '../present/times';
import { words } from '../present/words';
import type { Adding } from './adding';
import type { Arguments } from './arguments';
import type { Handlers } from './guard';
import { isRow } from './nodes';
import type { Opener } from './opener';

/** What the commands work with. */
export interface CommandParts {
  readonly board: Board;
  readonly tracking: Tracking;
  readonly poller: Poller;
  readonly adding: Adding;
  readonly find: Arguments;
  readonly opener: Opener;
  readonly log: vscode.LogOutputChannel;
}

/** What each command does. */
export function handlers({ board, tracking, poller, adding, find, opener, log }: CommandParts): Handlers {
  return {
    track: (given) => adding.track(isRow(given) ? undefined : given),
    addDeployment: (given) => adding.addDeployment(isRow(given) ? undefined : given),
    setToken: async (given) => adding.setToken(await find.deployment(given)),
    refresh: async (given) => refresh(board, poller, given === undefined ? board.kickoffs : [await find.kickoff(given)]),
    refreshAll: () => refresh(board, poller, board.kickoffs),
    openOutput: async (given) => opener.output(await find.kickoff(given, ({ output }) => output !== undefined)),
    openReport: async (given) => opener.report(await find.kickoff(given)),
    openRawStatus: async (given) => opener.rawStatus(await find.kickoff(given, ({ checkedAt }) => checkedAt !== undefined)),
    copyId: async (given) => {
      await vscode.env.clipboard.writeText((await find.kickoff(given)).id);
      vscode.window.setStatusBarMessage(vscode.l10n.t(words.idCopied), 3_000);
    },
    remove: async (given) => tracking.remove(await find.kickoff(given)),
    showLog: () => log.show(),
  };
}

/** Asks again now; a server that asked to wait is left in peace, and the user told until when. */
function refresh(board: Board, poller: Poller, kickoffs: readonly Kickoff[]): void {
  poller.askNow(kickoffs);
  const waits = kickoffs.map((kickoff) => board.troubleOf(kickoff)).find((trouble) => trouble?.kind === 'throttled');
  if (waits?.retryAt !== undefined) throw new UserFacingError(vscode.l10n.t(words.throttledRefresh, timeOfDay(waits.retryAt)));
}
