import vscode = require('vscode');
import { extensionId } from '#contributions';
import { changeUrlWithToken } from '#core/history/moveToken';
import type { Deployment, DeploymentChange } from '#core/kickoff/deployment';
import { canonicalPageUrl, originOf, deploymentPageUrl } from '#core/kickoff/deploymentUrl';
import { defined } from '#core/lib/defined';
import { CanceledError, UserFacingError } from '#core/lib/errors';
import { envText, importPlan, maxEnvFileBytes, type ImportItem } from '#core/paste/envFile';
import { defuse } from '#present/cleanText';
import { commandWords } from '#present/words/commandWords';
import { words } from '#present/words/words';
import { t } from '#vscode/l10n';
import { confirmUnencrypted, askForLabel, askForUrlAndLabel } from '#vscode/prompts/deploymentPrompts';
import { askForText, choose, chooseMany, confirm } from '#vscode/prompts/prompts';
import { askForToken, askForOptionalToken } from '#vscode/prompts/tokenPrompt';
import type { CommandParts } from './arguments';
import type { Handlers } from './guard';

/** Returns the commands that import, edit, and open deployments, and the commands for tokens, settings, and the log. */
export function deploymentCommands(parts: CommandParts) {
  const { targetFinder, log, tokens } = parts;
  const openSettings = (query: string) => vscode.commands.executeCommand('workbench.action.openSettings', query);
  return {
    importEnv: () => importEnv(parts),
    editDeployment: async (target) => editDeployment(parts, await targetFinder.findDeployment(target, { command: 'editDeployment' })),
    setToken: async (target) => {
      const deployment = await targetFinder.findDeployment(target, { command: 'setToken' });
      await askForToken(deployment, { title: t(commandWords.setTokenTitle) }, parts);
    },
    deleteToken: async (target) => {
      const isTarget = async (one: Deployment): Promise<boolean> => (await tokens.get(one.url)) !== undefined;
      const options = { command: 'deleteToken', isTarget, message: commandWords.noneWithToken } as const;
      const { url, label } = await targetFinder.findDeployment(target, options);
      const question = t(commandWords.deleteTokenQuestion, defuse(label));
      if (!(await confirm(question, { detail: t(commandWords.deleteTokenDetail), button: t(commandWords.deleteTokenGoOn) }))) return;
      await tokens.delete(url);
      vscode.window.setStatusBarMessage(t(commandWords.tokenDeleted, defuse(label)), 3_000);
    },
    openInBrowser: async (target) => {
      const deployment = await targetFinder.findDeployment(target, { command: 'openInBrowser' });
      const page = canonicalPageUrl(deploymentPageUrl(deployment) ?? (await askForPage(parts, deployment)));
      if (page === undefined) throw new UserFacingError(t(commandWords.pageWrong));
      // Passes a text, because VS Code decodes some escapes of a `Uri`, such as `%2F`.
      await vscode.commands.executeCommand('vscode.open', page);
    },
    openNetworkSettings: () => openSettings('@id:http.systemCertificates @id:http.proxy'),
    openSettings: () => openSettings(`@ext:${extensionId}`),
    showLog: () => log.show(),
  } satisfies Partial<Handlers>;
}

/** Lets the user edit a deployment. If its URL's origin changes, deletes the token, which no other origin may get, and asks for another. */
async function editDeployment(parts: CommandParts, deployment: Deployment): Promise<void> {
  const title = t(words.editDeployment);
  const change = await askForUrlAndLabel(title, deployment, parts.board);
  const { url, label } = change;
  await changeUrlWithToken(parts.tokens, { from: deployment.url, to: url }, () => storeChange(parts, deployment, change));
  if (originOf(url) === originOf(deployment.url)) return;
  await askForOptionalToken({ ...deployment, url, label }, { title, step: 3, totalSteps: 3 }, parts);
}

export async function renameDeployment(parts: CommandParts, target: unknown): Promise<void> {
  const deployment = await parts.targetFinder.findDeployment(target, { command: 'rename' });
  const label = await askForLabel({ title: t(commandWords.renameTitle) }, { value: deployment.label }, parts.board, deployment);
  await storeChange(parts, deployment, { label });
}

/** Stores a change of a deployment. Throws if the deployment doesn't exist anymore. */
async function storeChange({ tracker }: CommandParts, deployment: Deployment, change: DeploymentChange): Promise<void> {
  if (!(await tracker.changeDeployment(deployment, change))) throw new UserFacingError(t(commandWords.unknownDeployment));
}

/** Asks for the URL of a deployment's page in AMP, and stores the URL. Returns the entered text. */
async function askForPage(parts: CommandParts, deployment: Deployment): Promise<string> {
  const pageText = await askForText({
    title: t(words.openInBrowser),
    prompt: t(commandWords.pagePrompt, defuse(deployment.label)),
    placeholder: t(commandWords.pagePlaceholder),
    validate: (text) => (canonicalPageUrl(text) === undefined ? t(commandWords.pageWrong) : undefined),
  });
  await storeChange(parts, deployment, defined({ page: canonicalPageUrl(pageText) }));
  return pageText;
}

/** Imports deployments and their tokens from a .env file. Stores only the selected items, and never shows a token. */
async function importEnv(parts: CommandParts): Promise<void> {
  const file = await chooseEnvFile();
  const items = await importPlan(await readEnvFile(file), parts.board.deployments, ({ url }) => parts.tokens.get(url));
  if (items.length === 0) throw new UserFacingError(t(commandWords.envNothing));
  const texts = { title: t(commandWords.importTitle), placeholder: t(commandWords.importPlaceholder) };
  const chosenRows = await chooseMany(items.map(importRow), texts);
  const storedItems: ImportItem[] = [];
  for (const { item } of chosenRows) {
    const { url, label, effect } = item;
    if (effect === 'nothing' || !(await confirmUnencrypted(url))) continue;
    if (effect === 'deployment') await parts.tracker.addDeployment(url, label);
    storedItems.push(item);
  }
  if (storedItems.length === 0) throw new CanceledError();
  const areAccepted = await Promise.all(storedItems.map((one) => saveToken(one, parts)));
  // A known deployment counts as imported only if its token was saved.
  const count = storedItems.filter(({ effect }, index) => effect === 'deployment' || areAccepted[index]).length;
  if (count > 0) vscode.window.setStatusBarMessage(count === 1 ? t(commandWords.importedOne) : t(commandWords.imported, count), 5_000);
  const rejectingLabels = storedItems.filter((_, index) => !areAccepted[index]).map(({ label }) => defuse(label));
  if (rejectingLabels.length > 0) throw new UserFacingError(t(commandWords.importRefused, rejectingLabels));
}

/** Checks and saves an item's token, if it has one. If the deployment rejects the token, returns false and keeps the previous token. */
async function saveToken({ url, token }: ImportItem, { checkToken, tokens }: CommandParts): Promise<boolean> {
  if (token === undefined) return true;
  const result = await checkToken(url, token);
  if (result === 'refused' || result === 'notAllowed') return false;
  await tokens.set(url, token);
  if (result === 'notChecked') vscode.window.setStatusBarMessage(t(commandWords.tokenNotChecked), 8_000);
  return true;
}

/** Returns the row of an item in the list. A row is preselected, unless the item changes nothing or would replace a saved token. */
function importRow(item: ImportItem): vscode.QuickPickItem & { readonly item: ImportItem } {
  const { url, token, label, effect } = item;
  return {
    label: defuse(label),
    description: defuse(url),
    detail: t(token === undefined && effect === 'deployment' ? commandWords.newWithoutToken : effectTexts[effect]),
    picked: effect === 'deployment' || effect === 'token',
    item,
  };
}

const effectTexts = {
  deployment: commandWords.newWithToken,
  token: commandWords.addsToken,
  otherToken: commandWords.replacesToken,
  nothing: commandWords.nothingToImport,
} as const satisfies Record<ImportItem['effect'], string>;

async function chooseEnvFile(): Promise<vscode.Uri> {
  const files = (await Promise.all((vscode.workspace.workspaceFolders ?? []).map(({ uri }) => envFilesIn(uri)))).flat();
  if (files.length === 0) return chooseAnyFile();
  const rows = files.map((uri) => ({ label: defuse(vscode.workspace.asRelativePath(uri)), uri }));
  const iconPath = new vscode.ThemeIcon('folder-opened');
  const otherFileRow = { label: t(commandWords.otherFileRow), iconPath, alwaysShow: true, uri: undefined };
  const { uri } = await choose([...rows, otherFileRow], { title: t(commandWords.importTitle), placeholder: t(commandWords.whichFile) });
  return uri ?? chooseAnyFile();
}

/** Returns a folder's files whose names begin with `.env`. Ignores subfolders, because a recursive search can be slow. */
async function envFilesIn(folder: vscode.Uri): Promise<readonly vscode.Uri[]> {
  const entries = await vscode.workspace.fs.readDirectory(folder).then(undefined, () => []);
  const files = entries.filter(([name, type]) => name.startsWith('.env') && (type & vscode.FileType.Directory) === 0);
  return files.map(([name]) => vscode.Uri.joinPath(folder, name)).sort((a, b) => a.path.localeCompare(b.path));
}

async function chooseAnyFile(): Promise<vscode.Uri> {
  const [file] = (await vscode.window.showOpenDialog({ title: t(commandWords.importTitle), openLabel: t(commandWords.openFile) })) ?? [];
  if (!file) throw new CanceledError();
  return file;
}

/** Returns the text of an .env file. Throws for a file that is unreadable, binary, or larger than 1 MB. */
async function readEnvFile(file: vscode.Uri): Promise<string> {
  const stat = await vscode.workspace.fs.stat(file).then(undefined, () => undefined);
  // Rejects devices, because reading a device may never end.
  if (!stat || (stat.type & vscode.FileType.File) === 0) throw new UserFacingError(t(commandWords.envUnreadable));
  if (stat.size > maxEnvFileBytes) throw new UserFacingError(t(commandWords.envTooLarge));
  const bytes = await vscode.workspace.fs.readFile(file).then(undefined, () => {
    throw new UserFacingError(t(commandWords.envUnreadable));
  });
  const text = envText(bytes);
  if (text === undefined) throw new UserFacingError(t(commandWords.envBinary));
  return text;
}
