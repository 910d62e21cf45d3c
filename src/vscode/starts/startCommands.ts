import vscode = require('vscode');
import type { KickoffInfo } from '#api';
import type { Deployment, DeploymentUrl } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import { needsToken, type Trouble } from '#core/kickoff/trouble';
import { CanceledError, UserFacingError } from '#core/lib/errors';
import { asInputs, type Inputs, type StartAttempt } from '#core/starts/attempt';
import { StartedButNotStored, type InputNames, type StartOutcome } from '#core/starts/runStarter';
import { clean, defuse } from '#present/cleanText';
import { nameOf } from '#present/names';
import { troubleText } from '#present/troubleText';
import { commandWords } from '#present/words/commandWords';
import { words } from '#present/words/words';
import type { CommandParts } from '#vscode/commands/arguments';
import { messageOf, requestError, type Handlers } from '#vscode/commands/guard';
import { isDocumentUri, isFromProgram, memberOf } from '#vscode/commands/target';
import { backUpIds, askForNewDeployment } from '#vscode/commands/track';
import { t } from '#vscode/l10n';
import { choose, closeAnsweredPrompt, showInAnsweredPrompt, isPromptOpen, answerOrError, OtherWaySelected } from '#vscode/prompts/prompts';
import { askForToken } from '#vscode/prompts/tokenPrompt';
import { DeploymentNode, isNodeOrNull, StartNode } from '#present/outline/nodes';
import { activeInputsFile, checkInputsFile, openInputsFile } from './inputsDocument';
import { confirmStart, askForInputs, canEditInBox, type InputForm, type RunToStart } from './startPrompts';
import { stopRuns } from './stopRuns';

/** The maximum number of input boxes. The inputs of a deployment with more inputs are edited in a file. */
const maxBoxes = 3;

interface WantedRun extends RunToStart {
  /** Whether the inputs come from a file. The focus stays in its editor then, and doesn't move to the row. */
  readonly isFromFile?: boolean;
  readonly firstWarning?: { readonly message: string } | undefined;
  /** Throws if the run isn't wanted anymore. */
  readonly ensureWanted?: () => void;
}

/** Returns the commands that start and stop runs. */
export function startCommands(parts: CommandParts) {
  const commands = new StartCommands(parts);
  return {
    start: (target) => commands.start(isNodeOrNull(target) && !(target instanceof DeploymentNode) ? undefined : target),
    startAgain: (target) => commands.startAgain(target),
    continueRun: (target) => commands.continueRun(target),
    stop: (target, selection) => stopRuns(parts, target, selection),
  } satisfies Partial<Handlers>;
}

/** Starts runs. Every start follows a form that the user filled in, or a question that names the deployment. */
class StartCommands {
  /** The values of forms that didn't start a run, for the next form of the same deployment. */
  readonly #enteredInputs = new Map<DeploymentUrl, Inputs>();
  /** The URLs of deployments with an open question, and of files that are being checked. A double click must not ask twice. */
  readonly #busyKeys = new Set<string>();

  constructor(private readonly parts: CommandParts) {}

  /** Starts a run with the inputs of a form, program, or file. Without an argument, prefers a file with inputs in the active editor. */
  async start(target: unknown): Promise<KickoffInfo | undefined> {
    const file = target instanceof vscode.Uri && !isDocumentUri(target) ? target : target === undefined ? activeInputsFile() : undefined;
    if (file) return this.#startFromFile(file);
    const mustAddDeployment = target === undefined && this.parts.board.deployments.length === 0;
    const deployment = mustAddDeployment
      ? await askForNewDeployment(this.parts)
      : await this.parts.targetFinder.findDeployment(target, { command: 'start', ignoresActiveDocument: true });
    const value = memberOf(target, 'inputs');
    if (value === undefined) return this.#startWithForm(deployment, { inputs: await this.#lastInputs(deployment) }, isFromProgram(target));
    const inputs = inputsFrom(value);
    const names = await this.#readInputNames(deployment);
    const ignoredNames = Object.keys(inputs).filter((name) => name !== 'id' && !names.includes(name));
    return this.#startAfterQuestion(deployment, { inputs, ignoredNames });
  }

  /** Starts a run with the inputs of an earlier run, or of a start that AMP didn't confirm. */
  async startAgain(target: unknown): Promise<KickoffInfo | undefined> {
    if (target instanceof StartNode) return this.#repeatStart(target);
    const kickoff = await this.parts.targetFinder.findKickoff(target, { command: 'startAgain' });
    const knownInputs = await this.parts.store.inputs(kickoff);
    const firstWarning = knownInputs ? undefined : { message: t(commandWords.runInputsUnknown) };
    const run = { inputs: knownInputs ?? {}, continues: kickoff.continues, firstWarning };
    return this.#startSameOrEdit(this.#deploymentOf(kickoff), run, isFromProgram(target));
  }

  /** Starts a run of a flow with the state of another run. */
  async continueRun(target: unknown): Promise<KickoffInfo | undefined> {
    const isTarget = (run: Kickoff): boolean => run.isFlow === true;
    const message = commandWords.noneToContinue;
    const kickoff = await this.parts.targetFinder.findKickoff(target, { command: 'continueRun', isTarget, message });
    if (!isTarget(kickoff)) throw new UserFacingError(t(message));
    const inputs = (await this.parts.store.inputs(kickoff)) ?? {};
    return this.#startWithForm(this.#deploymentOf(kickoff), { inputs, continues: kickoff.id });
  }

  #deploymentOf({ deployment: key }: Kickoff | StartNode): Deployment {
    const deployment = this.parts.board.deployment(key);
    if (!deployment) throw new UserFacingError(t(commandWords.unknownDeployment));
    return deployment;
  }

  async #repeatStart(node: StartNode): Promise<KickoffInfo | undefined> {
    // The start may be gone: a status may have shown that its run started.
    const ensureWanted = (): StartAttempt => {
      const attempt = this.parts.board.startOf(node.requestId);
      if (!attempt) throw new UserFacingError(t(commandWords.startOutdated));
      return attempt;
    };
    const attempt = ensureWanted();
    const run = { inputs: attempt.inputs ?? {}, continues: attempt.continues, ensureWanted, isRepeated: true };
    const info = await this.#startSameOrEdit(this.#deploymentOf(node), run, true);
    if (info) await this.parts.starter.forget(attempt);
    return info;
  }

  /** Lets the user start a run with the same inputs, or edit the inputs first. */
  async #startSameOrEdit(deployment: Deployment, wanted: WantedRun, needsQuestion: boolean): Promise<KickoffInfo | undefined> {
    // A run must not reuse an ID unless the user writes the ID in a file.
    const { id: _, ...inputs } = wanted.inputs;
    const run = { ...wanted, inputs };
    if (Object.keys(inputs).length === 0) return this.#startWithForm(deployment, run, needsQuestion);
    const rows = [
      { label: t(commandWords.startSameRow), description: clean(deployment.label), isSame: true },
      { label: t(commandWords.startEditRow), isSame: false },
    ];
    const texts = { title: t(commandWords.startAgainTitle), placeholder: t(commandWords.startAgainPlaceholder) };
    const { isSame } = await choose(rows, { ...texts, staysOpen: true });
    return isSame ? this.#startAfterQuestion(deployment, run) : this.#startWithForm(deployment, run, needsQuestion);
  }

  async #startFromFile(uri: vscode.Uri): Promise<KickoffInfo | undefined> {
    const check = () => checkInputsFile(uri, this.parts.board, (deployment) => this.#readInputNames(deployment));
    const { deployment, content } = await this.#doExclusively(uri.toString(), check);
    return this.#startAfterQuestion(deployment, { ...content, isFromFile: true });
  }

  async #startAfterQuestion(deployment: Deployment, run: WantedRun): Promise<KickoffInfo | undefined> {
    await this.#ensureConfirmed(deployment, run);
    const outcome = await this.#send(deployment, run);
    if (outcome.kind !== 'notStarted') return this.#showOutcome(deployment, run, outcome);
    throw requestError(this.#notStartedText(outcome.trouble), deployment, outcome.trouble);
  }

  /** Asks for the inputs in boxes, and starts a run, or opens a file with the inputs. If no run starts, shows the boxes again. */
  async #startWithForm(deployment: Deployment, run: WantedRun, needsQuestion = false): Promise<KickoffInfo | undefined> {
    const listedNames = await this.#readInputNames(deployment);
    if (listedNames.length === 0) return this.#startAfterQuestion(deployment, { ...run, inputs: {} });
    const openFile = async (inputs: Inputs): Promise<undefined> => {
      const completeInputs = Object.fromEntries(listedNames.map((name) => [name, Object.hasOwn(inputs, name) ? inputs[name] : '']));
      await openInputsFile(deployment, { ...run, inputs: completeInputs });
      this.#enteredInputs.delete(deployment.url);
      return undefined;
    };
    if (listedNames.length > maxBoxes || !listedNames.every((name) => !Object.hasOwn(run.inputs, name) || canEditInBox(run.inputs[name])))
      return openFile(run.inputs);
    const otherWayButton = { iconPath: new vscode.ThemeIcon('json'), tooltip: t(commandWords.editAsDocument) };
    const onDidType = (values: Inputs): void => void this.#enteredInputs.set(deployment.url, values);
    const { inputs: values, firstWarning } = run;
    let form: InputForm = { deployment, otherWayButton, onDidType, names: listedNames, values, firstWarning };
    for (;;) {
      const answer = await answerOrError(askForInputs(form), OtherWaySelected);
      if (answer instanceof OtherWaySelected) return openFile(this.#enteredInputs.get(deployment.url) ?? run.inputs);
      const { inputs, mayBeUnread } = answer;
      if (run.continues !== undefined || needsQuestion || mayBeUnread) await this.#ensureConfirmed(deployment, { ...run, inputs });
      showInAnsweredPrompt(t(commandWords.startSending));
      const outcome = await this.#send(deployment, { ...run, inputs });
      if (outcome.kind !== 'notStarted') {
        this.#enteredInputs.delete(deployment.url);
        return this.#showOutcome(deployment, run, outcome);
      }
      // Focuses the deployment, because the row of the attempt had the focus and is gone.
      await this.parts.view.highlight(deployment);
      const { trouble, missingInputs } = outcome;
      const [inputName] = missingInputs;
      const message = inputName === undefined ? this.#notStartedText(trouble) : t(commandWords.missingInput);
      const isTokenNeeded = needsToken(trouble.kind);
      if (isTokenNeeded) await this.#askForToken(deployment, this.#notStartedText(trouble));
      // AMP may have reported inputs as missing that the form doesn't have yet.
      const names = [...new Set([...form.names, ...missingInputs])];
      form = { ...form, names, values: inputs, firstWarning: isTokenNeeded ? undefined : { message, inputName } };
    }
  }

  /** Reads the names of a deployment's inputs. Asks for the token if it is missing or rejected. */
  async #readInputNames(deployment: Deployment): Promise<readonly string[]> {
    const title = t(commandWords.readingInputs, defuse(deployment.label));
    for (;;) {
      const result = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () =>
        this.#requestInputNames(deployment),
      );
      if (result.kind === 'names') return this.#storeInputNames(deployment, result.names);
      const message = t(commandWords.inputsUnreadable, defuse(deployment.label), this.#reasonText(result.trouble));
      if (!needsToken(result.trouble.kind)) throw requestError(message, deployment, result.trouble);
      await this.#askForToken(deployment, message);
    }
  }

  async #requestInputNames(deployment: Deployment): Promise<InputNames> {
    const { poller, loadAmp } = this.parts;
    const throttling = await poller.acquireRequestSlot(deployment);
    if (throttling) return { kind: 'failed', trouble: throttling };
    const result = await (await loadAmp()).inputNames(deployment);
    poller.recordRequest(deployment, result.kind === 'failed' ? result.trouble : undefined);
    return result;
  }

  /** Stores the names for files with inputs, and returns them. A run can start even if the history can't be written. */
  async #storeInputNames(deployment: Deployment, names: readonly string[]): Promise<readonly string[]> {
    const { board, tracker, log } = this.parts;
    const known = board.deployment(deployment.key);
    // AMP lists `id` for flows, but a run must not reuse an ID unless the user wants it.
    const inputNames = names.filter((name) => name !== 'id');
    if (known?.url === deployment.url && known.inputNames?.join('\n') !== inputNames.join('\n'))
      await tracker.changeDeployment(deployment, { inputNames }).catch((error: unknown) => log.error(messageOf(error)));
    return inputNames;
  }

  async #askForToken(deployment: Deployment, reason: string): Promise<void> {
    await askForToken(deployment, { title: t(commandWords.setTokenTitle) }, { ...this.parts, reason });
  }

  /** Returns the values of the last form that started no run, or else of the deployment's last run started here or tracked with inputs. */
  async #lastInputs(deployment: Deployment): Promise<Inputs> {
    const enteredInputs = this.#enteredInputs.get(deployment.url);
    if (enteredInputs) return enteredInputs;
    const newestFirst = this.parts.board.kickoffsOf(deployment).toSorted((one, other) => other.trackedAt - one.trackedAt);
    const runWithInputs = newestFirst.find(({ isStarted, inputLabel }) => isStarted === true || inputLabel !== undefined);
    return (runWithInputs && (await this.parts.store.inputs(runWithInputs))) ?? {};
  }

  async #ensureConfirmed(deployment: Deployment, run: WantedRun): Promise<void> {
    if (!(await this.#doExclusively(deployment.url, () => confirmStart(this.parts, deployment, run)))) throw new CanceledError();
    closeAnsweredPrompt();
  }

  /** Performs an action, or throws `CanceledError` if an action with the same key is in progress. */
  async #doExclusively<T>(key: string, action: () => Promise<T>): Promise<T> {
    if (this.#busyKeys.has(key)) throw new CanceledError();
    this.#busyKeys.add(key);
    try {
      return await action();
    } finally {
      this.#busyKeys.delete(key);
    }
  }

  async #send(deployment: Deployment, run: WantedRun): Promise<StartOutcome> {
    // The user may have removed the deployment, or changed its URL, while the form or the question was open.
    const ensureWanted = (): void => {
      if (this.parts.board.deployment(deployment.key)?.url !== deployment.url) throw new UserFacingError(t(commandWords.deploymentChanged));
      run.ensureWanted?.();
    };
    const onStored = (attempt: StartAttempt): void => void this.#reveal(run, attempt);
    ensureWanted();
    try {
      return await this.parts.starter.start(deployment, run, { ensureWanted, onStored });
    } catch (error) {
      if (!(error instanceof StartedButNotStored)) throw error;
      const { cause, id } = error;
      const isBackedUp = backUpIds(this.parts, cause, { deployment }, [id]);
      const message = isBackedUp ? t(commandWords.idSavedSeparately, messageOf(cause)) : t(commandWords.startedNotSaved, id);
      throw new UserFacingError(message, { cause });
    }
  }

  async #showOutcome(deployment: Deployment, run: WantedRun, outcome: Exclude<StartOutcome, { kind: 'notStarted' }>): Promise<KickoffInfo> {
    if (outcome.kind === 'unknown') {
      const message = t(commandWords.startUnknown, defuse(deployment.label), this.#reasonText(outcome.trouble));
      throw requestError(message, deployment, outcome.trouble, 'openInBrowser');
    }
    const { kickoff } = outcome;
    vscode.window.setStatusBarMessage(t(commandWords.runStarted, defuse(nameOf(kickoff))), 5_000);
    await this.#reveal(run, kickoff);
    return this.parts.infoCache.get(this.parts.board.kickoff(kickoff) ?? kickoff);
  }

  /** Shows the row of a run or an attempt, and focuses it unless the user works in an editor or in a later prompt. */
  async #reveal({ isFromFile }: WantedRun, item: Kickoff | StartAttempt): Promise<void> {
    await (isFromFile || isPromptOpen() ? this.parts.view.scrollTo(item) : this.parts.view.highlight(item));
  }

  #notStartedText(trouble: Trouble): string {
    return t(commandWords.notStarted, this.#reasonText(trouble));
  }

  #reasonText(trouble: Trouble): string {
    const text = troubleText(trouble, this.parts.clock.now(), t);
    return trouble.code === undefined ? text : t(words.nameAndId, text, clean(trouble.code));
  }
}

/** Returns a copy of the inputs from another extension, which could change its object while the user reads the question. */
function inputsFrom(value: unknown): Inputs {
  try {
    const inputs = asInputs(value) && asInputs(JSON.parse(JSON.stringify(value)));
    if (inputs) return inputs;
  } catch {
    // The value can't be converted to JSON, for example because of a cycle.
  }
  throw new UserFacingError(t(commandWords.inputsInvalid));
}
