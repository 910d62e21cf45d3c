import * as vscode from 'vscode';
import { keyOf, type Board } from '../core/board';
import { hasBody } from '../core/change';
import type { Kickoff } from '../core/kickoff';
import { words } from '../present/wordsAll';
import type { Adding } from './adding';
import type { Arguments } from './arguments';
import type { Deleting } from './deleting';
import type { EnvImport } from './envImport';
import { isKeybinding, member } from './given';
import type { Handlers } from './guard';
import { openNetworkSettings, openSettings, type DeploymentCommands } from './deploymentCommands';
import type { KickoffCommands } from './kickoffCommands';
import type { LargeAnswers } from './largeAnswers';
import type { Links } from './links';
import { DeploymentNode, isRow, TaskNode, type Node } from './nodes';
import type { Opener } from './opener';
import type { OutputCommands } from './outputCommands';
import type { Removing } from './removing';
import type { KickoffsView } from './view';

/** The parts that the commands use. */
export interface CommandParts {
  readonly board: Board;
  readonly view: Pick<KickoffsView, 'neighborOf' | 'focus' | 'rowOf'>;
  readonly adding: Adding;
  readonly links: Links;
  readonly envImport: EnvImport;
  readonly find: Arguments;
  readonly opener: Opener;
  readonly kickoffs: KickoffCommands;
  readonly deployments: DeploymentCommands;
  readonly outputs: OutputCommands;
  readonly removing: Removing;
  readonly deleting: Deleting;
  readonly largeAnswers: LargeAnswers;
  readonly log: vscode.LogOutputChannel;
}

/** Returns the handler of each command. */
export function handlers(parts: CommandParts): Handlers {
  const { adding, links, envImport, find, opener, kickoffs, deployments, outputs, deleting, largeAnswers, log } = parts;
  return {
    track: (given) => {
      const uri = member(given, 'uri');
      return uri instanceof vscode.Uri ? links.follow(uri) : adding.track(isRow(given) ? undefined : given);
    },
    trackHere: async (given) => adding.track({ deployment: (await find.deployment(given, { command: 'trackHere' })).url }),
    addDeployment: (given) => adding.addDeployment(isRow(given) ? undefined : given),
    importEnv: () => envImport.run(),
    setToken: async (given) => adding.setToken(await find.deployment(given, { command: 'setToken' })),
    deleteToken: (given) => deployments.deleteToken(given),
    editDeployment: (given) => deployments.edit(given),
    openInBrowser: (given) => deployments.openInBrowser(given),
    openNetworkSettings: () => openNetworkSettings(),
    openSettings: () => openSettings(),
    removeDeployment: (given) => deployments.remove(given),
    refresh: (given, selected) => kickoffs.refresh(given, selected),
    refreshAll: () => kickoffs.refreshAll(),
    openOutput: (given) => outputs.open(given),
    openReport: async (given) => opener.report(await find.kickoff(given, { command: 'openReport' })),
    openRawStatus: async (given) =>
      opener.rawStatus(await find.kickoff(given, { command: 'openRawStatus', suits: hasBody, none: words.notHeard })),
    moveToDeployment: async (given) =>
      adding.move(await find.kickoff(given, { command: 'moveToDeployment', suits: isMisplaced, none: words.noneToMove })),
    copyId: (given, selected) => kickoffs.copyId(given, selected),
    copyAllIds: () => kickoffs.copyAllIds(),
    copyOutput: (given) => outputs.copy(given),
    copyError: (given) => kickoffs.copyError(given),
    saveOutput: (given) => outputs.save(given),
    saveAnswer: (given) => largeAnswers.save(given),
    compareWithPrevious: (given) => outputs.compareWithPrevious(given),
    compareSelected: (given, selected) => outputs.compareSelected(given, selected),
    compareSelectedTasks: (given, selected) => outputs.compareSelected(given, selected),
    markRead: (given, selected) => kickoffs.markRead(given, selected),
    markAllRead: () => kickoffs.markAllRead(),
    markDeploymentRead: async (given) => kickoffs.markAllRead(await find.deployment(given, { command: 'markDeploymentRead' })),
    mute: (given, selected) => kickoffs.mute(given, selected, true),
    unmute: (given, selected) => kickoffs.mute(given, selected, false),
    rename: (given) => rename(parts, given),
    remove: (given, selected) => remove(parts, given, selected),
    undoRemove: (given) => undoRemove(parts, given),
    deleteOldRuns: () => deleting.deleteOldRuns(),
    deleteAllData: () => deleting.deleteAllData(),
    showLog: () => log.show(),
  };
}

/** The deployment doesn't know the run, or was never reached. */
function isMisplaced({ phase, checkedAt }: Kickoff): boolean {
  return phase.kind === 'missing' || checkedAt === undefined;
}

async function rename({ find, deployments, kickoffs }: CommandParts, given: unknown): Promise<void> {
  const [row] = await find.meant(given);
  if (isKeybinding(given) && !row) return;
  const isDeployment = row instanceof DeploymentNode || (member(row, 'deployment') !== undefined && member(row, 'kickoffId') === undefined);
  if (isDeployment) await deployments.rename(row);
  else await kickoffs.rename(await find.kickoff(row, { command: 'rename' }));
}

async function remove({ find, deployments, kickoffs, view }: CommandParts, given: unknown, selected: unknown): Promise<void> {
  const [row, rows] = await find.meant(given, selected);
  // No row has the focus, or the key was pressed again before the row was gone.
  if ((isKeybinding(given) && !row) || !find.isThere(row)) return;
  // A task is part of its run and can't be removed alone.
  if (row instanceof TaskNode) return;
  const neighbor = isKeybinding(given) && view.neighborOf(row instanceof DeploymentNode ? [row] : (rows as readonly Node[]));
  if (row instanceof DeploymentNode) await deployments.remove(row);
  else await kickoffs.remove(row, rows);
  if (neighbor !== false) await view.focus(neighbor);
}

/** Restores what was removed last. A key also moves the focus to a restored row. */
async function undoRemove({ board, removing, view }: CommandParts, given: unknown): Promise<void> {
  if (!isKeybinding(given)) return removing.undo();
  const before = new Set(board.kickoffs.map(keyOf));
  await removing.undoByKey();
  const restored = board.kickoffs.find((kickoff) => !before.has(keyOf(kickoff)));
  if (restored) await view.focus(view.rowOf(restored));
}
