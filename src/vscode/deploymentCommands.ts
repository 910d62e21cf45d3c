import * as vscode from 'vscode';
import { extensionId } from '../contributions';
import type { Board } from '../core/board';
import { carried } from '../core/carrying';
import { canonicalUrl, originOf, type Deployment, type DeploymentUrl } from '../core/deployment';
import { UserFacingError } from '../core/errors';
import type { Tracking } from '../core/tracking';
import { plain } from '../present/clean';
import { words } from '../present/wordsAll';
import type { Adding } from './adding';
import type { Arguments } from './arguments';
import { askForLabel, askToEdit } from './deploymentPrompts';
import { back } from './prompts';
import type { Removing } from './removing';
import type { SecretTokens } from './secretTokens';

const t = vscode.l10n.t;

/** What can be done to deployments. */
export class DeploymentCommands {
  constructor(
    private readonly tracking: Tracking,
    private readonly find: Arguments,
    private readonly board: Board,
    private readonly adding: Adding,
    private readonly removing: Removing,
    private readonly tokens: SecretTokens,
  ) {}

  /** URL, then label. A new origin asks for the token again, and is sent nothing before; on the same origin the token goes along. */
  async edit(given: unknown): Promise<void> {
    const deployment = await this.find.deployment(given, { command: 'editDeployment' });
    const edited = await askToEdit(t(words.editTitle), deployment, this.board);
    if (edited === back) return;
    const { url, label } = edited;
    await carried(this.tokens, { from: deployment.url, to: url }, () => this.#change(deployment, { url, label }));
    if (originOf(url) === originOf(deployment.url)) return;
    await this.adding.tokenUnlessEscaped({ ...deployment, url, label }, { title: t(words.editTitle), step: 3, totalSteps: 3 });
  }

  async rename(given: unknown): Promise<void> {
    const deployment = await this.find.deployment(given, { command: 'rename' });
    const label = await askForLabel({ title: t(words.renameTitle) }, { value: deployment.label }, this.board, deployment);
    if (label !== back) await this.#change(deployment, { label });
  }

  async #change(deployment: Deployment, change: { readonly url?: DeploymentUrl; readonly label: string }): Promise<void> {
    if (!(await this.tracking.changeDeployment(deployment, change))) throw new UserFacingError(t(words.unknownDeployment));
  }

  async deleteToken(given: unknown): Promise<void> {
    const suits = async ({ url }: Deployment): Promise<boolean> => (await this.tokens.get(url)) !== undefined;
    const deployment = await this.find.deployment(given, { command: 'deleteToken', suits, none: words.noneWithToken });
    await this.tokens.delete(deployment.url);
    vscode.window.setStatusBarMessage(t(words.tokenDeleted, plain(deployment.label)), 3_000);
  }

  /** Opens the URL. A stored URL that was damaged is never opened. */
  async openInBrowser(given: unknown): Promise<void> {
    const { url } = await this.find.deployment(given, { command: 'openInBrowser' });
    if (canonicalUrl(url) === undefined) throw new UserFacingError(t(words.urlWrong));
    await vscode.env.openExternal(vscode.Uri.parse(url));
  }

  /** With its runs; undone the same way. */
  async remove(given: unknown): Promise<void> {
    const deployment = await this.find.deployment(given, { command: 'removeDeployment' });
    const count = await this.tracking.remove(deployment.key);
    this.removing.tell(t(words.removedDeployment, plain(deployment.label), count), () => this.removing.undo(deployment.key));
  }
}

/** Opens VS Code's settings for certificates and proxies. */
export async function openNetworkSettings(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openSettings', '@id:http.systemCertificates @id:http.proxy');
}

/** Opens the settings of this extension. */
export async function openSettings(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openSettings', `@ext:${extensionId}`);
}
