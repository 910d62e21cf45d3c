import { hostname } from 'node:os';
import { join } from 'node:path';
import vscode = require('vscode');
import { lazySource } from '#amp/lazySource';
import { systemNetwork } from '#amp/network';
import type { KickoffsApi } from '#api';
import { contextKeys, scheme } from '#contributions';
import { Board } from '#core/history/board';
import { HistoryLoader } from '#core/history/historyLoader';
import { Retention } from '#core/history/retention';
import { Tracker } from '#core/history/tracker';
import type { BodyReader } from '#core/kickoff/responseBody';
import { lazy } from '#core/lib/lazy';
import { withTimeout } from '#core/lib/withTimeout';
import { errorThrottle } from '#core/notices/errorThrottle';
import { HostHealth } from '#core/polling/hostHealth';
import { Poller } from '#core/polling/poller';
import { Staleness } from '#core/polling/staleness';
import { RunStarter } from '#core/starts/runStarter';
import { LeaderElection } from '#core/windows/leaderElection';
import { WindowSync } from '#core/windows/windowSync';
import { words } from '#present/words/words';
import { KickoffStore } from '#store/store';
import { WorkerThread } from '#workerThread';
import { systemClock as clock } from '#vscode/clock';
import { createShowFailure, withErrorHandling } from '#vscode/commands/guard';
import { lazyCommands, registerCommands } from '#vscode/commands/lazyCommands';
import { DocumentProvider } from '#vscode/documents/documentProvider';
import { isReportVisible } from '#vscode/documents/openTabs';
import { updateTabTitles } from '#vscode/documents/tabTitles';
import { listen } from '#vscode/events';
import { idBackupKey, idBackupStorage } from '#vscode/idBackupStorage';
import { t } from '#vscode/l10n';
import { traceOf } from '#vscode/log';
import { RunNotifications } from '#vscode/notices/runNotifications';
import { historyNotifications } from '#vscode/notices/historyNotifications';
import { KickoffInfos, publicApi } from '#vscode/publicApi';
import { SecretTokens } from '#vscode/secretTokens';
import { hasProxy, Settings } from '#vscode/settings';
import { StatusBar } from '#vscode/statusBar/statusBar';
import { KickoffsView } from '#vscode/tree/view';

declare const __VERSION__: string;

/** Loading a locked history can take seconds, and other extensions wait for `activate()`. */
const longestWaitMs = 100;

const newId = () => crypto.randomUUID();

let close = (): Promise<void> => Promise.resolve();

/** Builds the object graph, and loads the history if it exists. Doesn't create the history file. */
export async function activate({ subscriptions, globalStorageUri, globalState, secrets }: vscode.ExtensionContext): Promise<KickoffsApi> {
  const own = <Part extends { dispose(): unknown }>(part: Part): Part => {
    subscriptions.push(part);
    return part;
  };
  const folder = globalStorageUri.fsPath;
  const log = own(vscode.window.createOutputChannel(t(words.statusBarName), { log: true }));
  const logError = (error: unknown): void => log.error(traceOf(error));
  // Logs only at debug level. The user sees important errors elsewhere, for example in the row of a run that can't be saved.
  const logQuietly = (error: unknown): void => log.debug(`Failed to sync with other windows: ${String(error)}`);
  const settings = own(new Settings());
  const pollSettings = () => ({ ...settings.current, isFocused: vscode.window.state.focused, isReportOpen: isReportVisible });

  const store = KickoffStore.of(folder, { clock });
  const tokens = new SecretTokens(secrets, store, () => vscode.commands.executeCommand('setContext', contextKeys.hasSetToken, true));
  const thread = own(new WorkerThread(join(__dirname, 'worker.js'), clock));
  const amp = lazy(async () => (await import('#amp/amp')).createAmp(tokens, `${__VERSION__} VSCode/${vscode.version}`, clock, thread));
  const reader: BodyReader = { document: async (...wanted) => (await amp()).reader.document(...wanted) };
  const health = new HostHealth(Math.random);
  const board = new Board(health, logError);
  const dueIn = (): number | undefined => poller.dueIn;
  const leader = new LeaderElection({ clock, leases: store, holder: newId(), dueIn, failed: logQuietly });
  const polling = { clock, random: Math.random, source: lazySource(amp), network: systemNetwork(hasProxy), settings: pollSettings };
  const poller = own(new Poller({ ...polling, store, board, health, leadership: leader, failed: logError }));
  const tracker = new Tracker({ store, board, poller, clock });
  const starter = new RunStarter({ store, control: amp, tracker, poller, clock, settings, newId, failed: logError });
  const windowSync = own(new WindowSync({ store, board, health, leader, poller, tracker, clock, failed: logQuietly }));
  const idBackup = idBackupStorage(globalState, idBackupKey(hostname(), folder), log);
  const output = { log, shouldReport: errorThrottle(clock), showFailure: createShowFailure(log) };
  const loading = { store, tracker, board, idBackup, clock, random: Math.random, log };
  const historyLoader = own(new HistoryLoader({ ...loading, ...historyNotifications(output) }));
  const loaded = historyLoader.load();

  const staleness = new Staleness(board, pollSettings);
  const statusBar = own(new StatusBar({ board, staleness, clock, settings }));
  const view = own(new KickoffsView({ board, store, staleness, clock, settings, tracker }));
  const documents = own(new DocumentProvider({ board, store, reader, thread, clock }));
  own(vscode.workspace.registerFileSystemProvider(scheme, documents, { isReadonly: documents.isReadonly, isCaseSensitive: true }));
  own(updateTabTitles(board, logError));
  const infos = new KickoffInfos(board, clock);
  const acting = { board, store, tracker, starter, historyLoader, poller, tokens, amp, view, infos };
  const run = lazyCommands({ ...acting, folder: globalStorageUri, clock, settings, ...output });
  own(registerCommands(withErrorHandling((...call) => loaded.then(() => run(...call)), log, output.showFailure)));
  const notifications = own(new RunNotifications({ board, store, run, clock, settings, ...output }));

  const keepDays = () => (store.isReadOnly ? 0 : settings.current.keepDays);
  const purge = () => tracker.purge((urls) => tokens.deleteEach(urls));
  const retention = own(new Retention({ board, tracker, clock, keepDays, purge, log }));
  own(listen({ ...acting, log, health, leader, windowSync, notifications, statusBar, retention }));

  close = () =>
    leader
      .close()
      .catch(logQuietly)
      .then(() => store.close());
  void loaded.then(() => retention.start());
  await withTimeout(longestWaitMs, loaded, clock);
  return publicApi({ board, infos, store, reader });
}

/** Releases the lease and closes the history. When a window closes, VS Code waits only for this promise. */
export function deactivate(): Promise<void> {
  return close();
}
