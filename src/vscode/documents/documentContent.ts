import vscode = require('vscode');
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
import { report } from '#present/documents/report';
import { documentWords } from '#present/words/documentWords';
import { formatDate, t } from '#vscode/l10n';
import { keepDocumentLanguages, registerJsonOutline } from './documentLanguages';
import { parsePageUri, parseDocumentUri, pageMark } from './documentUri';
import { isReportVisible, onDidHideReport } from './openTabs';
import { OutputRenderer } from './outputRenderer';
import { ReportPages } from './reportPages';

/** The maximum time to wait until the first preview of a report displays its page. */
const longestFirstPageMs = 20_000;

/** The time after which a visible report should show a change. */
const longestUpdateMs = 3_000;

/** The time that a document stays in memory after VS Code read its size. */
const longestCachedMs = 30_000;

/** Documents of one run that VS Code read in this session. */
interface ReadDocuments {
  readonly uris: Map<string, vscode.Uri>;
  /** The latest revision is the modification time of the documents. */
  readonly pages: ReportPages;
  /** Ends the wait for the report's first page, or repeats a change. */
  timer: Disposable | undefined;
  kickoff: Kickoff;
}

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
  readonly #listening: readonly Disposable[];
  readonly #read = new Map<string, ReadDocuments>();
  /** VS Code reads the size of a document first and then its bytes. Freed soon, because it can be large. */
  #last: { readonly key: string; readonly bytes: Uint8Array } | undefined;
  #freeing: Disposable | undefined;
  readonly #outputRenderer: OutputRenderer;

  constructor(
    private readonly parts: DocumentParts,
    private readonly changed: (changes: vscode.FileChangeEvent[]) => void,
  ) {
    const { board, clock } = parts;
    this.#listening = [
      board.onDidChange(({ kickoffs, changedDeployments }) => {
        const changed = kickoffs.flatMap((kickoff) => this.#changedBy(kickoff) ?? []);
        for (const read of changedDeployments.length > 0 ? this.#read.values() : changed)
          if (read.pages.change(clock.now())) this.#announce(read);
      }),
      onDidHideReport((ref) => this.#reportHidden(ref)),
      keepDocumentLanguages(),
      registerJsonOutline(),
    ];
    this.#outputRenderer = new OutputRenderer(parts, t);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const page = parsePageUri(uri);
    if (page) {
      this.#pageDisplayed(page);
      return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: emptyPicture.length };
    }
    const kickoff = await this.#kickoff(uri);
    const { length } = await this.#bytes(uri, kickoff);
    return {
      type: vscode.FileType.File,
      ctime: kickoff.trackedAt,
      mtime: this.#readOf(kickoff).pages.revision,
      size: length,
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return parsePageUri(uri) ? emptyPicture : this.#bytes(uri, await this.#kickoff(uri));
  }

  dispose(): void {
    for (const listening of this.#listening) listening.dispose();
    for (const { timer } of this.#read.values()) timer?.dispose();
    this.#read.clear();
    this.#freeing?.dispose();
  }

  /** Returns the run of a document. The run may be removed, because its documents can stay open. */
  async #kickoff(uri: vscode.Uri): Promise<Kickoff> {
    const named = parseDocumentUri(uri);
    const kickoff = named && (this.parts.board.kickoff(named.ref) ?? (await this.parts.store.kickoff(named.ref)));
    if (!kickoff) throw vscode.FileSystemError.FileNotFound(uri);
    return kickoff;
  }

  #readOf(kickoff: Kickoff): ReadDocuments {
    const known = this.#read.get(keyOf(kickoff));
    if (known) return known;
    const first = kickoff.finishedAt ?? kickoff.checkedAt ?? kickoff.trackedAt;
    const read = { uris: new Map<string, vscode.Uri>(), pages: new ReportPages(first), timer: undefined, kickoff };
    this.#read.set(keyOf(kickoff), read);
    return read;
  }

  /** Returns `undefined` if the run has no read documents, or if it was only marked, for example as read because its report opened. */
  #changedBy(kickoff: Kickoff): ReadDocuments | undefined {
    const read = this.#read.get(keyOf(kickoff));
    if (!read) return undefined;
    const before = read.kickoff;
    read.kickoff = kickoff;
    const isMarked = JSON.stringify(before) !== JSON.stringify(kickoff) && withoutMarks(before) === withoutMarks(kickoff);
    return isMarked ? undefined : read;
  }

  async #bytes(uri: vscode.Uri, kickoff: Kickoff): Promise<Uint8Array> {
    const read = this.#readOf(kickoff);
    const { revision } = read.pages;
    const { board, clock } = this.parts;
    const key = JSON.stringify([uri.toString(), kickoff, board.deployment(kickoff.deployment), board.troubleOf(kickoff), revision]);
    if (this.#last?.key === key) return this.#last.bytes;

    const kind = parseDocumentUri(uri)?.kind;
    const content = kind && (await this.#content(kickoff, kind, revision));
    if (content === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    if (kind === 'report' && read.pages.read()) {
      this.#setTimer(read, longestFirstPageMs, () => {
        if (read.pages.endWait()) this.#announce(read);
      });
    }
    read.uris.set(uri.toString(), uri);
    this.#last = { key, bytes };
    this.#freeing?.dispose();
    this.#freeing = clock.after(longestCachedMs, () => (this.#last = undefined));
    return bytes;
  }

  async #content(kickoff: Kickoff, kind: DocumentKind, revision: number): Promise<Uint8Array | string | undefined> {
    const { store, reader } = this.parts;
    if (typeof kind === 'object') return this.#taskOutput(kickoff, kind.task);
    if (kind === 'report') return this.#report(kickoff, revision);
    if (kind === 'inputs') {
      const inputs = await store.inputs(kickoff);
      // Empty if the inputs aren't known, so that a comparison shows all inputs of the other run.
      return inputs ? sortedJson(JSON.stringify(inputs)) : '';
    }
    const body = await store.body(kickoff);
    if (!body && isSettled(kickoff.phase)) throw vscode.FileSystemError.Unavailable(t(documentWords.answerLost));
    if (kind === 'status' && !body) return hasBody(kickoff) ? '' : undefined;
    return body && (kind === 'status' || isSettled(kickoff.phase)) ? reader.document(body, kind) : undefined;
  }

  async #report(kickoff: Kickoff, revision: number): Promise<string> {
    const outputs = await this.#outputRenderer.render(kickoff);
    const inputs = await this.parts.store.inputs(kickoff);
    const deployment = this.parts.board.deployment(kickoff.deployment);
    const trouble = this.parts.board.troubleOf(kickoff);
    const stall = stallOf(kickoff, this.parts.board.durationsOf(kickoff.deployment));
    const parts = { kickoff, deployment, trouble, stall, outputs, inputs, now: this.parts.clock.now(), formatDate };
    return `${report(parts, t)}\n\n${pageMark(revision)}\n`;
  }

  async #taskOutput(kickoff: Kickoff, task: number): Promise<Uint8Array | string | undefined> {
    const output = (await this.parts.store.taskOutputs(kickoff)).get(task);
    const isJson = kickoff.tasks.some(({ position, language }) => position === task && language === 'json');
    return isJson && output !== undefined ? this.parts.reader.document(new TextEncoder().encode(output), 'status') : output;
  }

  #announce(read: ReadDocuments, uris = [...read.uris.values()]): void {
    if (uris.length === 0) return;
    this.changed(uris.map((uri) => ({ type: vscode.FileChangeType.Changed, uri })));
    this.#setTimer(read, longestUpdateMs, () => {
      const reports = [...read.uris.values()].filter((uri) => parseDocumentUri(uri)?.kind === 'report');
      if (isReportVisible(read.kickoff) && read.pages.repeat(this.parts.clock.now())) this.#announce(read, reports);
    });
  }

  #setTimer(read: ReadDocuments, milliseconds: number, run: () => void): void {
    read.timer?.dispose();
    read.timer = this.parts.clock.after(milliseconds, run);
  }

  #reportHidden(ref: KickoffRef): void {
    const read = this.#read.get(keyOf(ref));
    if (read?.pages.hide(this.parts.clock.now())) this.#announce(read);
  }

  #pageDisplayed({ ref, revision }: { readonly ref: KickoffRef; readonly revision: number }): void {
    const read = this.#read.get(keyOf(ref));
    if (read?.pages.display(revision, this.parts.clock.now())) this.#announce(read);
  }
}

/** Identifies the data of a run that its documents can contain. */
function withoutMarks({ isUnread: _unread, isMuted: _muted, waitNotified: _notified, ...data }: Kickoff): string {
  return JSON.stringify(data);
}
