import vscode = require('vscode');
import { Canceled, UserFacingError } from '#core/lib/errors';
import { envText, longestEnvFile } from '#core/paste/envFile';
import { plain } from '#present/cleanText';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';
import { choose } from '#vscode/prompts/prompts';

/** Asks for a file. Offers the .env files in the open folders first, then any other file. */
export async function chooseEnvFile(): Promise<vscode.Uri> {
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
export async function textOfEnvFile(file: vscode.Uri): Promise<string> {
  const stat = await vscode.workspace.fs.stat(file).then(undefined, () => undefined);
  // Rejects devices, because reading a device may never end.
  if (!stat || (stat.type & vscode.FileType.File) === 0) throw new UserFacingError(t(commandWords.envUnreadable));
  if (stat.size > longestEnvFile) throw new UserFacingError(t(commandWords.envTooLarge));
  const bytes = await vscode.workspace.fs.readFile(file).then(undefined, () => {
    throw new UserFacingError(t(commandWords.envUnreadable));
  });
  const text = envText(bytes);
  if (text === undefined) throw new UserFacingError(t(commandWords.envBinary));
  return text;
}
