import * as vscode from 'vscode';
import type { Board } from '../core/board';
import type { Deployment } from '../core/deployment';
import { Cancelled, UserFacingError } from '../core/errors';
import type { Kickoff } from '../core/kickoff';
import { kickoffId } from '../core/kickoffId';
import { plain } from '../present/clean';
import { kickoffLook } from '../present/look';
import { nameOf } from '../present/naming';
import { words } from '../present/wordsAll';
import { isKeybinding, member, text } from './given';
import { DeploymentNode, KickoffNode, TaskNode } from './nodes';
import { back, choose } from './prompts';
import type { Questions } from './questions';

/**
 * Finds what a command is about: a tree row, `{ deployment, kickoffId }`, or what the user picks.
 * Arguments are untrusted: other extensions, keybindings and command links send them.
 */
export class Arguments {
  #lastKey: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly board: Board,
    private readonly questions: Questions,
    /** The rows that are selected in the view. */
    private readonly selection: () => readonly unknown[],
  ) {}

  /** A tracked run; `suits` narrows what is offered in a pick, `noneSuits` says that nothing is. */
  async kickoff(given: unknown, suits: (kickoff: Kickoff) => boolean = () => true, noneSuits: string = words.noKickoffs): Promise<Kickoff> {
    if (given === undefined) return this.#pickedKickoff(suits, noneSuits);
    const row = given instanceof TaskNode ? given.kickoff : given;
    const found = row instanceof KickoffNode ? this.board.kickoff(row.ref) : this.#namedKickoff(row);
    if (!found) throw new UserFacingError(vscode.l10n.t(words.unknownKickoff));
    return found;
  }

  /** Several runs: the selected rows among which the given one is, or just that one. */
  async kickoffs(given: unknown, selected: unknown): Promise<readonly Kickoff[]> {
    const found = this.#among(Array.isArray(selected) ? selected : []);
    return found.length > 0 ? found : [await this.kickoff(given)];
  }

  /** The runs that are selected in the view. */
  get selected(): readonly Kickoff[] {
    return this.#among(this.selection());
  }

  #among(rows: readonly unknown[]): readonly Kickoff[] {
    return rows.flatMap((row) => (row instanceof KickoffNode ? (this.board.kickoff(row.ref) ?? []) : []));
  }

  /** What a command was called with; of a key, the rows that it was pressed on. */
  async meant(given: unknown, selected?: unknown): Promise<readonly [row: unknown, rows: unknown]> {
    if (!isKeybinding(given)) return [given, selected];
    // One key after the other: they may come faster than the editor selects.
    const found = this.#lastKey.then(() => this.#rowsOfKey());
    this.#lastKey = found.catch(() => undefined);
    const rows = await found;
    return [rows[0], rows];
  }

  /**
   * The row with the focus, and after it the selected ones when it is among them. The arrow keys move the focus alone, and no API tells where it
   * is: the editor is asked to select that row, or not to, and then to put back what was selected.
   */
  async #rowsOfKey(): Promise<readonly unknown[]> {
    const before = this.selection();
    await vscode.commands.executeCommand('list.toggleSelection');
    const after = this.selection();
    await vscode.commands.executeCommand('list.toggleSelection');
    const added = after.filter((row) => !before.includes(row));
    const focused = before.filter((row) => !after.includes(row));
    return added.length > 0 ? added : [...focused, ...before.filter((row) => !focused.includes(row))];
  }

  /** Whether a row's run or deployment is still on the list: rows go a little later than what they show. */
  isThere(row: unknown): boolean {
    if (row instanceof DeploymentNode) return this.board.deployment(row.key) !== undefined;
    return !(row instanceof KickoffNode) || this.board.kickoff(row.ref) !== undefined;
  }

  async deployment(given: unknown): Promise<Deployment> {
    if (given === undefined) return this.#pickedDeployment();
    const found = this.#deploymentOf(given);
    if (!found) throw new UserFacingError(vscode.l10n.t(words.unknownDeployment));
    return found;
  }

  #deploymentOf(given: unknown): Deployment | undefined {
    if (given instanceof DeploymentNode) return this.board.deployment(given.key);
    if (given instanceof KickoffNode) return this.board.deployment(given.ref.deployment);
    return this.namedDeployment(member(given, 'deployment') ?? member(given, 'deploymentUrl') ?? given);
  }

  /** The known deployment that a label or an address names. */
  namedDeployment(name: unknown): Deployment | undefined {
    return typeof name === 'string' ? this.questions.known(name) : undefined;
  }

  #namedKickoff(given: unknown): Kickoff | undefined {
    const deployment = this.namedDeployment(member(given, 'deployment') ?? member(given, 'deploymentUrl'));
    const id = kickoffId(text(given, 'kickoffId') ?? '');
    return deployment && id && this.board.kickoff({ deployment: deployment.key, id });
  }

  async #pickedKickoff(suits: (kickoff: Kickoff) => boolean, noneSuits: string): Promise<Kickoff> {
    const kickoffs = this.board.kickoffs.filter(suits);
    if (kickoffs.length === 0) throw new UserFacingError(vscode.l10n.t(this.board.kickoffs.length === 0 ? words.noKickoffs : noneSuits));
    const items = kickoffs.map((kickoff) => ({
      label: plain(nameOf(kickoff)),
      description: plain(kickoffLook(kickoff, this.board.troubleOf(kickoff), Date.now(), vscode.l10n.t).description),
      detail: plain(this.board.deployment(kickoff.deployment)?.label ?? ''),
      kickoff,
    }));
    return (await picked(items, words.whichKickoff)).kickoff;
  }

  async #pickedDeployment(): Promise<Deployment> {
    const [only, ...others] = this.board.deployments;
    if (!only) throw new UserFacingError(vscode.l10n.t(words.noDeployments));
    if (others.length === 0) return only;
    const items = this.board.deployments.map((deployment) => ({ label: plain(deployment.label), description: deployment.url, deployment }));
    return (await picked(items, words.whichDeployment)).deployment;
  }
}

async function picked<Item extends vscode.QuickPickItem>(items: readonly Item[], placeholder: string): Promise<Item> {
  const item = await choose(items, { title: '', placeholder: vscode.l10n.t(placeholder) });
  if (item === back) throw new Cancelled();
  return item;
}
