import vscode = require('vscode');
import type { KickoffInfo } from '#api';
import { commandId } from '#contributions';
import type { Deployment, DeploymentUrl } from '#core/kickoff/deployment';
import { canonicalUrl, proposedLabel } from '#core/kickoff/deploymentUrl';
import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import { kickoffId, type KickoffId } from '#core/kickoff/kickoffId';
import { defined } from '#core/lib/defined';
import { Canceled, HistoryFailure, UserFacingError } from '#core/lib/errors';
import { longestPaste, runFromProgram, type PastedRun } from '#core/paste/paste';
import { tokenFor } from '#core/paste/pastedTokens';
import { labelOf, type StartAttempt } from '#core/starts/attempt';
import { clean, plain } from '#present/cleanText';
import { nameOf } from '#present/names';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';
import { agreesToSendUnencrypted, urlIsWrong } from '#vscode/prompts/deploymentPrompts';
import type { PromptStep } from '#vscode/prompts/prompts';
import { askForToken, askForTokenUnlessCanceled } from '#vscode/prompts/tokenPrompt';
import type { TrackAnswers } from '#vscode/prompts/trackPrompts';
import { DeploymentNode, StartNode } from '#vscode/tree/nodes';
import type { CommandParts } from './commandParts';
import { sentenceOf } from './guard';
import { member, textMember } from './target';

/** Adds runs, deployments, and tokens, and moves runs between deployments. */
export class TrackCommands {
  constructor(private readonly parts: CommandParts) {}

  /** Tracks one run, or several runs from one text. Returns the first run, or `undefined` if the user only added a deployment. */
  async track(target: unknown): Promise<KickoffInfo | undefined> {
    const title = t(commandWords.trackTitle);
    const prefilled = this.#runFrom(target);
    const isUser = prefilled.captured === undefined;
    const answers = await this.parts.trackPrompts.askAll(title, prefilled, true);
    if (answers.isWithoutRun) {
      await this.#addDeployment(title, answers);
      return undefined;
    }
    const { kickoff, deployment } = await this.#trackRun(answers, textMember(target, 'label'), isUser);
    const { others = [], isDeploymentUnclear = false } = answers;
    const isHere = ({ url }: PastedRun): boolean => (url ? url === deployment.url : !isDeploymentUnclear);
    try {
      await this.#trackAll(deployment, others.filter(isHere));
      const elsewhere = others.filter((one) => !isHere(one));
      await this.#trackElsewhere(elsewhere, answers);
    } finally {
      // This opens the side bar, which must not happen when a program tracks a run.
      if (isUser) await this.parts.view.highlight(kickoff);
    }
    return this.#infoOf(kickoff);
  }

  /** Asks once for each deployment, and tracks the runs of known deployments first, because they need no answer. */
  async #trackElsewhere(runs: readonly PastedRun[], { tokens = [], isDeploymentUnclear = false }: TrackAnswers): Promise<void> {
    const isNew = ([run]: readonly PastedRun[]): boolean => !this.parts.board.deployments.some(({ url }) => url === run?.url);
    // The user selects a deployment for each run without a URL.
    const groups = [...Map.groupBy(runs, (run) => run.url ?? run).values()];
    let left = runs.length;
    for (const [captured, ...others] of groups.toSorted((one, other) => Number(isNew(one)) - Number(isNew(other)))) {
      try {
        const known = { ...(captured && { captured }), tokens, isDeploymentUnclear };
        const answers = await this.parts.trackPrompts.askAll(t(commandWords.trackTitle), known, true);
        const { deployment } = await this.#trackRun(answers, undefined, true);
        await this.#trackAll(deployment, others);
      } catch (error) {
        throw error instanceof Canceled ? new UserFacingError(t(commandWords.runsNotTracked, left)) : error;
      }
      left -= 1 + others.length;
    }
  }

  /** Tracks a run in the deployment of a row. In the row of a start that AMP didn't confirm, the user says that the start led to the run. */
  async trackHere(target: unknown): Promise<KickoffInfo | undefined> {
    const { board, find } = this.parts;
    const deployment = await find.deployment(target, { command: 'trackHere' });
    const known = new Set(board.kickoffsOf(deployment).map(({ id }) => id));
    const info = await this.track({ deployment: deployment.url });
    const attempt = target instanceof StartNode ? board.startOf(target.requestId) : undefined;
    const kickoff = board.kickoffsOf(deployment).find(({ id }) => id === info?.kickoffId);
    if (attempt && kickoff && !known.has(kickoff.id)) this.#adoptWhenFound(attempt, kickoff);
    return info;
  }

  /** Replaces a start by its run when AMP has found the run, because the user may have pasted a wrong ID. */
  #adoptWhenFound(attempt: StartAttempt, ref: KickoffRef): void {
    const { board, starter, showFailure } = this.parts;
    /** Returns false while AMP hasn't found the run. */
    const adoptIfFound = (): boolean => {
      const kickoff = board.kickoff(ref);
      if (kickoff && (kickoff.checkedAt === undefined || kickoff.phase.kind === 'missing')) return false;
      if (kickoff && board.startOf(attempt.requestId)) starter.adopt(attempt, ref.id).catch(showFailure);
      return true;
    };
    // The first response may already be there.
    if (adoptIfFound()) return;
    const listening = board.onDidChange(() => {
      if (adoptIfFound()) listening.dispose();
    });
  }

  /** Tracks a run that the user clicked in a terminal or opened with a link. Asks only for missing answers. */
  async trackAgreed(agreed: TrackAnswers): Promise<KickoffInfo> {
    const answers = await this.parts.trackPrompts.askAll(t(commandWords.trackTitle), agreed, true);
    const { kickoff } = await this.#trackRun(answers, undefined, true);
    await this.parts.view.highlight(kickoff);
    return this.#infoOf(kickoff);
  }

  #infoOf(kickoff: Kickoff): KickoffInfo {
    return this.parts.infos.of(this.parts.board.kickoff(kickoff) ?? kickoff);
  }

  /** Asks for another deployment, moves the run there with its label, and highlights the run. Asks for the token of a new deployment. */
  async move(kickoff: Kickoff): Promise<void> {
    const title = t(commandWords.moveTitle);
    const from = kickoff.deployment;
    const answers = await this.parts.trackPrompts.askAll(title, { captured: { id: kickoff.id }, movesFrom: from }, true);
    const deployment = await this.#deployment(answers);
    if (deployment.key === from) {
      await this.parts.view.highlight(kickoff);
      return;
    }
    const isKnown = this.parts.board.kickoff({ deployment: deployment.key, id: kickoff.id }) !== undefined;
    const moved = await this.parts.tracker.move(kickoff, deployment.key);
    this.parts.runRemover.notify(t(commandWords.runMoved, plain(nameOf(moved)), plain(deployment.label)), async () => {
      if (isKnown) await this.parts.runRemover.undo([kickoff]);
      else if (this.parts.board.kickoff(moved)) await this.parts.view.highlight(await this.parts.tracker.move(moved, from));
      // The run was moved again, or removed.
      else vscode.window.setStatusBarMessage(t(commandWords.nothingToUndo), 3_000);
    });
    if (!answers.deployment) await askForTokenUnlessCanceled(deployment, lastPlace(title, answers), this.parts);
    await this.parts.view.highlight(moved);
  }

  /** Stores a run before sending any request, and before asking for a token. */
  async #trackRun(answers: TrackAnswers, label: string | undefined, isUser: boolean) {
    const { captured: run, tokens = [] } = answers;
    if (!run) throw new UserFacingError(t(commandWords.kickoffIdWrong));
    await this.#rejectTokens([run.id]);
    const { deployment, isKnown, kickoff } = await this.#store(answers, run, clean(label ?? '') || undefined);
    if (isKnown && isUser) vscode.window.setStatusBarMessage(t(commandWords.alreadyTracked), 5_000);
    const token = tokens.length > 0 ? tokenFor(deployment.url, tokens) : undefined;
    const wantsToken = !answers.deployment || (token !== undefined && (await this.parts.tokens.get(deployment.url)) === undefined);
    const place = { ...lastPlace(t(commandWords.trackTitle), answers), staysOpen: isUser };
    if (wantsToken) await askForTokenUnlessCanceled(deployment, place, { ...this.parts, found: token });
    return { kickoff, deployment };
  }

  async #store(answers: TrackAnswers, { id, inputs: pasted }: PastedRun, label: string | undefined) {
    const inputs = this.parts.settings.current.keepInputs ? pasted : undefined;
    const inputLabel = inputs && labelOf(inputs);
    try {
      const deployment = await this.#deployment(answers);
      const ref = { deployment: deployment.key, id };
      const isKnown = this.parts.board.kickoff(ref) !== undefined;
      return { deployment, isKnown, kickoff: await this.parts.tracker.track(ref, defined({ label, inputLabel, inputs })) };
    } catch (error) {
      throw this.addPending(error, answers, [id]);
    }
  }

  /** Stores many runs together, because each write takes milliseconds and redraws the list. */
  async #trackAll(deployment: Deployment, runs: readonly PastedRun[]): Promise<void> {
    if (runs.length === 0) return;
    const ids = runs.map(({ id }) => id);
    await this.#rejectTokens(ids);
    try {
      await this.parts.tracker.trackAll(ids.map((id) => ({ deployment: deployment.key, id })));
    } catch (error) {
      throw this.addPending(error, { deployment }, ids);
    }
  }

  async #rejectTokens(ids: readonly KickoffId[]): Promise<void> {
    const urls = this.parts.board.deployments.map(({ url }) => url);
    if (await this.parts.tokens.includesToken(ids, urls)) throw new UserFacingError(t(commandWords.idIsToken));
  }

  /** Saves IDs in the ID backup if the history can't store them, unless a newer version of the extension wrote the history. Returns the error to throw. */
  addPending(error: unknown, { deployment, url, label }: TrackAnswers, ids: readonly KickoffId[]): unknown {
    const address = deployment?.url ?? url;
    if (!(error instanceof HistoryFailure) || error.kind === 'newer' || !address) return error;
    this.parts.historyLoader.addPending({ url: address, label: deployment?.label ?? label ?? proposedLabel(address), ids });
    return new UserFacingError(t(commandWords.idSavedSeparately, sentenceOf(error)), { cause: error });
  }

  /** Adds a deployment, and asks for its token. If the deployment is known, only asks for a new token. */
  async addDeployment(target: unknown): Promise<void> {
    const title = t(commandWords.addDeploymentTitle);
    const answers = await this.parts.trackPrompts.askAll(title, await this.#deploymentFrom(target), false);
    await this.#addDeployment(title, answers);
  }

  async #addDeployment(title: string, answers: TrackAnswers): Promise<void> {
    const deployment = await this.#deployment(answers);
    if (answers.deployment) void vscode.window.showInformationMessage(t(commandWords.deploymentKnown, plain(deployment.label)));
    await askForTokenUnlessCanceled(deployment, lastPlace(title, answers), this.parts);
    if (answers.deployment) return;
    this.parts.runRemover.offer(t(commandWords.deploymentAdded, plain(deployment.label)), {
      [t(commandWords.startTitle)]: () => vscode.commands.executeCommand(commandId('start'), new DeploymentNode(deployment.key)),
      [t(commandWords.trackTitle)]: () => vscode.commands.executeCommand(commandId('trackHere'), deployment.url),
    });
  }

  /** Asks for a new deployment and its token. Throws `Canceled` on Escape, but keeps the deployment after Escape in the token box. */
  async newDeployment(title: string): Promise<Deployment> {
    const answers = await this.parts.trackPrompts.askAll(title, {}, false);
    const deployment = await this.#deployment(answers);
    await askForToken(deployment, lastPlace(title, answers), this.parts);
    return deployment;
  }

  async setToken(deployment: Deployment): Promise<void> {
    await askForToken(deployment, { title: t(commandWords.setTokenTitle) }, this.parts);
  }

  async #deployment({ deployment, url, label, page }: TrackAnswers): Promise<Deployment> {
    if (deployment) {
      // Another window may have removed it while a box was open.
      if (!this.parts.board.deployment(deployment.key)) throw new UserFacingError(t(commandWords.unknownDeployment));
      if (page !== undefined && deployment.page === undefined) await this.parts.tracker.changeDeployment(deployment, { page });
      return deployment;
    }
    if (!url || label === undefined) throw new Canceled();
    return this.parts.tracker.addDeployment(url, label, page);
  }

  #runFrom(target: unknown): TrackAnswers {
    const named = member(target, 'deployment');
    const deployment = named === undefined ? undefined : this.parts.find.namedDeployment(named);
    if (named !== undefined && !deployment) throw new UserFacingError(t(commandWords.unknownDeployment));

    const run = idFrom(target);
    const known = deployment ?? (run?.url && this.parts.board.deployments.find(({ url }) => url === run.url));
    return { ...(run && { captured: run }), ...(known && { deployment: known }) };
  }

  async #deploymentFrom(target: unknown): Promise<TrackAnswers> {
    const typed = textMember(target, 'url');
    const label = textMember(target, 'label');
    const url = typed === undefined ? undefined : await urlFrom(typed);
    if (label !== undefined) this.parts.trackPrompts.checkLabel(label);
    const known = url && this.parts.board.deployments.find((one) => one.url === url);
    return { ...(known && { deployment: known }), ...(url && { url }), ...(label !== undefined && { label: clean(label) }) };
  }
}

function idFrom(target: unknown): PastedRun | undefined {
  const exact = member(target, 'kickoffId');
  const pasted = member(target, 'text');
  if (exact === undefined && pasted === undefined) return undefined;

  if (typeof pasted === 'string' && pasted.length > longestPaste) throw new UserFacingError(t(commandWords.pasteTooLong, longestPaste));
  const id = typeof exact === 'string' ? kickoffId(exact) : undefined;
  const run = id ? { id } : typeof pasted === 'string' ? runFromProgram(pasted) : undefined;
  if (!run) throw new UserFacingError(t(commandWords.kickoffIdWrong));
  return run;
}

async function urlFrom(typed: string): Promise<DeploymentUrl> {
  const wrong = urlIsWrong(typed);
  const url = canonicalUrl(typed);
  if (wrong !== undefined || !url) throw new UserFacingError(wrong ?? t(commandWords.urlWrong));
  if (!(await agreesToSendUnencrypted(url))) throw new Canceled();
  return url;
}

/** A single box has no step number. */
function lastPlace(title: string, { steps = 0 }: TrackAnswers): PromptStep {
  return steps === 0 ? { title } : { title, step: steps + 1, totalSteps: steps + 1 };
}
