import vscode = require('vscode');
import { keyOf } from '#core/history/board';
import type { KickoffList } from '#core/history/kickoffList';
import type { Store } from '#core/history/store';
import { hasBody, isSettled, type Kickoff, type KickoffRef } from '#core/kickoff/kickoff';
import { stallOf } from '#core/kickoff/stall';
import { sortedJson } from '#core/lib/sortedJson';
import type { Clock, Disposable } from '#core/lib/types';
import { withTimeout } from '#core/lib/withTimeout';
import type { JobThread } from '#core/lib/jobThread';
import type { BodyReader } from '#core/polling/ports';
import type { DocumentKind } from '#present/documents/documentKind';
import { report } from '#present/documents/report';
import { documentWords } from '#present/words/documentWords';
import { formatDate, t } from '#vscode/l10n';
import { keepDocumentLanguages } from './documentLanguage';
import { DocumentRevisions } from './documentRevisions';
import { displayedPage, namedBy, pageMark } from './documentUri';
import { registerJsonOutline } from './jsonSymbols';
import { isReportOpen, onDidCoverReport } from './openTabs';
import { OutputRenderer } from './outputRenderer';

/** The maximum time to wait until the first preview of a report displays its page. */
const longestFirstPageMs = 20_000;

/** The time after which a visible report should show a change. */
const longestUpdateMs = 3_000;

/** How often a change is announced again, because a preview misses changes until its script has loaded. */
const mostRepeats = 3;

/** The time that a document stays in memory after VS Code read its size. */
const longestCachedMs = 30_000;

/** Documents of one run that VS Code read in this session. */
interface ReadDocuments {
  readonly uris: Map<string, vscode.Uri>;
  /** The latest revision is the modification time of the documents. */
  readonly revisions: DocumentRevisions;
  readonly pageIsDisplayed: PromiseWithResolvers<undefined>;
  /** A preview stays blank if its document changes before its first page is rendered, so change events wait for this page. */
  firstPage: Promise<unknown> | undefined;
  repeating: Disposable | undefined;
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
    const { board } = parts;
    this.#listening = [
      board.onDidChange(({ kickoffs, changedDeployments }) => {
        const changed = kickoffs.flatMap((kickoff) => this.#changedBy(kickoff) ?? []);
        this.#change(changedDeployments.length > 0 ? [...this.#read.values()] : changed);
      }),
      onDidCoverReport((ref) => this.#reportCovered(ref)),
      keepDocumentLanguages(),
      registerJsonOutline(),
    ];
    this.#outputRenderer = new OutputRenderer(parts, t);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const page = displayedPage(uri);
    if (page) {
      this.#pageDisplayed(page);
      return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: emptyPicture.length };
    }
    const kickoff = await this.#kickoff(uri);
    const { length } = await this.#bytes(uri, kickoff);
    return {
      type: vscode.FileType.File,
      ctime: kickoff.trackedAt,
      mtime: this.#readOf(kickoff).revisions.latest,
      size: length,
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return displayedPage(uri) ? emptyPicture : this.#bytes(uri, await this.#kickoff(uri));
  }

  dispose(): void {
    for (const listening of this.#listening) listening.dispose();
    for (const { repeating } of this.#read.values()) repeating?.dispose();
    this.#read.clear();
    this.#freeing?.dispose();
  }

  /** Returns the run of a document. The run may be removed, because its documents can stay open. */
  async #kickoff(uri: vscode.Uri): Promise<Kickoff> {
    const named = namedBy(uri);
    const kickoff = named && (this.parts.board.kickoff(named.ref) ?? (await this.parts.store.kickoff(named.ref)));
    if (!kickoff) throw vscode.FileSystemError.FileNotFound(uri);
    return kickoff;
  }

  #readOf(kickoff: Kickoff): ReadDocuments {
    const known = this.#read.get(keyOf(kickoff));
    if (known) return known;
    const first = kickoff.finishedAt ?? kickoff.checkedAt ?? kickoff.trackedAt;
    const read = {
      uris: new Map<string, vscode.Uri>(),
      revisions: new DocumentRevisions(first),
      pageIsDisplayed: Promise.withResolvers<undefined>(),
      firstPage: undefined,
      repeating: undefined,
      kickoff,
    };
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
    const { latest } = read.revisions;
    const { board } = this.parts;
    const key = JSON.stringify([uri.toString(), kickoff, board.deployment(kickoff.deployment), board.troubleOf(kickoff), latest]);
    if (this.#last?.key === key) return this.#last.bytes;
    const bytes = await this.#create(uri, kickoff, read);
    read.uris.set(uri.toString(), uri);
    this.#last = { key, bytes };
    this.#freeing?.dispose();
    this.#freeing = this.parts.clock.after(longestCachedMs, () => (this.#last = undefined));
    return bytes;
  }

  async #create(uri: vscode.Uri, kickoff: Kickoff, read: ReadDocuments): Promise<Uint8Array> {
    const named = namedBy(uri);
    const bytes = named && (await this.#content(kickoff, named.kind, read.revisions.latest));
    if (!bytes) throw vscode.FileSystemError.FileNotFound(uri);
    if (named.kind === 'report') read.firstPage ??= withTimeout(longestFirstPageMs, read.pageIsDisplayed.promise, this.parts.clock);
    return bytes;
  }

  async #content(kickoff: Kickoff, kind: DocumentKind, revision: number): Promise<Uint8Array | undefined> {
    if (typeof kind === 'object') return this.#taskOutput(kickoff, kind.task);
    if (kind === 'report') return encoded(await this.#report(kickoff, revision));
    if (kind === 'inputs') return this.#inputs(kickoff);
    const body = await this.parts.store.body(kickoff);
    if (!body && isSettled(kickoff.phase)) throw vscode.FileSystemError.Unavailable(t(documentWords.answerLost));
    if (kind === 'status') return hasBody(kickoff) ? (body ? this.parts.reader.document(body, kind) : encoded('')) : undefined;
    return isSettled(kickoff.phase) && body ? this.parts.reader.document(body, kind) : undefined;
  }

  async #report(kickoff: Kickoff, revision: number): Promise<string> {
    const outputs = await this.#outputRenderer.render(kickoff);
    const inputs = await this.parts.store.inputs(kickoff);
    const deployment = this.parts.board.deployment(kickoff.deployment);
    const trouble = this.parts.board.troubleOf(kickoff);
    const stall = stallOf(kickoff, this.parts.board.historyOf(kickoff.deployment));
    const parts = { kickoff, deployment, trouble, stall, outputs, inputs, now: this.parts.clock.now(), formatDate };
    return `${report(parts, t)}\n\n${pageMark(revision)}\n`;
  }

  /** Empty if the inputs aren't known, so that a comparison shows all inputs of the other run. */
  async #inputs(kickoff: Kickoff): Promise<Uint8Array | undefined> {
    const inputs = await this.parts.store.inputs(kickoff);
    return encoded(inputs ? sortedJson(JSON.stringify(inputs)) : '');
  }

  async #taskOutput(kickoff: Kickoff, task: number): Promise<Uint8Array | undefined> {
    const output = encoded((await this.parts.store.taskOutputs(kickoff)).get(task));
    const isJson = kickoff.tasks.some(({ position, language }) => position === task && language === 'json');
    return isJson && output ? this.parts.reader.document(output, 'status') : output;
  }

  #change(all: readonly ReadDocuments[], repeats = mostRepeats): void {
    for (const { revisions } of all) revisions.change(this.parts.clock.now());
    this.#announce(all, repeats);
  }

  #announce(all: readonly ReadDocuments[], repeats = mostRepeats): void {
    for (const read of all) {
      if (read.uris.size === 0) continue;
      if (read.firstPage) void read.firstPage.then(() => this.#announceNow(read, repeats));
      else this.#announceNow(read, repeats);
    }
  }

  #announceNow(read: ReadDocuments, repeats: number): void {
    // The first page may be displayed after `dispose`.
    if (!this.#read.has(keyOf(read.kickoff))) return;
    const uris = [...read.uris.values()].filter((uri) => repeats === mostRepeats || namedBy(uri)?.kind === 'report');
    this.changed(uris.map((uri) => ({ type: vscode.FileChangeType.Changed, uri })));
    read.repeating?.dispose();
    if (repeats === 0) return;
    read.repeating = this.parts.clock.after(longestUpdateMs, () => {
      if (read.revisions.isPageOutdated && isReportOpen(read.kickoff)) this.#change([read], repeats - 1);
    });
  }

  #reportCovered(ref: KickoffRef): void {
    const read = this.#read.get(keyOf(ref));
    if (read?.revisions.cover(this.parts.clock.now())) this.#announce([read]);
  }

  #pageDisplayed({ ref, revision }: { readonly ref: KickoffRef; readonly revision: number }): void {
    const read = this.#read.get(keyOf(ref));
    read?.pageIsDisplayed.resolve(undefined);
    if (read?.revisions.display(revision, this.parts.clock.now())) this.#announce([read]);
  }
}

/** Identifies the data of a run that its documents can contain. */
function withoutMarks({ isUnread: _unread, isMuted: _muted, waitNotified: _notified, ...data }: Kickoff): string {
  return JSON.stringify(data);
}

function encoded(text: string | undefined): Uint8Array | undefined {
  return text === undefined ? undefined : new TextEncoder().encode(text);
}
