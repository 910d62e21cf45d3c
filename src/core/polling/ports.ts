import type { Deployment, DeploymentUrl } from '#core/kickoff/deployment';
import type { Answer, Kickoff, Observation } from '#core/kickoff/kickoff';
import type { Trouble } from '#core/kickoff/trouble';

/** Where the state of a run is asked for; never rejects. */
export interface Source {
  observe(deployment: Deployment, id: Kickoff['id'], signal: AbortSignal): Promise<Observation>;
}

/** Where an answer goes that is too large to be held. */
export interface DownloadTarget {
  /** A file that is not there yet. */
  readonly path: string;
  readonly signal: AbortSignal;
  /** How many bytes are there. */
  readonly onProgress: (bytes: number) => void;
}

/** Brings the answer of a run straight to a file: undefined when it is whole, else why it is not, and no file is left. Rejects when the file cannot be written. */
export interface AnswerDownloader {
  save(deployment: Deployment, id: Kickoff['id'], to: DownloadTarget): Promise<Trouble | 'missing' | undefined>;
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

/** Access to tokens, which are known by the canonical URL of their deployment. */
export interface Tokens {
  get(url: DeploymentUrl): Promise<string | undefined>;
}
