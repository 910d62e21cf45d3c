import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../steps.mjs';

/**
 * The pseudo-locale: accented English in brackets, a third longer. In this locale, a text without accents is a text that can't be
 * translated.
 */
export const pseudo = 'qps-ploc';

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
  if (language === pseudo) await addPseudoTexts(path.join(folder, 'extensions'));
}

/** Adds the pseudo-locale to the installed extension. */
async function addPseudoTexts(extensionsDir) {
  const name = (await readdir(extensionsDir)).find((one) => one.startsWith('kickoffs.crewai-kickoffs-'));
  if (name === undefined) throw new Error('The extension must be installed before its language is switched.');
  const folder = path.join(extensionsDir, name);
  await mkdir(path.join(folder, 'l10n'), { recursive: true });
  const bundle = await read('l10n/bundle.l10n.json');
  const messages = Object.entries(bundle).map(([key, text]) => [key, pseudoText(text.message ?? text)]);
  await writeFile(path.join(folder, `l10n/bundle.l10n.${pseudo}.json`), JSON.stringify(Object.fromEntries(messages)));
  const texts = Object.entries(await read('package.nls.json')).map(([key, text]) => [key, pseudoText(text)]);
  await writeFile(path.join(folder, `package.nls.${pseudo}.json`), JSON.stringify(Object.fromEntries(texts)));
}

async function read(file) {
  return JSON.parse(await readFile(path.join(root, file), 'utf8'));
}

const accents = new Map(Object.entries({ a: 'à', e: 'ê', i: 'ï', o: 'ô', u: 'ü', n: 'ñ', c: 'ç', A: 'À', E: 'Ê', I: 'Ï', O: 'Ô', U: 'Ü' }));

/** Converts a text to the pseudo-locale. Placeholders, icons, code, and the targets of links don't change. */
function pseudoText(text) {
  const accented = text
    .split(/(\{\d+\}|\$\([\w~-]+\)|\]\([^)]*\)|`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : [...part].map((letter) => accents.get(letter) ?? letter).join('')))
    .join('');
  // A text with a link gets no brackets. VS Code shows a line as a button only if the line is only a link.
  return text.includes('](') ? accented : `[${accented}${' ~~~~'.repeat(Math.ceil(text.length / 15))}]`;
}
