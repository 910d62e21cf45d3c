import * as vscode from 'vscode';
import { keyOf, type Board } from '../core/board';
import { hasBody } from '../core/change';
import { isSettled, type Kickoff } from '../core/kickoff';
import type { Disposable, Reader, Store } from '../core/ports';
import { standstillOf } from '../core/standstill';
import type { DocumentKind } from '../present/documentKind';
import { report } from '../present/report';
import { wordsRead } from '../present/wordsRead';
import { namedBy } from './documentUri';
import { JsonMode } from './jsonMode';

/** What is in the documents that runs left, and when that changes. */
export class Documents implements vscode.Disposable {
  readonly #listening: Disposable;
  readonly #jsonMode: JsonMode;
  /** Every address that was read, by the run it belongs to. */
  readonly #read = new Map<string, Map<string, vscode.Uri>>();
  /** When it was last told that an address may read otherwise. */
  readonly #toldAt = new Map<string, number>();
  /** The last one read: VS Code asks for its size and then for its bytes. */
  #last: { readonly uri: string; readonly of: string; readonly bytes: Uint8Array } | undefined;

  constructor(
    private readonly board: Board,
    private readonly store: Store,
    private readonly reader: Reader,
    private readonly changed: (changes: vscode.FileChangeEvent[]) => void,
  ) {
    this.#listening = board.onDidChange(({ kickoffs }) => this.#tell(kickoffs));
    this.#jsonMode = new JsonMode(board);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const kickoff = await this.#kickoff(uri);
    const { length } = await this.#bytes(uri, kickoff);
    return {
      type: vscode.FileType.File,
      ctime: kickoff.trackedAt,
      mtime: this.#changedAt(uri, kickoff),
      size: length,
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return this.#bytes(uri, await this.#kickoff(uri));
  }

  dispose(): void {
    this.#listening.dispose();
    this.#jsonMode.dispose();
  }

  /** Also a run that was removed: its tabs may be open still. */
  async #kickoff(uri: vscode.Uri): Promise<Kickoff> {
    const named = namedBy(uri);
    const kickoff = named && (this.board.kickoff(named.ref) ?? (await this.store.kickoff(named.ref)));
    if (!kickoff) throw vscode.FileSystemError.FileNotFound(uri);
    return kickoff;
  }

  /** The same for the same content, also after a reload; later whenever what can be read may have changed. */
  #changedAt(uri: vscode.Uri, kickoff: Kickoff): number {
    const heard = kickoff.finishedAt ?? kickoff.checkedAt ?? kickoff.trackedAt;
    return Math.max(heard, this.#toldAt.get(uri.toString()) ?? 0);
  }

  async #bytes(uri: vscode.Uri, kickoff: Kickoff): Promise<Uint8Array> {
    const address = uri.toString();
    const of = JSON.stringify([kickoff, this.board.deployment(kickoff.deployment), this.board.troubleOf(kickoff)]);
    if (this.#last?.uri === address && this.#last.of === of) return this.#last.bytes;

    const named = namedBy(uri);
    const bytes = named && (await this.#content(kickoff, named.kind));
    if (!bytes) throw vscode.FileSystemError.FileNotFound(uri);
    const read = this.#read.get(keyOf(kickoff)) ?? new Map<string, vscode.Uri>();
    this.#read.set(keyOf(kickoff), read.set(address, uri));
    this.#last = { uri: address, of, bytes };
    return bytes;
  }

  async #content(kickoff: Kickoff, kind: DocumentKind): Promise<Uint8Array | undefined> {
    if (typeof kind === 'object') return encoded((await this.store.taskOutputs(kickoff)).get(kind.task));
    const body = await this.store.body(kickoff);
    if (!body && kind !== 'report' && isSettled(kickoff.phase))
      throw vscode.FileSystemError.Unavailable(vscode.l10n.t(wordsRead.answerLost));
    if (kind === 'status') return hasBody(kickoff) ? (body ? this.reader.document(body, kind) : encoded('')) : undefined;
    const ended = isSettled(kickoff.phase) ? body : undefined;
    if (kind !== 'report') return ended && this.reader.document(ended, kind);

    const output = ended && (await this.reader.read(ended))?.output;
    const taskOutputs = await this.store.taskOutputs(kickoff);
    const deployment = this.board.deployment(kickoff.deployment);
    const trouble = this.board.troubleOf(kickoff);
    const standstill = standstillOf(kickoff, this.board.historyOf(kickoff.deployment));
    return encoded(report({ kickoff, deployment, trouble, standstill, output, taskOutputs, now: Date.now() }, vscode.l10n.t));
  }

  #tell(kickoffs: readonly Kickoff[]): void {
    const changed = kickoffs.flatMap((kickoff) => [...(this.#read.get(keyOf(kickoff))?.values() ?? [])]);
    for (const uri of changed) this.#toldAt.set(uri.toString(), Date.now());
    if (changed.length > 0) this.changed(changed.map((uri) => ({ type: vscode.FileChangeType.Changed, uri })));
  }
}

function encoded(text: string | undefined): Uint8Array | undefined {
  return text === undefined ? undefined : new TextEncoder().encode(text);
}
