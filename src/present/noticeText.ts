import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import { words, type Translate } from '#present/words/words';
import { plain } from './cleanText';
import { firstNames, interruptedTaskText, nameOf } from './names';
import { reasonLine } from './rows/reasonLine';
import { elapsedText } from './times';

const longestName = 60;
const maxNames = 3;

/** Returns the notification for a run that finished or may wait. Breaks links and icons in names and reasons, which VS Code would parse. */
export function noticeText(kickoff: Kickoff, deployment: Deployment, t: Translate): string {
  const names = [plain(deployment.label, longestName), plain(nameOf(kickoff, longestName), longestName)];
  const { phase } = kickoff;
  if (phase.kind === 'waiting') return t(words.noticeWaiting, ...names);
  if (phase.kind === 'missing') return t(words.noticeLost, ...names);

  const time = elapsedText(kickoff, 0, t);
  if (phase.kind === 'succeeded') return t(time === undefined ? words.noticeSucceeded : words.noticeSucceededIn, ...names, time ?? '');

  const task = plain(interruptedTaskText(kickoff, t) ?? '', longestName);
  const reason = phase.kind === 'failed' ? plain(reasonLine(phase.reason ?? '')) : '';
  const values = [...names, task, time ?? '', reason].filter((part) => part !== '');
  const inTask = task === '' ? '' : 'In';
  const afterTime = time === undefined ? '' : 'After';
  if (phase.kind !== 'failed') return t(words[`noticeStopped${inTask}${afterTime}`], ...values);
  return t(words[`noticeFailed${inTask}${afterTime}${reason === '' ? '' : 'Because'}`], ...values);
}

/** Returns the notification for several runs, with the names of deployments and runs. Runs that didn't succeed come first. */
export function sharedNoticeText(kickoffs: readonly Kickoff[], deployments: readonly Deployment[], t: Translate): string {
  const listOf = (names: readonly string[]) => firstNames(names, maxNames, t);
  const deploymentNames = listOf(deployments.map(({ label }) => label));
  const runNames = (runs: readonly Kickoff[]) => listOf(runs.map((one) => nameOf(one)));
  if (kickoffs.every(({ phase }) => phase.kind === 'waiting'))
    return t(words.noticeWaitingMany, deploymentNames, kickoffs.length, runNames(kickoffs));
  if (kickoffs.every(({ phase }) => phase.kind === 'missing'))
    return t(words.noticeLostMany, deploymentNames, kickoffs.length, runNames(kickoffs));

  const succeeded = kickoffs.filter(({ phase }) => phase.kind === 'succeeded');
  if (succeeded.length === kickoffs.length) return t(words.endedManyWell, deploymentNames, kickoffs.length, runNames(succeeded));
  const others = kickoffs.filter((one) => !succeeded.includes(one));
  const pattern = succeeded.length === 0 ? words.endedMany : words.endedManyMixed;
  return t(pattern, deploymentNames, kickoffs.length, others.length, runNames(others), runNames(succeeded));
}
