import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import { words, type Translate } from '#present/words/words';
import { clean, plain } from './cleanText';
import { nameOf } from './names';
import { elapsed } from './times';

const longestName = 60;
const longestReason = 120;

/**
 * Returns the text of the notification for a run that finished or waits for human input. VS Code parses links and icons in notifications,
 * so `plain` breaks links and icons in names and reasons.
 */
export function noticeText(kickoff: Kickoff, deployment: Deployment, t: Translate): string {
  const names = [plain(deployment.label, longestName), plain(nameOf(kickoff), longestName)];
  const { phase } = kickoff;
  if (phase.kind === 'waiting') return t(words.noticeWaiting, ...names);

  const time = elapsed(kickoff, 0, t);
  const timed = [...names, ...(time === undefined ? [] : [time])];
  if (phase.kind === 'succeeded') return t(time === undefined ? words.noticeSucceeded : words.noticeSucceededIn, ...timed);
  if (phase.kind !== 'failed') return t(time === undefined ? words.noticeStopped : words.noticeStoppedAfter, ...timed);

  const reason = plain(firstLine(phase.reason ?? ''), longestReason);
  if (reason === '') return t(time === undefined ? words.noticeFailed : words.noticeFailedAfter, ...timed);
  return t(time === undefined ? words.noticeFailedBecause : words.noticeFailedAfterBecause, ...timed, reason);
}

function firstLine(text: string): string {
  const lines = text.slice(0, 2_000).split(/[\r\n\v\f\u0085\u2028\u2029]/);
  return lines.find((line) => clean(line) !== '') ?? '';
}
