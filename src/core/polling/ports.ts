import type { Deployment, DeploymentUrl } from '#core/kickoff/deployment';
import type { Answer, Kickoff, Observation } from '#core/kickoff/kickoff';
import type { Trouble } from '#core/kickoff/trouble';

/** Requests the status of a run. Never rejects. */
export interface Source {
  observe(deployment: Deployment, id: Kickoff['id'], signal: AbortSignal): Promise<Observation>;
}

/** The target file of a response that is too large for the history. */
export interface DownloadTarget {
  /** Path of a file that doesn't exist yet. */
  readonly path: string;
  readonly signal: AbortSignal;
  readonly onProgress: (bytes: number) => void;
}

export interface AnswerDownloader {
  /**
   * Returns `undefined` for a complete file. Otherwise deletes the file and returns the problem, or `missing` for an unknown kickoff ID.
   * Rejects if the file can't be written.
   */
  save(deployment: Deployment, id: Kickoff['id'], to: DownloadTarget): Promise<Trouble | 'missing' | undefined>;
}

/** State of the network, known without an HTTP request. */
export interface Network {
  /** Whether this machine has a network address other than its own loopback. */
  isConnected(): boolean;
  /** Whether the name resolves to an address. Never rejects. */
  resolves(hostName: string): Promise<boolean>;
}

/**
 * A document that is created from one text only. `status` is the text itself, with one-line JSON indented. `output` is the output in a
 * status response, also with one-line JSON indented. `exactOutput` is the output as the server sent it, and `sorted` has sorted members.
 */
export type BodyDocument = 'status' | 'output' | 'exactOutput' | 'sorted';

/** Parses a stored body for its output and tasks, never for the phase. Large bodies don't block the caller. */
export interface BodyReader {
  read(body: Uint8Array): Promise<Answer | undefined>;
  /** Returns the bytes of a document; `undefined` when the body has no output. */
  document(body: Uint8Array, kind: BodyDocument): Promise<Uint8Array | undefined>;
}

/** Access to tokens by the canonical URL of their deployment. */
export interface Tokens {
  get(url: DeploymentUrl): Promise<string | undefined>;
}
