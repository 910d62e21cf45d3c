import vscode = require('vscode');
import type { KickoffInfo } from '#api';
import { commandId } from '#contributions';
import { deploymentAt, deploymentByUrlOrLabel } from '#core/history/kickoffList';
import type { Deployment } from '#core/kickoff/deployment';
import { canonicalUrl, proposedLabel } from '#core/kickoff/deploymentUrl';
import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import { kickoffId, type KickoffId } from '#core/kickoff/kickoffId';
import { defined } from '#core/lib/defined';
import { CanceledError, HistoryFailure, UserFacingError } from '#core/lib/errors';
import { maxPasteLength, runFromExtension, type PastedRun } from '#core/paste/paste';
import { tokenFor } from '#core/paste/pastedTokens';
import { inputLabelOf, type StartAttempt } from '#core/starts/attempt';
import { clean, defuse } from '#present/cleanText';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';
import { confirmUnencrypted, labelErrorText, urlErrorText } from '#vscode/prompts/deploymentPrompts';
import { askForToken, askForOptionalToken } from '#vscode/prompts/tokenPrompt';
import { lastStep, type TrackAnswers } from '#vscode/prompts/trackPrompts';
import { DeploymentNode, isNodeOrNull, StartNode } from '#present/outline/nodes';
import type { CommandParts } from './arguments';
import { showWithButtons, messageOf, type Handlers } from './guard';
import { answersFromLink, KickoffIdLink } from './links';
import { memberOf, textMemberOf } from './target';

/** Returns the commands that track runs and add deployments. */
export function trackCommands(parts: CommandParts) {
  const { board, targetFinder } = parts;
  return {
    track: async (target) => {
      const uri = memberOf(target, 'uri');
      if (target instanceof KickoffIdLink) return track(parts, { runs: [target.run] });
      if (uri instanceof vscode.Uri) return track(parts, await answersFromLink(uri, board));
      if (isNodeOrNull(target)) return track(parts, {});
      const knownAnswers = answersFrom(parts, target);
      return track(parts, knownAnswers, { isUser: !knownAnswers.runs, label: textMemberOf(target, 'label') });
    },
    trackHere: async (target) => {
      const deployment = await targetFinder.findDeployment(target, { command: 'trackHere' });
      const knownIds = new Set(board.kickoffsOf(deployment).map(({ id }) => id));
      const info = await track(parts, { deployment });
      // In the menu of an unconfirmed start, the user enters the ID of the run that this start led to.
      const attempt = target instanceof StartNode ? board.startOf(target.requestId) : undefined;
      const kickoff = board.kickoffsOf(deployment).find(({ id }) => id === info?.kickoffId);
      if (attempt && kickoff && !knownIds.has(kickoff.id)) adoptWhenFound(parts, attempt, kickoff);
      return info;
    },
    addDeployment: async (target) => {
      const title = t(commandWords.addDeploymentTitle);
      const knownAnswers = isNodeOrNull(target) ? {} : await deploymentAnswersFrom(parts, target);
      await addDeployment(parts, title, await parts.trackPrompts.askAll(title, { ...knownAnswers, isWithoutRun: true }));
    },
  } satisfies Partial<Handlers>;
}

/** The caller of Track Kickoff: a user who enters the run or follows a link, or an extension that passes the run, maybe with a label. */
interface Caller {
  readonly isUser: boolean;
  readonly label?: string | undefined;
}

/** Tracks the runs of one text or link. Asks only for missing answers. Returns the first run; undefined if only a deployment was added. */
async function track(parts: CommandParts, knownAnswers: TrackAnswers, caller: Caller = { isUser: true }): Promise<KickoffInfo | undefined> {
  const title = t(commandWords.trackTitle);
  const answers = await parts.trackPrompts.askAll(title, knownAnswers);
  if (answers.isWithoutRun) {
    await addDeployment(parts, title, answers);
    return undefined;
  }
  const { runs = [], paste } = answers;
  await ensureIdsAreNotTokens(parts, runs);
  const { url } = answers.deployment ?? answers;
  const isAtThisDeployment = (run: PastedRun): boolean => run === runs[0] || (run.url ? run.url === url : !paste?.isDeploymentUnclear);
  const otherRuns = runs.filter((run) => !isAtThisDeployment(run));
  const kickoff = await trackRuns(parts, answers, runs.filter(isAtThisDeployment), caller).catch((error: unknown) => {
    backUpOtherRuns(parts, error, otherRuns);
    throw error;
  });
  try {
    await trackOtherRuns(parts, otherRuns, answers);
  } finally {
    // Highlighting a row opens the side bar, which must not happen when a program tracks a run.
    if (caller.isUser) await parts.view.highlight(kickoff);
  }
  return parts.infoCache.get(parts.board.kickoff(kickoff) ?? kickoff);
}

/** Tracks the runs that aren't at the first run's deployment. Begins with known deployments, because these need no answer. */
async function trackOtherRuns(parts: CommandParts, otherRuns: readonly PastedRun[], { paste }: TrackAnswers): Promise<void> {
  const isDeploymentNew = ([run]: readonly PastedRun[]): boolean => !deploymentAt(parts.board, run?.url);
  // The user selects a deployment for each run without a URL.
  const groups = [...Map.groupBy(otherRuns, (run) => run.url ?? run).values()];
  const queue = groups.toSorted((one, other) => Number(isDeploymentNew(one)) - Number(isDeploymentNew(other)));
  for (let runs = queue.shift(); runs; runs = queue.shift()) {
    try {
      const answers = await parts.trackPrompts.askAll(t(commandWords.trackTitle), { runs, ...defined({ paste }) });
      // The user may have entered another token meanwhile.
      await ensureIdsAreNotTokens(parts, runs);
      await trackRuns(parts, answers, runs, { isUser: true });
    } catch (error) {
      if (error instanceof CanceledError) throw new UserFacingError(t(commandWords.runsNotTracked, [runs, ...queue].flat().length));
      backUpOtherRuns(parts, error, queue.flat());
      throw error;
    }
  }
}

/** Saves the IDs of runs in the ID backup if the history couldn't store an earlier run of the same text. */
function backUpOtherRuns(parts: CommandParts, error: unknown, runs: readonly PastedRun[]): void {
  if (!(error instanceof UserFacingError)) return;
  for (const [url, runsAtUrl] of Map.groupBy(runs, (run) => run.url)) {
    backUpIds(parts, error.cause, defined({ deployment: deploymentAt(parts.board, url), url }), idsOf(runsAtUrl));
  }
}

/** Replaces a start with its run when AMP has found the run. Waits until then, because the user may have entered a wrong ID. */
function adoptWhenFound({ board, starter, showFailure }: CommandParts, attempt: StartAttempt, ref: KickoffRef): void {
  /** Returns false to wait longer, because AMP hasn't found the run yet. */
  const adoptIfFound = (): boolean => {
    const kickoff = board.kickoff(ref);
    if (kickoff && (kickoff.checkedAt === undefined || kickoff.phase.kind === 'missing')) return false;
    if (kickoff && board.startOf(attempt.requestId)) starter.confirm(attempt, ref.id).catch(showFailure);
    return true;
  };
  // The board may already contain the run's first response.
  if (adoptIfFound()) return;
  const subscription = board.onDidChange(() => {
    if (adoptIfFound()) subscription.dispose();
  });
}

/** Tracks runs of one deployment. Then asks for a new deployment's token, or to confirm a pasted token. Returns the first run. */
async function trackRuns(parts: CommandParts, answers: TrackAnswers, runs: readonly PastedRun[], caller: Caller): Promise<Kickoff> {
  const { deployment, wasTracked, kickoff } = await storeRuns(parts, answers, runs, caller).catch((error: unknown) => {
    if (!backUpIds(parts, error, answers, idsOf(runs))) throw error;
    const text = runs.length === 1 ? commandWords.idSavedSeparately : commandWords.idsSavedSeparately;
    throw new UserFacingError(t(text, messageOf(error)), { cause: error });
  });
  if (wasTracked && caller.isUser) vscode.window.setStatusBarMessage(t(commandWords.alreadyTracked), 5_000);
  const { paste } = answers;
  const pastedToken = paste && tokenFor(deployment.url, paste.tokens);
  const shouldAskForToken = !answers.deployment || (pastedToken !== undefined && (await parts.tokens.get(deployment.url)) === undefined);
  const step = { ...lastStep(t(commandWords.trackTitle), answers), staysOpen: caller.isUser };
  if (shouldAskForToken) await askForOptionalToken(deployment, step, { ...parts, pastedToken });
  return kickoff;
}

async function storeRuns(parts: CommandParts, answers: TrackAnswers, runs: readonly PastedRun[], { label = '' }: Caller) {
  const inputs = parts.settings.current.keepInputs ? runs[0]?.inputs : undefined;
  const runData = defined({ label: clean(label) || undefined, inputLabel: inputs && inputLabelOf(inputs), inputs });
  const deployment = await storeDeployment(parts, answers);
  const refs = runs.map(({ id }) => ({ deployment: deployment.key, id }));
  const [wasTracked] = refs.map((ref) => parts.board.kickoff(ref) !== undefined);
  const [kickoff] = await parts.tracker.trackAll(refs, runData);
  if (!kickoff) throw new UserFacingError(t(commandWords.kickoffIdWrong));
  return { deployment, wasTracked, kickoff };
}

async function ensureIdsAreNotTokens({ board, tokens }: CommandParts, runs: readonly PastedRun[]): Promise<void> {
  const urls = board.deployments.map(({ url }) => url);
  if (await tokens.isTokenIn(idsOf(runs), urls)) throw new UserFacingError(t(commandWords.idIsToken));
}

function idsOf(runs: readonly PastedRun[]): readonly KickoffId[] {
  return runs.map(({ id }) => id);
}

/** Saves IDs in the ID backup if the history can't store them, unless a newer version wrote the history. Returns false if it saves none. */
export function backUpIds({ historyLoader }: CommandParts, error: unknown, answers: TrackAnswers, ids: readonly KickoffId[]): boolean {
  const { url, label } = answers.deployment ?? answers;
  if (!(error instanceof HistoryFailure) || error.kind === 'newer' || !url) return false;
  historyLoader.addPending({ url, label: label ?? proposedLabel(url), ids });
  return true;
}

/** Stores a deployment, and asks for its token. If the deployment is known, only asks for a new token. */
async function addDeployment(parts: CommandParts, title: string, answers: TrackAnswers): Promise<void> {
  const deployment = await storeDeployment(parts, answers);
  if (answers.deployment) void vscode.window.showInformationMessage(t(commandWords.deploymentKnown, defuse(deployment.label)));
  await askForOptionalToken(deployment, lastStep(title, answers), parts);
  if (answers.deployment) return;
  void showWithButtons(parts, t(commandWords.deploymentAdded, defuse(deployment.label)), {
    [t(commandWords.startTitle)]: () => vscode.commands.executeCommand(commandId('start'), new DeploymentNode(deployment.key)),
    [t(commandWords.trackTitle)]: () => vscode.commands.executeCommand(commandId('trackHere'), deployment.url),
  });
}

/** Asks for a deployment and its token, and stores both. Throws `CanceledError` on Escape. Escape in the token box keeps the deployment. */
export async function askForNewDeployment(parts: CommandParts): Promise<Deployment> {
  const title = t(commandWords.addDeploymentTitle);
  const answers = await parts.trackPrompts.askAll(title, { isWithoutRun: true });
  const deployment = await storeDeployment(parts, answers);
  await askForToken(deployment, lastStep(title, answers), parts);
  return deployment;
}

/** Returns the deployment of the answers. Stores a new deployment, or adds the page to a known one that has none. */
export async function storeDeployment({ board, tracker }: CommandParts, answers: TrackAnswers): Promise<Deployment> {
  const { deployment, url, label, page } = answers;
  if (deployment) {
    // Another window may have removed the deployment while a box was open.
    if (!board.deployment(deployment.key)) throw new UserFacingError(t(commandWords.unknownDeployment));
    if (page !== undefined && deployment.page === undefined) await tracker.changeDeployment(deployment, { page });
    return deployment;
  }
  if (!url || label === undefined) throw new CanceledError();
  return tracker.addDeployment(url, label, page);
}

function answersFrom({ board }: CommandParts, target: unknown): TrackAnswers {
  const urlOrLabel = memberOf(target, 'deployment');
  const deployment = typeof urlOrLabel === 'string' ? deploymentByUrlOrLabel(board, urlOrLabel) : undefined;
  if (urlOrLabel !== undefined && !deployment) throw new UserFacingError(t(commandWords.unknownDeployment));

  const run = runFrom(target);
  return defined({ runs: run && [run], deployment: deployment ?? deploymentAt(board, run?.url) });
}

function runFrom(target: unknown): PastedRun | undefined {
  const idText = memberOf(target, 'kickoffId');
  const text = memberOf(target, 'text');
  if (idText === undefined && text === undefined) return undefined;

  if (typeof text === 'string' && text.length > maxPasteLength) throw new UserFacingError(t(commandWords.pasteTooLong, maxPasteLength));
  const id = typeof idText === 'string' ? kickoffId(idText) : undefined;
  const run = id ? { id } : typeof text === 'string' ? runFromExtension(text) : undefined;
  if (!run) throw new UserFacingError(t(commandWords.kickoffIdWrong));
  return run;
}

async function deploymentAnswersFrom({ board }: CommandParts, target: unknown): Promise<TrackAnswers> {
  const urlText = textMemberOf(target, 'url');
  const label = textMemberOf(target, 'label');
  const url = urlText === undefined ? undefined : canonicalUrl(urlText);
  const urlProblem = urlText === undefined ? undefined : urlErrorText(urlText);
  if (urlProblem !== undefined) throw new UserFacingError(urlProblem);
  if (url && !(await confirmUnencrypted(url))) throw new CanceledError();
  const labelProblem = label === undefined ? undefined : labelErrorText(label, board);
  if (labelProblem !== undefined) throw new UserFacingError(labelProblem);
  return defined({ deployment: deploymentAt(board, url), url, label: label && clean(label) });
}
