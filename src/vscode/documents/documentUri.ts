import vscode = require('vscode');
import { documentScheme } from '#contributions';
import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import { parseDocumentKind, documentName, parseDocumentPath, type DocumentKind } from '#present/documents/documentName';

/** The ID of VS Code's Markdown preview as an editor. A tab of this editor survives a reload. */
export const reportEditorId = 'vscode.markdown.preview.editor';

/** Returns the URI of a run's document. Patterns in `package.json` select a language by the path, which begins with `/crewai-kickoff/`. */
export function documentUri(kickoff: Kickoff, kind: DocumentKind): vscode.Uri {
  const path = `/${documentScheme}/${kickoff.deployment}/${kickoff.id}/${documentName(kickoff, kind)}`;
  return vscode.Uri.from({ scheme: documentScheme, path });
}

/** Returns the run and kind of a document URI, or `undefined` for other URIs. */
export function parseDocumentUri(uri: vscode.Uri): { readonly ref: KickoffRef; readonly kind: DocumentKind } | undefined {
  const parsedPath = uri.scheme === documentScheme ? parseDocumentPath(uri.path) : undefined;
  const kind = parsedPath && parseDocumentKind(parsedPath.rest);
  return kind && { ref: parsedPath.ref, kind };
}

/** Returns the last line of a report: an empty picture. A preview requests this picture when it displays the revision. */
export function reportPixel(revision: number): string {
  return `<img id="report:page" hidden alt="" src="page/${revision}.svg">`;
}

/** Returns the run and the revision from the URI of a report's pixel, or `undefined` for other URIs. */
export function parsePixelUri(uri: vscode.Uri): { readonly ref: KickoffRef; readonly revision: number } | undefined {
  const parsedPath = parseDocumentPath(uri.path);
  const [, revision] = /^page\/(\d{1,15})\.svg$/.exec(parsedPath?.rest ?? '') ?? [];
  return parsedPath && revision !== undefined ? { ref: parsedPath.ref, revision: Number(revision) } : undefined;
}
