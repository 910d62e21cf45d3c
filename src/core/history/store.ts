import type { Deployment, DeploymentChange, DeploymentKey, DeploymentUrl } from '#core/kickoff/deployment';
import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import type { Trouble } from '#core/kickoff/trouble';
import type { Disposable, Event } from '#core/lib/types';
import type { Inputs, StartAttempt } from '#core/starts/attempt';
import type { HistoryVersion, BackupRow, IdSnapshot } from './idBackup';

/** A problem of a host, a deployment, or the network, which the polling window stores for the other windows. */
export interface HealthRecord {
  /** Origin of a host, key of a deployment, or `''` for the network of this machine. */
  readonly subject: string;
  readonly failures: number;
  readonly trouble: Trouble;
}

/** The lease of the window that polls, which all windows share through the store. */
export interface Lease {
  /** The window that polls; undefined while the lease is free. */
  readonly holder?: string;
  /** A number that increases whenever a window takes the lease. Responses from an earlier epoch are outdated, unless they end a run. */
  readonly epoch: number;
  /** A number that increases with each heartbeat. Windows only check whether the number changed, so that clocks don't matter. */
  readonly beat: number;
  /** Milliseconds until the next heartbeat; undefined if the window has no planned request. */
  readonly nextBeatMs?: number;
  /** The time of the last heartbeat, in milliseconds since the epoch. Only for the rate limiter. */
  readonly beatAt: number;
}

/** Deletes tokens. Returns the URLs whose tokens were deleted. */
export type DeleteTokens = (urls: readonly DeploymentUrl[]) => Promise<readonly DeploymentUrl[]>;

/** A run, or a start that AMP hasn't confirmed. */
export type Removable = KickoffRef | Pick<StartAttempt, 'requestId'>;

export interface KickoffUpdate {
  readonly kickoff: Kickoff;
  /** The outputs of tasks to store. Positions start at 1. */
  readonly outputs?: readonly { readonly position: number; readonly output: string }[];
  /** The bytes of the response, without the token. */
  readonly body?: Uint8Array;
  /** The ID of the request that started the run, if the response contains it. */
  readonly requestId?: string;
}

/** Returns the update of a stored run. Its `kickoff` is the same object if nothing changed. */
export type ChangeRun = (stored: Kickoff, leaseEpoch: number) => KickoffUpdate;

export interface StoreSnapshot {
  /** The number of the last change to a run. */
  readonly revision: number;
  readonly lease: Lease;
  readonly healthRecords: readonly HealthRecord[];
  readonly deployments: readonly Deployment[];
  readonly starts: readonly StartAttempt[];
  /** The changed runs, including removed ones. With `isFullReload`, all runs that aren't removed. */
  readonly kickoffs: readonly Kickoff[];
  readonly isFullReload: boolean;
}

/** The stored data. Methods resolve when changes are durable, and reject with a `UserFacingError` if the history can't be used. */
export interface Store {
  /** Returns the changes after a revision. If none is given, runs were deleted, or the file was replaced, returns all data. */
  load(sinceRevision?: number): Promise<StoreSnapshot>;
  /** Adds a deployment, or restores a removed deployment with the new label. Returns a tracked deployment unchanged. */
  addDeployment(url: DeploymentUrl, label: string, page?: string): Promise<Deployment>;
  /** Changes and returns a deployment, unless it is removed or deleted. Rejects if another deployment, even a removed one, has the URL. */
  changeDeployment(key: DeploymentKey, change: DeploymentChange): Promise<Deployment | undefined>;
  /** Removes runs and starts, or a deployment with both. Returns their number, or a deployment's number of runs. */
  remove(target: readonly Removable[] | DeploymentKey, now: number): Promise<number>;
  /** Removes old runs, except runs that the user restored after such a removal. Returns the number of removed runs. */
  removeOld(refs: readonly KickoffRef[], now: number): Promise<number>;
  /** Restores removed runs, starts, or a deployment. Without `target`, undoes the last removal. Returns 0 if nothing was restored. */
  undoRemove(target?: readonly Removable[] | DeploymentKey): Promise<number>;
  /** Deletes everything that was removed before a time, except deployments whose URLs `deleteTokens` doesn't return. */
  purge(removedBefore: number, deleteTokens: DeleteTokens): Promise<void>;
  /** Returns the URLs of all deployments, including removed deployments. */
  urls(): Promise<readonly DeploymentUrl[]>;
  /** Deletes everything except the deployments with the kept URLs. Returns the deleted URLs. */
  deleteAll(keptUrls: readonly DeploymentUrl[]): Promise<readonly DeploymentUrl[]>;
  /** Erases deleted data from the disk. */
  vacuum(): Promise<void>;
  /** Returns the stored run, even if it was removed. */
  kickoff(ref: KickoffRef): Promise<Kickoff | undefined>;
  /** Stores new runs, the first one with its inputs, if known. Returns the stored runs. Restores removed runs, and adds missing inputs. */
  addKickoffs(kickoffs: readonly Kickoff[], inputs?: Inputs): Promise<readonly Kickoff[]>;
  /** Moves a run and its inputs, with user and start fields, but no responses. Restores a removed run of the deployment, with its own. */
  moveKickoff(from: KickoffRef, to: DeploymentKey, now: number): Promise<Kickoff>;
  /** Changes all runs in one transaction. Returns the runs that exist. */
  changeKickoffs(refs: readonly KickoffRef[], change: (stored: Kickoff) => Kickoff): Promise<readonly Kickoff[]>;
  /** Stores the result of `change` unless its run is the same object. May call `change` several times. Undefined for an unknown run. */
  update(ref: KickoffRef, change: ChangeRun): Promise<Kickoff | undefined>;
  /** Returns true for the one caller, over all windows, that may notify of the finished run. */
  claimNotice(ref: KickoffRef): Promise<boolean>;
  /** Returns true for the one caller, over all windows, that may notify of a rejected token. `forgetRejection` permits the next caller. */
  claimRejection(key: DeploymentKey): Promise<boolean>;
  forgetRejection(key: DeploymentKey): Promise<unknown>;
  /** Stores whether a token was saved, and not deleted since. */
  recordToken(url: DeploymentUrl, isSaved: boolean): Promise<unknown>;
  /** Returns true for the one caller, over all windows, that may notify of a token that VS Code lost. */
  claimLostToken(key: DeploymentKey): Promise<boolean>;
  inputs(ref: KickoffRef): Promise<Inputs | undefined>;
  body(ref: KickoffRef): Promise<Uint8Array | undefined>;
  taskOutputs(ref: KickoffRef): Promise<ReadonlyMap<number, string>>;
  /** Returns the outputs in their stored form, JSON in UTF-8. Unlike `taskOutputs`, doesn't block this thread with large outputs. */
  storedOutputs(ref: KickoffRef): Promise<ReadonlyMap<number, Uint8Array<ArrayBuffer>>>;
}

/** Changes to the starts that AMP hasn't confirmed. */
export interface StartStore {
  addStart(attempt: StartAttempt): Promise<void>;
  /** Replaces a stored attempt. Does nothing if the attempt doesn't exist anymore. */
  changeStart(attempt: StartAttempt): Promise<void>;
  deleteStart(attempt: StartAttempt): Promise<void>;
  /** Replaces an attempt with its run, which gets the attempt's inputs, in one transaction. Returns the run as stored. */
  confirmStart(attempt: StartAttempt, kickoff: Kickoff): Promise<Kickoff>;
}

export interface SharedStore {
  /** Takes the lease; with `expected`, only if it is free or unchanged since `expected` was read. `lease` is the lease afterward. */
  takeLease(holder: string, nextBeatMs: number, expected?: Lease): Promise<{ readonly lease: Lease; readonly before: Lease }>;
  /** Sends a heartbeat, unless another window took the lease. Returns the current lease. */
  renewLease(ownLease: Lease, nextBeatMs: number | undefined): Promise<Lease>;
  releaseLease(ownLease: Lease): Promise<void>;
  /** Replaces the stored problems. Does nothing if another window is the leader by now. */
  saveHealthRecords(records: readonly HealthRecord[], epoch: number): Promise<void>;
  /** Calls `onWrite` when any window may have changed the store. Starts with the first `ensureWatching`, if the folder can be watched. */
  watch(onWrite: () => void): Watcher;
}

/** Watches the store. `ensureWatching` starts to watch, or watches the new folder after the folder was replaced. */
export interface Watcher extends Disposable {
  ensureWatching(): void;
}

export interface HistoryRecovery {
  /** Whether this window filled a new history with the recovered runs. */
  readonly isNew: boolean;
  /** The new path of a damaged file that this window renamed; undefined if there is none. */
  readonly damagedPath?: string;
}

export interface RecoverableStore extends Store {
  /** Whether a newer version of this extension wrote the history, so that this version can't write it. */
  readonly isReadOnly: boolean;
  /** Fires after the history file was recovered or replaced. */
  readonly onDidRecover: Event<HistoryRecovery>;
  /** Returns the version of this history, then the versions of earlier files. Empty before the file exists. */
  historyVersions(): Promise<readonly HistoryVersion[]>;
  /** Returns the IDs of all runs, including removed runs, and the URLs of deployments without runs. */
  trackedIds(): Promise<IdSnapshot>;
  /** Adds runs and deployments that only the ID backup has. Stores the backup's version, so that older copies of it are outdated. */
  trackIds(lostRows: readonly BackupRow[], now: number, mergedVersion: HistoryVersion | undefined): Promise<void>;
  /** Recovers the responses and task outputs in damaged files. Returns whether there was such a file. */
  recoverResponses(): Promise<boolean>;
  /** Backs up deployments, runs, starts, and inputs, unless the last backup is less than a day old or a damaged file awaits recovery. */
  backUp(): Promise<void>;
}
