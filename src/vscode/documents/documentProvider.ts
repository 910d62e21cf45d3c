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
  readonly #loadContent = lazy(async () => {
    const { DocumentContent } = await import('#vscode/documents/documentContent');
    const content = new DocumentContent(this.parts, (changes) => this.#changeEmitter.fire(changes));
    this.#disposables.push(content);
    return content;
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
    return (await this.#loadContent()).stat(uri);
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return (await this.#loadContent()).readFile(uri);
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
