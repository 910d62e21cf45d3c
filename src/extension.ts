import * as vscode from 'vscode';
import { AmpClient } from './amp/client';
import { AmpSource } from './amp/source';
import type { KickoffsApi } from './api';
import { contextKeys, scheme } from './contributions';
import { Board } from './core/board';
import { Health } from './core/health';
import { Poller } from './core/poller';
import { Tracking } from './core/tracking';
import { KickoffStore } from './store/kickoffStore';
import { words } from './present/words';
import { Adding } from './vscode/adding';
import { Arguments } from './vscode/arguments';
import { systemClock } from './vscode/clock';
import { handlers } from './vscode/commands';
import { Documents } from './vscode/documents';
import { refusing, registerCommands, tellSetAside } from './vscode/guard';
import { kickoffsApi } from './vscode/kickoffsApi';
import { logged } from './vscode/logged';
import { Notices } from './vscode/notices';
import { Opener } from './vscode/opener';
import { Questions } from './vscode/questions';
import { SecretTokens } from './vscode/secretTokens';
import { currentSettings } from './vscode/settings';
import { StatusBar } from './vscode/statusBar';
import { KickoffsView } from './vscode/view';
import { listen } from './vscode/windowEvents';

declare const __VERSION__: string;

/** Opens the history and wires everything to it; without one the commands say why. */
export async function activate({ subscriptions, globalStorageUri, secrets }: vscode.ExtensionContext): Promise<KickoffsApi | undefined> {
  const own: Own = (part) => {
    subscriptions.push(part);
    return part;
  };
  const log = own(vscode.window.createOutputChannel(vscode.l10n.t(words.statusBarName), { log: true }));
  try {
    const store = await KickoffStore.open(globalStorageUri.fsPath, systemClock);
    own({ dispose: () => store.close() });
    if (store.setAside !== undefined) tellSetAside(store.setAside, log);
    return await wired(store, new SecretTokens(secrets), log, own);
  } catch (error) {
    own(registerCommands(refusing(error, log), log));
    return undefined;
  }
}

type Own = <Part extends { dispose(): unknown }>(part: Part) => Part;

/** Builds the graph: who is wired to whom. */
async function wired(store: KickoffStore, tokens: SecretTokens, log: vscode.LogOutputChannel, own: Own): Promise<KickoffsApi> {
  const random = Math.random;
  const source = new AmpSource(tokens, new AmpClient(`${__VERSION__} VSCode/${vscode.version}`), systemClock);
  const health = new Health(random);
  const board = new Board(health);
  const pace = () => ({ ...currentSettings(), isFocused: vscode.window.state.focused });
  const poller = own(new Poller({ clock: systemClock, random, source: logged(source, log), store, board, health, pace }));
  const tracking = new Tracking(store, board, poller, systemClock);

  const opener = new Opener(tracking);
  const notices = new Notices(board, store, opener, log);
  const statusBar = own(new StatusBar(board));
  const view = own(new KickoffsView(board, systemClock));
  const questions = new Questions(board);
  const find = new Arguments(board, questions);
  const check = async (url: Parameters<AmpSource['checkToken']>[0], token: string) => (await source.checkToken(url, token)).kind;
  const adding = new Adding(board, tracking, questions, find, tokens, check, view.reveal);

  const documents = own(new Documents(board, store, source.reader));
  own(vscode.workspace.registerFileSystemProvider(scheme, documents, { isReadonly: documents.isReadonly, isCaseSensitive: true }));
  await tracking.load();
  own(registerCommands(handlers({ board, tracking, poller, adding, find, opener, log }), log));
  own(listen({ board, poller, tracking, tokens, notices, adding, statusBar, log }));
  await vscode.commands.executeCommand('setContext', contextKeys.ready, true);
  return kickoffsApi(board, store, source.reader);
}
