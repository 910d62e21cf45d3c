import type { TokenCheck } from '#vscode/prompts/tokenPrompt';
import { closePrompt } from '#vscode/prompts/prompts';
import { TrackPrompts } from '#vscode/prompts/trackPrompts';
import { startCommands } from '#vscode/starts/startCommands';
import { CommandArguments } from './arguments';
import type { CommandDeps } from './commandDeps';
import { deploymentCommands } from './deploymentCommands';
import type { Handlers, RunCommand } from './guard';
import { kickoffCommands } from './kickoffCommands';
import { moveCommand } from './moveCommand';
import { outputCommands } from './outputCommands';
import { removeCommands } from './removeCommands';
import { trackCommands } from './track';

/** Creates the commands and prompts when they are first needed, because most windows run no command for hours. */
export function createCommands(deps: CommandDeps): RunCommand {
  // If loading the AMP client fails, the token is saved without a check.
  const check: TokenCheck = (url, token) =>
    deps
      .amp()
      .then((amp) => amp.checkToken(url, token))
      .catch(() => 'notChecked');
  const parts = { ...deps, check, find: new CommandArguments(deps), trackPrompts: new TrackPrompts(deps.board) };
  // A missing handler doesn't compile.
  const handlers: Handlers = {
    ...deploymentCommands(parts),
    ...kickoffCommands(parts),
    ...moveCommand(parts),
    ...outputCommands(parts),
    ...removeCommands(parts),
    ...startCommands(parts),
    ...trackCommands(parts),
  };
  return async (name, target, selection) => {
    deps.view.keepFocus();
    try {
      return await handlers[name](target, selection);
    } finally {
      // The last prompt stays open until then, so that a row gets the focus before the user can move it elsewhere.
      closePrompt();
    }
  };
}
