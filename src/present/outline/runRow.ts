import type { RunDurations } from '#core/kickoff/durations';
import { etaOf } from '#core/kickoff/eta';
import { isSettled, type Kickoff, type KickoffRef } from '#core/kickoff/kickoff';
import { stallOf } from '#core/kickoff/stall';
import { currentTask } from '#core/kickoff/tasks';
import { waitsForUser } from '#core/kickoff/trouble';
import { hasResult } from '#core/notices/noticeRules';
import { documentName } from '#present/documents/documentName';
import { etaText, stallText } from '#present/rows/etaText';
import { kickoffRow, kickoffTooltip, type Row, type TooltipContext } from '#present/rows/kickoffRow';
import { taskPositions } from '#present/rows/taskRow';
import type { OutlineParts, OutlineRow } from './outlineRow';

/** The row of a run. VS Code draws thousands of rows together, so texts are computed only on demand. */
export class RunRow implements OutlineRow {
  readonly documentToOpen: NonNullable<OutlineRow['documentToOpen']>;
  readonly expansion: OutlineRow['expansion'];
  readonly #context: TooltipContext;
  readonly #durations: RunDurations;
  #comparable: string | undefined;

  /** `lastDrawn` is the run's earlier row. An active run's row stays expandable after a response without tasks. */
  constructor(
    private readonly kickoff: Kickoff,
    { board, staleness, clock, settings, formatDate, t }: OutlineParts,
    lastDrawn: OutlineRow | undefined,
  ) {
    const deployment = board.deployment(kickoff.deployment);
    const isActive = !isSettled(kickoff.phase);
    const deploymentTrouble = deployment && isActive ? board.troubleOfDeployment(deployment) : undefined;
    // Each run shows that it waits for the user. Other problems of a deployment are only in the deployment's row.
    const trouble = deploymentTrouble && waitsForUser(deploymentTrouble.kind) ? deploymentTrouble : board.ownTroubleOf(kickoff);
    const hiddenTrouble = deploymentTrouble === trouble ? undefined : deploymentTrouble;
    const note = isActive ? board.noteOf(kickoff) : undefined;
    const staleAt = staleness.staleAt(kickoff);
    this.#context = { deployment, trouble, deploymentTrouble: hiddenTrouble, note, staleAt, now: clock.now(), formatDate, t };
    this.#durations = board.durationsOf(kickoff.deployment);
    this.documentToOpen = { kickoff, kind: hasResult(kickoff) && settings.current.openWith === 'output' ? 'output' : 'report' };
    const hasTasks = taskPositions(kickoff).length > 0;
    this.expansion = hasTasks ? 'Collapsed' : isActive && lastDrawn ? lastDrawn.expansion : 'None';
  }

  get inputsRun(): KickoffRef {
    return this.kickoff;
  }

  get row(): Row {
    return kickoffRow(this.kickoff, this.#contextWithTimes());
  }

  get tooltip(): string {
    const context = this.#contextWithTimes();
    return kickoffTooltip(this.kickoff, kickoffRow(this.kickoff, context), context).join('\n');
  }

  /** Also contains the content of the task rows, because VS Code redraws them with the run's row. */
  get comparable(): string {
    if (this.#comparable !== undefined) return this.#comparable;
    const { kickoff, documentToOpen } = this;
    const context = this.#contextWithTimes();
    const row = kickoffRow(kickoff, context);
    const tasks = [kickoff.tasks, currentTask(kickoff), kickoff.progress.tool];
    this.#comparable = JSON.stringify([row, kickoffTooltip(kickoff, row, context), ...tasks, documentName(kickoff, documentToOpen.kind)]);
    return this.#comparable;
  }

  #contextWithTimes(): TooltipContext {
    const { now, t } = this.#context;
    const eta = etaText(etaOf(this.kickoff, this.#durations, now), t);
    return { ...this.#context, eta, stall: stallText(stallOf(this.kickoff, this.#durations), t) };
  }
}
