import * as vscode from 'vscode';
import { hasBody } from '../core/change';
import type { Kickoff } from '../core/kickoff';
import { words } from '../present/wordsAll';
import type { Adding } from './adding';
import type { Arguments } from './arguments';
import type { Deleting } from './deleting';
import type { EnvImport } from './envImport';
import { member } from './given';
import type { Handlers } from './guard';
import { openNetworkSettings, type DeploymentCommands } from './deploymentCommands';
import type { KickoffCommands } from './kickoffCommands';
import type { LargeAnswers } from './largeAnswers';
import type { Links } from './links';
import { DeploymentNode, isRow, TaskNode } from './nodes';
import type { Opener } from './opener';
import type { OutputCommands } from './outputCommands';
import type { Removing } from './removing';

/** What the commands work with. */
export interface CommandParts {
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

/** What each command does. */
export function handlers(parts: CommandParts): Handlers {
  const { adding, links, envImport, find, opener, kickoffs, deployments, outputs, removing, deleting, largeAnswers, log } = parts;
  return {
    track: (given) => {
      const uri = member(given, 'uri');
      return uri instanceof vscode.Uri ? links.follow(uri) : adding.track(isRow(given) ? undefined : given);
    },
    addDeployment: (given) => adding.addDeployment(isRow(given) ? undefined : given),
    importEnv: () => envImport.run(),
    setToken: async (given) => adding.setToken(await find.deployment(given)),
    deleteToken: (given) => deployments.deleteToken(given),
    editDeployment: (given) => deployments.edit(given),
    openInBrowser: (given) => deployments.openInBrowser(given),
    openNetworkSettings: () => openNetworkSettings(),
    removeDeployment: (given) => deployments.remove(given),
    refresh: (given, selected) => kickoffs.refresh(given, selected),
    refreshAll: () => kickoffs.refreshAll(),
    openOutput: async (given) => opener.output(await find.kickoff(given, ({ output }) => output !== undefined, words.noOutput)),
    openReport: async (given) => opener.report(await find.kickoff(given)),
    openRawStatus: async (given) => opener.rawStatus(await find.kickoff(given, hasBody, words.notHeard)),
    moveToDeployment: async (given) => adding.move(await find.kickoff(given, isMisplaced, words.noneToMove)),
    copyId: (given, selected) => kickoffs.copyId(given, selected),
    copyAllIds: () => kickoffs.copyAllIds(),
    copyOutput: (given) => outputs.copy(given),
    saveOutput: (given) => outputs.save(given),
    saveAnswer: (given) => largeAnswers.save(given),
    compareWithPrevious: (given) => outputs.compareWithPrevious(given),
    compareSelected: (given, selected) => outputs.compareSelected(given, selected),
    markRead: (given, selected) => kickoffs.markRead(given, selected),
    mute: (given, selected) => kickoffs.mute(given, selected, true),
    unmute: (given, selected) => kickoffs.mute(given, selected, false),
    rename: (given) => rename(parts, given),
    remove: (given, selected) => remove(parts, given, selected),
    undoRemove: () => removing.undo(),
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
  const isDeployment = row instanceof DeploymentNode || (member(row, 'deployment') !== undefined && member(row, 'kickoffId') === undefined);
  if (isDeployment) await deployments.rename(row);
  else await kickoffs.rename(await find.kickoff(row));
}

async function remove({ find, deployments, kickoffs }: CommandParts, given: unknown, selected: unknown): Promise<void> {
  const [row, rows] = await find.meant(given, selected);
  // As when its key is pressed twice.
  if (!find.isThere(row)) return;
  if (row instanceof DeploymentNode) await deployments.remove(row);
  // A task is part of its run: it does not go by itself, nor the run with it.
  else if (!(row instanceof TaskNode)) await kickoffs.remove(row, rows);
}
