import vscode = require('vscode');
import type { Kickoff } from '#core/kickoff/kickoff';
import { plain } from '#present/cleanText';
import { nameOf } from '#present/names';
import { commandWords } from '#present/words/commandWords';
import { words } from '#present/words/words';
import { t } from '#vscode/l10n';
import { askForOptionalToken } from '#vscode/prompts/tokenPrompt';
import { lastStep } from '#vscode/prompts/trackPrompts';
import type { CommandParts } from './arguments';
import { showWithButtons, type Handlers } from './guard';
import { undo } from './removeCommands';
import { storedDeployment } from './track';

/** Returns the command that moves a run to another deployment. */
export function moveCommand(parts: CommandParts) {
  return {
    moveToDeployment: async (target) => {
      const suits = ({ phase, checkedAt }: Kickoff): boolean => phase.kind === 'missing' || checkedAt === undefined;
      await move(parts, await parts.targets.findKickoff(target, { command: 'moveToDeployment', suits, none: commandWords.noneToMove }));
    },
  } satisfies Partial<Handlers>;
}

/** Asks for another deployment, moves the run there with its label, and highlights the run. Asks for the token of a new deployment. */
async function move(parts: CommandParts, kickoff: Kickoff): Promise<void> {
  const { board, tracker, view } = parts;
  const title = t(commandWords.moveTitle);
  const from = kickoff.deployment;
  const answers = await parts.trackPrompts.askAll(title, { runs: [{ id: kickoff.id }], movesFrom: from });
  const deployment = await storedDeployment(parts, answers);
  if (deployment.key === from) {
    await view.highlight(kickoff);
    return;
  }
  const isKnown = board.kickoff({ deployment: deployment.key, id: kickoff.id }) !== undefined;
  const moved = await tracker.move(kickoff, deployment.key);
  const moveBack = async (): Promise<void> => {
    if (isKnown) await undo(parts, [kickoff]);
    else if (board.kickoff(moved)) await view.highlight(await tracker.move(moved, from));
    // Meanwhile, the user moved the run again, or removed it.
    else vscode.window.setStatusBarMessage(t(commandWords.nothingToUndo), 3_000);
  };
  showWithButtons(parts, t(commandWords.runMoved, plain(nameOf(moved)), plain(deployment.label)), { [t(words.undo)]: moveBack });
  if (!answers.deployment) await askForOptionalToken(deployment, lastStep(title, answers), parts);
  await view.highlight(moved);
}
