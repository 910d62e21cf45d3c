import vscode = require('vscode');
import { extensionId } from '#contributions';
import { hasBody, type Kickoff } from '#core/kickoff/kickoff';
import { commandWords } from '#present/words/commandWords';
import { words } from '#present/words/words';
import { openRawStatus, openReport } from '#vscode/documents/openDocument';
import { closePrompt } from '#vscode/prompts/prompts';
import type { TokenCheck } from '#vscode/prompts/tokenPrompt';
import { TrackPrompts } from '#vscode/prompts/trackPrompts';
import { TerminalKickoff } from '#vscode/terminalLinks';
import { DeploymentNode, isRow, KickoffNode, StartNode, TaskNode } from '#vscode/tree/nodes';
import { CommandArguments } from './arguments';
import type { CommandDeps } from './commandDeps';
import type { CommandParts } from './commandParts';
import { deleteAllData, deleteOldRuns } from './deleteCommands';
import { DeploymentCommands, openSettings } from './deploymentCommands';
import { saveAnswer } from './downloadCommand';
import { importEnv } from './envImport';
import type { Handlers, Run } from './guard';
import { KickoffCommands } from './kickoffCommands';
import { followLink } from './openLink';
import { OutputCommands } from './outputCommands';
import { RunRemover } from './runRemover';
import { StartCommands } from '#vscode/starts/startCommands';
import { stopRuns } from '#vscode/starts/stopRuns';
import { isKeybinding, member } from './target';
import { TrackCommands } from './track';

function handlers(parts: CommandParts): Handlers {
  const { find, runRemover } = parts;
  const trackCommands = new TrackCommands(parts);
  const kickoffs = new KickoffCommands(parts);
  const deployments = new DeploymentCommands(parts);
  const outputs = new OutputCommands(parts);
  const starts = new StartCommands(parts, trackCommands);
  return {
    track: (target) => {
      const uri = member(target, 'uri');
      if (target instanceof TerminalKickoff) return trackCommands.trackAgreed({ captured: target.run });
      return uri instanceof vscode.Uri
        ? followLink(uri, parts.board, trackCommands)
        : trackCommands.track(isRow(target) ? undefined : target);
    },
    trackHere: (target) => trackCommands.trackHere(target),
    start: (target) => starts.start(isRow(target) && !(target instanceof DeploymentNode) ? undefined : target),
    startAgain: (target) => starts.startAgain(target),
    continueRun: (target) => starts.continueRun(target),
    stop: (target, selection) => stopRuns(parts, target, selection),
    addDeployment: (target) => trackCommands.addDeployment(isRow(target) ? undefined : target),
    importEnv: () => importEnv(parts),
    setToken: async (target) => trackCommands.setToken(await find.deployment(target, { command: 'setToken' })),
    deleteToken: (target) => deployments.deleteToken(target),
    editDeployment: (target) => deployments.edit(target),
    openInBrowser: (target) => deployments.openInBrowser(target),
    openNetworkSettings: () => openSettings('@id:http.systemCertificates @id:http.proxy'),
    openSettings: () => openSettings(`@ext:${extensionId}`),
    removeDeployment: (target) => parts.view.refocusAfter(() => deployments.remove(target), [target]),
    refresh: (target, selection) => kickoffs.refresh(target, selection),
    refreshAll: () => kickoffs.refresh(),
    openOutput: (target) => outputs.open(target),
    openReport: async (target) => openReport(await find.kickoff(target, { command: 'openReport' })),
    openRawStatus: async (target) =>
      openRawStatus(await find.kickoff(target, { command: 'openRawStatus', suits: hasBody, none: words.noResponse })),
    moveToDeployment: async (target) =>
      trackCommands.move(await find.kickoff(target, { command: 'moveToDeployment', suits: isMisplaced, none: commandWords.noneToMove })),
    copyId: (target, selection) => kickoffs.copyId(target, selection),
    copyAllIds: () => kickoffs.copyAllIds(),
    copyOutput: (target) => outputs.copy(target),
    copyError: (target) => kickoffs.copyError(target),
    copyDiagnostics: (target) => kickoffs.copyDiagnostics(target),
    saveOutput: (target) => outputs.save(target),
    saveAnswer: (target) => saveAnswer(parts, target),
    compareWithPrevious: (target) => outputs.compareWithPrevious(target),
    compareSelected: (target, selection) => outputs.compareSelected(target, selection),
    compareSelectedTasks: (target, selection) => outputs.compareSelected(target, selection),
    markRead: (target, selection) => kickoffs.markRead(target, selection),
    markAllRead: () => kickoffs.markAllRead(),
    markDeploymentRead: async (target) => kickoffs.markAllRead(await find.deployment(target, { command: 'markDeploymentRead' })),
    mute: (target, selection) => kickoffs.mute(target, selection, true),
    unmute: (target, selection) => kickoffs.mute(target, selection, false),
    rename: (target) => rename(target, { find, deployments, kickoffs }),
    remove: (target, selection) => remove(parts, { deployments, kickoffs }, target, selection),
    undoRemove: (target) => (isKeybinding(target) ? runRemover.undo() : runRemover.undoLast()),
    deleteOldRuns: () => deleteOldRuns(parts),
    deleteAllData: () => deleteAllData(parts),
    showLog: () => parts.log.show(),
  };
}

interface RowCommands {
  readonly deployments: DeploymentCommands;
  readonly kickoffs: KickoffCommands;
}

function isMisplaced({ phase, checkedAt }: Kickoff): boolean {
  return phase.kind === 'missing' || checkedAt === undefined;
}

async function rename(target: unknown, { find, deployments, kickoffs }: RowCommands & Pick<CommandParts, 'find'>): Promise<void> {
  const [row] = await find.rowsFor(target);
  if ((isKeybinding(target) && !row) || row instanceof StartNode) return;
  if (isDeployment(row)) await deployments.rename(row);
  else await kickoffs.rename(await find.kickoff(row, { command: 'rename' }));
}

/** Whether a command is called with a deployment: its row, its label or URL, or `{ deployment }`. */
function isDeployment(target: unknown): boolean {
  if (target instanceof DeploymentNode || typeof target === 'string') return true;
  return member(target, 'deployment') !== undefined && member(target, 'kickoffId') === undefined;
}

async function remove(
  { find, view }: CommandParts,
  { deployments, kickoffs }: RowCommands,
  target: unknown,
  selection: unknown,
): Promise<void> {
  const [row, rows] = await find.rowsFor(target, selection);
  // No row has the focus, or the user pressed the key again before VS Code removed the row.
  if ((isKeybinding(target) && !row) || !find.isThere(row)) return;
  // A task is part of its run and can't be removed separately.
  if (row instanceof TaskNode) return;
  const selected: readonly unknown[] = Array.isArray(rows) ? rows : [row];
  // The key applies to all selected rows. The menu entries name what they remove.
  const removed = (isKeybinding(target) ? selected : [row])
    .filter((one) => one instanceof DeploymentNode)
    .filter((one) => find.isThere(one));
  const keys = new Set(removed.map(({ key }) => key));
  const others = selected.filter(
    (one) => (one instanceof KickoffNode && !keys.has(one.ref.deployment)) || (one instanceof StartNode && !keys.has(one.deployment)),
  );
  const work = async (): Promise<void> => {
    for (const one of removed) await deployments.remove(one);
    if (removed.length === 0) await kickoffs.remove(row, rows);
    else if (others.length > 0) await kickoffs.remove(others[0], others);
  };
  await view.refocusAfter(work, [...removed, ...others]);
}

/** Creates the commands and prompts when they are first needed, because most windows run no command for hours. */
export function createCommands(deps: CommandDeps): Run {
  const trackPrompts = new TrackPrompts(deps.board);
  const find = new CommandArguments({ ...deps, trackPrompts });
  // If loading the AMP client fails, the token is saved without a check.
  const check: TokenCheck = (url, token) =>
    deps.amp.checkToken(url, token).then(
      ({ kind }) => kind,
      () => 'notChecked',
    );
  const all = handlers({ ...deps, trackPrompts, find, runRemover: new RunRemover(deps), check });
  return async (name, target, selection) => {
    deps.view.keepFocus();
    try {
      return await all[name](target, selection);
    } finally {
      // The last prompt stays open until then, so that a row gets the focus before the user can move it elsewhere.
      closePrompt();
    }
  };
}
