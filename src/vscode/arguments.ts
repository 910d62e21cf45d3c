import * as vscode from 'vscode';
import type { Board } from '../core/board';
import type { Deployment } from '../core/deployment';
import { Cancelled, UserFacingError } from '../core/errors';
import type { Kickoff } from '../core/kickoff';
import { kickoffId } from '../core/kickoffId';
import { plain } from '../present/clean';
import { kickoffLook, nameOf } from '../present/look';
import { words } from '../present/words';
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
  ) {}

  /** A tracked run; `suits` narrows what is offered in a pick. */
  async kickoff(given: unknown, suits: (kickoff: Kickoff) => boolean = () => true): Promise<Kickoff> {
    if (given === undefined) return this.#pickedKickoff(suits);
    const found = given instanceof KickoffNode ? this.board.kickoff(given.ref) : this.#namedKickoff(given);
    if (!found) throw new UserFacingError(vscode.l10n.t(words.unknownKickoff));
    return found;
  }

  async deployment(given: unknown): Promise<Deployment> {
    if (given === undefined) return this.#pickedDeployment();
    const found =
      given instanceof DeploymentNode ? this.board.deployment(given.key) : this.namedDeployment(member(given, 'deployment') ?? given);
    if (!found) throw new UserFacingError(vscode.l10n.t(words.unknownDeployment));
    return found;
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

  async #pickedKickoff(suits: (kickoff: Kickoff) => boolean): Promise<Kickoff> {
    const kickoffs = this.board.kickoffs.filter(suits);
    if (kickoffs.length === 0) throw new UserFacingError(vscode.l10n.t(words.noKickoffs));
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

/** A member of an argument that may be anything. */
export function member(given: unknown, name: string): unknown {
  return typeof given === 'object' && given !== null ? (Object.getOwnPropertyDescriptor(given, name)?.value as unknown) : undefined;
}

/** A member that is a text. */
export function text(given: unknown, name: string): string | undefined {
  const value = member(given, name);
  return typeof value === 'string' ? value : undefined;
}

async function picked<Item extends vscode.QuickPickItem>(items: readonly Item[], placeholder: string): Promise<Item> {
  const item = await choose(items, { title: '', placeholder: vscode.l10n.t(placeholder) });
  if (item === back) throw new Cancelled();
  return item;
}
