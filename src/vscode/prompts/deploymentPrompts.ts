import vscode = require('vscode');
import type { Board } from '#core/history/board';
import type { Deployment, DeploymentUrl } from '#core/kickoff/deployment';
import { canonicalUrl, isDashboard, isUnencrypted, redirectTarget } from '#core/kickoff/deploymentUrl';
import { clean } from '#present/cleanText';
import { commandWords } from '#present/words/commandWords';
import { ask, back, type PromptStep } from './prompts';

/** The initial text of a box, and a listener for typed text. */
export interface PromptBox {
  readonly value: string;
  readonly onDidType?: (text: string) => void;
}

/**
 * Asks for a deployment's URL. Returns `undefined` if the user declines to send a token unencrypted. The caller then shows the box again.
 */
export async function askForUrl(place: PromptStep, box: PromptBox): Promise<DeploymentUrl | typeof back | undefined> {
  const text = await ask({
    ...place,
    prompt: vscode.l10n.t(commandWords.urlPrompt),
    placeholder: vscode.l10n.t(commandWords.urlPlaceholder),
    ...box,
    check: urlIsWrong,
  });
  if (text === back) return back;
  const url = canonicalUrl(text);
  return url && (await agreesToSendUnencrypted(url)) ? url : undefined;
}

/** Asks for a deployment's label. The deployment `mine` may keep its label. */
export async function askForLabel(place: PromptStep, box: PromptBox, board: Board, mine?: Deployment): Promise<string | typeof back> {
  const label = await ask({
    ...place,
    prompt: vscode.l10n.t(commandWords.labelPrompt),
    placeholder: vscode.l10n.t(commandWords.labelPlaceholder),
    ...box,
    check: (typed) => labelIsWrong(typed, board, mine),
  });
  return label === back ? back : clean(label);
}

/** Asks for a new URL and label of a known deployment. If the deployment moved, the box contains its new URL. */
export async function askToEdit(
  title: string,
  deployment: Deployment,
  board: Board,
): Promise<Pick<Deployment, 'url' | 'label'> | typeof back> {
  let value: string = redirectTarget(deployment, board.troubleOfDeployment(deployment)) ?? deployment.url;
  for (;;) {
    const url = await askForUrl({ title, step: 1, totalSteps: 2 }, { value });
    if (url === back) return back;
    if (!url) continue;
    value = url;
    const label = await askForLabel({ title, step: 2, totalSteps: 2 }, { value: deployment.label }, board, deployment);
    if (label !== back) return { url, label };
  }
}

/** Returns an error message for an invalid label. */
export function labelIsWrong(typed: string, board: Board, mine?: Deployment): string | undefined {
  const label = clean(typed);
  if (label === '' || label.includes('://')) return vscode.l10n.t(commandWords.labelWrong);
  const isTaken = board.deployments.some((one) => one.label === label && one.key !== mine?.key);
  return isTaken ? vscode.l10n.t(commandWords.labelTaken) : undefined;
}

/** Returns an error message for an invalid URL. */
export function urlIsWrong(typed: string): string | undefined {
  const url = canonicalUrl(typed);
  if (!url) return vscode.l10n.t(commandWords.urlWrong);
  return isDashboard(url) ? vscode.l10n.t(commandWords.urlDashboard) : undefined;
}

/** Asks for confirmation if the token would be sent unencrypted. */
export async function agreesToSendUnencrypted(url: DeploymentUrl): Promise<boolean> {
  if (!isUnencrypted(url)) return true;
  const goOn = vscode.l10n.t(commandWords.unencryptedGoOn);
  const detail = vscode.l10n.t(commandWords.unencryptedDetail, url);
  return (await vscode.window.showWarningMessage(vscode.l10n.t(commandWords.unencryptedQuestion), { modal: true, detail }, goOn)) === goOn;
}
