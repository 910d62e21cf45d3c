import * as vscode from 'vscode';
import type { Board } from '../core/board';
import type { Captured } from '../core/capture';
import type { FoundToken } from '../core/captureToken';
import { canonicalUrl, proposedLabel, type Deployment, type DeploymentUrl } from '../core/deployment';
import { UserFacingError } from '../core/errors';
import { plain } from '../present/clean';
import { words } from '../present/wordsAll';
import { ask, back, choose, type Place } from './prompts';
import { chooseRuns, pasteReader } from './pastedText';
import { askForLabel, askForUrl, labelIsWrong, type Box } from './deploymentPrompts';

/** What is known so far: of the run, and of its deployment, which is a known one or a new one in the making. */
export interface Answers {
  readonly captured?: Captured;
  /** Further runs that were in the same text. */
  readonly others?: readonly Captured[];
  /** The tokens that were in the text: offered to be kept, never shown. */
  readonly tokens?: readonly FoundToken[];
  readonly deployment?: Deployment;
  readonly isNew?: true;
  readonly url?: DeploymentUrl;
  readonly label?: string;
}

type QuestionName = 'kickoffId' | 'deployment' | 'url' | 'label';

/** What may hold a secret, whether one is found in it or not. */
const soundsSecret = /auth|bearer|basic|token|secret|key|pass|cookie|@/i;

/** How many questions usually follow. */
const following = { kickoffId: 3, deployment: 0, url: 2, label: 1 } as const satisfies Record<QuestionName, number>;

/** The questions of Track Kickoff and Add Deployment: each is asked only when its answer is missing, and Back undoes the last. */
export class Questions {
  /** What stands in each box, so that neither Back nor Escape loses it. */
  readonly #typed = new Map<QuestionName, string>();
  /** The URL that the label in its box was typed for. */
  #labelled: DeploymentUrl | undefined;

  constructor(private readonly board: Board) {}

  /** Asks until nothing is missing; throws `Cancelled` on Escape. */
  async askAll(title: string, given: Answers, wantsKickoff: boolean): Promise<Answers> {
    const rounds: Answers[] = [this.#resolved(given)];
    if (given.captured?.url) this.#forget('url', 'label');
    for (;;) {
      const known = rounds.at(-1) ?? given;
      const name = this.#missing(known, wantsKickoff);
      if (!name) {
        if (rounds.length > 1) this.#typed.clear();
        return known;
      }
      const step = rounds.length;
      const answer = await this.#ask(name, known, { title, step, totalSteps: step + this.#following(name) });
      if (answer === back) rounds.pop();
      else if (answer) rounds.push(this.#resolved({ ...known, ...answer }));
    }
  }

  /** The known deployment of that label or address. */
  known(name: string): Deployment | undefined {
    const url = canonicalUrl(name);
    const { deployments } = this.board;
    return deployments.find((one) => one.url === url) ?? deployments.find((one) => one.label === name);
  }

  /** Throws when a given label cannot be taken. */
  checkLabel(label: string): void {
    const wrong = labelIsWrong(label, this.board);
    if (wrong !== undefined) throw new UserFacingError(wrong);
  }

  #missing({ captured: run, deployment, isNew, url, label }: Answers, wantsKickoff: boolean): QuestionName | undefined {
    if (wantsKickoff && !run) return 'kickoffId';
    if (deployment) return undefined;
    if (wantsKickoff && !isNew && !run?.url && this.board.deployments.length > 0) return 'deployment';
    if (!url) return 'url';
    return label === undefined ? 'label' : undefined;
  }

  #following(name: QuestionName): number {
    return name === 'kickoffId' && this.board.deployments.length > 0 ? 1 : following[name];
  }

  /** An address that is known already names its deployment. */
  #resolved(answers: Answers): Answers {
    const url = answers.url ?? answers.captured?.url;
    const deployment = answers.deployment ?? this.board.deployments.find((one) => one.url === url);
    return deployment ? { ...answers, deployment } : answers;
  }

  async #ask(name: QuestionName, known: Answers, place: Place): Promise<Partial<Answers> | typeof back | undefined> {
    switch (name) {
      case 'kickoffId':
        return this.#kickoffId(place);
      case 'deployment':
        return this.#deployment(place);
      case 'url':
        return this.#url(place, known.captured?.url);
      case 'label':
        return this.#label(place, known.url);
    }
  }

  /** Undefined when the user goes back from what was found to the text. */
  async #kickoffId(place: Place): Promise<Partial<Answers> | typeof back | undefined> {
    const { read, isWrong } = await pasteReader();
    const text = await ask({
      ...place,
      prompt: vscode.l10n.t(words.kickoffIdPrompt),
      placeholder: vscode.l10n.t(words.kickoffIdPlaceholder),
      ...this.#kept('kickoffId'),
      canPaste: true,
      check: isWrong,
    }).finally(() => {
      // It would stand there to be read.
      const typed = this.#typed.get('kickoffId') ?? '';
      if (read(typed).tokens.length > 0 || soundsSecret.test(typed)) this.#forget('kickoffId');
    });
    if (text === back) return back;
    const { runs, tokens, isCertain } = read(text);
    const meant = isCertain ? runs : await chooseRuns(runs, place);
    if (meant === back) return undefined;
    const [run, ...others] = meant;
    if (run?.url) this.#forget('url', 'label');
    return run && { captured: run, others, tokens };
  }

  async #deployment(place: Place): Promise<Partial<Answers> | typeof back> {
    const known = this.board.deployments.map((deployment) => ({ label: plain(deployment.label), description: deployment.url, deployment }));
    const add = {
      label: vscode.l10n.t(words.addDeploymentRow),
      iconPath: new vscode.ThemeIcon('add'),
      alwaysShow: true,
      deployment: undefined,
    };
    const item = await choose([...known, add], { ...place, placeholder: vscode.l10n.t(words.deploymentPlaceholder) });
    if (item === back) return back;
    return item.deployment ? { deployment: item.deployment } : { isNew: true };
  }

  async #url(place: Place, named: DeploymentUrl | undefined): Promise<Partial<Answers> | typeof back | undefined> {
    const url = await askForUrl(place, this.#kept('url', named)).finally(() => {
      // What is more than an address may hold a secret.
      if (/[\s@?#]/.test(this.#typed.get('url') ?? '')) this.#forget('url');
    });
    if (url === back) return back;
    return url && { url };
  }

  async #label(place: Place, url: DeploymentUrl | undefined): Promise<Partial<Answers> | typeof back> {
    if (url !== this.#labelled) this.#forget('label');
    this.#labelled = url;
    const label = await askForLabel(place, this.#kept('label', url && proposedLabel(url)), this.board);
    return label === back ? back : { label };
  }

  /** What was typed for another run or another deployment must not stand in the box of this one. */
  #forget(...names: readonly QuestionName[]): void {
    for (const name of names) this.#typed.delete(name);
  }

  #kept(name: QuestionName, proposed = ''): Box {
    return { value: this.#typed.get(name) ?? proposed, onDidType: (text) => this.#typed.set(name, text) };
  }
}
