import type * as vscode from 'vscode';
import { endTime, isSettled, type Kickoff } from '#core/kickoff/kickoff';
import type { Disposable } from '#core/lib/types';
import { hasUnknownResult } from '#core/starts/attempt';
import { ageText } from '#present/times';
import type { TreeParts } from './kickoffTree';

/** The interval of redraws while a run is active or a start awaits its response. */
const activeIntervalMs = 5_000;
const idleIntervalMs = 60_000;

/** Redraws rows whose content depends on the time, such as `5m ago`, but only while the view is visible. */
export function refreshTimes(
  view: vscode.TreeView<unknown>,
  redraw: (kickoffs: readonly Kickoff[]) => void,
  { board, clock }: Pick<TreeParts, 'board' | 'clock'>,
): Disposable {
  let timer: Disposable | undefined;
  let wasActive = false;
  let drawnAt = clock.now();

  /** Redraws rows. Skips finished runs whose age still has the same text, because comparing thousands of rows takes long. */
  const tick = (): void => {
    timer?.dispose();
    timer = undefined;
    if (view.visible) {
      const [before, now] = [drawnAt, clock.now()];
      drawnAt = now;
      redraw(board.kickoffs.filter((kickoff) => !isSettled(kickoff.phase) || ageAt(kickoff, before) !== ageAt(kickoff, now)));
    }
    schedule();
  };

  /** Sets the timer. Keeps a timer with the right interval, because frequent changes of the board could otherwise delay it forever. */
  const schedule = (): void => {
    const isStarting = board.starts.some((attempt) => !hasUnknownResult(attempt, clock.now()));
    const isActive = isStarting || board.hasActiveRuns;
    if (timer && view.visible && isActive === wasActive) return;
    timer?.dispose();
    wasActive = isActive;
    timer = view.visible ? clock.after(isActive ? activeIntervalMs : idleIntervalMs, tick) : undefined;
  };

  const disposables = [board.onDidChange(schedule), view.onDidChangeVisibility(tick), { dispose: () => timer?.dispose() }];
  schedule();
  return {
    dispose: () => {
      for (const one of disposables) one.dispose();
    },
  };
}

/** Returns a run's age as untranslated text, which changes at the same time as the text in the view. */
function ageAt(kickoff: Kickoff, now: number): string {
  return ageText(endTime(kickoff) ?? 0, now, (...parts) => JSON.stringify(parts));
}
