import vscode = require('vscode');
import { scheme } from '#contributions';
import { documentAt } from '#present/documents/documentKind';
import { sanitizeMarkdown } from '#present/markdown/safeMarkdown';

/** The part of the preview's renderer that this looks at. */
export interface Renderer {
  parse(text: string, environment: object): unknown;
  readonly renderer: { render(tokens: unknown, options: unknown, environment: { readonly currentDocument?: vscode.Uri }): string };
}

/**
 * VS Code's Markdown preview asks this of us: an output shown in it fetches no picture and leads to no command, as in our report.
 *
 * The document stays as the server wrote it; only what the preview draws of it is another text.
 */
export function extendMarkdownIt<Preview extends Renderer>(preview: Preview): Preview {
  const render = preview.renderer.render.bind(preview.renderer);
  preview.renderer.render = (tokens, options, environment) => {
    const text = serverText(environment.currentDocument);
    return render(text === undefined ? tokens : preview.parse(sanitizeMarkdown(text), {}), options, environment);
  };
  return preview;
}

/** Undefined for what is not ours, and for the report, which is harmless already. */
function serverText(uri: vscode.Uri | undefined): string | undefined {
  if (uri?.scheme !== scheme || documentAt(uri.path)[2] === 'report') return undefined;
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString())?.getText();
}
