import * as vscode from 'vscode';
import type { KickoffInfo } from '../api';
import { contextKeys } from '../contributions';
import type { Board } from '../core/board';
import type { Custody } from '../core/custody';
import { canonicalUrl, proposedLabel, type Deployment, type DeploymentUrl } from '../core/deployment';
import { Cancelled, HistoryFailure, UserFacingError } from '../core/errors';
import type { Kickoff } from '../core/kickoff';
import { kickoffId, type KickoffId } from '../core/kickoffId';
import type { PastedRun } from '../core/paste';
import type { Tracking } from '../core/tracking';
import { clean, plain } from '../present/clean';
import { nameOf } from '../present/naming';
import { words } from '../present/wordsAll';
import type { Arguments } from './arguments';
import { member, text } from './given';
import { infoOf } from './kickoffsApi';
import type { Place } from './prompts';
import type { Answers, Questions } from './questions';
import type { Removing } from './removing';
import type { SecretTokens } from './secretTokens';
import { askForToken, type TokenCheck } from './tokenPrompt';
import { agreesToSendUnencrypted, urlIsWrong } from './deploymentPrompts';

/** Adds runs, deployments, and tokens, and moves runs between deployments. */
export class Adding {
  constructor(
    private readonly board: Board,
    private readonly tracking: Tracking,
    private readonly custody: Pick<Custody, 'keep'>,
    private readonly questions: Questions,
    private readonly find: Arguments,
    private readonly removing: Removing,
    private readonly tokens: SecretTokens,
    private readonly check: TokenCheck,
    private readonly reveal: (kickoff: Kickoff) => Promise<void>,
  ) {}

  /** Tracks one run, or several from one text. Returns the first. */
  async track(given: unknown): Promise<KickoffInfo> {
    const title = vscode.l10n.t(words.trackTitle);
    const answers = await this.questions.askAll(title, await this.#givenRun(given), true);
    const [info, deployment] = await this.#tracked(answers, text(given, 'label'), given === undefined);
    const { others = [], tokens = [] } = answers;
    for (const other of others) {
      const rest = await this.questions.askAll(title, { captured: other, tokens, ...(!other.url && { deployment }) }, true);
      await this.#tracked(rest, undefined, given === undefined);
    }
    return info;
  }

  /** Tracks a run of a known deployment, or of one that the user agreed to add. */
  async trackAgreed(agreed: Answers): Promise<KickoffInfo> {
    const answers = await this.questions.askAll(vscode.l10n.t(words.trackTitle), agreed, true);
    const [info] = await this.#tracked(answers, undefined, true);
    return info;
  }

  /** Moves a run to another deployment, with its label. A run that is already tracked there is revealed. */
  async move(kickoff: Kickoff): Promise<void> {
    const title = vscode.l10n.t(words.moveTitle);
    const from = kickoff.deployment;
    const answers = await this.questions.askAll(title, { captured: { id: kickoff.id }, movesFrom: from }, true);
    const deployment = await this.#deployment(answers);
    if (deployment.key === from) {
      void this.reveal(kickoff);
      return;
    }
    const isKnown = this.board.kickoff({ deployment: deployment.key, id: kickoff.id }) !== undefined;
    const moved = await this.tracking.move(kickoff, deployment.key);
    void this.reveal(moved);
    this.removing.tell(vscode.l10n.t(words.runMoved, plain(nameOf(moved)), plain(deployment.label)), () =>
      isKnown ? this.removing.undo([kickoff]) : this.tracking.move(moved, from),
    );
    if (!answers.deployment) await this.tokenUnlessEscaped(deployment, lastPlace(title, answers));
  }

  /** Stores the ID before anything is sent, and before asking for a token. */
  async #tracked(answers: Answers, label: string | undefined, isUser: boolean): Promise<readonly [KickoffInfo, Deployment]> {
    const { captured: run, tokens = [] } = answers;
    if (!run) throw new UserFacingError(vscode.l10n.t(words.kickoffIdWrong));

    const { deployment, isKnown, kickoff } = await this.#stored(answers, run.id, clean(label ?? '') || undefined);
    void vscode.commands.executeCommand('setContext', contextKeys.hasTracked, true);
    const ref = { deployment: deployment.key, id: run.id };
    if (isKnown && isUser) vscode.window.setStatusBarMessage(vscode.l10n.t(words.alreadyTracked), 5_000);
    const token = tokens.length > 0 ? (await import('../core/readers')).tokenFor(deployment.url, tokens) : undefined;
    const wantsToken = !answers.deployment || (token !== undefined && (await this.tokens.get(deployment.url)) === undefined);
    if (wantsToken) await this.tokenUnlessEscaped(deployment, lastPlace(vscode.l10n.t(words.trackTitle), answers), token);
    void this.reveal(kickoff);
    return [infoOf(this.board.kickoff(ref) ?? kickoff, this.board), deployment];
  }

  async #stored(answers: Answers, id: KickoffId, label: string | undefined) {
    try {
      const deployment = await this.#deployment(answers);
      const ref = { deployment: deployment.key, id };
      const isKnown = this.board.kickoff(ref) !== undefined;
      return { deployment, isKnown, kickoff: await this.tracking.track(ref, label) };
    } catch (error) {
      throw this.#keptAside(error, answers, id);
    }
  }

  /** Saves an ID that can't be stored in the second copy, so that it isn't lost. */
  #keptAside(error: unknown, { deployment, url, label }: Answers, id: KickoffId): unknown {
    const address = deployment?.url ?? url;
    if (!(error instanceof HistoryFailure) || error.kind === 'newer' || !address) return error;
    this.custody.keep({ url: address, label: deployment?.label ?? label ?? proposedLabel(address), ids: [id] });
    return new UserFacingError(vscode.l10n.t(words.keptAside, vscode.l10n.t(error.message)), { cause: error });
  }

  /** Adds a deployment. For a known one, replaces its token. */
  async addDeployment(given: unknown): Promise<void> {
    const title = vscode.l10n.t(words.addDeploymentTitle);
    const answers = await this.questions.askAll(title, await this.#givenDeployment(given), false);
    const deployment = await this.#deployment(answers);
    if (answers.deployment) void vscode.window.showInformationMessage(vscode.l10n.t(words.deploymentKnown, plain(deployment.label)));
    await this.tokenUnlessEscaped(deployment, lastPlace(title, answers));
  }

  async setToken(deployment: Deployment): Promise<void> {
    await askForToken(deployment, { title: vscode.l10n.t(words.setTokenTitle) }, this.check, this.tokens);
  }

  async #deployment({ deployment, url, label }: Answers): Promise<Deployment> {
    if (deployment) return deployment;
    if (!url || label === undefined) throw new Cancelled();
    return this.tracking.addDeployment(url, label);
  }

  /** Asks for a token. Escape leaves the deployment without one, and its row says so. */
  async tokenUnlessEscaped(deployment: Deployment, place: Place, found?: string): Promise<void> {
    try {
      await askForToken(deployment, place, this.check, this.tokens, found);
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error;
    }
  }

  async #givenRun(given: unknown): Promise<Answers> {
    const named = member(given, 'deployment');
    const deployment = named === undefined ? undefined : this.find.namedDeployment(named);
    if (named !== undefined && !deployment) throw new UserFacingError(vscode.l10n.t(words.unknownDeployment));

    const run = await givenId(given);
    const known = deployment ?? (run?.url && this.board.deployments.find(({ url }) => url === run.url));
    return { ...(run && { captured: run }), ...(known && { deployment: known }) };
  }

  async #givenDeployment(given: unknown): Promise<Answers> {
    const typed = text(given, 'url');
    const label = text(given, 'label');
    const url = typed === undefined ? undefined : await givenUrl(typed);
    if (label !== undefined) this.questions.checkLabel(label);
    const known = url && this.board.deployments.find((one) => one.url === url);
    return { ...(known && { deployment: known }), ...(url && { url }), ...(label !== undefined && { label: clean(label) }) };
  }
}

async function givenId(given: unknown): Promise<PastedRun | undefined> {
  const exact = member(given, 'kickoffId');
  const pasted = member(given, 'text');
  if (exact === undefined && pasted === undefined) return undefined;

  const id = typeof exact === 'string' ? kickoffId(exact) : undefined;
  const run = id ? { id } : typeof pasted === 'string' ? (await import('../core/readers')).runFromProgram(pasted) : undefined;
  if (!run) throw new UserFacingError(vscode.l10n.t(words.kickoffIdWrong));
  return run;
}

async function givenUrl(typed: string): Promise<DeploymentUrl> {
  const wrong = urlIsWrong(typed);
  const url = canonicalUrl(typed);
  if (wrong !== undefined || !url) throw new UserFacingError(wrong ?? vscode.l10n.t(words.urlWrong));
  if (!(await agreesToSendUnencrypted(url))) throw new Cancelled();
  return url;
}

/** The token's box comes last. Without boxes before it, it has no number. */
function lastPlace(title: string, { steps = 0 }: Answers): Place {
  return steps === 0 ? { title } : { title, step: steps + 1, totalSteps: steps + 1 };
}
