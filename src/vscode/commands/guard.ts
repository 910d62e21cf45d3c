import vscode = require('vscode');
import { commandId, type CommandName } from '#contributions';
import type { Deployment } from '#core/kickoff/deployment';
import type { Trouble } from '#core/kickoff/trouble';
import { CanceledError, HistoryFailure, historyFailureMessages, TokenNotStored, UnloggedError, UserFacingError } from '#core/lib/errors';
import { breakLinksAndIcons } from '#present/cleanText';
import { buttonCommands } from '#present/troubleText';
import { words } from '#present/words/words';
import { t } from '#vscode/l10n';
import { stackTraceOf } from '#vscode/log';
import { DeploymentNode } from '#present/outline/nodes';
import { isFromUser } from './target';

/** A handler for each contributed command. */
export type Handlers = { readonly [Name in CommandName]: (target?: unknown, selection?: unknown) => unknown };

/** Runs a command. `target` is a clicked row, a URI, or an argument from a key, link, or program. `selection` has the selected rows. */
export type RunCommand = (name: CommandName, target?: unknown, selection?: unknown) => unknown;

/** Returns a function that logs a command's errors, and shows them to users or throws them to programs. Always shows an `UnloggedError`. */
export function withErrorHandling(runCommand: RunCommand, log: vscode.LogOutputChannel, showFailure: ShowFailure): RunCommand {
  return async (name, target, selection) => {
    try {
      return await runCommand(name, target, selection);
    } catch (error) {
      if (error instanceof CanceledError) return undefined;
      const loggedText = error instanceof UnloggedError ? error.loggedText : stackTraceOf(error);
      // A `UserFacingError` is only a warning, because it is expected, for example if no run has an output.
      log[error instanceof UserFacingError ? 'warn' : 'error'](`Command ${name} failed: ${loggedText}`);
      if (!isFromUser(target) && !(error instanceof UnloggedError)) throw error;
      showFailure(error);
      if (isFromUser(target)) return undefined;
      // Throws without the message, because VS Code logs each error that a command throws.
      throw new Error(`Command ${name} failed. Only the user sees the reason, because it may contain an input.`);
    }
  };
}

/** Shows the message of an error, without waiting for the user. */
export type ShowFailure = (error: unknown) => void;

/** An error that another command can resolve. Its notification has a button that calls that command with `target`. */
export class ErrorWithButton extends UnloggedError {
  constructor(
    message: string,
    readonly buttonTitle: string,
    readonly command: CommandName,
    readonly target?: unknown,
    loggedText?: string,
  ) {
    super(message, loggedText);
  }
}

/** The commands that may solve a problem without runs. */
const solutions = ['setToken', 'editDeployment', 'openNetworkSettings'] as const;

/** Returns the error for a failed request. Its button is Set Token if that helps, or else `otherCommand`, or else what may solve the problem. */
export function requestError(
  message: string,
  { key }: Deployment,
  trouble: Trouble | undefined,
  otherCommand?: 'openInBrowser',
): UnloggedError {
  const kind = trouble?.kind;
  const solution = kind === 'unreachable' ? 'editDeployment' : solutions.find((one) => kind && one === buttonCommands[kind]);
  const command = solution === 'setToken' ? solution : (otherCommand ?? solution);
  const loggedText = trouble?.code === undefined ? kind : `${trouble.code} (${trouble.kind})`;
  if (!command) return new UnloggedError(message, loggedText);
  return new ErrorWithButton(message, t(words[command]), command, new DeploymentNode(key), loggedText);
}

/** Returns a function that shows errors. Server text can't add links or icons. If details are only in the log, a button opens the log. */
export function createShowFailure(log: Pick<vscode.LogOutputChannel, 'show'>): ShowFailure {
  return (error) => {
    const isFullyShown = error instanceof UserFacingError && !error.cause;
    const buttons = error instanceof ErrorWithButton ? [error.buttonTitle] : isFullyShown ? [] : [t(words.showLog)];
    void vscode.window[isFullyShown ? 'showWarningMessage' : 'showErrorMessage'](breakLinksAndIcons(messageOf(error)), ...buttons).then(
      (choice) =>
        choice && (error instanceof ErrorWithButton ? vscode.commands.executeCommand(commandId(error.command), error.target) : log.show()),
    );
  };
}

/** The actions of buttons, by title. */
export type Buttons = Readonly<Record<string, () => Thenable<unknown>>>;

/** Shows a message with buttons. Resolves when the message is closed, and doesn't wait for the action of a button. */
export async function showWithButtons(
  { showFailure }: { readonly showFailure: ShowFailure },
  message: string,
  buttons: Buttons,
  show = vscode.window.showInformationMessage,
): Promise<void> {
  const choice = await show(message, ...Object.keys(buttons));
  if (choice === undefined) return;
  buttons[choice]?.().then(undefined, (error: unknown) => {
    if (!(error instanceof CanceledError)) showFailure(error);
  });
}

/** Returns the message that the user sees. Translates the failures that `core/` creates, because `core/` has no translations. */
export function messageOf(error: unknown): string {
  if (error instanceof HistoryFailure) return t(historyFailureMessages[error.kind]);
  if (error instanceof TokenNotStored) return t(words.tokenNotStored);
  return error instanceof UserFacingError ? error.message : t(words.failure);
}
