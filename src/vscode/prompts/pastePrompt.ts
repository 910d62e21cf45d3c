import type { KickoffList } from '#core/history/kickoffList';
import { longestPaste, type PastedRun, type PasteProblem } from '#core/paste/paste';
import { plain } from '#present/cleanText';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';
import { back, choose, type PromptStep } from './prompts';

const sentences = {
  tooLong: commandWords.pasteTooLong,
  dashboard: commandWords.pasteDashboard,
  cut: commandWords.kickoffIdCut,
  noId: commandWords.kickoffIdWrong,
} as const satisfies Record<PasteProblem, string>;

export function pasteMessage(wrong: PasteProblem): string {
  return t(sentences[wrong], longestPaste);
}

/** Shows the text around each ID. */
export async function chooseRuns(
  runs: readonly PastedRun[],
  board: KickoffList,
  place: PromptStep,
): Promise<readonly PastedRun[] | typeof back> {
  const each = runs.map((run) => ({
    label: plain(run.id),
    description: nameOf(run, board),
    detail: plain(run.context ?? ''),
    runs: [run],
  }));
  const all = runs.length > 1 ? [{ label: t(commandWords.allFound, runs.length), runs }] : [];
  const item = await choose([...each, ...all], { ...place, placeholder: t(commandWords.whichFound) });
  return item === back ? back : item.runs;
}

function nameOf({ url }: PastedRun, board: KickoffList): string {
  return plain(board.deployments.find((one) => one.url === url)?.label ?? url ?? '');
}
