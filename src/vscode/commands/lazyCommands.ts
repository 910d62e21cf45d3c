import vscode = require('vscode');
import { commandId, commandNames } from '#contributions';
import { lazy } from '#core/lib/lazy';
import type { BaseCommandParts } from './arguments';
import type { RunCommand } from './guard';

/** Returns a function that runs a command. Loads the code of commands on the first call, because most windows run no command for hours. */
export function lazyCommandRunner(baseParts: BaseCommandParts): RunCommand {
  const loadRunner = lazy(async () => (await import('#vscode/commands/commands')).createCommandRunner(baseParts));
  return async (...args) => (await loadRunner())(...args);
}

/** Registers the commands, the handler of links to this extension, and the provider of links in terminals. */
export function registerCommands(runCommand: RunCommand): vscode.Disposable {
  return vscode.Disposable.from(
    ...commandNames.map((name) =>
      vscode.commands.registerCommand(commandId(name), (target?: unknown, selection?: unknown) => runCommand(name, target, selection)),
    ),
    vscode.window.registerTerminalLinkProvider({
      provideTerminalLinks: async ({ line }) => [...(await import('#vscode/commands/links')).linksIn(line)],
      handleTerminalLink: (link) => void runCommand('track', link),
    }),
    vscode.window.registerUriHandler({ handleUri: (uri) => void runCommand('track', { isLink: true, uri }) }),
  );
}
