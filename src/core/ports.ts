import type { Deployment, DeploymentKey, DeploymentUrl } from './deployment';
import type { Answer, Kickoff, KickoffRef, Observation } from './kickoff';
import type { Verdict } from './health';
import type { Lease, Leases } from './lease';
import type { KnownId, SecondCopy } from './secondCopy';
import type { Trouble } from './trouble';

/** Something that can be ended; the shape of VS Code's own. */
export interface Disposable {
  dispose(): void;
}

/** The shape of VS Code's own event, so that one passes for the other. */
export type Event<T> = (listener: (value: T) => unknown) => Disposable;

/** Time, as the core sees it, in milliseconds since the epoch; tests pass a hand-cranked clock. */
export interface Clock {
  now(): number;
  after(milliseconds: number, run: () => void): Disposable;
}

/** A number in [0, 1). */
export type Random = () => number;

/** Where the state of a run is asked for; never rejects. */
export interface Source {
  observe(deployment: Deployment, id: Kickoff['id'], signal: AbortSignal): Promise<Observation>;
}

/** Where an answer goes that is too large to be held. */
export interface SavedTo {
  /** A file that is not there yet. */
  readonly path: string;
  readonly signal: AbortSignal;
  /** How many bytes are there. */
  readonly told: (bytes: number) => void;
}

/** Brings the answer of a run straight to a file: undefined when it is whole, else why it is not, and no file is left. Rejects when the file cannot be written. */
export interface AnswerSaver {
  save(deployment: Deployment, id: Kickoff['id'], to: SavedTo): Promise<Trouble | 'missing' | undefined>;
}

/** What can be known of the network without a request. */
export interface Network {
  /** Whether this machine has an address that others could reach. */
  isConnected(): boolean;
  /** Whether a host's name is found; never rejects. */
  resolves(hostName: string): Promise<boolean>;
}

/** The documents that are made of a stored body alone. */
export type BodyDocument = 'status' | 'output' | 'sorted';

/** Reads a stored body again: for its output and tasks, never for the phase. Large bodies don't block the caller. */
export interface Reader {
  read(body: Uint8Array): Promise<Answer | undefined>;
  /** Returns the bytes of a document; `undefined` when the body has no output. */
  document(body: Uint8Array, kind: BodyDocument): Promise<Uint8Array | undefined>;
}

/** What one observation writes, all of it in one transaction. */
export interface Change {
  readonly kickoff: Kickoff;
  /** Outputs of tasks, by their position from 1 on. */
  readonly outputs?: readonly { readonly position: number; readonly output: string }[];
  /** The bytes the server sent. */
  readonly body?: Uint8Array;
}

/** What is stored, or what of it was written since a window last looked. */
export interface Stored {
  /** The number of the last change to a run. */
  readonly revision: number;
  readonly lease: Lease;
  readonly verdicts: readonly Verdict[];
  readonly deployments: readonly Deployment[];
  /** Those that changed, also those that were removed - or, when `isWhole`, all that were not. */
  readonly kickoffs: readonly Kickoff[];
  readonly isWhole: boolean;
}

/** Everything that outlives the window. Each method is durable when it resolves and rejects with a `UserFacingError` when it cannot be. */
export interface Store {
  load(): Promise<Stored>;
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
  sweep(): Promise<void>;
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
  update(ref: KickoffRef, change: (stored: Kickoff) => Change): Promise<Kickoff | undefined>;
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
  changesSince(revision: number): Promise<Stored>;
  /** Keeps what the window that polls has found out, in place of what it had before; of no effect when another polls by now. */
  saveVerdicts(verdicts: readonly Verdict[], epoch: number): Promise<void>;
  /** Tells when something may have been written, by whichever window, from the first `ensure` on; where that cannot be seen, nothing is told. */
  watch(written: () => void): Watch;
}

/** What watches the store; `ensure` goes on with whatever has its name by now. */
export interface Watch extends Disposable {
  ensure(): void;
}

/** Describes the loss of a history file. */
export interface Mended {
  /** This window created a new file, and filled it with what was left. */
  readonly isNew: boolean;
  /** Path of the damaged file. */
  readonly setAside?: string;
}

/** The store as `Custody` uses it. */
export interface History extends Store {
  /** A newer version of this extension wrote the history, so that this one can't write. */
  readonly isReadOnly: boolean;
  /** Fires after the history file was recovered or replaced. */
  readonly onDidMend: Event<Mended>;
  /** Returns all IDs, including removed runs. */
  knownIds(): Promise<readonly KnownId[]>;
  /** Adds runs that only the copy of the IDs has. */
  bringBack(lost: SecondCopy, now: number): Promise<void>;
  /** Recovers the answers in damaged files. Returns whether there was such a file. */
  salvage(): Promise<boolean>;
  /** Checks the history and copies all but the answers, if the last backup is a day old. */
  backUp(): Promise<void>;
}

/** Access to tokens, which are known by the canonical URL of their deployment. */
export interface Tokens {
  get(url: DeploymentUrl): Promise<string | undefined>;
}

/** Says who can see what: the poller asks more seldom for a window that nobody looks at. */
export interface Pace {
  readonly minimumSeconds: number;
  readonly maximumSeconds: number;
  readonly isFocused: boolean;
  /** Whether somebody has the report of that run before him. */
  readonly isReportOpen?: (kickoff: KickoffRef) => boolean;
}
