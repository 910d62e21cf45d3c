import type * as vscode from 'vscode';
import type { Board } from '../core/board';
import type { Custody } from '../core/custody';
import type { DeploymentUrl } from '../core/deployment';
import type { Poller } from '../core/poller';
import type { AnswerSaver } from '../core/ports';
import type { Tracking } from '../core/tracking';
import { Adding } from './adding';
import { Arguments } from './arguments';
import { handlers } from './commands';
import { Deleting } from './deleting';
import { DeploymentCommands } from './deploymentCommands';
import { EnvImport } from './envImport';
import type { Handlers } from './guard';
import { KickoffCommands } from './kickoffCommands';
import { LargeAnswers } from './largeAnswers';
import { Links } from './links';
import { Opener } from './opener';
import { OutputCommands } from './outputCommands';
import { Questions } from './questions';
import { Removing } from './removing';
import type { SecretTokens } from './secretTokens';
import type { TokenCheck } from './tokenPrompt';
import type { KickoffsView } from './view';

/** What the commands are built on. */
export interface CommandGround {
  readonly board: Board;
  readonly tracking: Tracking;
  readonly custody: Custody;
  readonly poller: Poller;
  readonly tokens: SecretTokens;
  readonly amp: AnswerSaver & {
    checkToken(url: DeploymentUrl, token: string): Promise<{ readonly kind: Awaited<ReturnType<TokenCheck>> }>;
  };
  readonly view: KickoffsView;
  readonly folder: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
}

/** All that asks the user something, and the commands: loaded when the first of them is called. */
export function asked(ground: CommandGround): { readonly handlers: Handlers; readonly adding: Adding; readonly opener: Opener } {
  const { board, tracking, custody, poller, tokens, amp, view, folder, log } = ground;
  const removing = new Removing(tracking, log);
  const questions = new Questions(board);
  const find = new Arguments(board, questions, () => view.selection);
  // Where the client cannot be loaded the token is kept all the same.
  const check: TokenCheck = (url, token) =>
    amp.checkToken(url, token).then(
      ({ kind }) => kind,
      () => 'notChecked',
    );
  const adding = new Adding(board, tracking, custody, questions, find, removing, tokens, check, view.reveal);
  const links = new Links(board, adding);
  const kickoffs = new KickoffCommands(board, tracking, poller, find, removing);
  const deployments = new DeploymentCommands(tracking, find, board, adding, removing, tokens);
  const opener = new Opener();
  const outputs = new OutputCommands(board, find, opener);
  const largeAnswers = new LargeAnswers(board, find, amp, folder);
  const deleting = new Deleting(board, tracking, tokens, removing);
  const envImport = new EnvImport(board, tracking, tokens, check);
  return {
    handlers: handlers({
      board,
      view,
      adding,
      links,
      envImport,
      find,
      opener,
      kickoffs,
      deployments,
      outputs,
      removing,
      deleting,
      largeAnswers,
      log,
    }),
    adding,
    opener,
  };
}
