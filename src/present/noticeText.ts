import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import { words, type Translate } from '#present/words/words';
import { plain } from './cleanText';
import { interruptedText, nameOf } from './names';
import { reasonLine } from './rows/reasonLine';
import { elapsed } from './times';

const longestName = 60;
const longestReason = 120;

/** Breaks links and icons in names and reasons, which VS Code would parse in notifications. */
export function noticeText(kickoff: Kickoff, deployment: Deployment, t: Translate): string {
  const names = [plain(deployment.label, longestName), plain(nameOf(kickoff), longestName)];
  const { phase } = kickoff;
  if (phase.kind === 'waiting') return t(words.noticeWaiting, ...names);

  const time = elapsed(kickoff, 0, t);
  if (phase.kind === 'succeeded') return t(time === undefined ? words.noticeSucceeded : words.noticeSucceededIn, ...names, time ?? '');

  const task = plain(interruptedText(kickoff, t) ?? '', longestName);
  const reason = phase.kind === 'failed' ? plain(reasonLine(phase.reason ?? ''), longestReason) : '';
  const values = [...names, task, time ?? '', reason].filter((part) => part !== '');
  const where = task === '' ? '' : 'In';
  const when = time === undefined ? '' : 'After';
  if (phase.kind !== 'failed') return t(words[`noticeStopped${where}${when}`], ...values);
  return t(words[`noticeFailed${where}${when}${reason === '' ? '' : 'Because'}`], ...values);
}
