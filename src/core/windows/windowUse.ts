import type { KickoffList } from '#core/history/kickoffList';
import type { HistoryLoader } from '#core/history/historyLoader';
import type { Tracker } from '#core/history/tracker';
import type { Tokens } from '#core/kickoff/deployment';
import type { Poller } from '#core/polling/poller';
import type { LeaderElection } from './leaderElection';

/** The state of this window. `active` means that the user used the window in the last minute. */
interface WindowState {
  readonly focused: boolean;
  readonly active: boolean;
}

export interface WindowUseParts {
  readonly board: Pick<KickoffList, 'deployments' | 'kickoffsOf' | 'troubleOfDeployment'>;
  readonly poller: Pick<Poller, 'pollNow' | 'rescheduleSooner'>;
  readonly leader: Pick<LeaderElection, 'onFocusChange'>;
  readonly tracker: Pick<Tracker, 'isLoaded' | 'loadChanges'>;
  readonly historyLoader: Pick<HistoryLoader, 'load'>;
  readonly tokens: Tokens;
  readonly onError: (error: unknown) => void;
}

/** Returns a function to call after each change of the window's state. It makes the window in use the leader, and catches up. */
export function followWindowUse(parts: WindowUseParts, initial: WindowState): (state: WindowState) => void {
  let isFocused = initial.focused;
  parts.leader.onFocusChange(isFocused);
  return (state) => {
    // VS Code also reports a change when the user stops using a window that keeps the focus.
    const isUserBack = state.focused && (!isFocused || state.active);
    isFocused = state.focused;
    if (isUserBack || !isFocused) parts.leader.onFocusChange(isUserBack);
    if (isUserBack) catchUp(parts).catch(parts.onError);
  };
}

/** Loads changes and finds new tokens, because VS Code can't watch files or secrets everywhere. Shortens long waits for polls. */
async function catchUp({ board, poller, tracker, historyLoader, tokens, onError }: WindowUseParts): Promise<void> {
  await (tracker.isLoaded ? tracker.loadChanges().catch(onError) : historyLoader.load());
  poller.rescheduleSooner();
  for (const deployment of board.deployments) {
    const lacksToken = board.troubleOfDeployment(deployment)?.kind === 'noToken';
    if (lacksToken && (await tokens.get(deployment.url)) !== undefined) poller.pollNow(board.kickoffsOf(deployment));
  }
}
