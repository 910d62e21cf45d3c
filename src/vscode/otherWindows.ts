import type * as vscode from 'vscode';
import { Leader, type LeaderParts } from '../core/leader';
import { Windows, type WindowsParts } from '../core/windows';
import type { Leases } from '../core/lease';

/** What both are made with. */
interface Ground {
  readonly log: vscode.LogOutputChannel;
  readonly own: <Part extends { dispose(): unknown }>(part: Part) => Part;
}

type Leading = Ground & Pick<LeaderParts, 'clock' | 'dueIn'> & { readonly store: Leases & { close(): void } };

/** Decides which window polls. When this one closes, the next one does at once, and the store is closed after that. */
export function leading({ store, log, own, ...parts }: Leading): Leader {
  const failed = quietly(log);
  const leader = new Leader({ ...parts, leases: store, holder: crypto.randomUUID(), failed });
  own({
    dispose: () =>
      void leader
        .close()
        .catch(failed)
        .finally(() => store.close()),
  });
  return leader;
}

/** Shows what other windows write to the store's folder, and tells them what this one finds out. */
export function sharing({ log, own, ...parts }: Ground & Omit<WindowsParts, 'failed'>): Windows {
  return own(new Windows({ ...parts, failed: quietly(log) }));
}

/** What fails here is told elsewhere, where it matters: beside a run that cannot be saved. */
function quietly(log: vscode.LogOutputChannel): (error: unknown) => void {
  return (error) => log.debug(`other windows: ${String(error)}`);
}
