import vscode = require('vscode');
import type { KickoffList } from '#core/history/kickoffList';
import type { Deployment, DeploymentKey, DeploymentUrl } from '#core/kickoff/deployment';
import { canonicalUrl, pageIn, proposedLabel, uniqueLabels } from '#core/kickoff/deploymentUrl';
import { UserFacingError } from '#core/lib/errors';
import { readPaste, type ParsedPaste, type PastedRun } from '#core/paste/paste';
import type { PastedToken } from '#core/paste/pastedTokens';
import { plain } from '#present/cleanText';
import { commandWords } from '#present/words/commandWords';
import { words } from '#present/words/words';
import { t } from '#vscode/l10n';
import { agreesToSendUnencrypted, askForLabel, askForUrl, labelIsWrong, type PromptBox } from './deploymentPrompts';
import { chooseRuns, pasteMessage } from './pastePrompt';
import { ask, Back, choose, orBack, type PromptStep } from './prompts';

/** The user's answers so far about a run and its deployment, which is known or new. */
export interface TrackAnswers {
  /** The pasted text. Until `captured` has a run, the user must select runs of the text. */
  readonly paste?: ParsedPaste;
  readonly captured?: PastedRun;
  readonly others?: readonly PastedRun[];
  /** The token prompt of a deployment contains its token, masked. */
  readonly tokens?: readonly PastedToken[];
  /** Whether the text contains several deployments, so that the only known one isn't obvious. */
  readonly isDeploymentUnclear?: boolean;
  /** The prompts don't offer this deployment. */
  readonly movesFrom?: DeploymentKey;
  readonly deployment?: Deployment;
  readonly isNew?: true;
  /** Whether the user entered the URL of a new deployment instead of a kickoff ID, so that there is no run to track. */
  readonly isWithoutRun?: true;
  readonly url?: DeploymentUrl;
  readonly label?: string;
  readonly page?: string;
  readonly steps?: number;
}

type PromptName = 'kickoffId' | 'run' | 'deployment' | 'url' | 'label';

const soundsSecret = /auth|bearer|basic|token|secret|key|pass|cookie|@/i;

/** The prompts for the URL, the label, and the token. */
const newDeploymentPrompts = 3;
/** The number of prompts that follow a prompt. */
const following = { deployment: 0, url: 2, label: 1 } as const;

/** Skips prompts whose answer is known. */
export class TrackPrompts {
  /** Back and Escape don't lose the text, unless it may contain a secret. */
  readonly #typed = new Map<PromptName, string>();
  /** The URL of the deployment whose label box was shown last. */
  #labeled: DeploymentUrl | undefined;

  constructor(private readonly board: KickoffList) {}

  /** Asks until all answers are complete. For a run, the last prompt stays open until `closePrompt`. Throws `Canceled` on Escape. */
  async askAll(title: string, target: TrackAnswers, wantsKickoff: boolean): Promise<TrackAnswers> {
    const rounds: TrackAnswers[] = [this.#resolved(target)];
    if (target.captured?.url) this.#forget('url', 'label');
    for (;;) {
      const known = rounds.at(-1) ?? target;
      const name = this.#missing(known, wantsKickoff);
      if (!name) {
        if (rounds.length > 1) this.#typed.clear();
        return { ...known, steps: rounds.length - 1 };
      }
      const [step, totalSteps] = [rounds.length, rounds.length + this.#following(name, known)];
      const named = known.captured ? t(words.runAndFacts, title, plain(known.captured.id)) : title;
      // A single box has no step number.
      const place = { title: named, ...(totalSteps > 1 && { step, totalSteps }) };
      // The question about an unencrypted token may follow the URL.
      const answer = await orBack(this.#ask(name, known, { ...place, staysOpen: wantsKickoff && name !== 'url' }));
      if (answer instanceof Back) rounds.pop();
      else if (answer) rounds.push(this.#resolved({ ...known, ...answer }));
    }
  }

  known(name: string): Deployment | undefined {
    const url = canonicalUrl(name);
    const { deployments } = this.board;
    return deployments.find((one) => one.url === url) ?? deployments.find((one) => one.label === name);
  }

  checkLabel(label: string): void {
    const wrong = labelIsWrong(label, this.board);
    if (wrong !== undefined) throw new UserFacingError(wrong);
  }

  #missing(answers: TrackAnswers, wantsKickoff: boolean): PromptName | undefined {
    const { paste, captured: run, deployment, isNew, url, label } = answers;
    const wantsRun = wantsKickoff && !answers.isWithoutRun;
    if (wantsRun && !run) return paste ? 'run' : 'kickoffId';
    if (deployment) return undefined;
    if (wantsRun && !isNew && !run?.url && this.#choices(answers).length > 0) return 'deployment';
    if (!url) return 'url';
    return label === undefined ? 'label' : undefined;
  }

  #following(name: PromptName, { paste }: TrackAnswers): number {
    if (name !== 'kickoffId' && name !== 'run') return following[name];
    const url = name === 'run' ? paste?.runs[0]?.url : undefined;
    const { deployments } = this.board;
    if (url ? !deployments.some((one) => one.url === url) : deployments.length === 0) return newDeploymentPrompts;
    return url || deployments.length === 1 ? 0 : 1;
  }

  /** The deployment of the last tracked run comes first. */
  #choices({ movesFrom }: TrackAnswers): readonly Deployment[] {
    const last = this.board.kickoffs.find(({ deployment }) => deployment !== movesFrom)?.deployment;
    const others = this.board.deployments.filter(({ key }) => key !== movesFrom);
    return others.toSorted((one, other) => Number(other.key === last) - Number(one.key === last));
  }

  #resolved(answers: TrackAnswers): TrackAnswers {
    const deployment = answers.deployment ?? this.#obvious(answers);
    return deployment ? { ...answers, deployment } : answers;
  }

  /** Returns the known deployment with the URL, or else the only deployment that tracks the ID, or else the only known deployment. */
  #obvious({ captured: run, url = run?.url, isNew, isDeploymentUnclear, movesFrom }: TrackAnswers): Deployment | undefined {
    const { deployments, kickoffs } = this.board;
    if (url) return deployments.find((one) => one.url === url);
    if (!run || isNew || movesFrom !== undefined) return undefined;
    const [tracked, ...more] = kickoffs.filter(({ id }) => id === run.id);
    if (tracked && more.length === 0) return this.board.deployment(tracked.deployment);
    return deployments.length === 1 && !isDeploymentUnclear ? deployments[0] : undefined;
  }

  async #ask(name: PromptName, known: TrackAnswers, place: PromptStep): Promise<Partial<TrackAnswers> | undefined> {
    const prompts = {
      kickoffId: () => this.#kickoffId(place, known.page),
      run: () => this.#run(place, known),
      deployment: () => this.#deployment(place, known),
      url: () => this.#url(place, known),
      label: () => this.#label(place, known.url),
    };
    return prompts[name]();
  }

  async #kickoffId(place: PromptStep, knownPage: string | undefined): Promise<Partial<TrackAnswers> | undefined> {
    // Parses a text once, although the box checks it before it returns it.
    let last = { text: '', answer: readPaste('') };
    const read = (typed: string) => (last.text === typed ? last : (last = { text: typed, answer: readPaste(typed) })).answer;
    const newDeploymentIn = (typed: string) => (read(typed).wrong === 'noId' ? this.#newDeploymentIn(typed) : undefined);
    const text = await ask({
      ...place,
      prompt: t(knownPage === undefined ? commandWords.kickoffIdPrompt : commandWords.kickoffIdAfterPage),
      placeholder: t(commandWords.kickoffIdPlaceholder),
      ...this.#boxFor('kickoffId'),
      canPaste: true,
      check: (typed) => {
        const { wrong } = read(typed);
        return wrong && pageIn(typed) === undefined && !newDeploymentIn(typed) ? pasteMessage(wrong) : undefined;
      },
      take: (typed) => Promise.resolve(newDeploymentIn(typed) && t(commandWords.urlInsteadOfId)),
      overrule: t(commandWords.addDeploymentTitle),
    }).finally(() => {
      // Forgets a text with a possible secret, because the next box would show the text.
      if (soundsSecret.test(this.#typed.get('kickoffId') ?? '')) this.#forget('kickoffId');
    });
    const page = pageIn(text);
    if (page !== undefined) this.#forget('kickoffId');
    const known = page === undefined ? undefined : { page };
    const url = newDeploymentIn(text);
    if (url) {
      this.#forget('kickoffId');
      return (await agreesToSendUnencrypted(url)) ? { url, isWithoutRun: true } : undefined;
    }
    const answer = read(text);
    if (answer.wrong !== undefined) return known;
    const { paste } = answer;
    return { paste, ...known, ...(paste.isCertain && this.#taken(paste, paste.runs)) };
  }

  /** Returns the URL if a text is nothing but the URL of a deployment that isn't known. */
  #newDeploymentIn(typed: string): DeploymentUrl | undefined {
    const url = /^\s*https?:\/\/\S+\s*$/i.test(typed) ? canonicalUrl(typed) : undefined;
    return url && !this.known(url) ? url : undefined;
  }

  async #run(place: PromptStep, { paste }: TrackAnswers): Promise<Partial<TrackAnswers> | undefined> {
    const chosen = paste && (await chooseRuns(paste, this.board, place));
    // Without a selection, the list opens again.
    return chosen && chosen.length > 0 ? this.#taken(paste, chosen) : undefined;
  }

  #taken({ tokens, isDeploymentUnclear }: ParsedPaste, [run, ...others]: readonly PastedRun[]): Partial<TrackAnswers> {
    if (run?.url) this.#forget('url', 'label');
    // A text that names a deployment overrules the row in which the command was selected.
    const own = run?.url && this.board.deployments.find(({ url }) => url === run.url);
    return { ...(run && { captured: run }), ...(own && { deployment: own }), others, tokens, isDeploymentUnclear };
  }

  async #deployment(place: PromptStep, known: TrackAnswers): Promise<Partial<TrackAnswers>> {
    const rows = this.#choices(known).map((deployment) => ({ label: plain(deployment.label), description: deployment.url, deployment }));
    const add = {
      label: t(commandWords.addDeploymentRow),
      iconPath: new vscode.ThemeIcon('add'),
      alwaysShow: true,
      deployment: undefined,
    };
    const placeholder = t(known.movesFrom === undefined ? commandWords.deploymentPlaceholder : commandWords.movePlaceholder);
    const { deployment } = await choose([...rows, add], { ...place, placeholder });
    return deployment ? { deployment } : { isNew: true };
  }

  async #url(place: PromptStep, { captured, page }: TrackAnswers): Promise<Partial<TrackAnswers> | undefined> {
    const entered = await askForUrl(place, this.#boxFor('url', captured?.url), page).finally(() => {
      // A text with more than a URL may contain a secret.
      if (/[\s@?#]/.test(this.#typed.get('url') ?? '')) this.#forget('url');
    });
    if (entered && 'page' in entered) this.#forget('url');
    return entered;
  }

  async #label(place: PromptStep, url: DeploymentUrl | undefined): Promise<Partial<TrackAnswers>> {
    if (url !== this.#labeled) this.#forget('label');
    this.#labeled = url;
    const proposed = url && uniqueLabels(this.board.deployments)(proposedLabel(url));
    return { label: await askForLabel(place, this.#boxFor('label', proposed), this.board) };
  }

  #forget(...names: readonly PromptName[]): void {
    for (const name of names) this.#typed.delete(name);
  }

  #boxFor(name: PromptName, proposed = ''): PromptBox {
    return { value: this.#typed.get(name) ?? proposed, onDidType: (text) => this.#typed.set(name, text) };
  }
}
