import vscode = require('vscode');
import { changeUrlWithToken } from '#core/history/moveToken';
import type { Deployment, DeploymentChange } from '#core/kickoff/deployment';
import { canonicalPage, originOf, pageOf } from '#core/kickoff/deploymentUrl';
import { Canceled, UserFacingError } from '#core/lib/errors';
import { plain } from '#present/cleanText';
import { commandWords } from '#present/words/commandWords';
import { words } from '#present/words/words';
import { t } from '#vscode/l10n';
import { askForLabel, askToEdit } from '#vscode/prompts/deploymentPrompts';
import { ask } from '#vscode/prompts/prompts';
import { askForTokenUnlessCanceled } from '#vscode/prompts/tokenPrompt';
import type { CommandParts } from './commandParts';

export class DeploymentCommands {
  constructor(private readonly parts: CommandParts) {}

  /** Edits URL and label. If the origin changes, asks for a new token, and sends nothing to the new origin without a token. */
  async edit(target: unknown): Promise<void> {
    const deployment = await this.parts.find.deployment(target, { command: 'editDeployment' });
    const edited = await askToEdit(t(words.editDeployment), deployment, this.parts.board);
    const { url, label } = edited;
    await changeUrlWithToken(this.parts.tokens, { from: deployment.url, to: url }, () => this.#change(deployment, edited));
    if (originOf(url) === originOf(deployment.url)) return;
    const place = { title: t(words.editDeployment), step: 3, totalSteps: 3 };
    await askForTokenUnlessCanceled({ ...deployment, url, label }, place, this.parts);
  }

  async rename(target: unknown): Promise<void> {
    const deployment = await this.parts.find.deployment(target, { command: 'rename' });
    const label = await askForLabel({ title: t(commandWords.renameTitle) }, { value: deployment.label }, this.parts.board, deployment);
    await this.#change(deployment, { label });
  }

  async #change(deployment: Deployment, change: DeploymentChange): Promise<void> {
    if (!(await this.parts.tracker.changeDeployment(deployment, change))) throw new UserFacingError(t(commandWords.unknownDeployment));
  }

  async deleteToken(target: unknown): Promise<void> {
    const suits = async ({ url }: Deployment): Promise<boolean> => (await this.parts.tokens.get(url)) !== undefined;
    const deployment = await this.parts.find.deployment(target, { command: 'deleteToken', suits, none: commandWords.noneWithToken });
    const goOn = t(commandWords.deleteTokenGoOn);
    const question = t(commandWords.deleteTokenQuestion, plain(deployment.label));
    const modal = { modal: true, detail: t(commandWords.deleteTokenDetail) };
    if ((await vscode.window.showWarningMessage(question, modal, goOn)) !== goOn) return;
    await this.parts.tokens.delete(deployment.url);
    vscode.window.setStatusBarMessage(t(commandWords.tokenDeleted, plain(deployment.label)), 3_000);
  }

  /** Opens a deployment's page in AMP. If the page isn't known, asks for it, and keeps it. */
  async openInBrowser(target: unknown): Promise<void> {
    const deployment = await this.parts.find.deployment(target, { command: 'openInBrowser' });
    const page = canonicalPage(pageOf(deployment) ?? (await this.#askForPage(deployment)));
    if (page === undefined) throw new UserFacingError(t(commandWords.pageWrong));
    // Passes a text, because VS Code decodes some escapes of a `Uri`, such as `%2F`.
    await vscode.commands.executeCommand('vscode.open', page);
  }

  async #askForPage(deployment: Deployment): Promise<string> {
    const text = await ask({
      title: t(words.openInBrowser),
      prompt: t(commandWords.pagePrompt, plain(deployment.label)),
      placeholder: t(commandWords.pagePlaceholder),
      check: (typed) => (canonicalPage(typed) === undefined ? t(commandWords.pageWrong) : undefined),
    });
    const page = canonicalPage(text);
    if (page === undefined) throw new Canceled();
    await this.#change(deployment, { page });
    return page;
  }

  /** Removes a deployment with its runs. Undo restores the deployment and its runs together. */
  async remove(target: unknown): Promise<void> {
    const deployment = await this.parts.find.deployment(target, { command: 'removeDeployment', isAlwaysAsked: true });
    const count = await this.parts.tracker.remove(deployment.key);
    const sentence = count === 0 ? commandWords.removedEmptyDeployment : commandWords.removedDeployment;
    this.parts.runRemover.notify(t(sentence, plain(deployment.label)), () => this.parts.runRemover.undo(deployment.key));
  }
}

export async function openSettings(query: string): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openSettings', query);
}
