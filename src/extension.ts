import * as vscode from 'vscode';
import { LazyAmp } from './amp/lazyAmp';
import { systemNetwork } from './amp/systemNetwork';
import type { KickoffsApi } from './api';
import { contextKeys, scheme } from './contributions';
import { Board } from './core/board';
import type { DeploymentUrl } from './core/deployment';
import { Freshness } from './core/freshness';
import { Health } from './core/health';
import { Keeping } from './core/keeping';
import { Poller } from './core/poller';
import { Tracking } from './core/tracking';
import { KickoffStore } from './store/kickoffStore';
import { words } from './present/words';
import { Adding } from './vscode/adding';
import { Arguments } from './vscode/arguments';
import { systemClock } from './vscode/clock';
import { handlers } from './vscode/commands';
import { DeploymentCommands } from './vscode/deploymentCommands';
import { Documents } from './vscode/documents';
import { EnvImport } from './vscode/envImport';
import { refusing, registerCommands, showFailure, tellSetAside } from './vscode/guard';
import { extendMarkdownIt } from './vscode/inertPreview';
import { KickoffCommands } from './vscode/kickoffCommands';
import { kickoffsApi } from './vscode/kickoffsApi';
import { LargeAnswers } from './vscode/largeAnswers';
import { logged } from './vscode/logged';
import { Notices } from './vscode/notices';
import { isReportOpen } from './vscode/openTabs';
import { Opener } from './vscode/opener';
import { OutputCommands } from './vscode/outputCommands';
import { Questions } from './vscode/questions';
import { Removing } from './vscode/removing';
import { SecretTokens } from './vscode/secretTokens';
import { currentSettings, hasProxy, watchSettings } from './vscode/settings';
import { StatusBar } from './vscode/statusBar';
import { KickoffsView } from './vscode/view';
import { listen } from './vscode/windowEvents';

declare const __VERSION__: string;

/** Opens the history and wires everything to it; without one the commands say why. */
export async function activate({
  subscriptions,
  globalStorageUri,
  secrets,
}: vscode.ExtensionContext): Promise<KickoffsApi & { readonly extendMarkdownIt: typeof extendMarkdownIt }> {
  const own: Own = (part) => {
    subscriptions.push(part);
    return part;
  };
  const log = own(vscode.window.createOutputChannel(vscode.l10n.t(words.statusBarName), { log: true }));
  try {
    const store = await KickoffStore.open(globalStorageUri.fsPath, systemClock);
    if (store.setAside !== undefined) tellSetAside(store.setAside, log);
    const api = await wired({ store, tokens: new SecretTokens(secrets), folder: globalStorageUri, log, own });
    return Object.assign(api, { extendMarkdownIt });
  } catch (error) {
    return Object.assign(await withoutHistory(error, log, own), { extendMarkdownIt });
  }
}

/** Says why there is no history to work on, now and at each command. */
async function withoutHistory(error: unknown, log: vscode.LogOutputChannel, own: Own): Promise<KickoffsApi> {
  showFailure(error, log, { says: words.reloadWindow, command: 'workbench.action.reloadWindow' });
  const board = new Board(new Health(Math.random));
  own(new KickoffsView(board, new Freshness(board, () => ({ ...currentSettings(), isFocused: true })), systemClock));
  own(registerCommands(refusing(error, log), log));
  await vscode.commands.executeCommand('setContext', contextKeys.ready, true);
  const nothing = { body: () => Promise.resolve(undefined), taskOutputs: () => Promise.resolve(new Map<number, string>()) };
  return kickoffsApi(board, nothing, { read: () => Promise.resolve(undefined) });
}

type Own = <Part extends { dispose(): unknown }>(part: Part) => Part;

/** What the graph is built on. */
interface Ground {
  readonly store: KickoffStore;
  readonly tokens: SecretTokens;
  readonly folder: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly own: Own;
}

/** Builds the graph: who is wired to whom. */
async function wired({ store, tokens, folder, log, own }: Ground): Promise<KickoffsApi> {
  const [random, clock] = [Math.random, systemClock];
  const amp = new LazyAmp(tokens, `${__VERSION__} VSCode/${vscode.version}`, clock);
  const health = new Health(random);
  const board = new Board(health);
  own(watchSettings());
  const pace = () => ({ ...currentSettings(), isFocused: vscode.window.state.focused, isReportOpen });
  own({ dispose: () => store.close() });
  const network = systemNetwork(hasProxy);
  const poller = own(new Poller({ clock, random, source: logged(amp, log), network, store, board, health, pace }));
  const tracking = new Tracking(store, board, poller, clock);

  const opener = new Opener();
  const notices = own(new Notices(board, store, opener, log, clock));
  const freshness = new Freshness(board, pace);
  const statusBar = own(new StatusBar(board, freshness, clock));
  const view = own(new KickoffsView(board, freshness, clock));
  const questions = new Questions(board);
  const find = new Arguments(board, questions, () => view.selection);
  const check = async (url: DeploymentUrl, token: string) => (await amp.checkToken(url, token)).kind;
  const adding = new Adding(board, tracking, questions, find, tokens, check, view.reveal);

  const removing = new Removing(board, tracking, tokens, log);
  await tracking.load();
  const documents = own(new Documents(board, store, amp));
  own(vscode.workspace.registerFileSystemProvider(scheme, documents, { isReadonly: documents.isReadonly, isCaseSensitive: true }));
  const kickoffs = new KickoffCommands(board, tracking, poller, find, removing);
  const deployments = new DeploymentCommands(tracking, find, board, adding, removing, tokens);
  const outputs = new OutputCommands(board, find);
  const largeAnswers = new LargeAnswers(board, find, amp, folder);
  const envImport = new EnvImport(board, tracking, tokens);
  own(registerCommands(handlers({ adding, envImport, find, opener, kickoffs, deployments, outputs, removing, largeAnswers, log }), log));
  const keeping = own(new Keeping(board, tracking, systemClock, () => currentSettings().keepDays, removing.note));
  own(listen({ board, poller, tracking, tokens, notices, adding, statusBar, view, keeping, log }));
  await vscode.commands.executeCommand('setContext', contextKeys.ready, true);
  removing.purge();
  return kickoffsApi(board, store, amp);
}
