import vscode = require('vscode');
import { lazy } from '#core/lib/lazy';
import type { Disposable } from '#core/lib/types';
import { words } from '#present/words/words';
import { t } from '#vscode/l10n';
import type { DocumentParts } from './documentContent';

/** The documents of runs as read-only files. Unlike tabs of virtual documents, tabs of files survive a reload. */
export class DocumentProvider implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #changeEmitter = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #disposables: Disposable[] = [this.#changeEmitter];
  readonly #documents = lazy(async () => {
    const { DocumentContent } = await import('./documentContent');
    const documents = new DocumentContent(this.parts, (changes) => this.#changeEmitter.fire(changes));
    this.#disposables.push(documents);
    return documents;
  });

  readonly isReadonly = new vscode.MarkdownString(t(words.readonly));
  readonly onDidChangeFile = this.#changeEmitter.event;
  readonly readDirectory = denyPermission;
  readonly createDirectory = denyPermission;
  readonly writeFile = denyPermission;
  readonly delete = denyPermission;
  readonly rename = denyPermission;

  constructor(private readonly parts: DocumentParts) {}

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
    for (const one of this.#disposables) one.dispose();
  }
}

function denyPermission(): never {
  throw vscode.FileSystemError.NoPermissions();
}
