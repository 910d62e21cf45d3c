import type { Deployment, DeploymentKey, DeploymentUrl } from '#core/kickoff/deployment';
import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import type { Trouble } from '#core/kickoff/trouble';
import type { Disposable, Event } from '#core/lib/types';
import type { Lease, Leases } from '#core/windows/lease';
import type { IdBackup, TrackedId } from './idBackup';

/** What a window has found out, for the others. */
export interface HealthRecord {
  /** A host by its origin, a deployment by its key, or nothing: the network of this machine. */
  readonly subject: string;
  readonly failures: number;
  readonly trouble: Trouble;
}

/** What one observation writes, all of it in one transaction. */
export interface KickoffUpdate {
  readonly kickoff: Kickoff;
  /** Outputs of tasks, by their position from 1 on. */
  readonly outputs?: readonly { readonly position: number; readonly output: string }[];
  /** The bytes the server sent. */
  readonly body?: Uint8Array;
}

/** What is stored, or what of it was written since a window last looked. */
export interface StoreSnapshot {
  /** The number of the last change to a run. */
  readonly revision: number;
  readonly lease: Lease;
  readonly healthRecords: readonly HealthRecord[];
  readonly deployments: readonly Deployment[];
  /** Those that changed, also those that were removed - or, when `isWhole`, all that were not. */
  readonly kickoffs: readonly Kickoff[];
  readonly isFullReload: boolean;
}

/** Everything that outlives the window. Each method is durable when it resolves and rejects with a `UserFacingError` when it cannot be. */
export interface Store {
  load(): Promise<StoreSnapshot>;
  /** The deployment of that URL, added when there is none; an existing one keeps its label. */
  addDeployment(url: DeploymentUrl, label: string): Promise<Deployment>;
  /** Undefined when it is not there; rejects when the URL is another's. */
  changeDeployment(key: DeploymentKey, change: { readonly url?: DeploymentUrl; readonly label?: string }): Promise<Deployment | undefined>;
  /** Takes runs, or a deployment with its runs, off the list; nothing is deleted. Gives how many runs went. */
  remove(what: readonly KickoffRef[] | DeploymentKey, now: number): Promise<number>;
  /** Takes runs off the list for their age, but none to which that happened before: somebody brought it back. Gives how many went. */
  removeOld(what: readonly KickoffRef[], now: number): Promise<number>;
  /** Brings back what was removed with those, or else last, by whichever window. Gives how many runs and deployments came. */
  undoRemove(what?: readonly KickoffRef[] | DeploymentKey): Promise<number>;
  /** Deletes for good what was removed before that time. Gives the URLs whose tokens nobody needs any more. */
  purge(removedBefore: number): Promise<readonly DeploymentUrl[]>;
  /** Deletes everything for good. Gives the URLs whose tokens nobody needs any more. */
  deleteAll(): Promise<readonly DeploymentUrl[]>;
  /** Leaves nothing on the disk of what was deleted for good. */
  vacuum(): Promise<void>;
  /** A run as it is stored, also one that was removed. */
  kickoff(ref: KickoffRef): Promise<Kickoff | undefined>;
  /** Keeps a new run; one that is known is given back as stored, brought back when it was removed. */
  addKickoff(kickoff: Kickoff): Promise<Kickoff>;
  /** Removes a run and adds another in one transaction. A known one is restored with its history. */
  moveKickoff(from: KickoffRef, to: Kickoff, now: number): Promise<Kickoff>;
  /**
   * Reads the stored run, lets `change` decide on that truth, and writes what it says. Undefined when the run is not there.
   * `change` gives the stored kickoff itself back to say that there is nothing to write, and may be called again when another window holds the lock.
   */
  update(ref: KickoffRef, change: (stored: Kickoff) => KickoffUpdate): Promise<Kickoff | undefined>;
  /** True for the one caller, over all windows, that may tell of this end. */
  claimNotice(ref: KickoffRef): Promise<boolean>;
  /** True for the one caller, over all windows, that may tell that a deployment refuses its token; until that is forgotten. */
  claimRefusal(key: DeploymentKey): Promise<boolean>;
  forgetRefusal(key: DeploymentKey): Promise<void>;
  /** The last body worth keeping, as it was sent. */
  body(ref: KickoffRef): Promise<Uint8Array | undefined>;
  taskOutputs(ref: KickoffRef): Promise<ReadonlyMap<number, string>>;
}

/** What windows tell one another through the store. */
export interface SharedStore extends Leases {
  /** What was written after that revision; all, when it was more than a list of runs can say. */
  changesSince(revision: number): Promise<StoreSnapshot>;
  /** Keeps what the window that polls has found out, in place of what it had before; of no effect when another polls by now. */
  saveHealthRecords(records: readonly HealthRecord[], epoch: number): Promise<void>;
  /** Tells when something may have been written, by whichever window, from the first `ensure` on; where that cannot be seen, nothing is told. */
  watch(written: () => void): Watcher;
}

/** What watches the store; `ensure` goes on with whatever has its name by now. */
export interface Watcher extends Disposable {
  ensure(): void;
}

/** Describes the loss of a history file. */
export interface HistoryRecovered {
  /** This window created a new file, and filled it with what was left. */
  readonly isNew: boolean;
  /** Path of the damaged file. */
  readonly setAside?: string;
}

/** The store as `HistoryLoader` uses it. */
export interface History extends Store {
  /** A newer version of this extension wrote the history, so that this one can't write. */
  readonly isReadOnly: boolean;
  /** Fires after the history file was recovered or replaced. */
  readonly onDidRecover: Event<HistoryRecovered>;
  /** Returns all IDs, including removed runs. */
  trackedIds(): Promise<readonly TrackedId[]>;
  /** Adds runs that only the copy of the IDs has. */
  trackIds(lost: IdBackup, now: number): Promise<void>;
  /** Recovers the answers in damaged files. Returns whether there was such a file. */
  recoverAnswers(): Promise<boolean>;
  /** Checks the history and copies all but the answers, if the last backup is a day old. */
  backUp(): Promise<void>;
}
