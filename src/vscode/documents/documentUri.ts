import vscode = require('vscode');
import { scheme } from '#contributions';
import type { DeploymentKey } from '#core/kickoff/deployment';
import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import { kickoffId } from '#core/kickoff/kickoffId';
import { documentAt, documentName, type DocumentKind } from '#present/documents/documentName';

/** The ID of VS Code's Markdown preview as an editor. A tab of this editor survives a reload. */
export const reportEditor = 'vscode.markdown.preview.editor';

/** Returns the URI of a run's document. `package.json` has a language for each ending under `/crewai-kickoff/`. */
export function documentUri(kickoff: Kickoff, kind: DocumentKind): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${scheme}/${kickoff.deployment}/${kickoff.id}/${documentName(kickoff, kind)}` });
}

/** Returns the run and kind of a document URI, or `undefined` for other URIs. */
export function parseDocumentUri(uri: vscode.Uri): { readonly ref: KickoffRef; readonly kind: DocumentKind } | undefined {
  if (uri.scheme !== scheme) return undefined;
  const [key, id, kind] = documentAt(uri.path);
  const parsedId = kickoffId(id);
  return parsedId && kind && { ref: { deployment: key as DeploymentKey, id: parsedId }, kind };
}

/** Returns the last line of a report: an empty picture. A preview requests this picture when it displays the revision. */
export function pageMark(revision: number): string {
  return `<img id="report:page" hidden alt="" src="page/${revision}.svg">`;
}

/** Returns the run and the revision from the URI of a page mark, or `undefined` for other URIs. */
export function parsePageUri(uri: vscode.Uri): { readonly ref: KickoffRef; readonly revision: number } | undefined {
  const [, revision] = /\/page\/(\d{1,15})\.svg$/.exec(uri.path) ?? [];
  const [key, id] = documentAt(uri.path);
  const parsedId = kickoffId(id);
  return revision !== undefined && parsedId
    ? { ref: { deployment: key as DeploymentKey, id: parsedId }, revision: Number(revision) }
    : undefined;
}
