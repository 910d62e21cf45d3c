import type { Board } from '../core/board';
import { isSettled } from '../core/kickoff';
import { troubleText } from './troubleText';
import { words, type Translate } from './words';

type Shown = Pick<Board, 'deployments' | 'kickoffs' | 'troubleOfDeployment' | 'unsaved'>;

/** The one line above the list: what concerns more than one row, the gravest first; empty when there is nothing to say. */
export function viewMessage(board: Shown, t: Translate): string {
  const { deployments, kickoffs } = board;
  if (kickoffs.length === 0) return deployments.length > 0 ? t(words.noRuns) : '';
  const asked = new Set(kickoffs.filter(({ phase }) => !isSettled(phase)).map(({ deployment }) => deployment));
  const troubles = deployments.filter(({ key }) => asked.has(key)).flatMap((deployment) => board.troubleOfDeployment(deployment) ?? []);
  const gravest = troubles.find(({ kind }) => kind === 'offline') ?? board.unsaved ?? troubles.find(({ kind }) => kind === 'throttled');
  return gravest ? troubleText(gravest, t) : '';
}
