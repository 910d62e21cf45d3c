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
import { DeploymentNode, KickoffNode } from './nodes';
import { back, choose } from './prompts';
import type { Questions } from './questions';

/**
 * Finds what a command is about: a tree row, `{ deployment, kickoffId }`, or what the user picks.
 * Arguments are untrusted: other extensions, keybindings and command links send them.
 */
export class Arguments {
  constructor(
    private readonly board: Board,
    private readonly questions: Questions,
    /** The rows that are selected in the view. */
    private readonly selection: () => readonly unknown[],
  ) {}

  /** A tracked run; `suits` narrows what is offered in a pick, `noneSuits` says that nothing is. */
  async kickoff(given: unknown, suits: (kickoff: Kickoff) => boolean = () => true, noneSuits: string = words.noKickoffs): Promise<Kickoff> {
    if (given === undefined) return this.#pickedKickoff(suits, noneSuits);
    const found = given instanceof KickoffNode ? this.board.kickoff(given.ref) : this.#namedKickoff(given);
    if (!found) throw new UserFacingError(vscode.l10n.t(words.unknownKickoff));
    return found;
  }

  /** Several runs: the selected rows among which the given one is, or just that one. */
  async kickoffs(given: unknown, selected: unknown): Promise<readonly Kickoff[]> {
    const rows: readonly unknown[] = isKeybinding(given) ? this.selection() : Array.isArray(selected) ? selected : [];
    const found = rows.flatMap((row) => (row instanceof KickoffNode ? (this.board.kickoff(row.ref) ?? []) : []));
    return found.length > 0 ? found : [await this.kickoff(isKeybinding(given) ? undefined : given)];
  }

  /** The row that a key was pressed on; else what was given. */
  row(given: unknown): unknown {
    return isKeybinding(given) ? this.selection()[0] : given;
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
