import type { KickoffList } from '#core/history/kickoffList';
import type { Deployment, DeploymentUrl } from '#core/kickoff/deployment';
import { canonicalUrl, isDashboard, isUnencrypted, deploymentPageUrlIn, redirectTarget } from '#core/kickoff/deploymentUrl';
import { defined } from '#core/lib/defined';
import { clean } from '#present/cleanText';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';
import { askForText, BackSelected, confirm, answerOrError, type PromptStep, type TextPrompt } from './prompts';

/** The first text of an input box, and a listener to the typed text. */
export type BoxOptions = Pick<TextPrompt, 'value' | 'onDidType'>;

/** Asks for a deployment's URL. Asks again if the user enters its page in AMP, or declines to send a token unencrypted. */
export async function askForUrl(step: PromptStep, options: BoxOptions, page?: string): Promise<Pick<Deployment, 'url' | 'page'>> {
  const urlText = await askForText({
    ...step,
    prompt: t(page === undefined ? commandWords.urlPrompt : commandWords.urlAfterPage),
    placeholder: t(commandWords.urlPlaceholder),
    ...options,
    validate: (text) => (deploymentPageUrlIn(text) === undefined ? urlErrorText(text) : undefined),
  });
  const enteredPage = deploymentPageUrlIn(urlText);
  if (enteredPage !== undefined) return askForUrl(step, options, enteredPage);
  const url = canonicalUrl(urlText);
  if (url && (await confirmUnencrypted(url))) return { url, ...defined({ page }) };
  return askForUrl(step, { ...options, value: urlText }, page);
}

/** Asks for a label that no other deployment has. `deployment` may keep its label. */
export async function askForLabel(step: PromptStep, options: BoxOptions, board: KickoffList, deployment?: Deployment): Promise<string> {
  const label = await askForText({
    ...step,
    prompt: t(commandWords.labelPrompt),
    placeholder: t(commandWords.labelPlaceholder),
    ...options,
    validate: (text) => labelErrorText(text, board, deployment),
  });
  return clean(label);
}

/** Asks for a deployment's new URL and label. If the deployment redirects to another HTTPS origin, proposes the target's URL. */
export async function askForUrlAndLabel(title: string, deployment: Deployment, board: KickoffList): Promise<Omit<Deployment, 'key'>> {
  let proposedUrl = redirectTarget(deployment, board.troubleOfDeployment(deployment)) ?? deployment.url;
  let page: string | undefined;
  for (;;) {
    const urlAndPage = await askForUrl({ title, step: 1, totalSteps: 2 }, { value: proposedUrl }, page);
    ({ url: proposedUrl, page } = urlAndPage);
    const label = await answerOrError(
      askForLabel({ title, step: 2, totalSteps: 2 }, { value: deployment.label }, board, deployment),
      BackSelected,
    );
    if (!(label instanceof BackSelected)) return { ...urlAndPage, label };
  }
}

/** Returns a message if a label can't be used. */
export function labelErrorText(text: string, board: KickoffList, deployment?: Deployment): string | undefined {
  const label = clean(text);
  if (label === '' || label.includes('://')) return t(commandWords.labelWrong);
  const isTaken = board.deployments.some((one) => one.label === label && one.key !== deployment?.key);
  return isTaken ? t(commandWords.labelTaken) : undefined;
}

/** Returns a message if a text can't be the URL of a deployment. */
export function urlErrorText(text: string): string | undefined {
  const url = canonicalUrl(text);
  if (!url) return t(commandWords.urlWrong);
  return isDashboard(url) ? t(commandWords.urlDashboard) : undefined;
}

/** Returns whether the user agrees to send a token unencrypted. For HTTPS or this machine, returns true without a question. */
export async function confirmUnencrypted(url: DeploymentUrl): Promise<boolean> {
  if (!isUnencrypted(url)) return true;
  const detail = t(commandWords.unencryptedDetail, url);
  return confirm(t(commandWords.unencryptedQuestion), { detail, button: t(commandWords.unencryptedGoOn) });
}
