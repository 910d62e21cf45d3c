import type { KickoffList } from '#core/history/kickoffList';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import { troubleText } from '#present/troubleText';
import { words, type Translate } from '#present/words/words';

type ViewBoard = Pick<KickoffList, 'deployments' | 'kickoffs' | 'troubleOfDeployment' | 'saveTrouble'>;

/** Returns a hint if there are deployments but no runs, else a problem that affects all runs, else an empty text. */
export function viewMessage(board: ViewBoard, now: number, t: Translate): string {
  const { deployments, kickoffs } = board;
  if (kickoffs.length === 0) return deployments.length > 0 ? t(words.noRuns) : '';
  const activeDeploymentKeys = new Set(kickoffs.filter(({ phase }) => !isSettled(phase)).map(({ deployment }) => deployment));
  const troubles = deployments.filter(({ key }) => activeDeploymentKeys.has(key)).map((one) => board.troubleOfDeployment(one));
  const sharedTrouble = troubles.find((trouble) => trouble?.kind === 'offline') ?? board.saveTrouble;
  return sharedTrouble ? troubleText(sharedTrouble, now, t) : '';
}

/** Returns the number of runs that are unread or wait for human input, with a tooltip. Undefined if there are none. */
export function viewBadge(kickoffs: readonly Kickoff[], t: Translate): { readonly value: number; readonly tooltip: string } | undefined {
  const unreadCount = kickoffs.filter(({ isUnread }) => isUnread).length;
  const waitingCount = kickoffs.filter(({ phase }) => phase.kind === 'waiting').length;
  if (unreadCount + waitingCount === 0) return undefined;
  if (waitingCount === 0) return { value: unreadCount, tooltip: t(words.unreadRuns, unreadCount) };
  if (unreadCount === 0) return { value: waitingCount, tooltip: t(words.waitingRuns, waitingCount) };
  return { value: unreadCount + waitingCount, tooltip: t(words.unreadAndWaitingRuns, unreadCount, waitingCount) };
}
