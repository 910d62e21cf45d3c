import vscode = require('vscode');
import type { Deployment } from '#core/kickoff/deployment';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import { needsToken } from '#core/kickoff/trouble';
import { Canceled, UnloggedError, UserFacingError } from '#core/lib/errors';
import { plain } from '#present/cleanText';
import { nameOf } from '#present/names';
import { inputLines } from '#present/details';
import { troubleText } from '#present/troubleText';
import { commandWords } from '#present/words/commandWords';
import { words } from '#present/words/words';
import { t } from '#vscode/l10n';
import { pauseAfterPress } from '#vscode/prompts/prompts';
import { DeploymentNode } from '#vscode/tree/nodes';
import type { CommandParts } from './commandParts';
import { ErrorWithButton } from './guard';

interface Failure {
  readonly message: string;
  readonly deployment: Deployment | undefined;
  readonly needsToken?: boolean;
}

/** Stops runs after a question. The runs' statuses show whether they stopped. */
export async function stopRuns(parts: CommandParts, target: unknown, selection: unknown): Promise<void> {
  const isActive = ({ phase }: Kickoff): boolean => !isSettled(phase);
  const found = await parts.find.kickoffs(target, selection, { command: 'stop', suits: isActive, none: commandWords.noneToStop });
  const kickoffs = found.filter(isActive);
  // The question is about these deployments. Another window may change their URLs meanwhile.
  const asked = kickoffs.map((kickoff) => [kickoff, parts.board.deployment(kickoff.deployment)] as const);
  await confirm(parts, kickoffs);
  const progress = { location: vscode.ProgressLocation.Window, title: t(commandWords.stoppingRuns) };
  const failures = (await vscode.window.withProgress(progress, () => stopAll(parts, asked))).filter((failure) => failure !== undefined);
  const [first] = failures;
  const told = [...new Set(failures.map(({ message }) => message))].join(' ');
  if (first?.deployment && new Set(failures.map(({ deployment }) => deployment)).size === 1) {
    const command = first.needsToken ? 'setToken' : 'openInBrowser';
    throw new ErrorWithButton(told, t(words[command]), command, new DeploymentNode(first.deployment.key));
  }
  if (first) throw new UnloggedError(told);
}

async function stopAll(
  parts: CommandParts,
  asked: readonly (readonly [Kickoff, Deployment | undefined])[],
): Promise<readonly (Failure | undefined)[]> {
  let turn = Promise.resolve();
  return Promise.all(
    asked.map(async ([kickoff, deployment]) => {
      // One after the other, so that a start doesn't have to wait for many of them.
      if (deployment) turn = turn.then(() => parts.poller.countRequest(deployment));
      await turn;
      const failed = await stop(parts, kickoff, deployment);
      return failed && { ...failed, deployment };
    }),
  );
}

/** The maximum number of runs that a question names. */
const mostNamed = 10;

async function confirm({ board, store, clock }: CommandParts, kickoffs: readonly Kickoff[]): Promise<void> {
  const [only, ...others] = kickoffs;
  if (!only) throw new UserFacingError(t(commandWords.noneToStop));
  const labels = [...new Set(kickoffs.map(({ deployment }) => plain(board.deployment(deployment)?.label ?? '')))];
  const isOne = others.length === 0;
  const question = isOne ? t(commandWords.stopQuestion, plain(nameOf(only))) : t(commandWords.stopManyQuestion, kickoffs.length);
  const goOn = t(isOne ? commandWords.stopGoOn : commandWords.stopManyGoOn);
  const detail = labels.length === 1 ? t(commandWords.stopDetail, labels[0] ?? '') : t(commandWords.stopManyDetail, labels);
  // Without a history that can be read, a run must still be stopped.
  const inputs = isOne ? await store.inputs(only).catch(() => undefined) : undefined;
  // Runs with the same first input have the same name.
  const named = isOne
    ? [t(words.reportId, only.id), ...inputLines(inputs ?? {}, t)]
    : kickoffs.slice(0, mostNamed).map((kickoff) => t(words.runAndFacts, plain(nameOf(kickoff)), kickoff.id));
  const more = isOne || kickoffs.length <= mostNamed ? [] : [t(words.moreRuns, kickoffs.length - mostNamed)];
  await pauseAfterPress(clock);
  const shown = { modal: true, detail: [detail, '', ...named, ...more].join('\n') };
  if ((await vscode.window.showWarningMessage(question, shown, goOn)) !== goOn) throw new Canceled();
}

/** Returns the failure if AMP didn't agree to stop the run. */
async function stop(
  { board, amp, poller, clock }: CommandParts,
  kickoff: Kickoff,
  deployment: Deployment | undefined,
): Promise<Omit<Failure, 'deployment'> | undefined> {
  // Many requests wait for each other, so the run may have finished meanwhile.
  if (!deployment || board.deployment(deployment.key)?.url !== deployment.url)
    return { message: t(commandWords.stopOutdated, plain(nameOf(kickoff))) };
  const now = board.kickoff(kickoff);
  if (!now || isSettled(now.phase)) return undefined;
  const result = await (await amp.control()).stop(deployment, kickoff.id);
  const [label, name] = [plain(deployment.label), plain(nameOf(kickoff))];
  if (result.kind === 'accepted') board.note(kickoff, t(commandWords.stopping));
  poller.pollNow([kickoff]);
  switch (result.kind) {
    case 'accepted':
    case 'finished':
      return undefined;
    case 'missing':
      return { message: t(commandWords.stopMissing, name, label) };
    case 'notOffered':
      return { message: t(commandWords.stopNotOffered, label) };
    case 'failed':
      return {
        message: t(commandWords.stopFailed, name, troubleText(result.trouble, clock.now(), t)),
        needsToken: needsToken(result.trouble.kind),
      };
  }
}
