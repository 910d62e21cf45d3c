import { deploymentAt, type KickoffList } from '#core/history/kickoffList';
import { maxPasteLength, type ParsedPaste, type PastedRun, type PasteProblem } from '#core/paste/paste';
import { plain } from '#present/cleanText';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';
import { choose, chooseMany, type PromptStep } from './prompts';

const sentences = {
  tooLong: commandWords.pasteTooLong,
  dashboard: commandWords.pasteDashboard,
  cut: commandWords.kickoffIdCut,
  noId: commandWords.kickoffIdWrong,
} as const satisfies Record<PasteProblem, string>;

export function pasteMessage(wrong: PasteProblem): string {
  return t(sentences[wrong], maxPasteLength);
}

/** Shows the text around each ID. If the user means all runs, those that aren't tracked yet are selected. */
export async function chooseRuns({ runs, areAllMeant }: ParsedPaste, board: KickoffList, step: PromptStep): Promise<readonly PastedRun[]> {
  const items = runs.map((run) => {
    const isTracked = board.kickoffs.some(({ id }) => id === run.id);
    return {
      label: plain(run.id),
      description: isTracked ? t(commandWords.trackedAlready) : nameOf(run, board),
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

function nameOf({ url }: PastedRun, board: KickoffList): string {
  return plain(deploymentAt(board, url)?.label ?? url ?? '');
}
