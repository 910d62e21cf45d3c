import vscode = require('vscode');
import { deploymentAt, deploymentByUrlOrLabel, type KickoffList } from '#core/history/kickoffList';
import type { Deployment, DeploymentKey, DeploymentUrl } from '#core/kickoff/deployment';
import { canonicalUrl, deploymentPageUrlIn, proposedLabel, uniqueLabelMaker } from '#core/kickoff/deploymentUrl';
import { defined } from '#core/lib/defined';
import { maxPasteLength, pasteOrProblem, type ParsedPaste, type PastedRun } from '#core/paste/paste';
import { defuse } from '#present/cleanText';
import { commandWords } from '#present/words/commandWords';
import { words } from '#present/words/words';
import { t } from '#vscode/l10n';
import { confirmUnencrypted, askForLabel, askForUrl, type BoxOptions } from './deploymentPrompts';
import { askForText, BackSelected, choose, chooseMany, answerOrError, type PromptStep } from './prompts';

/** The user's answers so far about runs and their deployment, which is known or new. */
export interface TrackAnswers {
  /** The pasted text. While `runs` is undefined, the user must still select its runs. The token prompt contains its token, masked. */
  readonly paste?: ParsedPaste;
  /** The runs to track. The prompts for the deployment are about the first run. */
  readonly runs?: readonly PastedRun[];
  /** Set to add only a deployment, for example after the user entered a new deployment's URL instead of a kickoff ID. */
  readonly isWithoutRun?: true;
  /** The deployment that a run is moved from. The prompts don't offer this deployment. */
  readonly moveSource?: DeploymentKey;
  readonly deployment?: Deployment | undefined;
  /** Set after the user chose to add a deployment. */
  readonly isDeploymentNew?: true;
  readonly url?: DeploymentUrl;
  readonly label?: string;
  readonly page?: string;
  /** The number of prompts that the user answered. */
  readonly answeredCount?: number;
}

interface TrackPrompt {
  /** The number of prompts that probably follow. */
  readonly followingCount: number;
  readonly ask: (step: PromptStep) => Promise<TrackAnswers>;
}

/** Matches a text in the first box that may contain a secret. */
const possibleSecretPattern = /auth|bearer|basic|token|secret|key|pass|cookie|@/i;

/** Asks for a run and its deployment in a series of prompts. Skips prompts whose answer is known. */
export class TrackPrompts {
  /** The texts of the boxes by box and URL. Back and Escape don't lose a text, unless it may contain a secret. */
  readonly #typedTexts = new Map<string, string>();

  constructor(private readonly board: KickoffList) {}

  /** Asks for all missing answers. For a run, the last prompt stays open until `closeAnsweredPrompt`. Throws `CanceledError` on Escape. */
  async askAll(title: string, initialAnswers: TrackAnswers): Promise<TrackAnswers> {
    const answerStack = [initialAnswers];
    const staysOpen = !initialAnswers.isWithoutRun;
    for (;;) {
      const lastAnswers = answerStack.at(-1) ?? initialAnswers;
      const answers = { ...lastAnswers, ...defined({ deployment: lastAnswers.deployment ?? this.#obviousDeployment(lastAnswers) }) };
      const nextPrompt = this.#nextPrompt(answers);
      if (!nextPrompt) {
        if (answerStack.length > 1) this.#typedTexts.clear();
        return { ...answers, answeredCount: answerStack.length - 1 };
      }
      const [step, totalSteps] = [answerStack.length, answerStack.length + nextPrompt.followingCount];
      const [run] = answers.runs ?? [];
      const baseStep = { title: run ? t(words.runAndFacts, title, defuse(run.id)) : title, staysOpen };
      // A single box has no step number.
      const answer = await answerOrError(nextPrompt.ask({ ...baseStep, ...(totalSteps > 1 && { step, totalSteps }) }), BackSelected);
      if (answer instanceof BackSelected) answerStack.pop();
      else answerStack.push({ ...answers, ...answer });
    }
  }

  /** Returns the prompt for the next missing answer; undefined if the answers are complete. */
  #nextPrompt(answers: TrackAnswers): TrackPrompt | undefined {
    const { isWithoutRun, runs, paste, deployment, isDeploymentNew, url, label } = answers;
    if (!isWithoutRun && !runs) {
      const followingCount = this.#promptCountAfterRun(paste?.runs[0]);
      if (!paste) return { followingCount, ask: (step) => this.#askForRuns(step, answers.page) };
      return { followingCount, ask: async (step) => this.#answersWith(await chooseRuns(paste, this.board, step)) };
    }
    if (deployment) return undefined;
    if (!isWithoutRun && !isDeploymentNew && this.#deploymentChoices(answers).length > 0)
      return { followingCount: 0, ask: (step) => this.#askForDeployment(step, answers) };
    if (!url) return { followingCount: 2, ask: (step) => this.#askForUrl(step, answers) };
    return label === undefined ? { followingCount: 1, ask: (step) => this.#askForLabel(step, url) } : undefined;
  }

  /** Returns the number of prompts that follow the prompts for the run. */
  #promptCountAfterRun(run: PastedRun | undefined): number {
    const { deployments } = this.board;
    // The prompts for the URL, the label, and the token.
    if (run?.url ? !deploymentAt(this.board, run.url) : deployments.length === 0) return 3;
    return run?.url || deployments.length === 1 ? 0 : 1;
  }

  /** Returns the deployments to choose from, except `moveSource`, the newest run's first. Returns none if the URL of the run is known. */
  #deploymentChoices({ moveSource, runs: [run] = [] }: TrackAnswers): readonly Deployment[] {
    if (run?.url) return [];
    const newestRunDeploymentKey = this.board.kickoffs.find(({ deployment }) => deployment !== moveSource)?.deployment;
    const others = this.board.deployments.filter(({ key }) => key !== moveSource);
    return others.toSorted((one, other) => Number(other.key === newestRunDeploymentKey) - Number(one.key === newestRunDeploymentKey));
  }

  /** Returns the deployment if it's clear: the one with the URL, the only one with a tracked run of this ID, or the only known one. */
  #obviousDeployment({ runs: [run] = [], url = run?.url, isDeploymentNew, paste, moveSource }: TrackAnswers): Deployment | undefined {
    const { deployments, kickoffs } = this.board;
    if (url) return deploymentAt(this.board, url);
    if (!run || isDeploymentNew || moveSource !== undefined) return undefined;
    const [trackedRun, ...more] = kickoffs.filter(({ id }) => id === run.id);
    if (trackedRun && more.length === 0) return this.board.deployment(trackedRun.deployment);
    return deployments.length === 1 && !paste?.isDeploymentUnclear ? deployments[0] : undefined;
  }

  async #askForRuns(step: PromptStep, knownPage: string | undefined): Promise<TrackAnswers> {
    let boxContent = this.#parseBox('');
    await askForText({
      ...step,
      prompt: t(knownPage === undefined ? commandWords.kickoffIdPrompt : commandWords.kickoffIdAfterPage),
      placeholder: t(commandWords.kickoffIdPlaceholder),
      ...this.#boxOptions('kickoffId', '', possibleSecretPattern),
      canPaste: true,
      validate: (text) => {
        boxContent = this.#parseBox(text);
        const { result, page, url } = boxContent;
        return result.problem && page === undefined && !url ? t(commandWords[result.problem], maxPasteLength) : undefined;
      },
      submit: () => Promise.resolve(boxContent.url && t(commandWords.urlInsteadOfId)),
      ignoreTooltip: t(commandWords.addDeploymentTitle),
    });
    const { result, page, url } = boxContent;
    if (page !== undefined || url) this.#typedTexts.delete('kickoffId');
    if (url) return (await confirmUnencrypted(url)) ? { url, isWithoutRun: true } : this.#askForRuns(step, knownPage);
    const pageAnswer = defined({ page });
    if (result.problem !== undefined) return pageAnswer;
    const { paste } = result;
    return { paste, ...pageAnswer, ...(paste.isCertain && this.#answersWith(paste.runs)) };
  }

  /** Returns the runs and the deployment's page in a text, or the URL if the text is nothing but the URL of an unknown deployment. */
  #parseBox(text: string) {
    const result = pasteOrProblem(text);
    const url = result.problem === 'kickoffIdWrong' && /^\s*https?:\/\/\S+\s*$/i.test(text) ? canonicalUrl(text) : undefined;
    return { result, page: deploymentPageUrlIn(text), url: url && !deploymentByUrlOrLabel(this.board, url) ? url : undefined };
  }

  /** Returns the runs and the deployment of their URL, even if the user selected the command in another deployment's menu. */
  #answersWith(runs: readonly PastedRun[]): TrackAnswers {
    const url = runs[0]?.url;
    return url ? { runs, deployment: deploymentAt(this.board, url) } : { runs };
  }

  async #askForDeployment(step: PromptStep, answers: TrackAnswers): Promise<TrackAnswers> {
    const rows = this.#deploymentChoices(answers).map((one) => ({ label: defuse(one.label), description: one.url, deployment: one }));
    const iconPath = new vscode.ThemeIcon('add');
    const addRow = { label: t(commandWords.addDeploymentRow), iconPath, alwaysShow: true, deployment: undefined };
    const placeholder = t(answers.moveSource === undefined ? commandWords.deploymentPlaceholder : commandWords.movePlaceholder);
    const { deployment } = await choose([...rows, addRow], { ...step, placeholder });
    return deployment ? { deployment } : { isDeploymentNew: true };
  }

  async #askForUrl(step: PromptStep, { runs, page: knownPage }: TrackAnswers): Promise<TrackAnswers> {
    const pastedUrl = runs?.[0]?.url ?? '';
    // Forgets a text that is more than a URL, because it may contain a secret. Also forgets a page's URL, because the box asks for another.
    const options = this.#boxOptions(`url ${pastedUrl}`, pastedUrl, /[\s@?#]|\/crewai_plus\//);
    // The box closes, because a question about an unencrypted token may follow.
    const { url, page = this.#typedTexts.get(`page ${url}`) } = await askForUrl({ ...step, staysOpen: false }, options, knownPage);
    if (page !== undefined) this.#typedTexts.set(`page ${url}`, page);
    return { url, ...defined({ page }) };
  }

  async #askForLabel(step: PromptStep, url: DeploymentUrl): Promise<TrackAnswers> {
    const label = uniqueLabelMaker(this.board.deployments)(proposedLabel(url));
    return { label: await askForLabel(step, this.#boxOptions(`label ${url}`, label), this.board) };
  }

  /** Returns options for a box with the text typed before, or else the proposed text. Forgets a text that matches `secretPattern`. */
  #boxOptions(boxKey: string, proposedText = '', secretPattern?: RegExp): BoxOptions {
    const onDidType = (text: string): void => {
      if (secretPattern?.test(text)) this.#typedTexts.delete(boxKey);
      else this.#typedTexts.set(boxKey, text);
    };
    return { value: this.#typedTexts.get(boxKey) ?? proposedText, onDidType };
  }
}

/** Returns the step of the prompt after all answered prompts. A single box has no step number. */
export function lastStep(title: string, { answeredCount = 0 }: TrackAnswers): PromptStep {
  return answeredCount === 0 ? { title } : { title, step: answeredCount + 1, totalSteps: answeredCount + 1 };
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
  const chosenItems = items.length > 1 ? await chooseMany(items, { ...prompt, acceptsFocused: true }) : [await choose(items, prompt)];
  return chosenItems.map(({ run }) => run);
}
