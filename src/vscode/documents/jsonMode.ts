import vscode = require('vscode');
import type { KickoffList } from '#core/history/kickoffList';
import { isSettled } from '#core/kickoff/kickoff';
import { namesSchema } from '#core/lib/json';
import { namedBy } from './documentUri';

/** The maximum size for JSON mode. VS Code's JSON service would be busy with larger documents for seconds. */
const mostLines = 20_000;
const mostCharacters = 2_000_000;

/**
 * Switches safe documents to the language mode JSON, for folding and an outline.
 *
 * In JSON mode, VS Code fetches the `$schema` that a document specifies. So the manifest opens JSON documents as JSON Lines. This class
 * switches only documents of finished runs, whose content never changes. Large documents and documents with a `$schema` stay JSON Lines.
 */
export class JsonMode implements vscode.Disposable {
  readonly #listening: vscode.Disposable;

  constructor(private readonly board: KickoffList) {
    this.#listening = vscode.Disposable.from(
      vscode.workspace.onDidOpenTextDocument((document) => this.#look(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#look(document)),
    );
    for (const document of vscode.workspace.textDocuments) this.#look(document);
  }

  dispose(): void {
    this.#listening.dispose();
  }

  #look(document: vscode.TextDocument): void {
    if (document.languageId !== 'jsonl' && document.languageId !== 'json') return;
    const named = namedBy(document.uri);
    if (!named || document.uri.path.endsWith('.jsonl')) return;

    const kickoff = this.board.kickoff(named.ref);
    const mayBeSafe = kickoff !== undefined && isSettled(kickoff.phase) && document.lineCount <= mostLines;
    const text = mayBeSafe ? document.getText() : '';
    const isSafe = mayBeSafe && text.length <= mostCharacters && !namesSchema(text);
    const language = isSafe ? 'json' : 'jsonl';
    if (document.languageId === language) return;
    // Ignores the error if the document was closed meanwhile.
    vscode.languages.setTextDocumentLanguage(document, language).then(undefined, () => undefined);
  }
}
