import type { Deployment } from './deployment';
import type { Kickoff } from './kickoff';
import type { Trouble } from './trouble';

export interface DownloadTarget {
  /** Path of a file that doesn't exist yet. */
  readonly path: string;
  readonly signal: AbortSignal;
  readonly onProgress: (bytes: number) => void;
}

export interface ResponseDownloader {
  /** Downloads a run's response to a file. Returns the problem, if any, and leaves no incomplete file. Rejects if writing it fails. */
  save(deployment: Deployment, id: Kickoff['id'], target: DownloadTarget): Promise<Trouble | 'missing' | undefined>;
}

/** The response (`status`), or its output. One line of JSON is indented. `sorted` also sorts JSON members; `exactOutput` is unchanged. */
export type BodyDocumentKind = 'status' | 'output' | 'exactOutput' | 'sorted';

/** Makes documents from a stored body. Large bodies don't block the caller. */
export interface BodyReader {
  /** Returns the text of a document in UTF-8; undefined if the body has no output. */
  document(body: Uint8Array, kind: BodyDocumentKind): Promise<Uint8Array | undefined>;
}
