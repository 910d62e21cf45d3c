import vscode = require('vscode');
import { commandId, extensionId, type CommandName } from '#contributions';
import { namedDeployment } from '#core/history/kickoffList';
import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import { kickoffId } from '#core/kickoff/kickoffId';
import { UserFacingError } from '#core/lib/errors';
import { plain } from '#present/cleanText';
import { nameOf } from '#present/names';
import { kickoffRow } from '#present/rows/kickoffRow';
import { commandWords, inputBoxes } from '#present/words/commandWords';
import { t } from '#vscode/l10n';
import { choose } from '#vscode/prompts/prompts';
import type { TokenCheck } from '#vscode/prompts/tokenPrompt';
import type { TrackPrompts } from '#vscode/prompts/trackPrompts';
import { parseDocumentUri } from '#vscode/documents/documentUri';
import { activeDocument } from '#vscode/documents/openTabs';
import { DeploymentNode, KickoffNode, StartNode, TaskNode } from '#present/outline/nodes';
import type { CommandDeps } from './commandDeps';
import { ErrorWithButton } from './guard';
import { isDocument, isKeybinding, member, textMember } from './target';

/** A user could mistake a pick with such a word in its title for an input box. */
const ofBoxes = new RegExp(`\\b(?:${Object.keys(inputBoxes).join('|')})\\b`, 'i');

/** Returns a command's translated title for its pick, or an empty text if the title contains a word of `ofBoxes`. */
export function pickTitle(name: CommandName): string {
  const { contributes } = vscode.extensions.getExtension(extensionId)?.packageJSON as {
    readonly contributes?: {
      readonly commands?: readonly { readonly command: string; readonly title: string | { readonly value: string } }[];
    };
  };
  const { title = '' } = contributes?.commands?.find(({ command }) => command === commandId(name)) ?? {};
  // VS Code keeps a translated title together with the English title.
  const text = typeof title === 'string' ? title : title.value;
  return ofBoxes.test(text) ? '' : text;
}

/** The objects that commands get from the rest of the extension, and those that commands share. */
export interface CommandParts extends CommandDeps {
  readonly trackPrompts: TrackPrompts;
  readonly find: CommandArguments;
  readonly check: TokenCheck;
}

/** The runs or deployments that the user can select, if a command is called without an argument. */
export interface Offer<Of> {
  readonly command: CommandName;
  readonly suits?: (one: Of) => boolean | Promise<boolean>;
  /** The message if there are runs or deployments, but the command applies to none of them. */
  readonly none?: string;
  readonly placeholder?: string;
  /** Whether the active document doesn't answer the question, because the command affects much more than its run. */
  readonly ignoresActiveDocument?: boolean;
}

/** Finds the run or deployment of a command. Arguments are untrusted, because other extensions, keybindings, and links can send them. */
export class CommandArguments {
  #lastKeybinding: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: Pick<CommandDeps, 'board' | 'view' | 'clock'>) {}

  /** Without an argument, returns the run of the active document, else lets the user pick a run. Throws if the run isn't tracked. */
  async kickoff(target: unknown, offer: Offer<Kickoff>): Promise<Kickoff> {
    const found = this.runOf(target === undefined ? activeDocument() : target);
    if (target === undefined) return found && (await (offer.suits?.(found) ?? true)) ? found : this.#chooseKickoff(offer);
    if (!found) throw new UserFacingError(t(commandWords.unknownKickoff));
    return found;
  }

  /** Returns the tracked run of a row, of a task's row, of a document, or of `{ deployment, kickoffId }`. */
  runOf(target: unknown): Kickoff | undefined {
    const document = isDocument(target) ? parseDocumentUri(target) : undefined;
    if (document) return this.parts.board.kickoff(document.ref);
    const run = target instanceof TaskNode ? target.kickoff : target;
    return run instanceof KickoffNode ? this.parts.board.kickoff(run.ref) : this.#namedKickoff(run);
  }

  /** Returns the runs of the selected rows. If no run is selected, returns the run of the target, or lets the user pick a run. */
  async kickoffs(target: unknown, selection: unknown, offer: Offer<Kickoff>): Promise<readonly Kickoff[]> {
    const rows: readonly unknown[] = Array.isArray(selection) ? selection : [];
    const found = rows.flatMap((row) => (row instanceof KickoffNode ? (this.parts.board.kickoff(row.ref) ?? []) : []));
    return found.length > 0 ? found : [await this.kickoff(target, offer)];
  }

  /** Returns the row and the rows that a command applies to. VS Code passes no rows for a key, so this function finds the rows. */
  async rowsFor(target: unknown, selection?: unknown): Promise<readonly [row: unknown, rows: unknown]> {
    if (!isKeybinding(target)) return [target, selection];
    // Handles one key at a time, because keys may come faster than VS Code selects.
    const found = this.#lastKeybinding.then(() => this.#rowsOfKeybinding());
    this.#lastKeybinding = found.catch(() => undefined);
    const rows = await found;
    return [rows[0], rows];
  }

  /**
   * VS Code has no API for the focus, so this toggles the selection of the focused row twice, and compares the selections. Does so again if
   * they differ in anything else, because VS Code reports a part of the selection while it redraws a row.
   */
  async #rowsOfKeybinding(): Promise<readonly unknown[]> {
    const { view } = this.parts;
    for (let tries = 0; tries < 3; tries++) {
      const before = view.selection;
      await vscode.commands.executeCommand('list.toggleSelection');
      const toggled = view.selection;
      await vscode.commands.executeCommand('list.toggleSelection');
      const after = view.selection;
      const [focused, ...others] = differences(toggled, after);
      if (focused !== undefined && others.length === 0 && differences(before, after).length === 0)
        return after.includes(focused) ? [focused, ...after.filter((row) => row !== focused)] : [focused];
    }
    return view.selection;
  }

  /** Without an argument, returns the deployment of the active document, else lets the user pick one. Throws if it is unknown. */
  async deployment(target: unknown, offer: Offer<Deployment>): Promise<Deployment> {
    const found = this.#deploymentOf(target === undefined ? activeDocument() : target);
    if (target === undefined) {
      const isMeant = found && !offer.ignoresActiveDocument && (await (offer.suits?.(found) ?? true));
      return isMeant ? found : this.#chooseDeployment(offer);
    }
    if (!found) throw new UserFacingError(t(commandWords.unknownDeployment));
    return found;
  }

  #deploymentOf(target: unknown): Deployment | undefined {
    if (target instanceof DeploymentNode) return this.parts.board.deployment(target.key);
    if (target instanceof StartNode) return this.parts.board.deployment(target.deployment);
    const ref = target instanceof KickoffNode ? target.ref : isDocument(target) ? parseDocumentUri(target)?.ref : undefined;
    if (ref) return this.parts.board.deployment(ref.deployment);
    return this.#namedDeployment(member(target, 'deployment') ?? member(target, 'deploymentUrl') ?? target);
  }

  #namedDeployment(name: unknown): Deployment | undefined {
    return typeof name === 'string' ? namedDeployment(this.parts.board, name) : undefined;
  }

  #namedKickoff(target: unknown): Kickoff | undefined {
    const deployment = this.#namedDeployment(member(target, 'deployment') ?? member(target, 'deploymentUrl'));
    const id = kickoffId(textMember(target, 'kickoffId') ?? '');
    return deployment && id && this.parts.board.kickoff({ deployment: deployment.key, id });
  }

  /** Offers the runs in the order of the view. */
  async #chooseKickoff(offer: Offer<Kickoff>): Promise<Kickoff> {
    const { board } = this.parts;
    const nothing = new ErrorWithButton(t(commandWords.noKickoffs), t(commandWords.trackTitle), 'track');
    const offered = new Set(await suiting(board.kickoffs, offer, nothing));
    const kickoffs = board.deployments.flatMap((deployment) => board.kickoffsOf(deployment)).filter((kickoff) => offered.has(kickoff));
    const items = kickoffs.map((kickoff) => this.#itemOf(kickoff));
    const placeholder = t(offer.placeholder ?? commandWords.whichKickoff);
    return (await choose(items, { title: pickTitle(offer.command), placeholder })).kickoff;
  }

  #itemOf(kickoff: Kickoff) {
    const { board, clock } = this.parts;
    const { description, icon } = kickoffRow(kickoff, { trouble: board.troubleOf(kickoff), now: clock.now(), t });
    // The user can also search for the label of the deployment, which a separator wouldn't permit.
    const label = board.deployments.length > 1 ? board.deployment(kickoff.deployment)?.label : undefined;
    return {
      label: plain(nameOf(kickoff)),
      description: plain(description),
      detail: plain(label ?? ''),
      iconPath: new vscode.ThemeIcon(icon.id.replace('~spin', '')),
      kickoff,
    };
  }

  async #chooseDeployment(offer: Offer<Deployment>): Promise<Deployment> {
    const nothing = new ErrorWithButton(t(commandWords.noDeployments), t(commandWords.addDeploymentTitle), 'addDeployment');
    const active = this.#deploymentOf(activeDocument());
    const activeFirst = this.parts.board.deployments.toSorted((one, other) => Number(other === active) - Number(one === active));
    const deployments = await suiting(activeFirst, offer, nothing);
    const [only] = deployments;
    if (only && deployments.length === 1) return only;
    const items = deployments.map((deployment) => ({ label: plain(deployment.label), description: deployment.url, deployment }));
    const item = await choose(items, { title: pickTitle(offer.command), placeholder: t(commandWords.whichDeployment) });
    return item.deployment;
  }
}

/** Returns the rows that are in only one of two selections. */
function differences<Row>(one: readonly Row[], other: readonly Row[]): readonly Row[] {
  const [ofOne, ofOther] = [new Set(one), new Set(other)];
  return [...one.filter((row) => !ofOther.has(row)), ...other.filter((row) => !ofOne.has(row))];
}

async function suiting<Of>(all: readonly Of[], { suits = () => true, none }: Offer<Of>, nothing: ErrorWithButton): Promise<readonly Of[]> {
  const verdicts = await Promise.all(all.map(async (one) => suits(one)));
  const found = all.filter((_, index) => verdicts[index]);
  if (found.length > 0) return found;
  if (all.length > 0 && none !== undefined) throw new UserFacingError(t(none));
  throw nothing;
}
