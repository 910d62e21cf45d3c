import vscode = require('vscode');
import { runsInLine, type LineRun } from '#core/paste/terminalLine';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';

export class TerminalKickoff extends vscode.TerminalLink {
  /** Makes `isFromUser` return true, so that errors are shown. */
  readonly isLink = true;

  constructor(readonly run: LineRun) {
    super(run.at, run.id.length, t(commandWords.trackTitle));
  }
}

export function linksIn(line: string): readonly TerminalKickoff[] {
  return runsInLine(line).map((run) => new TerminalKickoff(run));
}
