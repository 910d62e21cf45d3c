import type { TokenCheck } from '#vscode/prompts/tokenPrompt';
import { closeAnsweredPrompt } from '#vscode/prompts/prompts';
import { TrackPrompts } from '#vscode/prompts/trackPrompts';
import { startCommands } from '#vscode/starts/startCommands';
import { TargetFinder, type BaseCommandParts } from './arguments';
import { deploymentCommands } from './deploymentCommands';
import type { Handlers, RunCommand } from './guard';
import { kickoffCommands } from './kickoffCommands';
import { outputCommands } from './outputCommands';
import { removeCommands } from './removeCommands';
import { trackCommands } from './track';

/** Creates the handlers of all commands and the objects that they share. Returns a function that runs a command. */
export function createCommandRunner(baseParts: BaseCommandParts): RunCommand {
  // If the AMP client can't be loaded, the token is saved without a check.
  const checkToken: TokenCheck = (url, token) =>
    baseParts
      .loadAmp()
      .then((amp) => amp.checkToken(url, token))
      .catch(() => 'notChecked');
  const parts = { ...baseParts, checkToken, targetFinder: new TargetFinder(baseParts), trackPrompts: new TrackPrompts(baseParts.board) };
  const handlers: Handlers = {
    ...deploymentCommands(parts),
    ...kickoffCommands(parts),
    ...outputCommands(parts),
    ...removeCommands(parts),
    ...startCommands(parts),
    ...trackCommands(parts),
  };
  return async (name, target, selection) => {
    baseParts.view.cancelPendingFocus();
    try {
      return await handlers[name](target, selection);
    } finally {
      // The last prompt stays open while the command runs, so that the user can't move the focus before a row gets it.
      closeAnsweredPrompt();
    }
  };
}
