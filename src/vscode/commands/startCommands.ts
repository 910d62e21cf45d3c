import vscode = require('vscode');
import type { KickoffInfo } from '#api';
import type { Deployment, DeploymentKey } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import type { Trouble, TroubleKind } from '#core/kickoff/trouble';
import { Canceled, HistoryFailure, UserFacingError } from '#core/lib/errors';
import { labelOf, type Inputs, type StartAttempt } from '#core/starts/attempt';
import { StartedButNotStored, type Started } from '#core/starts/runStarter';
import { clean, plain } from '#present/cleanText';
import { nameOf } from '#present/names';
import { troubleText } from '#present/troubleText';
import { commandWords } from '#present/words/commandWords';
import { words } from '#present/words/words';
import { t } from '#vscode/l10n';
import { askForInputs } from '#vscode/prompts/inputPrompts';
import { choose } from '#vscode/prompts/prompts';
import { StartNode } from '#vscode/tree/nodes';
import type { CommandParts } from './commandParts';
import { NothingThere } from './guard';
import { member } from './target';

/** The maximum number of inputs in a question, and of characters of each. */
const mostShown = { inputs: 10, characters: 80 };

/** Starts runs. Every start follows a form that the user filled in, or a question that names the deployment. */
export class StartCommands {
  /** The values of forms that didn't start a run, for the next form of the same deployment. */
  readonly #entered = new Map<DeploymentKey, Inputs>();

  constructor(private readonly parts: CommandParts) {}

  async start(target: unknown): Promise<KickoffInfo | undefined> {
    const deployment = await this.parts.find.deployment(target, { command: 'start' });
    const given = member(target, 'inputs');
    if (given === undefined) return this.#startWithForm(deployment, await this.#lastInputs(deployment));
    const inputs = inputsFrom(given);
    return this.#startAfterQuestion(deployment, inputs);
  }

  /** Starts a run with the inputs of a run, or of a start that AMP didn't confirm. */
  async startAgain(target: unknown): Promise<KickoffInfo | undefined> {
    if (target instanceof StartNode) return this.#repeat(target);
    const kickoff = await this.parts.find.kickoff(target, { command: 'startAgain' });
    const deployment = this.parts.board.deployment(kickoff.deployment);
    if (!deployment) throw new UserFacingError(t(commandWords.unknownDeployment));
    return this.#startSame(deployment, await this.parts.store.inputs(kickoff));
  }

  async #repeat(node: StartNode): Promise<KickoffInfo | undefined> {
    const deployment = this.parts.board.deployment(node.deployment);
    const attempt = this.#attemptOf(node);
    if (!deployment || !attempt) throw new UserFacingError(t(commandWords.unknownKickoff));
    const info = await this.#startSame(deployment, attempt.inputs);
    if (info) await this.parts.starter.forget(attempt);
    return info;
  }

  /** Deletes a start that AMP didn't confirm. The notification has Undo. */
  async remove(node: StartNode): Promise<void> {
    const attempt = this.#attemptOf(node);
    if (!attempt) return;
    await this.parts.starter.forget(attempt);
    const name = plain(labelOf(attempt.inputs ?? {}) ?? '') || t(words.newRun);
    this.parts.runRemover.notify(t(commandWords.removed, name), () => this.parts.starter.restore(attempt));
  }

  #attemptOf({ deployment: key, requestId }: StartNode): StartAttempt | undefined {
    const deployment = this.parts.board.deployment(key);
    return deployment && this.parts.board.startsOf(deployment).find((attempt) => attempt.requestId === requestId);
  }

  async #startSame(deployment: Deployment, inputs: Inputs | undefined): Promise<KickoffInfo | undefined> {
    if (!inputs || Object.keys(inputs).length === 0) return this.#startWithForm(deployment, {});
    const rows = [
      { label: t(commandWords.startSameRow), description: clean(deployment.label), isSame: true },
      { label: t(commandWords.startEditRow), isSame: false },
    ];
    const { isSame } = await choose(rows, { title: t(commandWords.startAgainTitle), placeholder: t(commandWords.startAgainPlaceholder) });
    return isSame ? this.#startAfterQuestion(deployment, inputs) : this.#startWithForm(deployment, inputs);
  }

  async #startAfterQuestion(deployment: Deployment, inputs: Inputs): Promise<KickoffInfo | undefined> {
    await this.#confirm(deployment, inputs);
    const started = await this.#send(deployment, inputs);
    if (started.kind === 'notStarted') throw this.#problem(t(commandWords.notStarted, this.#text(started.trouble)), started.trouble);
    return this.#show(deployment, started);
  }

  /** If nothing started, shows the form again with its values. */
  async #startWithForm(deployment: Deployment, values: Inputs): Promise<KickoffInfo | undefined> {
    const names = await this.#namesOf(deployment);
    if (names.length === 0) return this.#startAfterQuestion(deployment, {});
    let form = { deployment, names, values, onDidEnter: (entered: Inputs) => void this.#entered.set(deployment.key, entered) };
    for (;;) {
      const inputs = await askForInputs(form);
      const started = await this.#send(deployment, inputs);
      if (started.kind !== 'notStarted') {
        this.#entered.delete(deployment.key);
        return this.#show(deployment, started);
      }
      const [name] = started.missing;
      const isAsked = name !== undefined && form.names.includes(name);
      if (needsToken(started.trouble.kind)) throw this.#problem(t(commandWords.notStarted, this.#text(started.trouble)), started.trouble);
      const added = started.missing.filter((one) => !form.names.includes(one));
      const message = name === undefined ? t(commandWords.notStarted, this.#text(started.trouble)) : t(commandWords.missingInput);
      const objection = { message, name: isAsked ? name : added[0] };
      form = { ...form, names: [...form.names, ...added], values: inputs, ...{ objection } };
    }
  }

  async #namesOf(deployment: Deployment): Promise<readonly string[]> {
    const title = t(commandWords.readingInputs, plain(deployment.label));
    this.parts.poller.countRequest(deployment);
    const result = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () =>
      this.parts.amp.inputNames(deployment),
    );
    if (result.kind === 'names') return result.names.filter((name) => name !== 'id');
    throw this.#problem(t(commandWords.inputsUnreadable, plain(deployment.label), this.#text(result.trouble)), result.trouble);
  }

  /** Returns the values of the last form that started no run, or else of the deployment's last run whose inputs are known. */
  async #lastInputs(deployment: Deployment): Promise<Inputs> {
    const entered = this.#entered.get(deployment.key);
    if (entered) return entered;
    const last = this.parts.board.kickoffsOf(deployment).toSorted((one, other) => other.trackedAt - one.trackedAt);
    const started = last.find(({ isStarted }) => isStarted);
    return (started && (await this.parts.store.inputs(started))) ?? {};
  }

  async #confirm(deployment: Deployment, inputs: Inputs): Promise<void> {
    const lines = Object.entries(inputs)
      .slice(0, mostShown.inputs)
      .map(([name, value]) => t(commandWords.nameAndValue, clean(name), clean(textOf(value), mostShown.characters)));
    const detail = lines.length === 0 ? t(commandWords.startWithoutInputs) : t(commandWords.startWithInputs, lines.join('\n'));
    const goOn = t(commandWords.startTitle);
    const question = t(commandWords.startQuestion, plain(deployment.label));
    if ((await vscode.window.showInformationMessage(question, { modal: true, detail }, goOn)) !== goOn) throw new Canceled();
  }

  async #send(deployment: Deployment, inputs: Inputs): Promise<Started> {
    try {
      return await this.parts.starter.start(deployment, inputs);
    } catch (error) {
      if (!(error instanceof StartedButNotStored)) throw error;
      const { cause, id } = error;
      if (cause instanceof HistoryFailure && cause.kind !== 'newer')
        this.parts.historyLoader.addPending({ url: deployment.url, label: deployment.label, ids: [id] });
      throw new UserFacingError(t(commandWords.startedNotSaved, id), { cause });
    }
  }

  async #show(deployment: Deployment, started: Exclude<Started, { kind: 'notStarted' }>): Promise<KickoffInfo> {
    if (started.kind === 'unknown')
      throw new UserFacingError(t(commandWords.startUnknown, plain(deployment.label), this.#text(started.trouble)));
    const { kickoff } = started;
    vscode.window.setStatusBarMessage(t(commandWords.runStarted, plain(nameOf(kickoff))), 5_000);
    await this.parts.view.highlight(kickoff);
    return this.#infoOf(kickoff);
  }

  #infoOf(kickoff: Kickoff): KickoffInfo {
    return this.parts.infos.of(this.parts.board.kickoff(kickoff) ?? kickoff);
  }

  #text(trouble: Trouble): string {
    return troubleText(trouble, this.parts.clock.now(), t);
  }

  #problem(message: string, { kind }: Trouble): UserFacingError {
    return needsToken(kind) ? new NothingThere(message, t(words.setToken), 'setToken') : new UserFacingError(message);
  }
}

function needsToken(kind: TroubleKind): boolean {
  return kind === 'noToken' || kind === 'tokenRefused';
}

function inputsFrom(given: unknown): Inputs {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new UserFacingError(t(commandWords.inputsInvalid));
  try {
    // A copy, because another extension could change its object while the user reads the question.
    return JSON.parse(JSON.stringify(given)) as Inputs;
  } catch {
    throw new UserFacingError(t(commandWords.inputsInvalid));
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
