import type { Deployment, DeploymentKey, DeploymentUrl } from '#core/kickoff/deployment';
import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import type { Trouble } from '#core/kickoff/trouble';
import type { Disposable, Event } from '#core/lib/types';
import type { Lease, Leases } from '#core/windows/lease';
import type { IdBackup, TrackedId } from './idBackup';

/** A problem that the leader found, for the other windows. */
export interface HealthRecord {
  /** Origin of a host, key of a deployment, or `''` for the network of this machine. */
  readonly subject: string;
  readonly failures: number;
  readonly trouble: Trouble;
}

/** The changes to a run and its data, stored in one transaction. */
export interface KickoffUpdate {
  readonly kickoff: Kickoff;
  /** Outputs of tasks. Positions start at 1. */
  readonly outputs?: readonly { readonly position: number; readonly output: string }[];
  /** The bytes of the response, without the token. */
  readonly body?: Uint8Array;
}

/** The stored data, or the part that changed since a revision. */
export interface StoreSnapshot {
  /** The number of the last change to a run. */
  readonly revision: number;
  readonly lease: Lease;
  readonly healthRecords: readonly HealthRecord[];
  readonly deployments: readonly Deployment[];
  /** The changed runs, including removed ones. With `isFullReload`, all runs that aren't removed. */
  readonly kickoffs: readonly Kickoff[];
  readonly isFullReload: boolean;
}

/**
 * The run history. A method that changes the history resolves when the change is durable. Methods reject with a `UserFacingError` if the
 * history can't be read or written.
 */
export interface Store {
  load(): Promise<StoreSnapshot>;
  /** Adds a deployment, or restores a removed deployment with the new label. Returns a tracked deployment with the same URL unchanged. */
  addDeployment(url: DeploymentUrl, label: string): Promise<Deployment>;
  /** Returns `undefined` if the deployment doesn't exist. Rejects if another deployment has the URL. */
  changeDeployment(key: DeploymentKey, change: { readonly url?: DeploymentUrl; readonly label?: string }): Promise<Deployment | undefined>;
  /** Removes runs, or a deployment with its runs, so that they can be restored. Returns the number of removed runs. */
  remove(what: readonly KickoffRef[] | DeploymentKey, now: number): Promise<number>;
  /** Removes old runs, except runs that the user restored after such a removal. Returns the number of removed runs. */
  removeOld(what: readonly KickoffRef[], now: number): Promise<number>;
  /**
   * Restores these runs, or a deployment and the runs removed with it. Without `what`, undoes the last removal. Returns the number of restored
   * runs and deployments.
   */
  undoRemove(what?: readonly KickoffRef[] | DeploymentKey): Promise<number>;
  /** Deletes everything that was removed before a time. Returns the URLs whose tokens aren't needed anymore. */
  purge(removedBefore: number): Promise<readonly DeploymentUrl[]>;
  /** Deletes everything. Returns the URLs whose tokens aren't needed anymore. */
  deleteAll(): Promise<readonly DeploymentUrl[]>;
  /** Erases deleted data from the disk. */
  vacuum(): Promise<void>;
  /** Returns the stored run, even if it was removed. */
  kickoff(ref: KickoffRef): Promise<Kickoff | undefined>;
  /** Stores a new run. Returns a known run as stored, and restores it if it was removed. */
  addKickoff(kickoff: Kickoff): Promise<Kickoff>;
  /** Removes the run `from` and adds `to` in one transaction. If `to` was tracked before, it is restored with its history. */
  moveKickoff(from: KickoffRef, to: Kickoff, now: number): Promise<Kickoff>;
  /**
   * Passes the stored run and the lease's epoch to `change`, and stores the result. Returns `undefined` if the run doesn't exist.
   * If `change` returns the same object, nothing is written. `change` may be called several times: after a lock, or after a large body was
   * compressed. Only its last call counts, so it must have no other lasting effects.
   */
  update(ref: KickoffRef, change: (stored: Kickoff, leaseEpoch: number) => KickoffUpdate): Promise<Kickoff | undefined>;
  /** Returns true for the one caller, over all windows, that may notify of the finished run. */
  claimNotice(ref: KickoffRef): Promise<boolean>;
  /** Returns true for the one caller, over all windows, that may notify of a rejected token. `forgetRefusal` permits the next caller. */
  claimRefusal(key: DeploymentKey): Promise<boolean>;
  forgetRefusal(key: DeploymentKey): Promise<void>;
  /** Returns the bytes of the last stored response. */
  body(ref: KickoffRef): Promise<Uint8Array | undefined>;
  taskOutputs(ref: KickoffRef): Promise<ReadonlyMap<number, string>>;
}

/** Data that windows share through the store. */
export interface SharedStore extends Leases {
  /** Returns the changes after a revision, or all data if runs were deleted or the file was replaced. */
  changesSince(revision: number): Promise<StoreSnapshot>;
  /** Replaces the stored problems. Does nothing if another window is the leader by now. */
  saveHealthRecords(records: readonly HealthRecord[], epoch: number): Promise<void>;
  /** Calls `written` when any window may have changed the store. Starts with the first `ensure`; never fires where the folder can't be watched. */
  watch(written: () => void): Watcher;
}

/** Watches the store. `ensure` starts to watch, and continues after the folder was replaced. */
export interface Watcher extends Disposable {
  ensure(): void;
}

/** The recovery of a lost history file. */
export interface HistoryRecovered {
  /** Whether this window created the new file and filled it with the recovered data. */
  readonly isNew: boolean;
  /** Path of the damaged file. */
  readonly setAside?: string;
}

/** The store as `HistoryLoader` uses it. */
export interface History extends Store {
  /** Whether a newer version of this extension wrote the history, so that this version can't write it. */
  readonly isReadOnly: boolean;
  /** Fires after the history file was recovered or replaced. */
  readonly onDidRecover: Event<HistoryRecovered>;
  /** Returns the IDs of all runs, including removed runs, and the URLs of deployments without runs. */
  trackedIds(): Promise<readonly TrackedId[]>;
  /** Adds runs that only the ID backup has. */
  trackIds(lost: IdBackup, now: number): Promise<void>;
  /** Recovers the responses in damaged files. Returns whether there was such a file. */
  recoverAnswers(): Promise<boolean>;
  /** Checks the history and copies everything except the responses, if the last backup is a day old. */
  backUp(): Promise<void>;
}
