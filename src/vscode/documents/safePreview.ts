import vscode = require('vscode');
import { scheme } from '#contributions';
import { documentAt } from '#present/documents/documentKind';
import { sanitizeMarkdown } from '#present/markdown/safeMarkdown';

/** The part of the preview's Markdown renderer that `extendMarkdownIt` uses. */
export interface Renderer {
  parse(text: string, environment: object): unknown;
  readonly renderer: { render(tokens: unknown, options: unknown, environment: { readonly currentDocument?: vscode.Uri }): string };
}

/**
 * Makes outputs as safe as reports in VS Code's Markdown preview: outputs load no images and link to no commands. The Markdown extension of
 * VS Code calls this function.
 *
 * The text of the document doesn't change.
 */
export function extendMarkdownIt<Preview extends Renderer>(preview: Preview): Preview {
  const render = preview.renderer.render.bind(preview.renderer);
  preview.renderer.render = (tokens, options, environment) => {
    const text = serverText(environment.currentDocument);
    return render(text === undefined ? tokens : preview.parse(sanitizeMarkdown(text), {}), options, environment);
  };
  return preview;
}

/**
 * Returns the text of an output. Returns `undefined` for documents that aren't from this extension, and for reports, which are already
 * safe.
 */
function serverText(uri: vscode.Uri | undefined): string | undefined {
  if (uri?.scheme !== scheme || documentAt(uri.path)[2] === 'report') return undefined;
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString())?.getText();
}
