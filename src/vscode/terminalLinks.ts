import vscode = require('vscode');
import { runsInLine, type LineRun } from '#core/paste/terminalLine';
import { commandWords } from '#present/words/commandWords';
import type { Run } from '#vscode/commands/guard';
import { t } from '#vscode/l10n';

/** A kickoff ID in a terminal. A click tracks its run. */
export class TerminalKickoff extends vscode.TerminalLink {
  constructor(readonly run: LineRun) {
    super(run.at, run.id.length, t(commandWords.trackTitle));
  }

  /** Errors are shown, because a user clicked. */
  readonly isLink = true;
}

/** Makes links of the kickoff IDs in terminals, where `curl` prints them. */
export function registerTerminalLinks(run: Run): vscode.Disposable {
  return vscode.window.registerTerminalLinkProvider({
    provideTerminalLinks: ({ line }) => runsInLine(line).map((found) => new TerminalKickoff(found)),
    handleTerminalLink: (link) => void run('track', link),
  });
}
