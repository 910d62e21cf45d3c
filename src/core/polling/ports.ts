import type { Deployment, DeploymentUrl } from '#core/kickoff/deployment';
import type { Kickoff, Observation } from '#core/kickoff/kickoff';
import type { Trouble } from '#core/kickoff/trouble';

/** Requests the status of a run. Never rejects. */
export interface Source {
  observe(deployment: Deployment, id: Kickoff['id'], signal: AbortSignal): Promise<Observation>;
}

export interface DownloadTarget {
  /** Path of a file that doesn't exist yet. */
  readonly path: string;
  readonly signal: AbortSignal;
  readonly onProgress: (bytes: number) => void;
}

export interface AnswerDownloader {
  /** Deletes an incomplete file, and returns the problem. Rejects if the file can't be written. */
  save(deployment: Deployment, id: Kickoff['id'], to: DownloadTarget): Promise<Trouble | 'missing' | undefined>;
}

export interface Network {
  /** Whether this machine has a network address other than its own loopback. */
  isConnected(): boolean;
  /** Whether the name resolves to an address. Never rejects. */
  resolves(hostName: string): Promise<boolean>;
}

/** `output` is indented if it is one line of JSON, `exactOutput` is as sent, and `sorted` has sorted members. */
export type BodyDocument = 'status' | 'output' | 'exactOutput' | 'sorted';

/** Parses a stored body for its output and tasks, never for the phase. Large bodies don't block the caller. */
export interface BodyReader {
  /** Returns `undefined` when the body has no output. */
  document(body: Uint8Array, kind: BodyDocument): Promise<Uint8Array | undefined>;
}

export interface Tokens {
  get(url: DeploymentUrl): Promise<string | undefined>;
}
