import type * as vscode from 'vscode';
import type { Board } from '../core/board';
import { etaOf } from '../core/eta';
import type { Freshness } from '../core/freshness';
import { isSettled, type Kickoff } from '../core/kickoff';
import { standstillOf } from '../core/standstill';
import { hasResult } from '../core/telling';
import { currentTask } from '../core/underWay';
import { documentName } from '../present/documentName';
import { etaText } from '../present/etaText';
import { kickoffLook, kickoffTooltip, type Look, type LookWithTooltip } from '../present/look';
import { standstillText } from '../present/standstillText';
import { documentUri } from './documentUri';
import { currentSettings } from './settings';
import { formatDate, translate as t } from './translate';

type End = ReturnType<typeof etaText>;

/** What a run's row was drawn from. It is kept instead of what was drawn: thousands of rows are drawn at once, and of few it is ever asked. */
export class RunRow {
  readonly #now = Date.now();
  readonly #openWith = currentSettings().openWith;
  readonly #trouble;
  readonly #history;
  readonly #deployment;
  readonly #blocked;
  readonly #staleAt: number;
  #shown: string | undefined;

  constructor(
    private readonly kickoff: Kickoff,
    board: Board,
    freshness: Freshness,
  ) {
    this.#trouble = board.ownTroubleOf(kickoff);
    this.#history = board.historyOf(kickoff.deployment);
    this.#deployment = board.deployment(kickoff.deployment);
    this.#blocked = this.#deployment && !isSettled(kickoff.phase) ? board.troubleOfDeployment(this.#deployment) : undefined;
    this.#staleAt = freshness.staleAt(kickoff);
  }

  get look(): Look {
    return this.#lookWith(this.#end());
  }

  /** A text and no Markdown, so that server text can do nothing in it. */
  get tooltip(): string {
    const end = this.#end();
    return this.#tooltipWith(this.#lookWith(end), end);
  }

  /**
   * Opens a successful run as the user set it, and the report of any other run.
   *
   * `vscode.open` is the only command to which VS Code passes how the row was clicked: preview or pinned, and whether the list keeps the focus.
   * VS Code also forgets the arguments of a command of ours while it redraws the row, so that a click at that moment would fail.
   */
  get click(): vscode.Command {
    const isOutput = hasResult(this.kickoff) && this.#openWith === 'output';
    return { command: 'vscode.open', title: '', arguments: [documentUri(this.kickoff, isOutput ? 'output' : 'report')] };
  }

  /** All that the row shows or opens, to know when it must be drawn again. */
  get shown(): string {
    this.#shown ??= this.#shows();
    return this.#shown;
  }

  #shows(): string {
    const { kickoff } = this;
    const end = this.#end();
    const look = this.#lookWith(end);
    const opens = [documentName(kickoff, 'output'), this.#openWith];
    return JSON.stringify([look, this.#tooltipWith(look, end), kickoff.tasks, currentTask(kickoff), kickoff.progress.tool, ...opens]);
  }

  #end(): End {
    return etaText(etaOf(this.kickoff, this.#history, this.#now), t);
  }

  #lookWith({ row: end, isFirst }: End): LookWithTooltip {
    const hangs = standstillText(standstillOf(this.kickoff, this.#history), t);
    const outlook = { end, isEndFirst: isFirst === true, hangs, staleAt: this.#staleAt, blocked: this.#blocked };
    return kickoffLook(this.kickoff, this.#trouble, this.#now, t, outlook);
  }

  #tooltipWith(look: LookWithTooltip, { tooltip = '' }: End): string {
    return [...kickoffTooltip(this.kickoff, look, this.#deployment, formatDate, t), tooltip].join('\n').trim();
  }
}
