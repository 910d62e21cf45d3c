import vscode = require('vscode');
import { extensionId } from '#contributions';
import type { KickoffList } from '#core/history/kickoffList';
import type { HistoryLoader } from '#core/history/historyLoader';
import type { Store } from '#core/history/store';
import type { Tracker } from '#core/history/tracker';
import type { DeploymentUrl } from '#core/kickoff/deployment';
import { hasBody, type Kickoff } from '#core/kickoff/kickoff';
import type { Clock } from '#core/lib/types';
import type { Poller } from '#core/polling/poller';
import type { AnswerDownloader, BodyReader } from '#core/polling/ports';
import { commandWords } from '#present/words/commandWords';
import { words } from '#present/words/words';
import { DocumentOpener } from '#vscode/documents/openDocument';
import { closePrompt } from '#vscode/prompts/prompts';
import type { TokenCheck } from '#vscode/prompts/tokenPrompt';
import { TrackPrompts } from '#vscode/prompts/trackPrompts';
import type { KickoffInfos } from '#vscode/publicApi';
import type { SecretTokens } from '#vscode/secretTokens';
import type { CurrentSettings } from '#vscode/settings';
import { TerminalKickoff } from '#vscode/terminalLinks';
import { DeploymentNode, isRow, KickoffNode, TaskNode } from '#vscode/tree/nodes';
import type { KickoffsView } from '#vscode/tree/view';
import { CommandArguments } from './arguments';
import { DeleteCommands } from './deleteCommands';
import { DeploymentCommands, openSettings } from './deploymentCommands';
import { DownloadCommand } from './downloadCommand';
import { EnvImport } from './envImport';
import type { Handlers, ShowFailure } from './guard';
import { KickoffCommands } from './kickoffCommands';
import { LinkCommand } from './openLink';
import { OutputCommands } from './outputCommands';
import { RunRemover } from './runRemover';
import { isKeybinding, member } from './target';
import { TrackCommands } from './track';

export interface CommandParts {
  readonly view: Pick<KickoffsView, 'neighborOf' | 'focusNeighbor'>;
  readonly trackCommands: TrackCommands;
  readonly linkCommand: LinkCommand;
  readonly envImport: EnvImport;
  readonly find: CommandArguments;
  readonly opener: DocumentOpener;
  readonly kickoffs: KickoffCommands;
  readonly deployments: DeploymentCommands;
  readonly outputs: OutputCommands;
  readonly runRemover: RunRemover;
  readonly deleteCommands: DeleteCommands;
  readonly downloadCommand: DownloadCommand;
  readonly log: vscode.LogOutputChannel;
}

export function handlers(parts: CommandParts): Handlers {
  const { trackCommands, linkCommand, envImport, find, opener, kickoffs, deployments, outputs } = parts;
  const { runRemover, deleteCommands, downloadCommand, log } = parts;
  return {
    track: (target) => {
      const uri = member(target, 'uri');
      if (target instanceof TerminalKickoff) return trackCommands.trackAgreed({ captured: target.run });
      return uri instanceof vscode.Uri ? linkCommand.follow(uri) : trackCommands.track(isRow(target) ? undefined : target);
    },
    trackHere: async (target) => trackCommands.track({ deployment: (await find.deployment(target, { command: 'trackHere' })).url }),
    addDeployment: (target) => trackCommands.addDeployment(isRow(target) ? undefined : target),
    importEnv: () => envImport.run(),
    setToken: async (target) => trackCommands.setToken(await find.deployment(target, { command: 'setToken' })),
    deleteToken: (target) => deployments.deleteToken(target),
    editDeployment: (target) => deployments.edit(target),
    openInBrowser: (target) => deployments.openInBrowser(target),
    openNetworkSettings: () => openSettings('@id:http.systemCertificates @id:http.proxy'),
    openSettings: () => openSettings(`@ext:${extensionId}`),
    removeDeployment: (target) => removeRows(parts, [target], () => deployments.remove(target)),
    refresh: (target, selection) => kickoffs.refresh(target, selection),
    refreshAll: () => kickoffs.refreshAll(),
    openOutput: (target) => outputs.open(target),
    openReport: async (target) => opener.report(await find.kickoff(target, { command: 'openReport' })),
    openRawStatus: async (target) =>
      opener.rawStatus(await find.kickoff(target, { command: 'openRawStatus', suits: hasBody, none: words.noResponse })),
    moveToDeployment: async (target) =>
      trackCommands.move(await find.kickoff(target, { command: 'moveToDeployment', suits: isMisplaced, none: commandWords.noneToMove })),
    copyId: (target, selection) => kickoffs.copyId(target, selection),
    copyAllIds: () => kickoffs.copyAllIds(),
    copyOutput: (target) => outputs.copy(target),
    copyError: (target) => kickoffs.copyError(target),
    copyDiagnostics: (target) => kickoffs.copyDiagnostics(target),
    saveOutput: (target) => outputs.save(target),
    saveAnswer: (target) => downloadCommand.save(target),
    compareWithPrevious: (target) => outputs.compareWithPrevious(target),
    compareSelected: (target, selection) => outputs.compareSelected(target, selection),
    compareSelectedTasks: (target, selection) => outputs.compareSelected(target, selection),
    markRead: (target, selection) => kickoffs.markRead(target, selection),
    markAllRead: () => kickoffs.markAllRead(),
    markDeploymentRead: async (target) => kickoffs.markAllRead(await find.deployment(target, { command: 'markDeploymentRead' })),
    mute: (target, selection) => kickoffs.mute(target, selection, true),
    unmute: (target, selection) => kickoffs.mute(target, selection, false),
    rename: (target) => rename(parts, target),
    remove: (target, selection) => remove(parts, target, selection),
    undoRemove: (target) => (isKeybinding(target) ? runRemover.undo() : runRemover.undoLast()),
    deleteOldRuns: () => deleteCommands.deleteOldRuns(),
    deleteAllData: () => deleteCommands.deleteAllData(),
    showLog: () => log.show(),
  };
}

function isMisplaced({ phase, checkedAt }: Kickoff): boolean {
  return phase.kind === 'missing' || checkedAt === undefined;
}

async function rename({ find, deployments, kickoffs }: CommandParts, target: unknown): Promise<void> {
  const [row] = await find.rowsFor(target);
  if (isKeybinding(target) && !row) return;
  if (isDeployment(row)) await deployments.rename(row);
  else await kickoffs.rename(await find.kickoff(row, { command: 'rename' }));
}

/** Whether a command is called with a deployment: its row, its label or URL, or `{ deployment }`. */
function isDeployment(target: unknown): boolean {
  if (target instanceof DeploymentNode || typeof target === 'string') return true;
  return member(target, 'deployment') !== undefined && member(target, 'kickoffId') === undefined;
}

async function remove(parts: CommandParts, target: unknown, selection: unknown): Promise<void> {
  const { find, deployments, kickoffs } = parts;
  const [row, rows] = await find.rowsFor(target, selection);
  // No row has the focus, or the user pressed the key again before VS Code removed the row.
  if ((isKeybinding(target) && !row) || !find.isThere(row)) return;
  // A task is part of its run and can't be removed separately.
  if (row instanceof TaskNode) return;
  if (row instanceof DeploymentNode) await removeRows(parts, [row], () => deployments.remove(row));
  else {
    const others = Array.isArray(rows) ? rows.filter((one) => one instanceof KickoffNode) : [];
    await removeRows(parts, [row, ...others], () => kickoffs.remove(row, rows));
  }
}

/** Removes runs or a deployment. VS Code leaves no row focused, so a neighbor gets the focus. */
async function removeRows({ view }: CommandParts, rows: readonly unknown[], act: () => Promise<void>): Promise<void> {
  const removed = rows.filter((row) => row instanceof KickoffNode || row instanceof DeploymentNode);
  const neighbor = view.neighborOf(removed);
  await act();
  if (removed.length > 0) await view.focusNeighbor(neighbor, removed);
}

export interface CommandDeps {
  readonly board: KickoffList;
  readonly store: Pick<Store, 'body' | 'taskOutputs'>;
  readonly tracker: Tracker;
  readonly historyLoader: HistoryLoader;
  readonly poller: Poller;
  readonly tokens: SecretTokens;
  readonly amp: AnswerDownloader &
    BodyReader & {
      checkToken(url: DeploymentUrl, token: string): Promise<{ readonly kind: Awaited<ReturnType<TokenCheck>> }>;
    };
  readonly view: KickoffsView;
  readonly folder: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly showFailure: ShowFailure;
  readonly clock: Clock;
  readonly settings: CurrentSettings;
  readonly infos: KickoffInfos;
}

/** Creates the commands and prompts when they are first needed, because most windows run no command for hours. */
export function createCommands(ground: CommandDeps) {
  const { board, store, tracker, poller, amp, view, folder, clock, log } = ground;
  const runRemover = new RunRemover(ground);
  const trackPrompts = new TrackPrompts(board);
  const find = new CommandArguments({ board, trackPrompts, selection: () => view.selection, clock });
  // If loading the AMP client fails, the token is saved without a check.
  const check: TokenCheck = (url, token) =>
    amp.checkToken(url, token).then(
      ({ kind }) => kind,
      () => 'notChecked',
    );
  const shared = { ...ground, trackPrompts, find, runRemover, check };
  const trackCommands = new TrackCommands({ ...shared, highlight: view.highlight });
  const opener = new DocumentOpener();
  const parts: CommandParts = {
    view,
    trackCommands,
    linkCommand: new LinkCommand(board, trackCommands),
    envImport: new EnvImport(shared),
    find,
    opener,
    kickoffs: new KickoffCommands({ board, tracker, poller, find, runRemover, clock, settings: ground.settings }),
    deployments: new DeploymentCommands({ ...shared, trackCommands }),
    outputs: new OutputCommands({ board, find, opener, store, reader: amp }),
    runRemover,
    deleteCommands: new DeleteCommands(shared),
    downloadCommand: new DownloadCommand({ board, find, saver: amp, folder, clock }),
    log,
  };
  return { handlers: handlers(parts), trackCommands, opener, closePrompt };
}
