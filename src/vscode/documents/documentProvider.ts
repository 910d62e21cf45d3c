import vscode = require('vscode');
import type { Board } from '#core/history/board';
import type { Store } from '#core/history/store';
import { lazy } from '#core/lib/lazy';
import type { Disposable } from '#core/lib/types';
import type { Reader } from '#core/polling/ports';
import { words } from '#present/words/words';

/**
 * The documents of runs as read-only files. Unlike virtual documents, their tabs survive a reload. Their content is loaded with the first
 * document.
 */
export class DocumentProvider implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #owned: Disposable[] = [this.#changed];
  readonly #documents = lazy(async () => {
    const { DocumentContent } = await import('./documentContent');
    const documents = new DocumentContent(this.board, this.store, this.reader, (changes) => this.#changed.fire(changes));
    this.#owned.push(documents);
    return documents;
  });

  /** The message that VS Code shows when the user tries to edit a document. */
  readonly isReadonly = new vscode.MarkdownString(vscode.l10n.t(words.readonly));
  readonly onDidChangeFile = this.#changed.event;
  readonly readDirectory = refused;
  readonly createDirectory = refused;
  readonly writeFile = refused;
  readonly delete = refused;
  readonly rename = refused;

  constructor(
    private readonly board: Board,
    private readonly store: Store,
    private readonly reader: Reader,
  ) {}

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return (await this.#documents()).stat(uri);
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return (await this.#documents()).readFile(uri);
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  dispose(): void {
    for (const one of this.#owned) one.dispose();
  }
}

function refused(): never {
  throw vscode.FileSystemError.NoPermissions();
}
