import vscode = require('vscode');
import { commandId, commandNames } from '#contributions';
import type { Deployment } from '#core/kickoff/deployment';
import { lazy } from '#core/lib/lazy';
import type { DocumentOpener } from '#vscode/documents/openDocument';
import type { CommandDeps, createCommands } from './commands';
import type { Run } from './guard';

/** The commands. Their code is loaded on the first call, because most windows call no command for hours. */
export class LazyCommands {
  readonly #parts = lazy(async (): Promise<ReturnType<typeof createCommands>> => (await import('./commands')).createCommands(this.ground));

  constructor(private readonly ground: CommandDeps) {}

  /** Runs a command. The last prompt may stay open until then, so that a row gets the focus before the user can move it elsewhere. */
  readonly run: Run = async (name, target, selection) => {
    const { handlers, closePrompt } = await this.#parts();
    try {
      return await handlers[name](target, selection);
    } finally {
      closePrompt();
    }
  };

  async opener(): Promise<DocumentOpener> {
    return (await this.#parts()).opener;
  }

  async setToken(deployment: Deployment): Promise<void> {
    await (await this.#parts()).trackCommands.setToken(deployment);
  }
}

/** Registers the commands, the handler of links to this extension, and the provider of links in terminals. */
export function registerCommands(run: Run): vscode.Disposable {
  return vscode.Disposable.from(
    ...commandNames.map((name) =>
      vscode.commands.registerCommand(commandId(name), (target?: unknown, selection?: unknown) => run(name, target, selection)),
    ),
    vscode.window.registerTerminalLinkProvider({
      provideTerminalLinks: async ({ line }) => [...(await import('#vscode/terminalLinks')).linksIn(line)],
      handleTerminalLink: (link) => void run('track', link),
    }),
    vscode.window.registerUriHandler({ handleUri: (uri) => void run('track', { isLink: true, uri }) }),
  );
}
