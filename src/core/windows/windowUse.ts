import type { KickoffList } from '#core/history/kickoffList';
import type { HistoryLoader } from '#core/history/historyLoader';
import type { Tracker } from '#core/history/tracker';
import type { Tokens } from '#core/kickoff/deployment';
import type { Poller } from '#core/polling/poller';
import type { LeaderElection } from './leaderElection';

/** The focus of this window. `active` means that the user did something in the last minute. */
interface WindowState {
  readonly focused: boolean;
  readonly active: boolean;
}

export interface WindowUseParts {
  readonly board: Pick<KickoffList, 'deployments' | 'kickoffsOf' | 'troubleOfDeployment'>;
  readonly poller: Pick<Poller, 'pollNow' | 'rescheduleSooner'>;
  readonly leader: Pick<LeaderElection, 'focus'>;
  readonly tracker: Pick<Tracker, 'isLoaded' | 'loadChanges'>;
  readonly historyLoader: Pick<HistoryLoader, 'load'>;
  readonly tokens: Tokens;
  readonly failed: (error: unknown) => void;
}

/** Tracks whether the user is at this window. The window in use polls, and catches up when the user returns. */
export class WindowUse {
  constructor(
    private readonly parts: WindowUseParts,
    private state: WindowState,
  ) {
    parts.leader.focus(state.focused);
  }

  update(state: WindowState): void {
    // VS Code fires the event also when the user leaves the window.
    const isBack = state.focused && (!this.state.focused || state.active);
    this.state = state;
    if (isBack || !state.focused) this.parts.leader.focus(isBack);
    if (isBack) this.#catchUp().catch(this.parts.failed);
  }

  /** Loads changes without an event, because VS Code can't watch files or secrets everywhere. */
  async #catchUp(): Promise<void> {
    const { board, poller, tracker, historyLoader, tokens, failed } = this.parts;
    await (tracker.isLoaded ? tracker.loadChanges().catch(failed) : historyLoader.load());
    poller.rescheduleSooner();
    for (const deployment of board.deployments) {
      const isWaiting = board.troubleOfDeployment(deployment)?.kind === 'noToken';
      if (isWaiting && (await tokens.get(deployment.url)) !== undefined) poller.pollNow(board.kickoffsOf(deployment));
    }
  }
}
