import vscode = require('vscode');
import { documentScheme } from '#contributions';
import { keyOf } from '#core/history/board';
import type { KickoffList } from '#core/history/kickoffList';
import type { Store } from '#core/history/store';
import { hasBody, isSettled, type Kickoff, type KickoffRef } from '#core/kickoff/kickoff';
import type { BodyReader } from '#core/kickoff/responseBody';
import { stallOf } from '#core/kickoff/stall';
import { sortedJson } from '#core/lib/sortedJson';
import type { Clock, Disposable } from '#core/lib/types';
import type { JobThread } from '#core/lib/jobThread';
import type { DocumentKind } from '#present/documents/documentName';
import { inputsSchema } from '#present/documents/inputsSchema';
import { report } from '#present/documents/report';
import { documentWords } from '#present/words/documentWords';
import { t } from '#vscode/l10n';
import { registerJsonOutline, restoreDocumentLanguages } from './documentLanguages';
import { parsePixelUri, parseDocumentUri, reportPixel } from './documentUri';
import { isReportVisible, onDidHideReport } from './openTabs';
import { outputRenderer } from './outputRenderer';
import { AnnouncementPolicy } from './announcementPolicy';

/** The maximum time after a report's first read for which changes of the run's documents wait until a preview displays the report. */
const firstPageTimeoutMs = 20_000;

/** The time after which a change is announced again, if the visible report doesn't display it yet. */
const repeatDelayMs = 3_000;

const cacheDurationMs = 30_000;

/** The documents of one run that VS Code read in this session. */
interface RunDocuments {
  readonly urisByText: Map<string, vscode.Uri>;
  /** Decides when to announce changes. Its revision is the modification time of the documents. */
  readonly policy: AnnouncementPolicy;
  /** Ends the wait for the report's first page, or announces a change again. */
  timer: Disposable | undefined;
  kickoff: Kickoff;
}

/** The schema of files with inputs. `package.json` contains the URI, too. */
export const inputsSchemaUri = vscode.Uri.from({ scheme: documentScheme, path: `/${documentScheme}/inputs.schema.json` });

const emptyPicture = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>');

export interface DocumentParts {
  readonly board: KickoffList;
  readonly store: Store;
  readonly reader: BodyReader;
  readonly thread: JobThread;
  readonly clock: Clock;
}

/** The content of the documents of runs. Reports when the content may have changed. */
export class DocumentContent implements vscode.Disposable {
  readonly #subscriptions: readonly Disposable[];
  readonly #documentsByRun = new Map<string, RunDocuments>();
  /** The last read document. Cached for a short time, because VS Code reads the size of a document first and then its bytes. */
  #cachedDocument: { readonly key: string; readonly bytes: Uint8Array } | undefined;
  #cacheTimer: Disposable | undefined;
  #isInputsSchemaRead = false;
  readonly #announceInputsSchema = (): void => {
    if (this.#isInputsSchemaRead) this.onChange([{ type: vscode.FileChangeType.Changed, uri: inputsSchemaUri }]);
  };
  readonly #renderOutputs: ReturnType<typeof outputRenderer>;

  constructor(
    private readonly parts: DocumentParts,
    private readonly onChange: (changes: vscode.FileChangeEvent[]) => void,
  ) {
    const { board, clock } = parts;
    this.#subscriptions = [
      board.onDidChange(({ kickoffs, changedKeys }) => {
        if (changedKeys.length > 0) this.#announceInputsSchema();
        const changedDocuments = kickoffs.flatMap((kickoff) => this.#updateDocuments(kickoff) ?? []);
        for (const documents of changedKeys.length > 0 ? this.#documentsByRun.values() : changedDocuments)
          if (documents.policy.recordChange(clock.now())) this.#announce(documents);
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(this.#announceInputsSchema),
      onDidHideReport((ref) => this.#announceIf(ref, (policy) => policy.recordHide(clock.now()))),
      restoreDocumentLanguages(),
      registerJsonOutline(),
    ];
    this.#renderOutputs = outputRenderer(parts, t);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const pixel = parsePixelUri(uri);
    if (pixel) {
      this.#announceIf(pixel.ref, (policy) => policy.recordDisplay(pixel.revision, this.parts.clock.now()));
      return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: emptyPicture.length };
    }
    // A new time for each stat, so that VS Code reads the schema again after an announcement.
    if (uri.path === inputsSchemaUri.path)
      return { type: vscode.FileType.File, ctime: 0, mtime: this.parts.clock.now(), size: this.#inputsSchema().length };
    const { kickoff, bytes } = await this.#read(uri);
    const mtime = this.#documentsOf(kickoff).policy.revision;
    return { type: vscode.FileType.File, ctime: kickoff.trackedAt, mtime, size: bytes.length };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    if (uri.path === inputsSchemaUri.path) return this.#inputsSchema();
    return parsePixelUri(uri) ? emptyPicture : (await this.#read(uri)).bytes;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const { timer } of this.#documentsByRun.values()) timer?.dispose();
    this.#documentsByRun.clear();
    this.#cacheTimer?.dispose();
  }

  /** Returns the schema of files with inputs. A workspace that the user doesn't trust gets no names. */
  #inputsSchema(): Uint8Array {
    this.#isInputsSchemaRead = true;
    return new TextEncoder().encode(inputsSchema(vscode.workspace.isTrusted ? this.parts.board.deployments : undefined, t));
  }

  #documentsOf(kickoff: Kickoff): RunDocuments {
    const knownDocuments = this.#documentsByRun.get(keyOf(kickoff));
    if (knownDocuments) return knownDocuments;
    const firstRevision = kickoff.finishedAt ?? kickoff.checkedAt ?? kickoff.trackedAt;
    const documents: RunDocuments = { urisByText: new Map(), policy: new AnnouncementPolicy(firstRevision), timer: undefined, kickoff };
    this.#documentsByRun.set(keyOf(kickoff), documents);
    return documents;
  }

  /** Stores a changed run for its documents, and returns them. Undefined if VS Code read none, or if only marks such as unread changed. */
  #updateDocuments(kickoff: Kickoff): RunDocuments | undefined {
    const documents = this.#documentsByRun.get(keyOf(kickoff));
    if (!documents) return undefined;
    const kickoffBefore = documents.kickoff;
    documents.kickoff = kickoff;
    const isOnlyMarked = JSON.stringify(kickoffBefore) !== JSON.stringify(kickoff) && withoutMarks(kickoffBefore) === withoutMarks(kickoff);
    return isOnlyMarked ? undefined : documents;
  }

  /** Returns a document's run and content. The run may be removed, because its documents can stay open. */
  async #read(uri: vscode.Uri): Promise<{ readonly kickoff: Kickoff; readonly bytes: Uint8Array }> {
    const { board, clock, store } = this.parts;
    const { ref, kind } = parseDocumentUri(uri) ?? {};
    const kickoff = ref && (board.kickoff(ref) ?? (await store.kickoff(ref)));
    if (!kickoff || !kind) throw vscode.FileSystemError.FileNotFound(uri);
    const documents = this.#documentsOf(kickoff);
    const { revision } = documents.policy;
    const key = JSON.stringify([uri.toString(), kickoff, board.deployment(kickoff.deployment), board.troubleOf(kickoff), revision]);
    if (this.#cachedDocument?.key === key) return { kickoff, bytes: this.#cachedDocument.bytes };

    // Adds the URI before the content is read, so that a change of the run during the read is announced, too.
    documents.urisByText.set(uri.toString(), uri);
    const isFirstRead = kind === 'report' && documents.policy.recordRead();
    const content = await this.#content(kickoff, kind, revision).finally(() => {
      if (isFirstRead) this.#setTimer(documents, firstPageTimeoutMs, () => documents.policy.endWait() && this.#announce(documents));
    });
    if (content === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    this.#cachedDocument = { key, bytes };
    this.#cacheTimer?.dispose();
    this.#cacheTimer = clock.after(cacheDurationMs, () => (this.#cachedDocument = undefined));
    return { kickoff, bytes };
  }

  async #content(kickoff: Kickoff, kind: DocumentKind, revision: number): Promise<Uint8Array | string | undefined> {
    const { store, reader } = this.parts;
    if (typeof kind === 'object') {
      const output = (await store.taskOutputs(kickoff)).get(kind.taskPosition);
      const isJson = kickoff.tasks.some(({ position, language }) => position === kind.taskPosition && language === 'json');
      return isJson && output !== undefined ? reader.document(new TextEncoder().encode(output), 'status') : output;
    }
    if (kind === 'report') return this.#report(kickoff, revision);
    if (kind === 'inputs') {
      const inputs = await store.inputs(kickoff);
      // The document is empty if the inputs aren't known, so that a comparison shows all inputs of the other run.
      return inputs ? sortedJson(JSON.stringify(inputs)) : '';
    }
    const body = await store.body(kickoff);
    if (!body && isSettled(kickoff.phase)) throw vscode.FileSystemError.Unavailable(t(documentWords.answerLost));
    if (kind === 'status' && !body) return hasBody(kickoff) ? '' : undefined;
    return body && (kind === 'status' || isSettled(kickoff.phase)) ? reader.document(body, kind) : undefined;
  }

  async #report(kickoff: Kickoff, revision: number): Promise<string> {
    const outputs = await this.#renderOutputs(kickoff);
    const inputs = await this.parts.store.inputs(kickoff);
    const deployment = this.parts.board.deployment(kickoff.deployment);
    const trouble = this.parts.board.troubleOf(kickoff);
    const stall = stallOf(kickoff, this.parts.board.durationsOf(kickoff.deployment));
    const { continues } = kickoff;
    const continuedRun = continues && this.parts.board.kickoff({ deployment: kickoff.deployment, id: continues });
    const reportParts = { kickoff, continuedRun, deployment, trouble, stall, outputs, inputs, now: this.parts.clock.now() };
    return `${report(reportParts, t)}\n\n${reportPixel(revision)}\n`;
  }

  #announce(documents: RunDocuments, uris = [...documents.urisByText.values()]): void {
    if (uris.length === 0) return;
    this.onChange(uris.map((uri) => ({ type: vscode.FileChangeType.Changed, uri })));
    this.#setTimer(documents, repeatDelayMs, () => {
      const reports = [...documents.urisByText.values()].filter((uri) => parseDocumentUri(uri)?.kind === 'report');
      if (isReportVisible(documents.kickoff) && documents.policy.repeat(this.parts.clock.now())) this.#announce(documents, reports);
    });
  }

  #setTimer(documents: RunDocuments, delayMs: number, action: () => void): void {
    documents.timer?.dispose();
    documents.timer = this.parts.clock.after(delayMs, action);
  }

  #announceIf(ref: KickoffRef, shouldAnnounce: (policy: AnnouncementPolicy) => boolean): void {
    const documents = this.#documentsByRun.get(keyOf(ref));
    if (documents && shouldAnnounce(documents.policy)) this.#announce(documents);
  }
}

/** Returns the data of a run that its documents can contain, as text for comparisons. */
function withoutMarks({ isUnread: _unread, isMuted: _muted, waitNotified: _notified, ...data }: Kickoff): string {
  return JSON.stringify(data);
}
