import vscode = require('vscode');
import { commandId, commandNames } from '#contributions';
import type { KickoffList } from '#core/history/kickoffList';
import type { HistoryLoader } from '#core/history/historyLoader';
import type { Store } from '#core/history/store';
import type { Tracker } from '#core/history/tracker';
import type { AnswerDownloader, BodyReader } from '#core/kickoff/responseBody';
import { lazy } from '#core/lib/lazy';
import type { Clock } from '#core/lib/types';
import type { Poller } from '#core/polling/poller';
import type { RunControl, RunStarter } from '#core/starts/runStarter';
import type { TokenCheck } from '#vscode/prompts/tokenPrompt';
import type { KickoffInfos } from '#vscode/publicApi';
import type { SecretTokens } from '#vscode/secretTokens';
import type { CurrentSettings } from '#vscode/settings';
import type { KickoffsView } from '#vscode/tree/view';
import type { RunCommand, ShowFailure } from './guard';

/** The objects that commands get from the rest of the extension. */
export interface CommandDeps {
  readonly board: KickoffList;
  readonly store: Pick<Store, 'body' | 'taskOutputs' | 'inputs'>;
  readonly starter: RunStarter;
  readonly tracker: Tracker;
  readonly historyLoader: HistoryLoader;
  readonly poller: Poller;
  readonly tokens: SecretTokens;
  readonly amp: () => Promise<AnswerDownloader & RunControl & { readonly checkToken: TokenCheck; readonly reader: BodyReader }>;
  readonly view: KickoffsView;
  /** The folder for temporary files of downloads whose target isn't a local file. */
  readonly folder: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly showFailure: ShowFailure;
  readonly clock: Clock;
  readonly settings: CurrentSettings;
  readonly infos: KickoffInfos;
}

/** Returns a function that runs a command. Loads the code of commands on the first call, because most windows run no command for hours. */
export function lazyCommands(deps: CommandDeps): RunCommand {
  const load = lazy(async () => (await import('./commands')).createCommands(deps));
  return async (...call) => (await load())(...call);
}

/** Registers the commands, the handler of links to this extension, and the provider of links in terminals. */
export function registerCommands(runCommand: RunCommand): vscode.Disposable {
  return vscode.Disposable.from(
    ...commandNames.map((name) =>
      vscode.commands.registerCommand(commandId(name), (target?: unknown, selection?: unknown) => runCommand(name, target, selection)),
    ),
    vscode.window.registerTerminalLinkProvider({
      provideTerminalLinks: async ({ line }) => [...(await import('./links')).linksIn(line)],
      handleTerminalLink: (link) => void runCommand('track', link),
    }),
    vscode.window.registerUriHandler({ handleUri: (uri) => void runCommand('track', { isLink: true, uri }) }),
  );
}
