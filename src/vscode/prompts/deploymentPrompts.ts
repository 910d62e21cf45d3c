import vscode = require('vscode');
import type { KickoffList } from '#core/history/kickoffList';
import type { Deployment, DeploymentUrl } from '#core/kickoff/deployment';
import { canonicalUrl, isDashboard, isUnencrypted, redirectTarget } from '#core/kickoff/deploymentUrl';
import { clean } from '#present/cleanText';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';
import { ask, back, type PromptStep } from './prompts';

/** The initial text of a box, and a listener for typed text. */
export interface PromptBox {
  readonly value: string;
  readonly onDidType?: (text: string) => void;
}

/** Asks for a deployment's URL; undefined when the user would rather not send a token unencrypted: the box is to be asked again. */
export async function askForUrl(place: PromptStep, box: PromptBox): Promise<DeploymentUrl | typeof back | undefined> {
  const text = await ask({
    ...place,
    prompt: t(commandWords.urlPrompt),
    placeholder: t(commandWords.urlPlaceholder),
    ...box,
    check: urlIsWrong,
  });
  if (text === back) return back;
  const url = canonicalUrl(text);
  return url && (await agreesToSendUnencrypted(url)) ? url : undefined;
}

/** Asks for a deployment's label; `mine` may keep its own. */
export async function askForLabel(place: PromptStep, box: PromptBox, board: KickoffList, mine?: Deployment): Promise<string | typeof back> {
  const label = await ask({
    ...place,
    prompt: t(commandWords.labelPrompt),
    placeholder: t(commandWords.labelPlaceholder),
    ...box,
    check: (typed) => labelIsWrong(typed, board, mine),
  });
  return label === back ? back : clean(label);
}

/** Another URL and label for a known deployment, with the address it moved to in the box to be looked at; `back` when the user goes back from the first. */
export async function askToEdit(
  title: string,
  deployment: Deployment,
  board: KickoffList,
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

/** Why a label cannot be taken; undefined when it can. */
export function labelIsWrong(typed: string, board: KickoffList, mine?: Deployment): string | undefined {
  const label = clean(typed);
  if (label === '' || label.includes('://')) return t(commandWords.labelWrong);
  const isTaken = board.deployments.some((one) => one.label === label && one.key !== mine?.key);
  return isTaken ? t(commandWords.labelTaken) : undefined;
}

/** Why a typed address cannot be a deployment's; undefined when it can. */
export function urlIsWrong(typed: string): string | undefined {
  const url = canonicalUrl(typed);
  if (!url) return t(commandWords.urlWrong);
  return isDashboard(url) ? t(commandWords.urlDashboard) : undefined;
}

/** Asks, where a token could be read on the way. */
export async function agreesToSendUnencrypted(url: DeploymentUrl): Promise<boolean> {
  if (!isUnencrypted(url)) return true;
  const goOn = t(commandWords.unencryptedGoOn);
  const detail = t(commandWords.unencryptedDetail, url);
  return (await vscode.window.showWarningMessage(t(commandWords.unencryptedQuestion), { modal: true, detail }, goOn)) === goOn;
}
