import * as vscode from 'vscode';
import { LazyAmp } from './amp/lazyAmp';
import { systemNetwork } from './amp/systemNetwork';
import type { KickoffsApi } from './api';
import { contextKeys, scheme } from './contributions';
import { Board } from './core/board';
import { Custody, type CustodyParts } from './core/custody';
import type { DeploymentUrl } from './core/deployment';
import { Freshness } from './core/freshness';
import { Health } from './core/health';
import { Poller } from './core/poller';
import type { Mended } from './core/ports';
import { Tracking } from './core/tracking';
import { KickoffStore } from './store/kickoffStore';
import { words } from './present/words';
import { Adding } from './vscode/adding';
import { Arguments } from './vscode/arguments';
import { systemClock } from './vscode/clock';
import { handlers } from './vscode/commands';
import { DeploymentCommands } from './vscode/deploymentCommands';
import { Documents } from './vscode/documents';
import { registerCommands, tellMended, tellWhyNone } from './vscode/guard';
import { KickoffCommands } from './vscode/kickoffCommands';
import { kickoffsApi } from './vscode/kickoffsApi';
import { logged } from './vscode/logged';
import { mementoCopy } from './vscode/mementoCopy';
import { Notices } from './vscode/notices';
import { isReportOpen } from './vscode/openTabs';
import { Opener } from './vscode/opener';
import { OutputCommands } from './vscode/outputCommands';
import { Questions } from './vscode/questions';
import { Removing } from './vscode/removing';
import { SecretTokens } from './vscode/secretTokens';
import { hasProxy, KeptSettings } from './vscode/settings';
import { StatusBar } from './vscode/statusBar';
import { KickoffsView } from './vscode/view';
import { listen } from './vscode/windowEvents';

declare const __VERSION__: string;

/** Wires everything to the history; while there is none the commands say why. */
export async function activate({ subscriptions, globalStorageUri, globalState, secrets }: vscode.ExtensionContext): Promise<KickoffsApi> {
  const own: Own = (part) => {
    subscriptions.push(part);
    return part;
  };
  const log = own(vscode.window.createOutputChannel(vscode.l10n.t(words.statusBarName), { log: true }));
  return wired({ folder: globalStorageUri.fsPath, tokens: new SecretTokens(secrets), copy: mementoCopy(globalState, log), log, own });
}

type Own = <Part extends { dispose(): unknown }>(part: Part) => Part;

/** What the editor gives to the graph. */
interface Ground {
  readonly folder: string;
  readonly tokens: SecretTokens;
  readonly copy: CustodyParts['copy'];
  readonly log: vscode.LogOutputChannel;
  readonly own: Own;
}

/** Builds the graph: who is wired to whom. */
async function wired({ folder, tokens, copy, log, own }: Ground): Promise<KickoffsApi> {
  const random = Math.random;
  const amp = new LazyAmp(tokens, `${__VERSION__} VSCode/${vscode.version}`, systemClock);
  const health = new Health(random);
  const board = new Board(health);
  const settings = own(new KeptSettings());
  const pace = () => ({ ...settings.current, isFocused: vscode.window.state.focused, isReportOpen });
  const store = KickoffStore.of(folder, { clock: systemClock, known: () => board });
  own({ dispose: () => store.close() });
  const poller = own(
    new Poller({ clock: systemClock, random, source: logged(amp, log), network: systemNetwork(hasProxy), store, board, health, pace }),
  );
  const tracking = new Tracking(store, board, poller, systemClock);
  const tell = (mended: Mended, count: number) => tellMended(mended, count, log);
  const failed = (error: unknown) => tellWhyNone(error, log);
  const custody = own(new Custody({ store, tracking, board, copy, clock: systemClock, random, tell, failed, log }));

  const opener = new Opener();
  const notices = own(new Notices(board, store, opener, log, systemClock));
  const freshness = new Freshness(board, pace);
  const statusBar = own(new StatusBar(board, freshness, systemClock));
  const view = own(new KickoffsView(board, freshness, systemClock));
  const questions = new Questions(board);
  const find = new Arguments(board, questions, () => view.selection);
  const check = async (url: DeploymentUrl, token: string) => (await amp.checkToken(url, token)).kind;
  const adding = new Adding(board, tracking, custody, questions, find, tokens, check, view.reveal);

  const removing = new Removing(board, tracking, tokens, log);
  const documents = own(new Documents(board, store, amp));
  own(vscode.workspace.registerFileSystemProvider(scheme, documents, { isReadonly: documents.isReadonly, isCaseSensitive: true }));
  const kickoffs = new KickoffCommands(board, tracking, poller, find, removing);
  const deployments = new DeploymentCommands(tracking, find, board, adding, removing, tokens);
  const outputs = new OutputCommands(board, find);
  own(registerCommands(handlers({ adding, find, opener, kickoffs, deployments, outputs, removing, log }), log));
  own(listen({ board, poller, tracking, custody, tokens, notices, adding, statusBar, log }));
  await custody.catchUp();
  await vscode.commands.executeCommand('setContext', contextKeys.ready, true);
  removing.purge();
  return kickoffsApi(board, store, amp);
}
