import { hostname } from 'node:os';
import vscode = require('vscode');
import { LazyAmp } from '#amp/lazyAmp';
import { systemNetwork } from '#amp/network';
import { Board } from '#core/history/board';
import { HistoryLoader, type HistoryLoaderParts } from '#core/history/historyLoader';
import { Retention } from '#core/history/retention';
import { Tracker } from '#core/history/tracker';
import { withTimeout } from '#core/lib/withTimeout';
import { ErrorThrottle } from '#core/notices/errorThrottle';
import { HostHealth } from '#core/polling/hostHealth';
import { Poller } from '#core/polling/poller';
import { Staleness } from '#core/polling/staleness';
import type { LeaderElection } from '#core/windows/leaderElection';
import { words } from '#present/words/words';
import { KickoffStore } from '#store/store';
import { systemClock } from '#vscode/clock';
import { guard } from '#vscode/commands/guard';
import { LazyCommands } from '#vscode/commands/lazyCommands';
import { DocumentProvider } from '#vscode/documents/documentProvider';
import { isReportOpen } from '#vscode/documents/openTabs';
import { TabTitles } from '#vscode/documents/tabTitles';
import { listen } from '#vscode/events';
import { idBackupKey, idBackupStorage } from '#vscode/idBackupStorage';
import type { List } from '#vscode/list';
import { errorLogger, withLogging } from '#vscode/log';
import { EndNotices } from '#vscode/notices/endNotices';
import { historyNotices } from '#vscode/notices/historyNotices';
import { createLeaderElection, createWindowSync } from '#vscode/otherWindows';
import { publicApi } from '#vscode/publicApi';
import { logRemoved, purge } from '#vscode/purging';
import { SecretTokens } from '#vscode/secretTokens';
import { currentSettings, hasProxy, watchSettings } from '#vscode/settings';
import type { Whole } from '#vscode/shell';
import { StatusBar } from '#vscode/statusBar/statusBar';
import { KickoffsView } from '#vscode/tree/view';
import { contextKeys, scheme } from './contributions';

export * as shared from '#vscode/shared';

declare const __VERSION__: string;

/** A history is read sooner, or it is locked, and then for seconds: Markdown previews wait for what `activate` gives. */
const longestWaitMs = 100;

/** Wires everything to the history; while there is none the commands say why. */
export async function start(
  { subscriptions, globalStorageUri, globalState, secrets }: vscode.ExtensionContext,
  list: List,
): Promise<Whole> {
  const own: Own = (part) => {
    subscriptions.push(part);
    return part;
  };
  const log = own(vscode.window.createOutputChannel(vscode.l10n.t(words.statusBarName), { log: true }));
  const copy = idBackupStorage(globalState, idBackupKey(hostname(), globalStorageUri.fsPath), log);
  const tokens = new SecretTokens(secrets, () => vscode.commands.executeCommand('setContext', contextKeys.hasSetToken, true));
  return wired({ folder: globalStorageUri, tokens, copy, log, own, list });
}

type Own = <Part extends { dispose(): unknown }>(part: Part) => Part;

/** What the editor gives to the graph. */
interface Ground {
  readonly folder: vscode.Uri;
  readonly tokens: SecretTokens;
  readonly copy: HistoryLoaderParts['idBackup'];
  readonly log: vscode.LogOutputChannel;
  readonly own: Own;
  readonly list: List;
}

/** Builds the graph: who is wired to whom. */
async function wired({ folder, tokens, copy: idBackup, log, own, list }: Ground): Promise<Whole> {
  const [random, clock, errorThrottle, failed] = [Math.random, systemClock, new ErrorThrottle(systemClock), errorLogger(log)];
  const amp = new LazyAmp(tokens, `${__VERSION__} VSCode/${vscode.version}`, clock);
  const health = new HostHealth(random);
  const board = new Board(health, failed);
  own(watchSettings());
  const settings = () => ({ ...currentSettings(), isFocused: vscode.window.state.focused, isReportOpen });
  const store = KickoffStore.of(folder.fsPath, { clock });
  const leader: LeaderElection = createLeaderElection({ store, clock, dueIn: () => poller.dueIn, log });
  const asking = { clock, random, source: withLogging(amp, log), network: systemNetwork(hasProxy), settings, failed };
  const poller = own(new Poller({ ...asking, store, board, health, leadership: leader }));
  const tracker = new Tracker(store, board, poller, clock);
  const windowSync = own(createWindowSync({ store, board, health, leader, poller, tracker, clock, log }));
  const historyLoader = own(
    new HistoryLoader({ store, tracker, board, idBackup, clock, random, log, ...historyNotices(log, errorThrottle) }),
  );

  const read = historyLoader.load();
  const staleness = new Staleness(board, settings);
  const statusBar = own(new StatusBar(board, staleness, clock));
  const view = own(new KickoffsView(board, staleness, clock, list, tracker.onDidLoad));
  const documents = own(new DocumentProvider(board, store, amp));
  own(vscode.workspace.registerFileSystemProvider(scheme, documents, { isReadonly: documents.isReadonly, isCaseSensitive: true }));
  own(new TabTitles(board, failed));
  const commands = new LazyCommands({ board, tracker, historyLoader, poller, tokens, amp, view, folder, log });
  const notices = own(new EndNotices(board, store, commands, log, errorThrottle, clock));
  const keepDays = () => (store.isReadOnly ? 0 : currentSettings().keepDays);
  const note = (removed: Promise<number>) => logRemoved(removed, log);
  const retention = own(new Retention(board, tracker, clock, keepDays, note, () => purge(tracker, tokens, log)));
  own(listen({ board, poller, leader, windowSync, tracker, historyLoader, tokens, notices, statusBar, view, retention }));
  void read.then(() => retention.start());
  await withTimeout(longestWaitMs, read, clock);
  return {
    api: publicApi(board, store, amp),
    run: guard((...call) => read.then(() => commands.run(...call)), log),
    finish: () => Promise.allSettled([leader.close()]).then(() => store.close()),
  };
}
