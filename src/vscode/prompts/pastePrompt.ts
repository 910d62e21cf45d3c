import { deploymentAt, type KickoffList } from '#core/history/kickoffList';
import { maxPasteLength, type ParsedPaste, type PastedRun, type PasteProblem } from '#core/paste/paste';
import { plain } from '#present/cleanText';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';
import { choose, chooseMany, type PromptStep } from './prompts';

const messages = {
  tooLong: commandWords.pasteTooLong,
  dashboard: commandWords.pasteDashboard,
  cut: commandWords.kickoffIdCut,
  noId: commandWords.kickoffIdWrong,
} as const satisfies Record<PasteProblem, string>;

/** Returns the message for a text without runs to track. */
export function pasteMessage(problem: PasteProblem): string {
  return t(messages[problem], maxPasteLength);
}

/** Lets the user choose among the runs in a text. If the user probably means all runs, the untracked runs are preselected. */
export async function chooseRuns({ runs, areAllMeant }: ParsedPaste, board: KickoffList, step: PromptStep): Promise<readonly PastedRun[]> {
  const items = runs.map((run) => {
    const isTracked = board.kickoffs.some(({ id }) => id === run.id);
    return {
      label: plain(run.id),
      description: isTracked ? t(commandWords.trackedAlready) : deploymentName(run, board),
      detail: plain(run.context ?? ''),
      picked: areAllMeant && !isTracked,
      run,
    };
  });
  if (items.length > 1) {
    const chosen = await chooseMany(items, { ...step, placeholder: t(commandWords.whichFoundOfMany), acceptsFocused: true });
    return chosen.map(({ run }) => run);
  }
  return [(await choose(items, { ...step, placeholder: t(commandWords.whichFound) })).run];
}

function deploymentName({ url }: PastedRun, board: KickoffList): string {
  return plain(deploymentAt(board, url)?.label ?? url ?? '');
}
