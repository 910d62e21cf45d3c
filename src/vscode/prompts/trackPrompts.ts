import vscode = require('vscode');
import { deploymentAt, namedDeployment, type KickoffList } from '#core/history/kickoffList';
import type { Deployment, DeploymentKey, DeploymentUrl } from '#core/kickoff/deployment';
import { canonicalUrl, deploymentPageIn, proposedLabel, uniqueLabels } from '#core/kickoff/deploymentUrl';
import { defined } from '#core/lib/defined';
import { maxPasteLength, readPaste, type ParsedPaste, type PastedRun, type PasteProblem } from '#core/paste/paste';
import { defuse } from '#present/cleanText';
import { commandWords } from '#present/words/commandWords';
import { words } from '#present/words/words';
import { t } from '#vscode/l10n';
import { agreesToSendUnencrypted, askForLabel, askForUrl, type PromptBox } from './deploymentPrompts';
import { ask, Back, choose, chooseMany, answerOrButton, type PromptStep } from './prompts';

/** The user's answers so far about runs and their deployment, which is known or new. */
export interface TrackAnswers {
  /** The pasted text. Until `runs` is known, the user must select its runs. The token prompt contains the text's token, masked. */
  readonly paste?: ParsedPaste;
  /** The runs to track. The other prompts are about the first run. */
  readonly runs?: readonly PastedRun[];
  /** Set to add only a deployment, for example after the user entered a new deployment's URL instead of a kickoff ID. */
  readonly isWithoutRun?: true;
  /** The deployment that a run is moved from. The prompts don't offer this deployment. */
  readonly movesFrom?: DeploymentKey;
  readonly deployment?: Deployment;
  /** Set after the user chose to add a deployment. */
  readonly isNew?: true;
  readonly url?: DeploymentUrl;
  readonly label?: string;
  readonly page?: string;
  /** The number of prompts that the user answered. */
  readonly steps?: number;
}

interface TrackPrompt {
  /** The number of prompts that probably follow. */
  readonly following: number;
  readonly ask: (step: PromptStep) => Promise<TrackAnswers>;
}

const pasteMessages = {
  tooLong: commandWords.pasteTooLong,
  dashboard: commandWords.pasteDashboard,
  cut: commandWords.kickoffIdCut,
  noId: commandWords.kickoffIdWrong,
} as const satisfies Record<PasteProblem, string>;

/** Matches a text in the first box that may contain a secret. */
const possibleSecret = /auth|bearer|basic|token|secret|key|pass|cookie|@/i;

/** Asks for a run and its deployment in a series of prompts. Skips prompts whose answer is known. */
export class TrackPrompts {
  /** The texts of the boxes by box and URL. Back and Escape don't lose a text, unless it may contain a secret. */
  readonly #typed = new Map<string, string>();

  constructor(private readonly board: KickoffList) {}

  /** Asks until all answers are complete. For a run, the last prompt stays open until `closePrompt`. Throws `Canceled` on Escape. */
  async askAll(title: string, knownAnswers: TrackAnswers): Promise<TrackAnswers> {
    const rounds = [knownAnswers];
    const staysOpen = !knownAnswers.isWithoutRun;
    for (;;) {
      const answers = rounds.at(-1) ?? knownAnswers;
      const known = { ...answers, ...defined({ deployment: answers.deployment ?? this.#obviousDeployment(answers) }) };
      const next = this.#nextPrompt(known);
      if (!next) {
        if (rounds.length > 1) this.#typed.clear();
        return { ...known, steps: rounds.length - 1 };
      }
      const [step, totalSteps] = [rounds.length, rounds.length + next.following];
      const [run] = known.runs ?? [];
      const prompt = { title: run ? t(words.runAndFacts, title, defuse(run.id)) : title, staysOpen };
      // A single box has no step number.
      const answer = await answerOrButton(next.ask({ ...prompt, ...(totalSteps > 1 && { step, totalSteps }) }), Back);
      if (answer instanceof Back) rounds.pop();
      else rounds.push({ ...known, ...answer });
    }
  }

  /** Returns the prompt for the next missing answer; undefined if the answers are complete. */
  #nextPrompt(known: TrackAnswers): TrackPrompt | undefined {
    const { isWithoutRun, runs, paste, deployment, isNew, url, label } = known;
    if (!isWithoutRun && !runs) {
      const following = this.#followingRun(paste?.runs[0]);
      if (!paste) return { following, ask: (step) => this.#kickoffId(step, known.page) };
      return { following, ask: async (step) => this.#answersWith(await chooseRuns(paste, this.board, step)) };
    }
    if (deployment) return undefined;
    if (!isWithoutRun && !isNew && this.#choices(known).length > 0) return { following: 0, ask: (step) => this.#deployment(step, known) };
    if (!url) return { following: 2, ask: (step) => this.#url(step, known) };
    return label === undefined ? { following: 1, ask: (step) => this.#label(step, url) } : undefined;
  }

  /** Returns the number of prompts that follow when the run is known. */
  #followingRun(run: PastedRun | undefined): number {
    const { deployments } = this.board;
    // The prompts for the URL, the label, and the token.
    if (run?.url ? !deploymentAt(this.board, run.url) : deployments.length === 0) return 3;
    return run?.url || deployments.length === 1 ? 0 : 1;
  }

  /** Returns the deployments to choose from, beginning with the newest run's. Returns none if the URL of the run is known. */
  #choices({ movesFrom, runs: [run] = [] }: TrackAnswers): readonly Deployment[] {
    if (run?.url) return [];
    const last = this.board.kickoffs.find(({ deployment }) => deployment !== movesFrom)?.deployment;
    const others = this.board.deployments.filter(({ key }) => key !== movesFrom);
    return others.toSorted((one, other) => Number(other.key === last) - Number(one.key === last));
  }

  /** Returns the deployment if it's clear: from the URL, because it alone tracks the ID, or because no other deployment is known. */
  #obviousDeployment({ runs: [run] = [], url = run?.url, isNew, paste, movesFrom }: TrackAnswers): Deployment | undefined {
    const { deployments, kickoffs } = this.board;
    if (url) return deploymentAt(this.board, url);
    if (!run || isNew || movesFrom !== undefined) return undefined;
    const [tracked, ...more] = kickoffs.filter(({ id }) => id === run.id);
    if (tracked && more.length === 0) return this.board.deployment(tracked.deployment);
    return deployments.length === 1 && !paste?.isDeploymentUnclear ? deployments[0] : undefined;
  }

  async #kickoffId(step: PromptStep, knownPage: string | undefined): Promise<TrackAnswers> {
    let found = this.#readBox('');
    await ask({
      ...step,
      prompt: t(knownPage === undefined ? commandWords.kickoffIdPrompt : commandWords.kickoffIdAfterPage),
      placeholder: t(commandWords.kickoffIdPlaceholder),
      ...this.#boxFor('kickoffId', '', possibleSecret),
      canPaste: true,
      check: (typed) => {
        found = this.#readBox(typed);
        const { result, page, url } = found;
        return result.wrong && page === undefined && !url ? t(pasteMessages[result.wrong], maxPasteLength) : undefined;
      },
      submit: () => Promise.resolve(found.url && t(commandWords.urlInsteadOfId)),
      ignoreWarning: t(commandWords.addDeploymentTitle),
    });
    const { result, page, url } = found;
    if (page !== undefined || url) this.#typed.delete('kickoffId');
    if (url) return (await agreesToSendUnencrypted(url)) ? { url, isWithoutRun: true } : this.#kickoffId(step, knownPage);
    const pageAnswer = defined({ page });
    if (result.wrong !== undefined) return pageAnswer;
    const { paste } = result;
    return { paste, ...pageAnswer, ...(paste.isCertain && this.#answersWith(paste.runs)) };
  }

  /** Returns the runs and the deployment's page in a text, or the URL if the text is nothing but the URL of an unknown deployment. */
  #readBox(typed: string) {
    const result = readPaste(typed);
    const url = result.wrong === 'noId' && /^\s*https?:\/\/\S+\s*$/i.test(typed) ? canonicalUrl(typed) : undefined;
    return { result, page: deploymentPageIn(typed), url: url && !namedDeployment(this.board, url) ? url : undefined };
  }

  /** Returns the chosen runs and their known deployment. A URL in the text overrules the row in whose menu the command was selected. */
  #answersWith(runs: readonly PastedRun[]): TrackAnswers {
    return { runs, ...defined({ deployment: deploymentAt(this.board, runs[0]?.url) }) };
  }

  async #deployment(step: PromptStep, known: TrackAnswers): Promise<TrackAnswers> {
    const rows = this.#choices(known).map((deployment) => ({ label: defuse(deployment.label), description: deployment.url, deployment }));
    const addRow = {
      label: t(commandWords.addDeploymentRow),
      iconPath: new vscode.ThemeIcon('add'),
      alwaysShow: true,
      deployment: undefined,
    };
    const placeholder = t(known.movesFrom === undefined ? commandWords.deploymentPlaceholder : commandWords.movePlaceholder);
    const { deployment } = await choose([...rows, addRow], { ...step, placeholder });
    return deployment ? { deployment } : { isNew: true };
  }

  async #url(step: PromptStep, { runs, page: known }: TrackAnswers): Promise<TrackAnswers> {
    const found = runs?.[0]?.url ?? '';
    // A text that is more than a URL may contain a secret. A page isn't suggested again.
    const box = this.#boxFor(`url ${found}`, found, /[\s@?#]|\/crewai_plus\//);
    // The box closes, because a question about an unencrypted token may follow.
    const { url, page = this.#typed.get(`page ${url}`) } = await askForUrl({ ...step, staysOpen: false }, box, known);
    if (page !== undefined) this.#typed.set(`page ${url}`, page);
    return { url, ...defined({ page }) };
  }

  async #label(step: PromptStep, url: DeploymentUrl): Promise<TrackAnswers> {
    const proposed = uniqueLabels(this.board.deployments)(proposedLabel(url));
    return { label: await askForLabel(step, this.#boxFor(`label ${url}`, proposed), this.board) };
  }

  /** Returns a box that contains the text that was typed before, or else the proposed text. Forgets a text that matches `secret`. */
  #boxFor(name: string, proposed = '', secret?: RegExp): PromptBox {
    const onDidType = (text: string): void => {
      if (secret?.test(text)) this.#typed.delete(name);
      else this.#typed.set(name, text);
    };
    return { value: this.#typed.get(name) ?? proposed, onDidType };
  }
}

/** Returns the step of the prompt after all answered prompts. A single box has no step number. */
export function lastStep(title: string, { steps = 0 }: TrackAnswers): PromptStep {
  return steps === 0 ? { title } : { title, step: steps + 1, totalSteps: steps + 1 };
}

/** Lets the user choose among the runs in a text. If the user probably means all runs, the untracked runs are preselected. */
export async function chooseRuns({ runs, areAllMeant }: ParsedPaste, board: KickoffList, step: PromptStep): Promise<readonly PastedRun[]> {
  const items = runs.map((run) => {
    const isTracked = board.kickoffs.some(({ id }) => id === run.id);
    return {
      label: defuse(run.id),
      description: isTracked ? t(commandWords.trackedAlready) : defuse(deploymentAt(board, run.url)?.label ?? run.url ?? ''),
      detail: defuse(run.context ?? ''),
      picked: areAllMeant && !isTracked,
      run,
    };
  });
  const placeholder = t(items.length > 1 ? commandWords.whichFoundOfMany : commandWords.whichFound);
  const prompt = { ...step, placeholder };
  const chosen = items.length > 1 ? await chooseMany(items, { ...prompt, acceptsFocused: true }) : [await choose(items, prompt)];
  return chosen.map(({ run }) => run);
}
