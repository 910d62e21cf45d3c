import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import { words, type Translate } from '#present/words/words';
import { plain } from './cleanText';
import { interruptedText, nameOf } from './names';
import { reasonLine } from './rows/reasonLine';
import { elapsed } from './times';

const longestName = 60;
const longestReason = 120;

/** The texts by their known parts: the task, the time, and the reason. */
const stopped = {
  '': words.noticeStopped,
  After: words.noticeStoppedAfter,
  In: words.noticeStoppedIn,
  InAfter: words.noticeStoppedInAfter,
} as const;
const failed = {
  '': words.noticeFailed,
  After: words.noticeFailedAfter,
  In: words.noticeFailedIn,
  InAfter: words.noticeFailedInAfter,
  Because: words.noticeFailedBecause,
  AfterBecause: words.noticeFailedAfterBecause,
  InBecause: words.noticeFailedInBecause,
  InAfterBecause: words.noticeFailedInAfterBecause,
} as const;

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
  if (phase.kind !== 'failed') return t(stopped[`${where}${when}`], ...values);
  return t(failed[`${where}${when}${reason === '' ? '' : 'Because'}`], ...values);
}
