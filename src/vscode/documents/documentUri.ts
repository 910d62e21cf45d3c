import vscode = require('vscode');
import { scheme } from '#contributions';
import type { DeploymentKey } from '#core/kickoff/deployment';
import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import { kickoffId } from '#core/kickoff/kickoffId';
import { documentAt, type DocumentKind } from '#present/documents/documentKind';
import { documentName } from '#present/documents/documentName';

/** VS Code's own preview, opened as an editor: a tab that survives reload. */
export const reportEditor = 'vscode.markdown.preview.editor';

/**
 * Returns the address of a document of a run: its two ID segments resolve, the name is for the tab's title. By the first segment,
 * `package.json` makes JSON of ours JSON Lines: for JSON itself the editor would fetch the `$schema` that a server names. See `JsonMode`.
 */
export function documentUri(kickoff: Kickoff, kind: DocumentKind): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${scheme}/${kickoff.deployment}/${kickoff.id}/${documentName(kickoff, kind)}` });
}

/** What an address names; undefined when it is none that we made. */
export function namedBy(uri: vscode.Uri): { readonly ref: KickoffRef; readonly kind: DocumentKind } | undefined {
  if (uri.scheme !== scheme) return undefined;
  const [key, id, kind] = documentAt(uri.path);
  const named = kickoffId(id);
  return named && kind && { ref: { deployment: key as DeploymentKey, id: named }, kind };
}

/**
 * Last line of a report: an empty picture that a preview loads together with the page, so that `displayedPage` tells which revision it displays.
 */
export function pageMark(revision: number): string {
  return `<img id="report:page" hidden alt="" src="page/${revision}.svg">`;
}

/** Run and revision of the page mark with that URI; `undefined` for other URIs. */
export function displayedPage(uri: vscode.Uri): { readonly ref: KickoffRef; readonly revision: number } | undefined {
  const [, revision] = /\/page\/(\d{1,15})\.svg$/.exec(uri.path) ?? [];
  const [key, id] = documentAt(uri.path);
  const named = kickoffId(id);
  return revision !== undefined && named ? { ref: { deployment: key as DeploymentKey, id: named }, revision: Number(revision) } : undefined;
}
