import { hostname } from 'node:os';
import { join } from 'node:path';
import vscode = require('vscode');
import { systemNetwork } from '#amp/network';
import type { KickoffsApi } from '#api';
import { contextKeys, documentScheme } from '#contributions';
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
import type { StatusSource } from '#core/polling/pollerParts';
import { createStaleAt } from '#core/polling/staleness';
import { RunStarter } from '#core/starts/runStarter';
import { LeaderElection } from '#core/windows/leaderElection';
import { WindowSync } from '#core/windows/windowSync';
import { words } from '#present/words/words';
import { KickoffStore } from '#store/store';
import { WorkerThread } from '#workerThread';
import { systemClock as clock } from '#vscode/clock';
import { createShowFailure, withErrorHandling } from '#vscode/commands/guard';
import { lazyCommandRunner, registerCommands } from '#vscode/commands/lazyCommands';
import { DocumentProvider } from '#vscode/documents/documentProvider';
import { isReportVisible, updateTabTitles } from '#vscode/documents/openTabs';
import { connectEvents } from '#vscode/events';
import { idBackupKey, idBackupStorage } from '#vscode/idBackupStorage';
import { t } from '#vscode/l10n';
import { stackTraceOf } from '#vscode/log';
import { RunNotifications } from '#vscode/notices/runNotifications';
import { historyNotifications } from '#vscode/notices/historyNotifications';
import { KickoffInfoCache, publicApi } from '#vscode/publicApi';
import { SecretTokens } from '#vscode/secretTokens';
import { hasProxy, Settings } from '#vscode/settings';
import { StatusBar } from '#vscode/statusBar/statusBar';
import { KickoffsView } from '#vscode/tree/view';

declare const __VERSION__: string;

/** The maximum time that `activate()` waits for the history. Loading a locked history can take seconds, and other extensions would wait. */
const loadTimeoutMs = 100;

const newUuid = () => crypto.randomUUID();

/** Releases the lease and closes the history. Does nothing before `activate()`. */
let shutDown = (): Promise<void> => Promise.resolve();

/** Connects the extension's parts, starts to load the history if it exists, and returns the API. Doesn't create the history file. */
export async function activate(context: vscode.ExtensionContext): Promise<KickoffsApi> {
  const { extensionPath, globalStorageUri, globalState, secrets, subscriptions } = context;
  const own = <Part extends { dispose(): unknown }>(part: Part): Part => {
    subscriptions.push(part);
    return part;
  };
  const folder = globalStorageUri.fsPath;
  const log = own(vscode.window.createOutputChannel(t(words.statusBarName), { log: true }));
  const logError = (error: unknown): void => log.error(stackTraceOf(error));
  // Logs only at debug level, because runs' rows show a problem if the history can't be saved.
  const logSyncFailure = (error: unknown): void => log.debug(`Failed to sync with other windows: ${String(error)}`);
  const settings = own(new Settings());
  const pollSettings = () => ({ ...settings.current, isFocused: vscode.window.state.focused, isReportVisible });

  const store = KickoffStore.inFolder(folder, { clock });
  const tokens = new SecretTokens(secrets, store, () => vscode.commands.executeCommand('setContext', contextKeys.hasSetToken, true));
  const thread = own(new WorkerThread(join(extensionPath, 'dist/worker.js'), clock));
  const loadAmp = lazy(async () => (await import('#amp/amp')).createAmp(tokens, `${__VERSION__} VSCode/${vscode.version}`, clock, thread));
  const reader: BodyReader = { document: async (body, kind) => (await loadAmp()).reader.document(body, kind) };
  const health = new HostHealth(Math.random);
  const board = new Board(health, logError);
  const dueInMs = (): number | undefined => poller.dueInMs;
  const mayHaveActiveRuns = (): boolean => !tracker.isLoaded || board.hasActiveRuns;
  const leader = new LeaderElection({ clock, leases: store, windowId: newUuid(), mayHaveActiveRuns, dueInMs, onError: logSyncFailure });
  const source: StatusSource = { observe: async (...args) => (await loadAmp()).observe(...args) };
  const pollerParts = { clock, random: Math.random, source, network: systemNetwork(hasProxy), settings: pollSettings };
  const poller = own(new Poller({ ...pollerParts, store, board, health, leader, onError: logError }));
  const tracker = new Tracker({ store, board, poller, clock });
  const starter = new RunStarter({ store, control: loadAmp, tracker, poller, clock, settings, newUuid, onError: logError });
  own(new WindowSync({ store, board, health, leader, poller, tracker, clock, onError: logSyncFailure }));
  const idBackup = idBackupStorage(globalState, idBackupKey(hostname(), folder), log);
  const errorParts = { log, shouldReport: errorThrottle(clock), showFailure: createShowFailure(log) };
  const loaderParts = { store, tracker, board, idBackup, clock, random: Math.random, log };
  const historyLoader = own(new HistoryLoader({ ...loaderParts, ...historyNotifications(errorParts) }));
  const historyLoad = historyLoader.load();

  const staleAt = createStaleAt(board, pollSettings);
  const statusBar = own(new StatusBar({ board, staleAt, clock, settings }));
  const view = own(new KickoffsView({ board, store, staleAt, clock, settings, tracker }));
  const documents = own(new DocumentProvider({ board, store, reader, thread, clock }));
  own(vscode.workspace.registerFileSystemProvider(documentScheme, documents, { isReadonly: documents.isReadonly, isCaseSensitive: true }));
  own(updateTabTitles(board, logError));
  const infoCache = new KickoffInfoCache(board, clock);
  const sharedParts = { board, store, tracker, starter, historyLoader, poller, tokens, loadAmp, view, infoCache };
  const runCommand = lazyCommandRunner({ ...sharedParts, downloadFolder: globalStorageUri, clock, settings, ...errorParts });
  own(registerCommands(withErrorHandling((...args) => historyLoad.then(() => runCommand(...args)), log, errorParts.showFailure)));
  const notifications = own(new RunNotifications({ board, store, runCommand, clock, settings, ...errorParts }));

  const keepDays = () => (store.isReadOnly ? 0 : settings.current.keepDays);
  const purge = () => tracker.purge((urls) => tokens.deleteEach(urls));
  const retention = own(new Retention({ board, tracker, clock, keepDays, purge, log }));
  own(connectEvents({ ...sharedParts, log, health, leader, notifications, statusBar, retention }));

  shutDown = async () => {
    await leader.close().catch(logSyncFailure);
    store.close();
  };
  await withTimeout(loadTimeoutMs, historyLoad, clock);
  return publicApi(infoCache, store, reader);
}

/** When a window closes, VS Code waits only for this promise, not for the disposal of `subscriptions`. */
export const deactivate = (): Promise<void> => shutDown();
