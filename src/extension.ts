import { hostname } from 'node:os';
import * as vscode from 'vscode';
import { LazyAmp } from './amp/lazyAmp';
import { systemNetwork } from './amp/systemNetwork';
import { contextKeys, scheme } from './contributions';
import { atMost } from './core/atMost';
import { Board } from './core/board';
import { Custody, type CustodyParts } from './core/custody';
import { Freshness } from './core/freshness';
import { Health } from './core/health';
import { Keeping } from './core/keeping';
import type { Leader } from './core/leader';
import { Poller } from './core/poller';
import { Reasons } from './core/reasons';
import { Tracking } from './core/tracking';
import { KickoffStore } from './store/store';
import { words } from './present/words';
import { systemClock } from './vscode/clock';
import { guarded, telling } from './vscode/guard';
import { kickoffsApi } from './vscode/kickoffsApi';
import { LaterCommands } from './vscode/laterCommands';
import { LaterDocuments } from './vscode/laterDocuments';
import type { List } from './vscode/list';
import { logged, noted } from './vscode/logged';
import { keyOfCopy, mementoCopy } from './vscode/mementoCopy';
import { Notices } from './vscode/notices';
import { isReportOpen } from './vscode/openTabs';
import { leading, sharing } from './vscode/otherWindows';
import { noteRemoved, purge } from './vscode/purging';
import { SecretTokens } from './vscode/secretTokens';
import { currentSettings, hasProxy, watchSettings } from './vscode/settings';
import type { Whole } from './vscode/shell';
import { TabTitles } from './vscode/tabTitles';
import { StatusBar } from './vscode/statusBar';
import { KickoffsView } from './vscode/view';
import { listen } from './vscode/windowEvents';

export * as shared from './vscode/shared';

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
  const copy = mementoCopy(globalState, keyOfCopy(hostname(), globalStorageUri.fsPath), log);
  const tokens = new SecretTokens(secrets, () => vscode.commands.executeCommand('setContext', contextKeys.hasSetToken, true));
  return wired({ folder: globalStorageUri, tokens, copy, log, own, list });
}

type Own = <Part extends { dispose(): unknown }>(part: Part) => Part;

/** What the editor gives to the graph. */
interface Ground {
  readonly folder: vscode.Uri;
  readonly tokens: SecretTokens;
  readonly copy: CustodyParts['copy'];
  readonly log: vscode.LogOutputChannel;
  readonly own: Own;
  readonly list: List;
}

/** Builds the graph: who is wired to whom. */
async function wired({ folder, tokens, copy, log, own, list }: Ground): Promise<Whole> {
  const [random, clock, reasons, failed] = [Math.random, systemClock, new Reasons(systemClock), noted(log)];
  const amp = new LazyAmp(tokens, `${__VERSION__} VSCode/${vscode.version}`, clock);
  const health = new Health(random);
  const board = new Board(health, failed);
  own(watchSettings());
  const pace = () => ({ ...currentSettings(), isFocused: vscode.window.state.focused, isReportOpen });
  const store = KickoffStore.of(folder.fsPath, { clock });
  const leader: Leader = leading({ store, clock, dueIn: () => poller.dueIn, log });
  const asking = { clock, random, source: logged(amp, log), network: systemNetwork(hasProxy), pace, failed };
  const poller = own(new Poller({ ...asking, store, board, health, leadership: leader }));
  const tracking = new Tracking(store, board, poller, clock);
  const windows = own(sharing({ store, board, health, leader, poller, tracking, clock, log }));
  const custody = own(new Custody({ store, tracking, board, copy, clock, random, log, ...telling(log, reasons) }));

  const read = custody.catchUp();
  const freshness = new Freshness(board, pace);
  const statusBar = own(new StatusBar(board, freshness, clock));
  const view = own(new KickoffsView(board, freshness, clock, list, tracking.onDidLoad));
  const documents = own(new LaterDocuments(board, store, amp));
  own(vscode.workspace.registerFileSystemProvider(scheme, documents, { isReadonly: documents.isReadonly, isCaseSensitive: true }));
  own(new TabTitles(board, failed));
  const commands = new LaterCommands({ board, tracking, custody, poller, tokens, amp, view, folder, log });
  const notices = own(new Notices(board, store, commands, log, reasons, clock));
  const keepDays = () => (store.isReadOnly ? 0 : currentSettings().keepDays);
  const note = (removed: Promise<number>) => noteRemoved(removed, log);
  const keeping = own(new Keeping(board, tracking, clock, keepDays, note, () => purge(tracking, tokens, log)));
  own(listen({ board, poller, leader, windows, tracking, custody, tokens, notices, statusBar, view, keeping }));
  void read.then(() => keeping.start());
  await atMost(longestWaitMs, read, clock);
  return {
    api: kickoffsApi(board, store, amp),
    run: guarded((...call) => read.then(() => commands.run(...call)), log),
    finish: () => Promise.allSettled([leader.close()]).then(() => store.close()),
  };
}
