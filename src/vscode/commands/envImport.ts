import vscode = require('vscode');
import { Canceled, UserFacingError } from '#core/lib/errors';
import { importPlan, type ImportItem } from '#core/paste/importPlan';
import { plain } from '#present/cleanText';
import { commandWords } from '#present/words/commandWords';
import { t } from '#vscode/l10n';
import { agreesToSendUnencrypted } from '#vscode/prompts/deploymentPrompts';
import { chooseMany } from '#vscode/prompts/prompts';
import type { CommandParts } from './commandParts';
import { chooseEnvFile, textOfEnvFile } from './envFiles';

/** Imports deployments from .env files. Stores only the selected deployments, and never shows a token. */
export async function importEnv(parts: CommandParts): Promise<void> {
  const file = await chooseEnvFile();
  const found = await importPlan(await textOfEnvFile(file), parts.board.deployments, ({ url }) => parts.tokens.get(url));
  if (found.length === 0) throw new UserFacingError(t(commandWords.envNothing));
  const chosen = await chooseMany(found.map(rowOf), {
    title: t(commandWords.importTitle),
    placeholder: t(commandWords.importPlaceholder),
  });
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
