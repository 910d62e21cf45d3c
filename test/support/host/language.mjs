import { writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Switches the display language as VS Code's own command does. Reload the window afterward. The language pack has no texts, so VS Code's
 * own texts stay English. Extensions use their own translations. The folder of the stage contains data and extensions.
 */
export async function switchLanguage(/** @type {string} */ language, /** @type {string} */ folder) {
  const dataDir = path.join(folder, 'data');
  const texts = path.join(dataDir, 'noTexts.json');
  const extension = { extensionIdentifier: { id: 'kickoffs-tests.language' }, version: '0.0.1' };
  const pack = { hash: language, extensions: [extension], translations: { vscode: texts }, label: language };
  await writeFile(texts, JSON.stringify({ version: '1.0.0', contents: {} }));
  await writeFile(path.join(dataDir, 'data/languagepacks.json'), JSON.stringify({ [language]: pack }));
  await writeFile(path.join(dataDir, 'data/User/argv.json'), JSON.stringify({ locale: language }));
}
