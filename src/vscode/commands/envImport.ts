import vscode = require('vscode');
import { Canceled, UserFacingError } from '#core/lib/errors';
import { envText, importPlan, maxEnvFileBytes, type ImportItem } from '#core/paste/envFile';
import { plain } from '#present/cleanText';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';
import { agreesToSendUnencrypted } from '#vscode/prompts/deploymentPrompts';
import { choose, chooseMany } from '#vscode/prompts/prompts';
import type { CommandParts } from './arguments';

/** Imports deployments from a .env file. Stores only the selected deployments, and never shows a token. */
export async function importEnv(parts: CommandParts): Promise<void> {
  const file = await chooseEnvFile();
  const items = await importPlan(await readEnvFile(file), parts.board.deployments, ({ url }) => parts.tokens.get(url));
  if (items.length === 0) throw new UserFacingError(t(commandWords.envNothing));
  const texts = { title: t(commandWords.importTitle), placeholder: t(commandWords.importPlaceholder) };
  const chosen = await chooseMany(items.map(rowOf), texts);
  const stored: ImportItem[] = [];
  for (const { importable } of chosen) if (await storeDeployment(importable, parts)) stored.push(importable);
  if (stored.length === 0) throw new Canceled();
  const areSaved = await Promise.all(stored.map((one) => saveToken(one, parts)));
  // A known deployment counts as imported only if its token was saved.
  const imported = stored.filter(({ effect }, index) => effect === 'deployment' || areSaved[index]);
  const count = imported.length;
  if (count > 0) vscode.window.setStatusBarMessage(count === 1 ? t(commandWords.importedOne) : t(commandWords.imported, count), 5_000);
  const rejectingLabels = stored.filter((_, index) => !areSaved[index]).map(({ label }) => plain(label));
  if (rejectingLabels.length > 0) throw new UserFacingError(t(commandWords.importRefused, rejectingLabels));
}

/** Stores a new deployment. Returns false if the item changes nothing, or if the user declines to send a token unencrypted. */
async function storeDeployment({ found: { url }, label, effect }: ImportItem, { tracker }: CommandParts): Promise<boolean> {
  if (effect === 'nothing' || !(await agreesToSendUnencrypted(url))) return false;
  if (effect === 'deployment') await tracker.addDeployment(url, label);
  return true;
}

/** Checks and saves the token of an item. If the deployment rejects it, returns false and keeps the previous token. */
async function saveToken({ found: { url, token } }: ImportItem, { check, tokens }: CommandParts): Promise<boolean> {
  if (token === undefined) return true;
  const result = await check(url, token);
  if (result === 'refused' || result === 'notAllowed') return false;
  await tokens.set(url, token);
  if (result === 'notChecked') vscode.window.setStatusBarMessage(t(commandWords.tokenNotChecked), 8_000);
  return true;
}

/** Returns the row of an item in the list. A row is preselected, unless the item changes nothing or would replace a saved token. */
function rowOf(importable: ImportItem): vscode.QuickPickItem & { readonly importable: ImportItem } {
  const { found, label, effect } = importable;
  return {
    label: plain(label),
    description: plain(found.url),
    detail: t(found.token === undefined && effect === 'deployment' ? commandWords.newWithoutToken : effectTexts[effect]),
    picked: effect === 'deployment' || effect === 'token',
    importable,
  };
}

/** The details of rows by the effect of an import. */
const effectTexts = {
  deployment: commandWords.newWithToken,
  token: commandWords.addsToken,
  otherToken: commandWords.replacesToken,
  nothing: commandWords.nothingToImport,
} as const satisfies Record<ImportItem['effect'], string>;

/** Asks for a file. First lists the .env files in the open folders, if there are any. */
async function chooseEnvFile(): Promise<vscode.Uri> {
  const files = (await Promise.all((vscode.workspace.workspaceFolders ?? []).map(({ uri }) => envFilesIn(uri)))).flat();
  if (files.length === 0) return chooseAnyFile();
  const rows = files.map((uri) => ({ label: plain(vscode.workspace.asRelativePath(uri)), uri }));
  const other = { label: t(commandWords.otherFileRow), iconPath: new vscode.ThemeIcon('folder-opened'), alwaysShow: true, uri: undefined };
  const { uri } = await choose([...rows, other], { title: t(commandWords.importTitle), placeholder: t(commandWords.whichFile) });
  return uri ?? chooseAnyFile();
}

/** Returns the .env files in a folder, but not in its subfolders, because a recursive search would be slow in large folders. */
async function envFilesIn(folder: vscode.Uri): Promise<readonly vscode.Uri[]> {
  const entries = await vscode.workspace.fs.readDirectory(folder).then(undefined, () => []);
  const files = entries.filter(([name, type]) => name.startsWith('.env') && (type & vscode.FileType.Directory) === 0);
  return files.map(([name]) => vscode.Uri.joinPath(folder, name)).sort((a, b) => a.path.localeCompare(b.path));
}

async function chooseAnyFile(): Promise<vscode.Uri> {
  const [file] = (await vscode.window.showOpenDialog({ title: t(commandWords.importTitle), openLabel: t(commandWords.openFile) })) ?? [];
  if (!file) throw new Canceled();
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
