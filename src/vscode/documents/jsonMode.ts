import vscode = require('vscode');
import type { Board } from '#core/history/board';
import { isSettled } from '#core/kickoff/kickoff';
import { namesSchema } from '#core/lib/json';
import { namedBy } from './documentUri';

/** Larger documents stay JSON Lines: the editor's JSON service would be busy with them for seconds, and already their text takes time. */
const mostLines = 20_000;
const mostCharacters = 2_000_000;

/**
 * Opens JSON with folding and an outline, in the language mode JSON, if it can do nothing there.
 *
 * In that mode VS Code fetches the schema that a document names. So the manifest opens our JSON as JSON Lines, and this switches a
 * document over once its text is known: only of a finished run, whose documents never change, and only if it names no schema.
 */
export class JsonMode implements vscode.Disposable {
  readonly #listening: vscode.Disposable;

  constructor(private readonly board: Board) {
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
    // A document that was closed meanwhile needs none.
    vscode.languages.setTextDocumentLanguage(document, language).then(undefined, () => undefined);
  }
}
