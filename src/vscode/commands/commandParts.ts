import type { TokenCheck } from '#vscode/prompts/tokenPrompt';
import type { TrackPrompts } from '#vscode/prompts/trackPrompts';
import type { CommandArguments } from './arguments';
import type { CommandDeps } from './commandDeps';
import type { RunRemover } from './runRemover';

/** The objects that commands get from the rest of the extension, and those that commands share. */
export interface CommandParts extends CommandDeps {
  readonly trackPrompts: TrackPrompts;
  readonly find: CommandArguments;
  readonly runRemover: RunRemover;
  readonly check: TokenCheck;
}
