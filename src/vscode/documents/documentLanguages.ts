import vscode = require('vscode');
import { documentScheme } from '#contributions';
import { parseJson } from '#core/lib/json';
import { jsonOutline, type JsonEntry } from '#core/lib/jsonOutline';
import { clean } from '#present/cleanText';
import { documentLanguageId, jsonLanguageId } from '#present/documents/documentName';
import { parseDocumentUri } from './documentUri';

/** The kinds of symbols by the first character of a JSON value. All other characters begin a number. */
const symbolKinds: Readonly<Record<string, vscode.SymbolKind>> = {
  '{': vscode.SymbolKind.Module,
  '[': vscode.SymbolKind.Array,
  '"': vscode.SymbolKind.String,
  t: vscode.SymbolKind.Boolean,
  f: vscode.SymbolKind.Boolean,
  n: vscode.SymbolKind.Null,
};

/** Shows the members of a JSON document's first lines in the Outline view and in breadcrumbs. */
export function registerJsonOutline(): vscode.Disposable {
  return vscode.languages.registerDocumentSymbolProvider(
    { scheme: documentScheme, language: jsonLanguageId },
    {
      provideDocumentSymbols: (document) => {
        // Reads only some lines, because joining all lines of a large document takes long.
        const text = document.getText(new vscode.Range(0, 0, 10_000, 0));
        return symbolsOf(jsonOutline(text), text, document);
      },
    },
  );
}

/** Converts the outline of a JSON text to symbols. The title of a list's item is its index. A name that isn't valid JSON stays as is. */
function symbolsOf(entries: readonly JsonEntry[], text: string, document: vscode.TextDocument): vscode.DocumentSymbol[] {
  return entries.map((entry, index) => {
    const { name = String(index), start, valueStart, end, entries: children } = entry;
    const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
    const kind = symbolKinds[text.charAt(valueStart)] ?? vscode.SymbolKind.Number;
    const decodedName = parseJson(name);
    const title = clean(typeof decodedName === 'string' ? decodedName : name) || '""';
    const symbol = new vscode.DocumentSymbol(title, '', kind, range, new vscode.Range(range.start, range.start));
    symbol.children = symbolsOf(children, text, document);
    return symbol;
  });
}

/** Resets runs' documents, except reports, to `documentLanguageId`, because other languages' servers would add links and load schemas. */
export function restoreDocumentLanguages(): vscode.Disposable {
  vscode.workspace.textDocuments.forEach(restoreLanguage);
  return vscode.workspace.onDidOpenTextDocument(restoreLanguage);
}

function restoreLanguage(document: vscode.TextDocument): void {
  const parsedUri = parseDocumentUri(document.uri);
  if (!parsedUri || parsedUri.kind === 'report') return;
  const language = documentLanguageId(document.uri.path);
  if (document.languageId === language) return;
  // Ignores the error if the document was closed meanwhile.
  vscode.languages.setTextDocumentLanguage(document, language).then(undefined, () => undefined);
}
