import * as vscode from 'vscode';
import { keyOf } from '../core/board';
import type { KickoffRef } from '../core/kickoff';
import { namedBy } from './documentUri';

/** The documents of runs that stand open before the user's eyes: one tab of each group is in front. */
export function documentsInFront(): readonly NonNullable<ReturnType<typeof namedBy>>[] {
  return vscode.window.tabGroups.all.flatMap(({ activeTab }) => urisOf(activeTab?.input).flatMap((uri) => namedBy(uri) ?? []));
}

/** Whether somebody has the report of that run before him. */
export function isReportOpen(ref: KickoffRef): boolean {
  return documentsInFront().some((named) => named.kind === 'report' && keyOf(named.ref) === keyOf(ref));
}

function urisOf(input: unknown): readonly vscode.Uri[] {
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return [input.uri];
  return input instanceof vscode.TabInputTextDiff ? [input.original, input.modified] : [];
}
