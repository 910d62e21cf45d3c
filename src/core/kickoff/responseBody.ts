import type { Deployment } from './deployment';
import type { Answer, Kickoff } from './kickoff';
import type { Trouble } from './trouble';

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

/** `output` is indented if it is one line of JSON, `exactOutput` is as sent, and `sorted` has sorted members. */
export type BodyDocument = 'status' | 'output' | 'exactOutput' | 'sorted';

/** Parses a stored body for its output and tasks, never for the phase. Large bodies don't block the caller. */
export interface BodyReader {
  read(body: Uint8Array): Promise<Answer | undefined>;
  /** Returns `undefined` when the body has no output. */
  document(body: Uint8Array, kind: BodyDocument): Promise<Uint8Array | undefined>;
}
