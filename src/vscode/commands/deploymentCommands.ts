import vscode = require('vscode');
import { extensionId } from '#contributions';
import { changeUrlWithToken } from '#core/history/moveToken';
import type { Deployment, DeploymentChange } from '#core/kickoff/deployment';
import { canonicalPage, originOf, deploymentPage } from '#core/kickoff/deploymentUrl';
import { Canceled, UserFacingError } from '#core/lib/errors';
import { plain } from '#present/cleanText';
import { commandWords } from '#present/words/commandWords';
import { words } from '#present/words/words';
import { t } from '#vscode/l10n';
import { askForLabel, askToEdit } from '#vscode/prompts/deploymentPrompts';
import { ask, confirm } from '#vscode/prompts/prompts';
import { askForToken, askForOptionalToken } from '#vscode/prompts/tokenPrompt';
import type { CommandParts } from './arguments';
import { importEnv } from './envImport';
import type { Handlers } from './guard';

/** Returns the commands that import, edit, and open deployments, and the commands for tokens, settings, and the log. */
export function deploymentCommands(parts: CommandParts) {
  const { targets, log, tokens } = parts;
  return {
    importEnv: () => importEnv(parts),
    editDeployment: async (target) => edit(parts, await targets.findDeployment(target, { command: 'editDeployment' })),
    setToken: async (target) => {
      const deployment = await targets.findDeployment(target, { command: 'setToken' });
      await askForToken(deployment, { title: t(commandWords.setTokenTitle) }, parts);
    },
    deleteToken: async (target) => {
      const suits = async ({ url }: Deployment): Promise<boolean> => (await tokens.get(url)) !== undefined;
      const { url, label } = await targets.findDeployment(target, { command: 'deleteToken', suits, none: commandWords.noneWithToken });
      const question = t(commandWords.deleteTokenQuestion, plain(label));
      if (!(await confirm(question, { detail: t(commandWords.deleteTokenDetail), button: t(commandWords.deleteTokenGoOn) }))) return;
      await tokens.delete(url);
      vscode.window.setStatusBarMessage(t(commandWords.tokenDeleted, plain(label)), 3_000);
    },
    openInBrowser: async (target) => {
      const deployment = await targets.findDeployment(target, { command: 'openInBrowser' });
      const page = canonicalPage(deploymentPage(deployment) ?? (await askForPage(parts, deployment)));
      if (page === undefined) throw new UserFacingError(t(commandWords.pageWrong));
      // Passes a text, because VS Code decodes some escapes of a `Uri`, such as `%2F`.
      await vscode.commands.executeCommand('vscode.open', page);
    },
    openNetworkSettings: () => openSettings('@id:http.systemCertificates @id:http.proxy'),
    openSettings: () => openSettings(`@ext:${extensionId}`),
    showLog: () => log.show(),
  } satisfies Partial<Handlers>;
}

/** Lets the user edit a deployment's URL and label. If the origin changes, asks for a new token, because tokens stay with their origin. */
async function edit(parts: CommandParts, deployment: Deployment): Promise<void> {
  const title = t(words.editDeployment);
  const edited = await askToEdit(title, deployment, parts.board);
  const { url, label } = edited;
  await changeUrlWithToken(parts.tokens, { from: deployment.url, to: url }, () => storeChange(parts, deployment, edited));
  if (originOf(url) === originOf(deployment.url)) return;
  await askForOptionalToken({ ...deployment, url, label }, { title, step: 3, totalSteps: 3 }, parts);
}

/** Asks for a new label, and stores the label. */
export async function renameDeployment(parts: CommandParts, target: unknown): Promise<void> {
  const deployment = await parts.targets.findDeployment(target, { command: 'rename' });
  const label = await askForLabel({ title: t(commandWords.renameTitle) }, { value: deployment.label }, parts.board, deployment);
  await storeChange(parts, deployment, { label });
}

/** Stores a change of a deployment. Throws if the deployment doesn't exist anymore. */
async function storeChange({ tracker }: CommandParts, deployment: Deployment, change: DeploymentChange): Promise<void> {
  if (!(await tracker.changeDeployment(deployment, change))) throw new UserFacingError(t(commandWords.unknownDeployment));
}

/** Asks for the URL of a deployment's page in AMP, and stores this URL. */
async function askForPage(parts: CommandParts, deployment: Deployment): Promise<string> {
  const text = await ask({
    title: t(words.openInBrowser),
    prompt: t(commandWords.pagePrompt, plain(deployment.label)),
    placeholder: t(commandWords.pagePlaceholder),
    check: (typed) => (canonicalPage(typed) === undefined ? t(commandWords.pageWrong) : undefined),
  });
  const page = canonicalPage(text);
  if (page === undefined) throw new Canceled();
  await storeChange(parts, deployment, { page });
  return page;
}

async function openSettings(query: string): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openSettings', query);
}
