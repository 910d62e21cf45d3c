import vscode = require('vscode');
import type { Deployment } from '#core/kickoff/deployment';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import type { Trouble } from '#core/kickoff/trouble';
import { CanceledError, UnloggedError, UserFacingError } from '#core/lib/errors';
import type { StopResult } from '#core/starts/runStarter';
import { defuse } from '#present/cleanText';
import { inputLines } from '#present/details';
import { nameOf } from '#present/names';
import { troubleText } from '#present/troubleText';
import { commandWords } from '#present/words/commandWords';
import { words } from '#present/words/words';
import type { CommandParts } from '#vscode/commands/arguments';
import { requestError } from '#vscode/commands/guard';
import { t } from '#vscode/l10n';
import { confirm } from '#vscode/prompts/prompts';

/** A run, and its deployment at the time of the question. Another window may change or remove the deployment meanwhile. */
type RunToStop = readonly [kickoff: Kickoff, deployment: Deployment | undefined];

interface StopFailure {
  readonly message: string;
  readonly deployment: Deployment | undefined;
  readonly trouble?: Trouble;
}

/** Sends requests to stop runs, after a question. Later polls show whether the runs stopped. */
export async function stopRuns(parts: CommandParts, target: unknown, selection: unknown): Promise<void> {
  const { board, targetFinder } = parts;
  const isActive = ({ phase }: Kickoff): boolean => !isSettled(phase);
  const options = { command: 'stop', isTarget: isActive, message: commandWords.noneToStop } as const;
  const candidates = await targetFinder.findKickoffs(target, selection, options);
  const runs = candidates.filter(isActive).map((kickoff): RunToStop => [kickoff, board.deployment(kickoff.deployment)]);
  if (!(await confirmStop(parts, runs))) throw new CanceledError();
  const progressOptions = { location: vscode.ProgressLocation.Window, title: t(commandWords.stoppingRuns) };
  const failures = await vscode.window.withProgress(progressOptions, () => stopAll(parts, runs));
  const [firstFailure] = failures;
  if (!firstFailure) return;
  const message = [...new Set(failures.map((failure) => failure.message))].join(' ');
  const isOneDeployment = new Set(failures.map(({ deployment }) => deployment)).size === 1;
  if (!firstFailure.deployment || !isOneDeployment) throw new UnloggedError(message);
  throw requestError(message, firstFailure.deployment, firstFailure.trouble, 'openInBrowser');
}

async function stopAll(parts: CommandParts, runs: readonly RunToStop[]): Promise<readonly StopFailure[]> {
  let slotsAcquired: Promise<Trouble | undefined> = Promise.resolve(undefined);
  const failurePromises = runs.map(async (run) => {
    const [, deployment] = run;
    // Acquires one slot at a time, so that a start meanwhile doesn't wait behind all stops.
    if (deployment) slotsAcquired = slotsAcquired.then(() => parts.poller.acquireRequestSlot(deployment));
    return stop(parts, run, await slotsAcquired);
  });
  return (await Promise.all(failurePromises)).filter((failure) => failure !== undefined);
}

/** The maximum number of runs that a question names. */
const maxNamedRuns = 10;

/** Asks whether to stop runs. The question contains the ID and inputs of a single run, or the names and IDs of several. */
async function confirmStop({ store }: CommandParts, runs: readonly RunToStop[]): Promise<boolean> {
  const kickoffs = runs.map(([kickoff]) => kickoff);
  const [only, ...others] = kickoffs;
  if (!only) throw new UserFacingError(t(commandWords.noneToStop));
  const labels = [...new Set(runs.map(([, deployment]) => defuse(deployment?.label ?? '')))];
  const isSingle = others.length === 0;
  const question = isSingle ? t(commandWords.stopQuestion, defuse(nameOf(only))) : t(commandWords.stopManyQuestion, kickoffs.length);
  const detail = labels.length === 1 ? t(commandWords.stopDetail, labels[0] ?? '') : t(commandWords.stopManyDetail, labels);
  // The user can stop a run even if the history can't be read.
  const inputs = isSingle ? await store.inputs(only).catch(() => undefined) : undefined;
  // Contains IDs, because runs with the same first input have the same name.
  const runLines = isSingle
    ? [t(words.reportId, only.id), ...inputLines(inputs ?? {}, t)]
    : kickoffs.slice(0, maxNamedRuns).map((kickoff) => t(words.runAndFacts, defuse(nameOf(kickoff)), kickoff.id));
  const moreLines = kickoffs.length <= maxNamedRuns ? [] : [t(commandWords.stopManyMore, kickoffs.length - maxNamedRuns)];
  const button = t(isSingle ? commandWords.stopGoOn : commandWords.stopManyGoOn);
  return confirm(question, { detail: [detail, '', ...runLines, ...moreLines].join('\n'), button });
}

/** Sends a request to stop a run. Returns a failure, or `undefined` if AMP accepted the request, or the run finished or was removed. */
async function stop(
  { board, loadAmp, poller, clock }: CommandParts,
  [kickoff, deployment]: RunToStop,
  throttling: Trouble | undefined,
): Promise<StopFailure | undefined> {
  const name = defuse(nameOf(kickoff));
  // The request waited for others. Meanwhile, the deployment may have changed, or the run may have finished.
  if (!deployment || board.deployment(deployment.key)?.url !== deployment.url)
    return { message: t(commandWords.stopOutdated, name), deployment };
  const currentRun = board.kickoff(kickoff);
  if (!currentRun || isSettled(currentRun.phase)) return undefined;
  const result: StopResult = throttling ? { kind: 'failed', trouble: throttling } : await (await loadAmp()).stop(deployment, kickoff.id);
  if (!throttling) poller.recordRequest(deployment, result.kind === 'failed' ? result.trouble : undefined);
  const label = defuse(deployment.label);
  if (result.kind === 'accepted') board.showNote(kickoff, t(commandWords.stopping));
  poller.pollNow([kickoff]);
  switch (result.kind) {
    case 'accepted':
    case 'finished':
      return undefined;
    case 'missing':
      return { message: t(commandWords.stopMissing, name, label), deployment };
    case 'notOffered':
      return { message: t(commandWords.stopNotOffered, label), deployment };
    case 'failed': {
      const { trouble } = result;
      return { message: t(commandWords.stopFailed, name, troubleText(trouble, clock.now(), t)), deployment, trouble };
    }
  }
}
