import vscode = require('vscode');
import { commandId, extensionId, type CommandName } from '#contributions';
import type { HistoryLoader } from '#core/history/historyLoader';
import { deploymentByUrlOrLabel, type KickoffList } from '#core/history/kickoffList';
import type { Store } from '#core/history/store';
import type { Tracker } from '#core/history/tracker';
import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import { kickoffId } from '#core/kickoff/kickoffId';
import type { ResponseDownloader, BodyReader } from '#core/kickoff/responseBody';
import { UserFacingError } from '#core/lib/errors';
import type { Clock } from '#core/lib/types';
import type { Poller } from '#core/polling/poller';
import type { RunControl, RunStarter } from '#core/starts/runStarter';
import { defuse } from '#present/cleanText';
import { nameOf } from '#present/names';
import { DeploymentNode, KickoffNode, StartNode, TaskNode } from '#present/outline/nodes';
import { kickoffRow } from '#present/rows/kickoffRow';
import { commandWords, inputBoxTextsByWord } from '#present/words/commandWords';
import { parseDocumentUri } from '#vscode/documents/documentUri';
import { activeDocumentUri } from '#vscode/documents/openTabs';
import { t } from '#vscode/l10n';
import { choose } from '#vscode/prompts/prompts';
import type { TokenCheck } from '#vscode/prompts/tokenPrompt';
import type { TrackPrompts } from '#vscode/prompts/trackPrompts';
import type { KickoffInfoCache } from '#vscode/publicApi';
import type { SecretTokens } from '#vscode/secretTokens';
import type { SettingsReader } from '#vscode/settings';
import type { KickoffsView } from '#vscode/tree/view';
import { ErrorWithButton, type ShowFailure } from './guard';
import { isDocumentUri, isFromKeybinding, memberOf, textMemberOf } from './target';

/** Matches the words by which users recognize input boxes, such as `token`. A list titled with such a word could be mistaken for a box. */
const inputBoxWordPattern = new RegExp(`\\b(?:${Object.keys(inputBoxTextsByWord).join('|')})\\b`, 'i');

/** Returns a command's translated title for its list, or an empty text if the title matches `inputBoxWordPattern`. */
export function listTitle(name: CommandName): string {
  const { contributes } = vscode.extensions.getExtension(extensionId)?.packageJSON as {
    readonly contributes?: {
      readonly commands?: readonly { readonly command: string; readonly title: string | { readonly value: string } }[];
    };
  };
  const { title = '' } = contributes?.commands?.find(({ command }) => command === commandId(name)) ?? {};
  // VS Code keeps a translated title together with the English title.
  const text = typeof title === 'string' ? title : title.value;
  return inputBoxWordPattern.test(text) ? '' : text;
}

/** The objects that commands get from the rest of the extension. */
export interface BaseCommandParts {
  readonly board: KickoffList;
  readonly store: Pick<Store, 'body' | 'taskOutputs' | 'inputs'>;
  readonly starter: RunStarter;
  readonly tracker: Tracker;
  readonly historyLoader: HistoryLoader;
  readonly poller: Poller;
  readonly tokens: SecretTokens;
  readonly loadAmp: () => Promise<ResponseDownloader & RunControl & { readonly checkToken: TokenCheck; readonly reader: BodyReader }>;
  readonly view: KickoffsView;
  /** The folder for temporary files of downloads whose target isn't a local file. */
  readonly downloadFolder: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly showFailure: ShowFailure;
  readonly clock: Clock;
  readonly settings: SettingsReader;
  readonly infoCache: KickoffInfoCache;
}

/** The objects that commands get from the rest of the extension, and objects that only commands use. */
export interface CommandParts extends BaseCommandParts {
  readonly trackPrompts: TrackPrompts;
  readonly targetFinder: TargetFinder;
  readonly checkToken: TokenCheck;
}

/** The options for finding the runs or the deployment of a command. */
export interface TargetOptions<Item> {
  readonly command: CommandName;
  /** Whether the command applies to a run or deployment. Not called for arguments and selected rows. */
  readonly isTarget?: (one: Item) => boolean | Promise<boolean>;
  /** The message if there are runs or deployments, but the command applies to none of them. */
  readonly message?: string;
  readonly placeholder?: string;
  /** Whether the active document's deployment is only listed first, but not used instead of asking. */
  readonly ignoresActiveDocument?: boolean;
}

/** Finds the run or deployment of a command. Arguments are untrusted, because other extensions, keybindings, and links can send them. */
export class TargetFinder {
  #lastKeyHandling: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: Pick<BaseCommandParts, 'board' | 'view' | 'clock'>) {}

  /** Finds the argument's run, or throws. Without an argument, uses the active document's run if the command applies to it, or asks. */
  async findKickoff(target: unknown, options: TargetOptions<Kickoff>): Promise<Kickoff> {
    const kickoff = this.trackedRun(target === undefined ? activeDocumentUri() : target);
    if (target === undefined) return kickoff && (await (options.isTarget?.(kickoff) ?? true)) ? kickoff : this.#chooseKickoff(options);
    if (!kickoff) throw new UserFacingError(t(commandWords.unknownKickoff));
    return kickoff;
  }

  /** Returns the tracked run of a run's or task's row, a document, or an object with `kickoffId` and `deployment` or `deploymentUrl`. */
  trackedRun(target: unknown): Kickoff | undefined {
    const { board } = this.parts;
    const parsedUri = isDocumentUri(target) ? parseDocumentUri(target) : undefined;
    if (parsedUri) return board.kickoff(parsedUri.ref);
    const runTarget = target instanceof TaskNode ? target.kickoffNode : target;
    if (runTarget instanceof KickoffNode) return board.kickoff(runTarget.ref);
    const deployment = this.#deploymentOf(runTarget);
    const id = kickoffId(textMemberOf(runTarget, 'kickoffId') ?? '');
    return deployment && id && board.kickoff({ deployment: deployment.key, id });
  }

  /** Returns the runs of the selected rows. If no run is selected, returns a single run like `findKickoff`. */
  async findKickoffs(target: unknown, selection: unknown, options: TargetOptions<Kickoff>): Promise<readonly Kickoff[]> {
    const rows: readonly unknown[] = Array.isArray(selection) ? selection : [];
    const kickoffs = rows.flatMap((row) => (row instanceof KickoffNode ? (this.parts.board.kickoff(row.ref) ?? []) : []));
    return kickoffs.length > 0 ? kickoffs : [await this.findKickoff(target, options)];
  }

  /** Returns the clicked or focused row, and the selected rows. VS Code passes no rows when a key is pressed, so this method finds them. */
  async findRows(target: unknown, selection?: unknown): Promise<readonly [row: unknown, rows: unknown]> {
    if (!isFromKeybinding(target)) return [target, selection];
    // Handles one key at a time, because the user may press keys faster than VS Code changes the selection.
    const rowsPromise = this.#lastKeyHandling.then(() => this.#findRowsForKey());
    this.#lastKeyHandling = rowsPromise.catch(() => undefined);
    const rows = await rowsPromise;
    return [rows[0], rows];
  }

  /** Returns the focused row, and if selected, all selected rows. Toggles its selection twice, because VS Code has no API for the focus. */
  async #findRowsForKey(): Promise<readonly unknown[]> {
    const { view } = this.parts;
    // VS Code reports only a part of the selection while it redraws a row. Then more than one row differs, and this loop tries again.
    for (let tries = 0; tries < 3; tries++) {
      const initialSelection = new Set(view.selection);
      await vscode.commands.executeCommand('list.toggleSelection');
      const toggledSelection = new Set(view.selection);
      await vscode.commands.executeCommand('list.toggleSelection');
      const finalSelection = new Set(view.selection);
      const [focusedRow, ...others] = toggledSelection.symmetricDifference(finalSelection);
      if (focusedRow !== undefined && others.length === 0 && initialSelection.symmetricDifference(finalSelection).size === 0)
        return finalSelection.has(focusedRow) ? [...new Set([focusedRow, ...finalSelection])] : [focusedRow];
    }
    return view.selection;
  }

  /** Finds the argument's deployment, or throws. Without an argument, uses the active document's or the only suitable one, or asks. */
  async findDeployment(target: unknown, options: TargetOptions<Deployment>): Promise<Deployment> {
    const activeUri = options.ignoresActiveDocument ? undefined : activeDocumentUri();
    const deployment = this.#deploymentOf(target === undefined ? activeUri : target);
    if (target === undefined)
      return deployment && (await (options.isTarget?.(deployment) ?? true)) ? deployment : this.#chooseDeployment(options);
    if (!deployment) throw new UserFacingError(t(commandWords.unknownDeployment));
    return deployment;
  }

  #deploymentOf(target: unknown): Deployment | undefined {
    if (target instanceof DeploymentNode) return this.parts.board.deployment(target.key);
    if (target instanceof StartNode) return this.parts.board.deployment(target.deployment);
    const ref = target instanceof KickoffNode ? target.ref : isDocumentUri(target) ? parseDocumentUri(target)?.ref : undefined;
    if (ref) return this.parts.board.deployment(ref.deployment);
    const urlOrLabel = memberOf(target, 'deployment') ?? memberOf(target, 'deploymentUrl') ?? target;
    return typeof urlOrLabel === 'string' ? deploymentByUrlOrLabel(this.parts.board, urlOrLabel) : undefined;
  }

  /** Lets the user select one of the runs that the command applies to. Lists these runs in the order of the view. */
  async #chooseKickoff(options: TargetOptions<Kickoff>): Promise<Kickoff> {
    const { board, clock } = this.parts;
    const noItemsError = new ErrorWithButton(t(commandWords.noKickoffs), t(commandWords.trackTitle), 'track');
    const kickoffs = board.deployments.flatMap((deployment) => board.kickoffsOf(deployment));
    const items = (await suitableItems(kickoffs, options, noItemsError)).map((kickoff) => {
      const { description, icon } = kickoffRow(kickoff, { trouble: board.troubleOf(kickoff), now: clock.now(), t });
      // Each item contains the deployment's label, because the user can't search for the text of a separator.
      const deploymentLabel = board.deployments.length > 1 ? board.deployment(kickoff.deployment)?.label : undefined;
      return {
        label: defuse(nameOf(kickoff)),
        description: defuse(description),
        detail: defuse(deploymentLabel ?? ''),
        iconPath: new vscode.ThemeIcon(icon.id.replace('~spin', '')),
        kickoff,
      };
    });
    const placeholder = t(options.placeholder ?? commandWords.whichKickoff);
    return (await choose(items, { title: listTitle(options.command), placeholder })).kickoff;
  }

  async #chooseDeployment(options: TargetOptions<Deployment>): Promise<Deployment> {
    const noItemsError = new ErrorWithButton(t(commandWords.noDeployments), t(commandWords.addDeploymentTitle), 'addDeployment');
    const activeDeployment = this.#deploymentOf(activeDocumentUri());
    const activeFirst = this.parts.board.deployments.toSorted((a, b) => Number(b === activeDeployment) - Number(a === activeDeployment));
    const deployments = await suitableItems(activeFirst, options, noItemsError);
    const [only] = deployments;
    if (only && deployments.length === 1) return only;
    const items = deployments.map((deployment) => ({ label: defuse(deployment.label), description: deployment.url, deployment }));
    const item = await choose(items, { title: listTitle(options.command), placeholder: t(commandWords.whichDeployment) });
    return item.deployment;
  }
}

/** Returns the items that the command applies to. If it applies to none, throws `message`. Without items or `message`, throws `error`. */
async function suitableItems<Item>(all: readonly Item[], { isTarget = () => true, message }: TargetOptions<Item>, error: ErrorWithButton) {
  const areTargets = await Promise.all(all.map(async (one) => isTarget(one)));
  const suitable = all.filter((_, index) => areTargets[index]);
  if (suitable.length > 0) return suitable;
  if (all.length > 0 && message !== undefined) throw new UserFacingError(t(message));
  throw error;
}
