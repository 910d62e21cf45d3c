import type { KickoffList } from '#core/history/kickoffList';
import type { Deployment } from '#core/kickoff/deployment';
import { isSettled } from '#core/kickoff/kickoff';
import type { Trouble } from '#core/kickoff/trouble';
import { clean } from '#present/cleanText';
import { nonEmpty, spokenList } from '#present/names';
import { buttonCommands, troubleDetails, rowTroubleText, troubleText } from '#present/troubleText';
import { words, type Translate } from '#present/words/words';
import { warningIcon, type Row } from './kickoffRow';

type DeploymentBoard = Pick<KickoffList, 'kickoffsOf' | 'troubleOfDeployment' | 'ownTroubleOf'>;

/** Returns a deployment's row, with the deployment's problem only if there are active runs, or no runs. */
export function deploymentRow(deployment: Deployment, board: DeploymentBoard, now: number, t: Translate): Row {
  const [kickoffs, trouble] = [board.kickoffsOf(deployment), board.troubleOfDeployment(deployment)];
  const activeRuns = kickoffs.filter(({ phase }) => !isSettled(phase));
  // Without runs, nothing retries, so a time that has passed means nothing.
  const isOver = kickoffs.length === 0 && trouble?.kind === 'throttled' && (trouble.retryAt ?? 0) <= now;
  const shownTrouble = (activeRuns.length > 0 || kickoffs.length === 0) && !isOver ? trouble : undefined;
  const activeCount = activeRuns.filter(({ phase }) => phase.kind !== 'missing').length;
  const unreadCount = kickoffs.filter(({ isUnread }) => isUnread).length;
  const label = clean(deployment.label);
  const runTroubles = activeRuns.map((kickoff) => board.ownTroubleOf(kickoff));
  const problemsText = troublesText(runTroubles, now, t);
  const activeText = activeCount > 0 && t(words.activeRuns, activeCount);
  const facts = nonEmpty(shownTrouble ? [troubleText(shownTrouble, now, t)] : [activeText, problemsText]);
  const details = troubleDetails(shownTrouble, t);
  return {
    label,
    description: shownTrouble ? clean(rowTroubleText(shownTrouble, now, t)) : facts.join(' · '),
    // VS Code adds the badge's tooltip, the number of unread runs.
    tooltip: nonEmpty([facts.join(' · '), ...details, deployment.url]).join('\n'),
    icon: shownTrouble || problemsText !== '' ? warningIcon : { id: 'rocket' },
    contextValue: nonEmpty([
      'deployment',
      activeRuns.length > 0 && 'open',
      unreadCount > 0 && 'unread',
      shownTrouble && `button-${buttonCommands[shownTrouble.kind]}`,
    ]).join(' '),
    ariaLabel: spokenList(nonEmpty([label, ...facts, unreadCount > 0 && t(words.unreadRuns, unreadCount)]), t),
  };
}

/** Returns the problem that all active runs have, else the number of runs with a problem, because the runs' rows may be collapsed. */
function troublesText(troubles: readonly (Trouble | undefined)[], now: number, t: Translate): string {
  const [firstTrouble, ...others] = troubles;
  if (firstTrouble && others.every((one) => one?.kind === firstTrouble.kind)) return troubleText({ kind: firstTrouble.kind }, now, t);
  const count = troubles.filter((one) => one !== undefined).length;
  return count > 0 ? t(words.runsWithProblems, count) : '';
}
