import vscode = require('vscode');
import type { KickoffInfo } from '#api';
import { commandId } from '#contributions';
import { deploymentAt, namedDeployment } from '#core/history/kickoffList';
import type { Deployment } from '#core/kickoff/deployment';
import { canonicalUrl, proposedLabel } from '#core/kickoff/deploymentUrl';
import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import { kickoffId, type KickoffId } from '#core/kickoff/kickoffId';
import { defined } from '#core/lib/defined';
import { Canceled, HistoryFailure, UserFacingError } from '#core/lib/errors';
import { maxPasteLength, runFromProgram, type PastedRun } from '#core/paste/paste';
import { tokenFor } from '#core/paste/pastedTokens';
import { labelOf, type StartAttempt } from '#core/starts/attempt';
import { clean, defuse } from '#present/cleanText';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';
import { agreesToSendUnencrypted, labelError, urlError } from '#vscode/prompts/deploymentPrompts';
import { askForToken, askForOptionalToken } from '#vscode/prompts/tokenPrompt';
import { lastStep, type TrackAnswers } from '#vscode/prompts/trackPrompts';
import { DeploymentNode, isRowOrNull, StartNode } from '#present/outline/nodes';
import type { CommandParts } from './arguments';
import { showWithButtons, messageOf, type Handlers } from './guard';
import { answersFromLink, TerminalKickoff } from './links';
import { member, textMember } from './target';

/** Returns the commands that add runs and deployments. */
export function trackCommands(parts: CommandParts) {
  const { board, targets } = parts;
  return {
    track: async (target) => {
      const uri = member(target, 'uri');
      if (target instanceof TerminalKickoff) return track(parts, { runs: [target.run] });
      if (uri instanceof vscode.Uri) return track(parts, await answersFromLink(uri, board));
      if (isRowOrNull(target)) return track(parts, {});
      const known = answersFrom(parts, target);
      return track(parts, known, { isUser: !known.runs, label: textMember(target, 'label') });
    },
    trackHere: async (target) => {
      const deployment = await targets.findDeployment(target, { command: 'trackHere' });
      const known = new Set(board.kickoffsOf(deployment).map(({ id }) => id));
      const info = await track(parts, { deployment });
      // In the menu of an unconfirmed start, the user enters the ID of the run that this start led to.
      const attempt = target instanceof StartNode ? board.startOf(target.requestId) : undefined;
      const kickoff = board.kickoffsOf(deployment).find(({ id }) => id === info?.kickoffId);
      if (attempt && kickoff && !known.has(kickoff.id)) adoptWhenFound(parts, attempt, kickoff);
      return info;
    },
    addDeployment: async (target) => {
      const title = t(commandWords.addDeploymentTitle);
      const known = isRowOrNull(target) ? {} : await deploymentAnswersFrom(parts, target);
      await addDeployment(parts, title, await parts.trackPrompts.askAll(title, { ...known, isWithoutRun: true }));
    },
  } satisfies Partial<Handlers>;
}

/** Whether a user tracks the run, and the label that another extension passed for the run. */
interface Origin {
  readonly isUser: boolean;
  readonly label?: string | undefined;
}

/** Tracks the runs of one text. Asks only for missing answers. Returns the first run; undefined if the user only added a deployment. */
async function track(parts: CommandParts, known: TrackAnswers, origin: Origin = { isUser: true }): Promise<KickoffInfo | undefined> {
  const title = t(commandWords.trackTitle);
  const answers = await parts.trackPrompts.askAll(title, known);
  if (answers.isWithoutRun) {
    await addDeployment(parts, title, answers);
    return undefined;
  }
  const { runs = [], paste } = answers;
  await rejectTokens(parts, runs);
  const { url } = answers.deployment ?? answers;
  const isHere = (run: PastedRun): boolean => run === runs[0] || (run.url ? run.url === url : !paste?.isDeploymentUnclear);
  const elsewhere = runs.filter((run) => !isHere(run));
  const kickoff = await trackRuns(parts, answers, runs.filter(isHere), origin).catch((error: unknown) => {
    addPendingElsewhere(parts, error, elsewhere);
    throw error;
  });
  try {
    await trackElsewhere(parts, elsewhere, answers);
  } finally {
    // Highlighting a row opens the side bar, which must not happen when a program tracks a run.
    if (origin.isUser) await parts.view.highlight(kickoff);
  }
  return parts.infoCache.of(parts.board.kickoff(kickoff) ?? kickoff);
}

/** Asks once for each deployment, and tracks the runs of known deployments first, because they need no answer. */
async function trackElsewhere(parts: CommandParts, all: readonly PastedRun[], { paste }: TrackAnswers): Promise<void> {
  const isNew = ([run]: readonly PastedRun[]): boolean => !deploymentAt(parts.board, run?.url);
  // The user selects a deployment for each run without a URL.
  const groups = [...Map.groupBy(all, (run) => run.url ?? run).values()];
  const left = groups.toSorted((one, other) => Number(isNew(one)) - Number(isNew(other)));
  for (let runs = left.shift(); runs; runs = left.shift()) {
    try {
      const answers = await parts.trackPrompts.askAll(t(commandWords.trackTitle), { runs, ...defined({ paste }) });
      // The user may have entered another token meanwhile.
      await rejectTokens(parts, runs);
      await trackRuns(parts, answers, runs, { isUser: true });
    } catch (error) {
      if (error instanceof Canceled) throw new UserFacingError(t(commandWords.runsNotTracked, [runs, ...left].flat().length));
      addPendingElsewhere(parts, error, left.flat());
      throw error;
    }
  }
}

/** Saves the IDs of runs in the ID backup if the history couldn't store an earlier run of the same text. */
function addPendingElsewhere(parts: CommandParts, error: unknown, runs: readonly PastedRun[]): void {
  if (!(error instanceof UserFacingError)) return;
  for (const [url, all] of Map.groupBy(runs, (run) => run.url)) {
    addPending(parts, error.cause, defined({ deployment: deploymentAt(parts.board, url), url }), idsOf(all));
  }
}

/** Replaces a start by its run when AMP has found the run. Waits until then, because the user may have entered a wrong ID. */
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

/** Stores runs of one deployment before sending any request, and before asking for a token. Returns the first run. */
async function trackRuns(parts: CommandParts, answers: TrackAnswers, runs: readonly PastedRun[], origin: Origin): Promise<Kickoff> {
  const { deployment, isKnown, kickoff } = await storeRuns(parts, answers, runs, origin).catch((error: unknown) => {
    throw addPending(parts, error, answers, idsOf(runs));
  });
  if (isKnown && origin.isUser) vscode.window.setStatusBarMessage(t(commandWords.alreadyTracked), 5_000);
  const { paste } = answers;
  const found = paste && tokenFor(deployment.url, paste.tokens);
  const wantsToken = !answers.deployment || (found !== undefined && (await parts.tokens.get(deployment.url)) === undefined);
  const step = { ...lastStep(t(commandWords.trackTitle), answers), staysOpen: origin.isUser };
  if (wantsToken) await askForOptionalToken(deployment, step, { ...parts, found });
  return kickoff;
}

async function storeRuns(parts: CommandParts, answers: TrackAnswers, runs: readonly PastedRun[], { label = '' }: Origin) {
  const inputs = parts.settings.current.keepInputs ? runs[0]?.inputs : undefined;
  const data = defined({ label: clean(label) || undefined, inputLabel: inputs && labelOf(inputs), inputs });
  const deployment = await storedDeployment(parts, answers);
  const refs = runs.map(({ id }) => ({ deployment: deployment.key, id }));
  const [isKnown] = refs.map((ref) => parts.board.kickoff(ref) !== undefined);
  const [kickoff] = await parts.tracker.trackAll(refs, data);
  if (!kickoff) throw new UserFacingError(t(commandWords.kickoffIdWrong));
  return { deployment, isKnown, kickoff };
}

async function rejectTokens({ board, tokens }: CommandParts, runs: readonly PastedRun[]): Promise<void> {
  const urls = board.deployments.map(({ url }) => url);
  if (await tokens.includesToken(idsOf(runs), urls)) throw new UserFacingError(t(commandWords.idIsToken));
}

function idsOf(runs: readonly PastedRun[]): readonly KickoffId[] {
  return runs.map(({ id }) => id);
}

/** Saves IDs in the ID backup if the history can't store them, unless a newer version wrote the history. Returns the error to throw. */
export function addPending({ historyLoader }: CommandParts, error: unknown, answers: TrackAnswers, ids: readonly KickoffId[]): unknown {
  const { url, label } = answers.deployment ?? answers;
  if (!(error instanceof HistoryFailure) || error.kind === 'newer' || !url) return error;
  historyLoader.addPending({ url, label: label ?? proposedLabel(url), ids });
  const text = ids.length === 1 ? commandWords.idSavedSeparately : commandWords.idsSavedSeparately;
  return new UserFacingError(t(text, messageOf(error)), { cause: error });
}

/** Stores a deployment, and asks for its token. If the deployment is known, only asks for a new token. */
async function addDeployment(parts: CommandParts, title: string, answers: TrackAnswers): Promise<void> {
  const deployment = await storedDeployment(parts, answers);
  if (answers.deployment) void vscode.window.showInformationMessage(t(commandWords.deploymentKnown, defuse(deployment.label)));
  await askForOptionalToken(deployment, lastStep(title, answers), parts);
  if (answers.deployment) return;
  void showWithButtons(parts, t(commandWords.deploymentAdded, defuse(deployment.label)), {
    [t(commandWords.startTitle)]: () => vscode.commands.executeCommand(commandId('start'), new DeploymentNode(deployment.key)),
    [t(commandWords.trackTitle)]: () => vscode.commands.executeCommand(commandId('trackHere'), deployment.url),
  });
}

/** Asks for a new deployment and its token. Throws `Canceled` on Escape, but keeps the deployment after Escape in the token box. */
export async function newDeployment(parts: CommandParts): Promise<Deployment> {
  const title = t(commandWords.addDeploymentTitle);
  const answers = await parts.trackPrompts.askAll(title, { isWithoutRun: true });
  const deployment = await storedDeployment(parts, answers);
  await askForToken(deployment, lastStep(title, answers), parts);
  return deployment;
}

/** Returns the deployment of the answers. Stores it first if it is new. */
export async function storedDeployment({ board, tracker }: CommandParts, answers: TrackAnswers): Promise<Deployment> {
  const { deployment, url, label, page } = answers;
  if (deployment) {
    // Another window may have removed the deployment while a box was open.
    if (!board.deployment(deployment.key)) throw new UserFacingError(t(commandWords.unknownDeployment));
    if (page !== undefined && deployment.page === undefined) await tracker.changeDeployment(deployment, { page });
    return deployment;
  }
  if (!url || label === undefined) throw new Canceled();
  return tracker.addDeployment(url, label, page);
}

function answersFrom({ board }: CommandParts, target: unknown): TrackAnswers {
  const named = member(target, 'deployment');
  const deployment = typeof named === 'string' ? namedDeployment(board, named) : undefined;
  if (named !== undefined && !deployment) throw new UserFacingError(t(commandWords.unknownDeployment));

  const run = runFrom(target);
  return defined({ runs: run && [run], deployment: deployment ?? deploymentAt(board, run?.url) });
}

function runFrom(target: unknown): PastedRun | undefined {
  const exact = member(target, 'kickoffId');
  const pasted = member(target, 'text');
  if (exact === undefined && pasted === undefined) return undefined;

  if (typeof pasted === 'string' && pasted.length > maxPasteLength) throw new UserFacingError(t(commandWords.pasteTooLong, maxPasteLength));
  const id = typeof exact === 'string' ? kickoffId(exact) : undefined;
  const run = id ? { id } : typeof pasted === 'string' ? runFromProgram(pasted) : undefined;
  if (!run) throw new UserFacingError(t(commandWords.kickoffIdWrong));
  return run;
}

async function deploymentAnswersFrom({ board }: CommandParts, target: unknown): Promise<TrackAnswers> {
  const typed = textMember(target, 'url');
  const label = textMember(target, 'label');
  const url = typed === undefined ? undefined : canonicalUrl(typed);
  const wrongUrl = typed === undefined ? undefined : urlError(typed);
  if (wrongUrl !== undefined) throw new UserFacingError(wrongUrl);
  if (url && !(await agreesToSendUnencrypted(url))) throw new Canceled();
  const wrong = label === undefined ? undefined : labelError(label, board);
  if (wrong !== undefined) throw new UserFacingError(wrong);
  return defined({ deployment: deploymentAt(board, url), url, label: label && clean(label) });
}
