import type { KickoffList } from '#core/history/kickoffList';
import { etaOf } from '#core/kickoff/eta';
import { isSettled, type Kickoff, type KickoffRef } from '#core/kickoff/kickoff';
import { stallOf } from '#core/kickoff/stall';
import { currentTask } from '#core/kickoff/tasks';
import { waitsForUser } from '#core/kickoff/trouble';
import type { Clock } from '#core/lib/types';
import { hasResult } from '#core/notices/noticeRules';
import type { StaleAt } from '#core/polling/staleness';
import { documentName, type DocumentKind } from '#present/documents/documentName';
import { etaText, stallText } from '#present/rows/etaText';
import { kickoffRow, kickoffTooltip, type Row, type RowContext } from '#present/rows/kickoffRow';
import { taskPositions } from '#present/rows/taskRow';
import type { Translate } from '#present/words/words';

export interface OutlineParts {
  readonly board: KickoffList;
  readonly staleAt: StaleAt;
  readonly clock: Pick<Clock, 'now'>;
  /** `current` changes when the user changes a setting. */
  readonly settings: { readonly current: { readonly openWith: 'report' | 'output' } };
  readonly t: Translate;
}

/** The content of a row at the time when it was requested. */
export interface OutlineRow {
  readonly row: Row;
  /** The content as text. If this text changes, the row is redrawn with its child rows, so a run's text includes its tasks. */
  readonly comparableText: () => string;
  /** The name of a `TreeItemCollapsibleState` of VS Code. */
  readonly expansion: 'None' | 'Collapsed' | 'Expanded';
  readonly documentToOpen?: { readonly kickoff: Kickoff; readonly kind: DocumentKind } | undefined;
  /** A tooltip that is created only when VS Code requests it. `inputsRun` is the run whose inputs the tooltip also contains. */
  readonly lazyTooltip?: { readonly inputsRun: KickoffRef; readonly lines: () => readonly string[] };
}

/** Returns the row of a run. VS Code draws thousands of rows together, so `comparableText` and the tooltip are created only on demand. */
export function runRow(kickoff: Kickoff, parts: OutlineParts, lastDrawnRow: OutlineRow | undefined): OutlineRow {
  const context = rowContextOf(kickoff, parts);
  const row = kickoffRow(kickoff, context);
  const documentKind = hasResult(kickoff) && parts.settings.current.openWith === 'output' ? 'output' : 'report';
  // An active run's row stays expandable after a response without tasks.
  const expansionWithoutTasks = isSettled(kickoff.phase) ? 'None' : (lastDrawnRow?.expansion ?? 'None');
  const taskContent = [kickoff.tasks, currentTask(kickoff), kickoff.progress.tool];
  const tooltipLines = () => kickoffTooltip(kickoff, row.summary, context);
  let comparableText: string | undefined;
  return {
    row,
    comparableText: () => (comparableText ??= JSON.stringify([row, tooltipLines(), ...taskContent, documentName(kickoff, documentKind)])),
    expansion: taskPositions(kickoff).length > 0 ? 'Collapsed' : expansionWithoutTasks,
    documentToOpen: { kickoff, kind: documentKind },
    lazyTooltip: { inputsRun: kickoff, lines: tooltipLines },
  };
}

function rowContextOf(kickoff: Kickoff, { board, staleAt, clock, t }: OutlineParts): RowContext {
  const now = clock.now();
  const deployment = board.deployment(kickoff.deployment);
  const isActive = !isSettled(kickoff.phase);
  const deploymentTrouble = deployment && isActive ? board.troubleOfDeployment(deployment) : undefined;
  // An active run's row shows its deployment's problem if the user must fix it, and the run's own problem otherwise.
  const trouble = deploymentTrouble && waitsForUser(deploymentTrouble.kind) ? deploymentTrouble : board.ownTroubleOf(kickoff);
  const pastDurations = board.durationsOf(kickoff.deployment);
  return {
    deployment,
    trouble,
    deploymentTrouble: deploymentTrouble === trouble ? undefined : deploymentTrouble,
    note: isActive ? board.noteOf(kickoff) : undefined,
    staleAt: staleAt(kickoff),
    eta: etaText(etaOf(kickoff, pastDurations, now), t),
    stallText: stallText(stallOf(kickoff, pastDurations), t),
    now,
    t,
  };
}
