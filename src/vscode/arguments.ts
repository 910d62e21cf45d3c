import * as vscode from 'vscode';
import type { CommandName } from '../contributions';
import type { Board } from '../core/board';
import type { Deployment } from '../core/deployment';
import { Cancelled, UserFacingError } from '../core/errors';
import type { Kickoff } from '../core/kickoff';
import { kickoffId } from '../core/kickoffId';
import { plain } from '../present/clean';
import { kickoffLook } from '../present/look';
import { nameOf } from '../present/naming';
import { words } from '../present/wordsAll';
import { pickTitle } from './commandTitle';
import { isKeybinding, member, text } from './given';
import { DeploymentNode, KickoffNode, TaskNode } from './nodes';
import { back, choose } from './prompts';
import type { Questions } from './questions';

/** Which runs or deployments a command offers when it is called without one. */
export interface Offer<Of> {
  /** The pick has the title of this command. */
  readonly command: CommandName;
  /** Whether the command can do something with it. */
  readonly suits?: (one: Of) => boolean | Promise<boolean>;
  /** The message when it can't for any. */
  readonly none?: string;
}

/**
 * Finds the run or deployment of a command: a tree row, `{ deployment, kickoffId }`, or the user's pick.
 * Arguments are untrusted: other extensions, keybindings, and command links send them.
 */
export class Arguments {
  #lastKey: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly board: Board,
    private readonly questions: Questions,
    /** The rows that are selected in the view. */
    private readonly selection: () => readonly unknown[],
  ) {}

  /** Returns a tracked run. */
  async kickoff(given: unknown, offer: Offer<Kickoff>): Promise<Kickoff> {
    if (given === undefined) return this.#pickedKickoff(offer);
    const found = this.runOf(given);
    if (!found) throw new UserFacingError(vscode.l10n.t(words.unknownKickoff));
    return found;
  }

  /** Returns the tracked run of a row, of the row's task, or of `{ deployment, kickoffId }`. */
  runOf(given: unknown): Kickoff | undefined {
    const run = given instanceof TaskNode ? given.kickoff : given;
    return run instanceof KickoffNode ? this.board.kickoff(run.ref) : this.#namedKickoff(run);
  }

  /** Returns the runs of the selected rows that the given one is among, or only that one. */
  async kickoffs(given: unknown, selected: unknown, offer: Offer<Kickoff>): Promise<readonly Kickoff[]> {
    const found = this.#among(Array.isArray(selected) ? selected : []);
    return found.length > 0 ? found : [await this.kickoff(given, offer)];
  }

  /** The rows that are selected in the view. */
  get selected(): readonly unknown[] {
    return this.selection();
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

  /** Returns a known deployment. */
  async deployment(given: unknown, offer: Offer<Deployment>): Promise<Deployment> {
    if (given === undefined) return this.#pickedDeployment(offer);
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

  async #pickedKickoff(offer: Offer<Kickoff>): Promise<Kickoff> {
    const kickoffs = await suiting(this.board.kickoffs, offer, words.noKickoffs);
    const items = kickoffs.map((kickoff) => this.#itemOf(kickoff));
    return (await picked(items, offer.command, words.whichKickoff)).kickoff;
  }

  /** A run as its row shows it. */
  #itemOf(kickoff: Kickoff) {
    const { description, icon } = kickoffLook(kickoff, this.board.troubleOf(kickoff), Date.now(), vscode.l10n.t);
    return {
      label: plain(nameOf(kickoff)),
      description: plain(description),
      detail: plain(this.board.deployment(kickoff.deployment)?.label ?? ''),
      iconPath: new vscode.ThemeIcon(icon.id.replace('~spin', '')),
      kickoff,
    };
  }

  async #pickedDeployment(offer: Offer<Deployment>): Promise<Deployment> {
    const deployments = await suiting(this.board.deployments, offer, words.noDeployments);
    const [only] = deployments;
    if (only && deployments.length === 1) return only;
    const items = deployments.map((deployment) => ({ label: plain(deployment.label), description: deployment.url, deployment }));
    return (await picked(items, offer.command, words.whichDeployment)).deployment;
  }
}

/** Returns those that the command can do something with; throws when there are none. */
async function suiting<Of>(all: readonly Of[], { suits = () => true, none }: Offer<Of>, empty: string): Promise<readonly Of[]> {
  const verdicts = await Promise.all(all.map(async (one) => suits(one)));
  const found = all.filter((_, index) => verdicts[index]);
  if (found.length === 0) throw new UserFacingError(vscode.l10n.t((all.length > 0 && none) || empty));
  return found;
}

async function picked<Item extends vscode.QuickPickItem>(items: readonly Item[], command: CommandName, placeholder: string): Promise<Item> {
  const item = await choose(items, { title: pickTitle(command), placeholder: vscode.l10n.t(placeholder) });
  if (item === back) throw new Cancelled();
  return item;
}
