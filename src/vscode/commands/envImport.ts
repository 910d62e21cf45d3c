import vscode = require('vscode');
import { Canceled, UserFacingError } from '#core/lib/errors';
import { envText, maxEnvFileBytes } from '#core/paste/envFile';
import { importPlan, type ImportItem } from '#core/paste/importPlan';
import { plain } from '#present/cleanText';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';
import { agreesToSendUnencrypted } from '#vscode/prompts/deploymentPrompts';
import { choose, chooseMany } from '#vscode/prompts/prompts';
import type { CommandParts } from './arguments';

/** Imports deployments from .env files. Stores only the selected deployments, and never shows a token. */
export async function importEnv(parts: CommandParts): Promise<void> {
  const file = await chooseEnvFile();
  const found = await importPlan(await textOfEnvFile(file), parts.board.deployments, ({ url }) => parts.tokens.get(url));
  if (found.length === 0) throw new UserFacingError(t(commandWords.envNothing));
  const texts = { title: t(commandWords.importTitle), placeholder: t(commandWords.importPlaceholder) };
  const chosen = await chooseMany(found.map(rowOf), texts);
  const stored: ImportItem[] = [];
  for (const { importable } of chosen) if (await store(importable, parts)) stored.push(importable);
  if (stored.length === 0) throw new Canceled();
  const isSaved = await Promise.all(stored.map((one) => saveToken(one, parts)));
  // A known deployment counts only if its token was saved.
  const imported = stored.filter(({ effect }, index) => effect === 'deployment' || isSaved[index]);
  const count = imported.length;
  if (count > 0) vscode.window.setStatusBarMessage(count === 1 ? t(commandWords.importedOne) : t(commandWords.imported, count), 5_000);
  const refusing = stored.filter((_, index) => !isSaved[index]).map(({ label }) => plain(label));
  if (refusing.length > 0) throw new UserFacingError(t(commandWords.importRefused, refusing));
}

/** Returns `false` if the item changes nothing, or if the user declines to send a token unencrypted. */
async function store({ found: { url }, label, effect }: ImportItem, { tracker }: CommandParts): Promise<boolean> {
  if (effect === 'nothing' || !(await agreesToSendUnencrypted(url))) return false;
  if (effect === 'deployment') await tracker.addDeployment(url, label);
  return true;
}

/** Returns `false` and keeps the previous token if the deployment rejects the token. */
async function saveToken({ found: { url, token } }: ImportItem, { check, tokens }: CommandParts): Promise<boolean> {
  if (token === undefined) return true;
  const result = await check(url, token);
  if (result === 'refused' || result === 'notAllowed') return false;
  await tokens.set(url, token);
  if (result === 'notChecked') vscode.window.setStatusBarMessage(t(commandWords.tokenNotChecked), 8_000);
  return true;
}

/** Returns the row of an item in the pick. A row is preselected, unless the item changes nothing or would replace a saved token. */
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

const effectTexts = {
  deployment: commandWords.newWithToken,
  token: commandWords.addsToken,
  otherToken: commandWords.replacesToken,
  nothing: commandWords.nothingToImport,
} as const satisfies Record<ImportItem['effect'], string>;

/** Asks for a file. Offers the .env files in the open folders first, then any other file. */
async function chooseEnvFile(): Promise<vscode.Uri> {
  const files = (await Promise.all((vscode.workspace.workspaceFolders ?? []).map(({ uri }) => envFilesIn(uri)))).flat();
  if (files.length === 0) return anyFile();
  const rows = files.map((uri) => ({ label: plain(vscode.workspace.asRelativePath(uri)), uri }));
  const other = { label: t(commandWords.otherFileRow), iconPath: new vscode.ThemeIcon('folder-opened'), alwaysShow: true, uri: undefined };
  const { uri } = await choose([...rows, other], { title: t(commandWords.importTitle), placeholder: t(commandWords.whichFile) });
  return uri ?? anyFile();
}

/** A recursive search would be slow in large folders. */
async function envFilesIn(folder: vscode.Uri): Promise<readonly vscode.Uri[]> {
  const entries = await vscode.workspace.fs.readDirectory(folder).then(undefined, () => []);
  const files = entries.filter(([name, type]) => name.startsWith('.env') && (type & vscode.FileType.Directory) === 0);
  return files.map(([name]) => vscode.Uri.joinPath(folder, name)).sort((a, b) => a.path.localeCompare(b.path));
}

async function anyFile(): Promise<vscode.Uri> {
  const [file] = (await vscode.window.showOpenDialog({ title: t(commandWords.importTitle), openLabel: t(commandWords.openFile) })) ?? [];
  if (!file) throw new Canceled();
  return file;
}

/** Returns the text of an .env file. Throws for a file that is unreadable, binary, or larger than 1 MB. */
async function textOfEnvFile(file: vscode.Uri): Promise<string> {
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
