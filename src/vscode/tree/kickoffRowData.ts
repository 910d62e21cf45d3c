import type * as vscode from 'vscode';
import type { KickoffList } from '#core/history/kickoffList';
import { etaOf } from '#core/kickoff/eta';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import { stallOf } from '#core/kickoff/stall';
import { currentTask } from '#core/kickoff/tasks';
import { waitsForUser } from '#core/kickoff/trouble';
import type { Clock } from '#core/lib/types';
import { hasResult } from '#core/notices/noticeRules';
import type { Staleness } from '#core/polling/staleness';
import { documentName } from '#present/documents/documentName';
import { etaText, type EtaText } from '#present/rows/etaText';
import { kickoffRow, kickoffTooltip, type Row, type RowWithTooltip } from '#present/rows/kickoffRow';
import { stallText } from '#present/rows/stallText';
import { documentUri } from '#vscode/documents/documentUri';
import { formatDate, t } from '#vscode/l10n';
import type { CurrentSettings } from '#vscode/settings';

export interface RowParts {
  readonly board: KickoffList;
  readonly staleness: Staleness;
  readonly clock: Clock;
  readonly settings: CurrentSettings;
}

/** The data of a run's row. VS Code draws thousands of rows together, so row and tooltip are computed only on demand. */
export class KickoffRowData {
  readonly #now: number;
  readonly #openWith: CurrentSettings['current']['openWith'];
  readonly #problems;
  readonly #durations;
  readonly #deployment;
  readonly #staleAt: number;
  readonly #note: string | undefined;
  #shown: string | undefined;

  constructor(
    private readonly kickoff: Kickoff,
    { board, staleness, clock, settings }: RowParts,
  ) {
    this.#now = clock.now();
    this.#openWith = settings.current.openWith;
    this.#durations = board.durationsOf(kickoff.deployment);
    this.#deployment = board.deployment(kickoff.deployment);
    const ofDeployment = this.#deployment && !isSettled(kickoff.phase) ? board.troubleOfDeployment(this.#deployment) : undefined;
    // Each run shows that it waits for the user. Other problems of a deployment are only in the deployment's row.
    const trouble = ofDeployment && waitsForUser(ofDeployment.kind) ? ofDeployment : board.ownTroubleOf(kickoff);
    this.#problems = { trouble, blocked: ofDeployment === trouble ? undefined : ofDeployment };
    this.#staleAt = staleness.staleAt(kickoff);
    this.#note = isSettled(kickoff.phase) ? undefined : board.noteOf(kickoff);
  }

  get row(): Row {
    return this.#rowWith(this.#eta());
  }

  /** Plain text, so that links and icons in server text have no effect. */
  get tooltip(): string {
    const eta = this.#eta();
    return this.#tooltipWith(this.#rowWith(eta), eta);
  }

  /** `vscode.open`, because VS Code passes the kind of click only to its own commands, and ours lose their arguments during a redraw. */
  get click(): vscode.Command {
    const isOutput = hasResult(this.kickoff) && this.#openWith === 'output';
    return { command: 'vscode.open', title: '', arguments: [documentUri(this.kickoff, isOutput ? 'output' : 'report')] };
  }

  /** Everything that the row, its tooltip, its task rows, and its click show. When the text changes, the row is redrawn. */
  get shown(): string {
    this.#shown ??= this.#shows();
    return this.#shown;
  }

  #shows(): string {
    const { kickoff } = this;
    const eta = this.#eta();
    const look = this.#rowWith(eta);
    const opens = [documentName(kickoff, 'output'), this.#openWith];
    return JSON.stringify([look, this.#tooltipWith(look, eta), kickoff.tasks, currentTask(kickoff), kickoff.progress.tool, ...opens]);
  }

  #eta(): EtaText {
    return etaText(etaOf(this.kickoff, this.#durations, this.#now), t);
  }

  #rowWith(eta: EtaText): RowWithTooltip {
    const stall = stallText(stallOf(this.kickoff, this.#durations), t);
    return kickoffRow(this.kickoff, {
      ...this.#problems,
      note: this.#note,
      now: this.#now,
      t,
      eta,
      stall,
      staleAt: this.#staleAt,
    });
  }

  #tooltipWith(look: RowWithTooltip, { tooltip = '' }: EtaText): string {
    const { trouble, blocked } = this.#problems;
    const about = { trouble: trouble ?? blocked, deployment: this.#deployment, formatDate, t };
    return [...kickoffTooltip(this.kickoff, look, about), tooltip].join('\n').trim();
  }
}
