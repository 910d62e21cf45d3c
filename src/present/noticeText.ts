import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import { words, type Translate } from '#present/words/words';
import { plain } from './cleanText';
import { firstNames, interruptedText, nameOf } from './names';
import { reasonLine } from './rows/reasonLine';
import { elapsed } from './times';

const longestName = 60;
const longestReason = 120;
const mostNames = 3;

/** Breaks links and icons in names and reasons, which VS Code would parse in notifications. */
export function noticeText(kickoff: Kickoff, deployment: Deployment, t: Translate): string {
  const names = [plain(deployment.label, longestName), plain(nameOf(kickoff, longestName), longestName)];
  const { phase } = kickoff;
  if (phase.kind === 'waiting') return t(words.noticeWaiting, ...names);
  if (phase.kind === 'missing') return t(words.noticeLost, ...names);

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

/** Returns the text for several runs, which all finished or all wait. Names the deployments and the runs, first those that didn't succeed. */
export function sharedNoticeText(kickoffs: readonly Kickoff[], deployments: readonly Deployment[], t: Translate): string {
  const labels = deployments.map(({ label }) => label);
  const where = firstNames(labels, mostNames, t);
  const runs = (some: readonly Kickoff[]): readonly string[] => {
    const names = some.map((one) => nameOf(one));
    return firstNames(names, mostNames, t);
  };
  if (kickoffs.every(({ phase }) => phase.kind === 'waiting')) return t(words.noticeWaitingMany, where, kickoffs.length, runs(kickoffs));
  if (kickoffs.every(({ phase }) => phase.kind === 'missing')) return t(words.noticeLostMany, where, kickoffs.length, runs(kickoffs));

  const succeeded = kickoffs.filter(({ phase }) => phase.kind === 'succeeded');
  if (succeeded.length === kickoffs.length) return t(words.endedManyWell, where, kickoffs.length, runs(succeeded));
  const others = kickoffs.filter((one) => !succeeded.includes(one));
  const pattern = succeeded.length === 0 ? words.endedMany : words.endedManyMixed;
  return t(pattern, where, kickoffs.length, others.length, runs(others), runs(succeeded));
}
