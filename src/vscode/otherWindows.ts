import type * as vscode from 'vscode';
import { Leader, type LeaderParts } from '../core/leader';
import { Windows, type WindowsParts } from '../core/windows';
import type { Leases } from '../core/lease';

/** Decides which window polls; when it is closed, the next one does at once. */
export function leading({ store, log, ...parts }: Pick<LeaderParts, 'clock' | 'dueIn'> & { readonly store: Leases } & Logged): Leader {
  return new Leader({ ...parts, leases: store, holder: crypto.randomUUID(), failed: quietly(log) });
}

/** Shows what other windows write to the store's folder, and tells them what this one finds out. */
export function sharing({ log, ...parts }: Omit<WindowsParts, 'failed'> & Logged): Windows {
  return new Windows({ ...parts, failed: quietly(log) });
}

interface Logged {
  readonly log: vscode.LogOutputChannel;
}

/** What fails here is told elsewhere, where it matters: beside a run that cannot be saved. */
function quietly(log: vscode.LogOutputChannel): (error: unknown) => void {
  return (error) => log.debug(`other windows: ${String(error)}`);
}
