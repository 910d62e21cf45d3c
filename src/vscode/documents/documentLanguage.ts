import vscode = require('vscode');
import { documentLanguage } from '#present/documents/documentKind';
import { namedBy } from './documentUri';

/** Restores the language of outputs and responses in tabs, because language servers of VS Code would make links and load schemas. */
export function keepDocumentLanguages(): vscode.Disposable {
  vscode.workspace.textDocuments.forEach(keepLanguage);
  return vscode.workspace.onDidOpenTextDocument(keepLanguage);
}

function keepLanguage(document: vscode.TextDocument): void {
  const named = namedBy(document.uri);
  if (!named || named.kind === 'report') return;
  const language = documentLanguage(document.uri.path);
  if (document.languageId === language) return;
  // Ignores the error if the document was closed meanwhile.
  vscode.languages.setTextDocumentLanguage(document, language).then(undefined, () => undefined);
}
