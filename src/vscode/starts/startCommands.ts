import vscode = require('vscode');
import type { KickoffInfo } from '#api';
import type { Deployment, DeploymentUrl } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import { needsToken, type Trouble } from '#core/kickoff/trouble';
import { Canceled, UnloggedError, UserFacingError } from '#core/lib/errors';
import type { Inputs, RunInputs, StartAttempt } from '#core/starts/attempt';
import { StartedButNotStored, type Started } from '#core/starts/runStarter';
import { clean, plain } from '#present/cleanText';
import { nameOf } from '#present/names';
import { troubleText } from '#present/troubleText';
import { commandWords } from '#present/words/commandWords';
import { words } from '#present/words/words';
import { deploymentMistake, nameMistakes, parseInputs } from './inputsDocument';
import { inputsFrom } from './givenInputs';
import { activeInputs, mistakesIn, openInputs, readInputs } from './inputsEditor';
import { t } from '#vscode/l10n';
import { askForInputs, fitsBox, type EnteredInputs, type InputForm } from './inputPrompts';
import { choose, closePrompt, explainPrompt, isAsking, OtherWay } from '#vscode/prompts/prompts';
import { agreesToStart } from './startQuestion';
import { askForToken } from '#vscode/prompts/tokenPrompt';
import { DeploymentNode, StartNode } from '#vscode/tree/nodes';
import type { CommandParts } from '#vscode/commands/commandParts';
import { ErrorWithButton } from '#vscode/commands/guard';
import { isDocument, isFromProgram, member } from '#vscode/commands/target';
import type { TrackCommands } from '#vscode/commands/track';

/** A deployment with more inputs gets a file instead of input boxes. */
const mostBoxes = 3;

/** `check` throws if the run isn't wanted anymore. */
interface WantedRun extends RunInputs {
  /** The user works in an editor, so the row doesn't get the focus. */
  readonly isFromFile?: boolean;
  /** An earlier start of the same run may have succeeded. */
  readonly isRepeated?: boolean;
  /** A message for the first box. */
  readonly objection?: string | undefined;
  readonly check?: () => void;
}

/** Starts runs. Every start follows a form that the user filled in, or a question that names the deployment. */
export class StartCommands {
  /** The values of forms that didn't start a run, for the next form of the same deployment. */
  readonly #entered = new Map<DeploymentUrl, Inputs>();
  /** Deployments with an open question, and files that are being checked. A double click must not ask twice. */
  readonly #busy = new Set<string>();

  constructor(
    private readonly parts: CommandParts,
    private readonly trackCommands: Pick<TrackCommands, 'addPending' | 'newDeployment'>,
  ) {}

  /** Starts a run with a form, with the inputs of a program, or from the file with inputs in the active editor. */
  async start(target: unknown): Promise<KickoffInfo | undefined> {
    const file = target instanceof vscode.Uri && !isDocument(target) ? target : target === undefined ? activeInputs() : undefined;
    if (file) return this.#startFromFile(file);
    const isFirst = target === undefined && this.parts.board.deployments.length === 0;
    const deployment = isFirst
      ? await this.trackCommands.newDeployment(t(commandWords.addDeploymentTitle))
      : await this.parts.find.deployment(target, { command: 'start', isAlwaysAsked: true });
    const given = member(target, 'inputs');
    if (given !== undefined) return this.#startFor(deployment, inputsFrom(given));
    return this.#startWithForm(deployment, { inputs: await this.#lastInputs(deployment) }, isFromProgram(target));
  }

  /** Starts a run with the inputs of a run, or of a start that AMP didn't confirm. */
  async startAgain(target: unknown): Promise<KickoffInfo | undefined> {
    if (target instanceof StartNode) return this.#repeat(target);
    const kickoff = await this.parts.find.kickoff(target, { command: 'startAgain' });
    const { continues } = kickoff;
    const known = await this.parts.store.inputs(kickoff);
    const run = { inputs: withoutId(known ?? {}), continues, objection: known ? undefined : t(commandWords.runInputsUnknown) };
    return this.#startSame(this.#deploymentOf(kickoff), run, isFromProgram(target));
  }

  /** Starts a run of a flow with the state of another run. */
  async continueRun(target: unknown): Promise<KickoffInfo | undefined> {
    const isFlow = (run: Kickoff): boolean => run.isFlow === true;
    const kickoff = await this.parts.find.kickoff(target, { command: 'continueRun', suits: isFlow, none: commandWords.noneToContinue });
    if (!isFlow(kickoff)) throw new UserFacingError(t(commandWords.noneToContinue));
    return this.#startWithForm(this.#deploymentOf(kickoff), {
      inputs: (await this.parts.store.inputs(kickoff)) ?? {},
      continues: kickoff.id,
    });
  }

  #deploymentOf({ deployment: key }: Kickoff | StartNode): Deployment {
    const deployment = this.parts.board.deployment(key);
    if (!deployment) throw new UserFacingError(t(commandWords.unknownDeployment));
    return deployment;
  }

  async #repeat(node: StartNode): Promise<KickoffInfo | undefined> {
    const attempt = this.parts.board.startOf(node.requestId);
    if (!attempt) throw new UserFacingError(t(commandWords.startOutdated));
    // A status may have shown meanwhile that the run started.
    const check = (): void => {
      if (!this.parts.board.startOf(node.requestId)) throw new UserFacingError(t(commandWords.startOutdated));
    };
    const run = { inputs: withoutId(attempt.inputs ?? {}), continues: attempt.continues, check, isRepeated: true };
    const info = await this.#startSame(this.#deploymentOf(node), run, true);
    if (info) await this.parts.starter.forget(attempt);
    return info;
  }

  async #startSame(deployment: Deployment, run: WantedRun, needsQuestion: boolean): Promise<KickoffInfo | undefined> {
    if (Object.keys(run.inputs).length === 0) return this.#startWithForm(deployment, run, needsQuestion);
    const rows = [
      { label: t(commandWords.startSameRow), description: clean(deployment.label), isSame: true },
      { label: t(commandWords.startEditRow), isSame: false },
    ];
    const texts = { title: t(commandWords.startAgainTitle), placeholder: t(commandWords.startAgainPlaceholder) };
    const { isSame } = await choose(rows, { ...texts, staysOpen: true });
    return isSame ? this.#startAfterQuestion(deployment, run) : this.#startWithForm(deployment, run, needsQuestion);
  }

  async #startFromFile(uri: vscode.Uri): Promise<KickoffInfo | undefined> {
    const { deployment, document } = await this.#once(uri.toString(), () => this.#checked(uri));
    return this.#startAfterQuestion(deployment, { ...document, isFromFile: true });
  }

  /** Returns the content of a file with inputs and its deployment. Throws the mistakes in the file. */
  async #checked(uri: vscode.Uri) {
    const { document, root, mistakes } = parseInputs(await readInputs(uri), t);
    if (!document || !root) throw await mistakesIn(uri, mistakes);
    const deployment = this.parts.find.namedDeployment(document.deployment);
    if (!deployment) throw await mistakesIn(uri, [deploymentMistake(root, t)]);
    const wrong = nameMistakes(root, document.inputs, await this.#namesOf(deployment), t);
    if (wrong.length > 0) throw await mistakesIn(uri, wrong);
    return { deployment, document };
  }

  /** Starts a run for another extension. The question names inputs that AMP would ignore without a message. */
  async #startFor(deployment: Deployment, inputs: Inputs): Promise<KickoffInfo | undefined> {
    const names = await this.#namesOf(deployment);
    const ignored = Object.keys(inputs).filter((name) => name !== 'id' && !names.includes(name));
    return this.#startAfterQuestion(deployment, { inputs }, ignored);
  }

  async #startAfterQuestion(deployment: Deployment, run: WantedRun, ignored: readonly string[] = []): Promise<KickoffInfo | undefined> {
    await this.#confirm(deployment, run, ignored);
    const started = await this.#send(deployment, run);
    if (started.kind === 'notStarted')
      throw this.#problem(deployment, t(commandWords.notStarted, this.#text(started.trouble)), started.trouble);
    return this.#show(deployment, run, started);
  }

  /** Asks for the inputs in boxes or in a file. If nothing started, shows the boxes again with their values. */
  async #startWithForm(deployment: Deployment, run: WantedRun, needsQuestion = false): Promise<KickoffInfo | undefined> {
    const listed = await this.#namesOf(deployment);
    if (listed.length === 0) return this.#startAfterQuestion(deployment, { ...run, inputs: {} });
    const complete = (inputs: Inputs): Inputs =>
      Object.fromEntries(listed.map((name) => [name, Object.hasOwn(inputs, name) ? inputs[name] : '']));
    const openFile = async (inputs: Inputs): Promise<undefined> => {
      await openInputs(deployment, { ...run, inputs: complete(inputs) });
      this.#entered.delete(deployment.url);
      return undefined;
    };
    if (listed.length > mostBoxes || !listed.every((name) => !Object.hasOwn(run.inputs, name) || fitsBox(run.inputs[name])))
      return openFile(run.inputs);
    let form = { names: listed, values: run.inputs, ...(run.objection !== undefined && { objection: { message: run.objection } }) };
    for (;;) {
      const entered = await this.#fill({ deployment, ...form });
      if (entered instanceof OtherWay) return openFile(this.#entered.get(deployment.url) ?? run.inputs);
      const { inputs, isUnread } = entered;
      // Another extension, or an Enter that was meant for something else, may have accepted unread boxes.
      if (run.continues !== undefined || needsQuestion || isUnread) await this.#confirm(deployment, { ...run, inputs });
      explainPrompt(t(commandWords.startSending));
      const started = await this.#send(deployment, { ...run, inputs });
      if (started.kind !== 'notStarted') {
        this.#entered.delete(deployment.url);
        return this.#show(deployment, run, started);
      }
      // The row of the attempt, which had the focus, is gone.
      await this.parts.view.highlight(deployment);
      if (needsToken(started.trouble.kind)) await this.#askForToken(deployment, t(commandWords.notStarted, this.#text(started.trouble)));
      form = this.#again(started, form.names, inputs);
    }
  }

  #again({ trouble, missing }: Extract<Started, { kind: 'notStarted' }>, names: readonly string[], values: Inputs) {
    const [name] = missing;
    const message = name === undefined ? t(commandWords.notStarted, this.#text(trouble)) : t(commandWords.missingInput);
    const added = missing.filter((one) => !names.includes(one));
    return { names: [...names, ...added], values, ...(!needsToken(trouble.kind) && { objection: { message, name } }) };
  }

  async #fill(form: Omit<InputForm, 'onDidType' | 'otherWay' | 'clock'>): Promise<EnteredInputs | OtherWay> {
    const otherWay = { iconPath: new vscode.ThemeIcon('json'), tooltip: t(commandWords.editAsDocument) };
    const onDidType = (values: Inputs): void => void this.#entered.set(form.deployment.url, values);
    return askForInputs({ ...form, onDidType, otherWay, clock: this.parts.clock }).catch((error: unknown) => {
      if (error instanceof OtherWay) return error;
      throw error;
    });
  }

  /** Asks for the token if it is missing or rejected. */
  async #namesOf(deployment: Deployment): Promise<readonly string[]> {
    const title = t(commandWords.readingInputs, plain(deployment.label));
    for (;;) {
      await this.parts.poller.countRequest(deployment);
      const result = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, async () =>
        (await this.parts.amp.control()).inputNames(deployment),
      );
      // AMP lists `id` for flows, but a run must not reuse an ID unless the user wants it.
      if (result.kind === 'names') return result.names.filter((name) => name !== 'id');
      const message = t(commandWords.inputsUnreadable, plain(deployment.label), this.#text(result.trouble));
      if (!needsToken(result.trouble.kind)) throw new UnloggedError(message);
      await this.#askForToken(deployment, message);
    }
  }

  async #askForToken(deployment: Deployment, objection: string): Promise<void> {
    await askForToken(deployment, { title: t(commandWords.setTokenTitle) }, { ...this.parts, objection });
  }

  /** Returns the values of the last form that started no run, or else of the deployment's last run whose inputs are known. */
  async #lastInputs(deployment: Deployment): Promise<Inputs> {
    const entered = this.#entered.get(deployment.url);
    if (entered) return entered;
    const newest = this.parts.board.kickoffsOf(deployment).toSorted((one, other) => other.trackedAt - one.trackedAt);
    const known = newest.find(({ isStarted, inputLabel }) => isStarted === true || inputLabel !== undefined);
    return (known && (await this.parts.store.inputs(known))) ?? {};
  }

  async #confirm(deployment: Deployment, run: WantedRun, ignored: readonly string[] = []): Promise<void> {
    const agrees = (): Promise<boolean> => agreesToStart(this.parts, deployment, run, ignored);
    if (!(await this.#once(deployment.url, agrees))) throw new Canceled();
    closePrompt();
  }

  /** Cancels if the same is still in progress. */
  async #once<T>(what: string, run: () => Promise<T>): Promise<T> {
    if (this.#busy.has(what)) throw new Canceled();
    this.#busy.add(what);
    try {
      return await run();
    } finally {
      this.#busy.delete(what);
    }
  }

  async #send(deployment: Deployment, run: WantedRun): Promise<Started> {
    // The user may have removed the deployment, or changed its URL, while the form or the question was open.
    const check = (): void => {
      if (this.parts.board.deployment(deployment.key)?.url !== deployment.url) throw new UserFacingError(t(commandWords.deploymentChanged));
      run.check?.();
    };
    const stored = (attempt: StartAttempt): void => void this.#reveal(run, attempt);
    check();
    try {
      return await this.parts.starter.start(deployment, run, { check, stored });
    } catch (error) {
      if (!(error instanceof StartedButNotStored)) throw error;
      const saved = this.trackCommands.addPending(error.cause, { deployment }, [error.id]);
      throw saved === error.cause ? new UserFacingError(t(commandWords.startedNotSaved, error.id), { cause: saved }) : saved;
    }
  }

  async #show(deployment: Deployment, run: WantedRun, started: Exclude<Started, { kind: 'notStarted' }>): Promise<KickoffInfo> {
    if (started.kind === 'unknown')
      throw new ErrorWithButton(
        t(commandWords.startUnknown, plain(deployment.label), this.#text(started.trouble)),
        t(words.openInBrowser),
        'openInBrowser',
        new DeploymentNode(deployment.key),
      );
    const { kickoff } = started;
    vscode.window.setStatusBarMessage(t(commandWords.runStarted, plain(nameOf(kickoff))), 5_000);
    await this.#reveal(run, kickoff);
    return this.parts.infos.of(this.parts.board.kickoff(kickoff) ?? kickoff);
  }

  /** Also expands the deployment of the row. Leaves the focus in an editor, and in the box of a later command. */
  async #reveal({ isFromFile }: WantedRun, of: Kickoff | StartAttempt): Promise<void> {
    await (isFromFile || isAsking() ? this.parts.view.show(of) : this.parts.view.highlight(of));
  }

  #text(trouble: Trouble): string {
    return troubleText(trouble, this.parts.clock.now(), t);
  }

  #problem({ key }: Deployment, message: string, { kind }: Trouble): UserFacingError {
    return needsToken(kind)
      ? new ErrorWithButton(message, t(words.setToken), 'setToken', new DeploymentNode(key))
      : new UnloggedError(message);
  }
}

/** A run must not reuse an ID unless the user writes it in a file. */
function withoutId({ id: _, ...inputs }: Inputs): Inputs {
  return inputs;
}
