import type { Board } from '../core/board';
import { isSettled } from '../core/kickoff';
import type { Trouble } from '../core/trouble';
import { clean } from './clean';
import { troubleText } from './troubleText';
import { words, type Translate } from './words';

type Shown = Pick<Board, 'deployments' | 'kickoffs' | 'troubleOfDeployment' | 'unsaved'>;

/** A throttle that is over sooner would make the line come and go: its row says it. */
const shortMs = 10_000;

/** The one line above the list: what concerns more than one row, the gravest first; empty when there is nothing to say. */
export function viewMessage(board: Shown, now: number, t: Translate): string {
  const { deployments, kickoffs } = board;
  if (kickoffs.length === 0) return deployments.length > 0 ? t(words.noRuns) : '';
  const asked = new Set(kickoffs.filter(({ phase }) => !isSettled(phase)).map(({ deployment }) => deployment));
  const found = deployments.filter(({ key }) => asked.has(key)).map((one) => ({ one, trouble: board.troubleOfDeployment(one) }));
  const ofAll = found.find(({ trouble }) => trouble?.kind === 'offline')?.trouble ?? board.unsaved;
  if (ofAll) return troubleText(ofAll, now, t);
  const { one, trouble } = found.find((each) => isLong(each.trouble, now)) ?? {};
  if (!one || !trouble) return '';
  return asked.size > 1 ? t(words.ofOne, clean(one.label), troubleText(trouble, now, t)) : troubleText(trouble, now, t);
}

function isLong(trouble: Trouble | undefined, now: number): boolean {
  return trouble?.kind === 'throttled' && (trouble.retryAt ?? Infinity) - now > shortMs;
}
