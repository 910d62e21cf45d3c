import type { Board } from './board';
import type { Custody } from './custody';
import { isUsedAgain, type Leader } from './leader';
import type { Poller } from './poller';
import type { Tokens } from './ports';
import type { Windows } from './windows';

/** A window, as VS Code reports it. */
type State = Parameters<typeof isUsedAgain>[0];

/** Parts that catch up when the user returns. */
export interface WindowUseParts {
  readonly board: Pick<Board, 'deployments' | 'kickoffsOf' | 'troubleOfDeployment'>;
  readonly poller: Pick<Poller, 'askNow' | 'hurry'>;
  readonly leader: Pick<Leader, 'focus'>;
  readonly windows: Pick<Windows, 'isLoaded' | 'look'>;
  readonly custody: Pick<Custody, 'catchUp'>;
  readonly tokens: Tokens;
  readonly failed: (error: unknown) => void;
}

/** Follows whether the user is at this window. A window in use polls, and it catches up when its user returns. */
export class WindowUse {
  constructor(
    private readonly parts: WindowUseParts,
    private state: State,
  ) {
    parts.leader.focus(state.focused);
  }

  /** Takes the window's new state. */
  changed(state: State): void {
    const isAgain = isUsedAgain(this.state, state);
    this.state = state;
    if (isAgain || !state.focused) this.parts.leader.focus(isAgain);
    if (isAgain) this.#catchUp().catch(this.parts.failed);
  }

  /** Shows what other windows stored, polls at the pace of a focused window, and finds tokens that were set elsewhere: some hosts fire no event for those. */
  async #catchUp(): Promise<void> {
    const { board, poller, windows, custody, tokens } = this.parts;
    await (windows.isLoaded ? windows.look() : custody.catchUp());
    poller.hurry();
    for (const deployment of board.deployments) {
      const isWaiting = board.troubleOfDeployment(deployment)?.kind === 'noToken';
      if (isWaiting && (await tokens.get(deployment.url)) !== undefined) poller.askNow(board.kickoffsOf(deployment));
    }
  }
}
