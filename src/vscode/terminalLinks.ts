import vscode = require('vscode');
import { runsInLine, type LineRun } from '#core/paste/terminalLine';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';

/** A kickoff ID in a terminal. A click tracks its run. */
export class TerminalKickoff extends vscode.TerminalLink {
  /** Marks a click by a user, so that errors are shown. */
  readonly isLink = true;

  constructor(readonly run: LineRun) {
    super(run.at, run.id.length, t(commandWords.trackTitle));
  }
}

/** Returns a link for each kickoff ID in a line of a terminal. */
export function linksIn(line: string): readonly TerminalKickoff[] {
  return runsInLine(line).map((run) => new TerminalKickoff(run));
}
