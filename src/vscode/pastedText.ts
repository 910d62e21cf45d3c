import * as vscode from 'vscode';
import type { Capture, Captured } from '../core/capture';
import { plain } from '../present/clean';
import { words } from '../present/wordsAll';
import { back, choose, type Place } from './prompts';

/** How a pasted text is read. */
export interface PasteReader {
  readonly read: (text: string) => Capture;
  /** Why it cannot be taken; undefined when some run is in it. */
  readonly isWrong: (text: string) => string | undefined;
}

/** Loads the reader of pasted texts, which is needed only when one is asked for. */
export async function pasteReader(): Promise<PasteReader> {
  const { capturedAll, namesDashboard } = await import('../core/readers');
  const isWrong = (text: string): string | undefined => {
    if (capturedAll(text).runs.length > 0) return undefined;
    return vscode.l10n.t(namesDashboard(text) ? words.urlDashboard : words.kickoffIdWrong);
  };
  return { read: capturedAll, isWrong };
}

/** Asks which of the runs are meant, where a text does not say so beyond doubt. */
export async function chooseRuns(runs: readonly Captured[], place: Place): Promise<readonly Captured[] | typeof back> {
  const each = runs.map((run) => ({ label: plain(run.id), description: plain(run.url ?? ''), runs: [run] }));
  const all = runs.length > 1 ? [{ label: vscode.l10n.t(words.allFound, runs.length), description: '', runs }] : [];
  const item = await choose([...each, ...all], { ...place, step: (place.step ?? 1) + 1, placeholder: vscode.l10n.t(words.whichFound) });
  return item === back ? back : item.runs;
}
