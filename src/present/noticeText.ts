import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import { words, type Translate } from '#present/words/words';
import { defuse } from './cleanText';
import { firstUniqueNames, interruptedTaskText, nameOf } from './names';
import { reasonLine } from './rows/reasonLine';
import { runDurationText } from './times';

const maxNameLength = 60;
const maxNames = 3;

/** Returns the notification for a run that finished, waits for human input, or is no longer found. */
export function noticeText(kickoff: Kickoff, deployment: Deployment, t: Translate): string {
  const names = [defuse(deployment.label, maxNameLength), defuse(nameOf(kickoff, maxNameLength), maxNameLength)];
  const { phase } = kickoff;
  if (phase.kind === 'waiting') return t(words.noticeWaiting, ...names);
  if (phase.kind === 'missing') return t(words.noticeLost, ...names);

  const duration = runDurationText(kickoff, 0, t) ?? '';
  if (phase.kind === 'succeeded') return t(duration === '' ? words.noticeSucceeded : words.noticeSucceededIn, ...names, duration);

  const task = defuse(interruptedTaskText(kickoff, t) ?? '', maxNameLength);
  const reason = phase.kind === 'failed' ? defuse(reasonLine(phase.reason ?? '')) : '';
  const values = [...names, task, duration, reason].filter((part) => part !== '');
  const taskSuffix = task === '' ? '' : 'In';
  const durationSuffix = duration === '' ? '' : 'After';
  if (phase.kind !== 'failed') return t(words[`noticeStopped${taskSuffix}${durationSuffix}`], ...values);
  return t(words[`noticeFailed${taskSuffix}${durationSuffix}${reason === '' ? '' : 'Because'}`], ...values);
}

/** Returns the notification for several runs, with the names of deployments and runs. Runs that didn't succeed come first. */
export function sharedNoticeText(kickoffs: readonly Kickoff[], deployments: readonly Deployment[], t: Translate): string {
  const shortList = (names: readonly string[]) => firstUniqueNames(names, maxNames, t);
  const deploymentNames = shortList(deployments.map(({ label }) => label));
  const runNames = (runs: readonly Kickoff[]) => shortList(runs.map((one) => nameOf(one)));
  if (kickoffs.every(({ phase }) => phase.kind === 'waiting'))
    return t(words.noticeWaitingMany, deploymentNames, kickoffs.length, runNames(kickoffs));
  if (kickoffs.every(({ phase }) => phase.kind === 'missing'))
    return t(words.noticeLostMany, deploymentNames, kickoffs.length, runNames(kickoffs));

  const succeededRuns = kickoffs.filter(({ phase }) => phase.kind === 'succeeded');
  if (succeededRuns.length === kickoffs.length) return t(words.endedManyWell, deploymentNames, kickoffs.length, runNames(succeededRuns));
  const otherRuns = kickoffs.filter((one) => !succeededRuns.includes(one));
  const template = succeededRuns.length === 0 ? words.endedMany : words.endedManyMixed;
  return t(template, deploymentNames, kickoffs.length, otherRuns.length, runNames(otherRuns), runNames(succeededRuns));
}
