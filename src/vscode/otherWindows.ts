import type * as vscode from 'vscode';
import { LeaderElection, type LeaderElectionParts } from '#core/windows/leaderElection';
import type { Leases } from '#core/windows/lease';
import { WindowSync, type WindowSyncParts } from '#core/windows/windowSync';

/** Decides which window polls; when it is closed, the next one does at once. */
export function createLeaderElection({
  store,
  log,
  ...parts
}: Pick<LeaderElectionParts, 'clock' | 'dueIn'> & { readonly store: Leases } & Logged): LeaderElection {
  return new LeaderElection({ ...parts, leases: store, holder: crypto.randomUUID(), failed: quietly(log) });
}

/** Shows what other windows write to the store's folder, and tells them what this one finds out. */
export function createWindowSync({ log, ...parts }: Omit<WindowSyncParts, 'failed'> & Logged): WindowSync {
  return new WindowSync({ ...parts, failed: quietly(log) });
}

interface Logged {
  readonly log: vscode.LogOutputChannel;
}

/** What fails here is told elsewhere, where it matters: beside a run that cannot be saved. */
function quietly(log: vscode.LogOutputChannel): (error: unknown) => void {
  return (error) => log.debug(`other windows: ${String(error)}`);
}
