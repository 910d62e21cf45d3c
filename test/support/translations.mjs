import { build } from 'esbuild';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const read = (/** @type {string[]} */ ...file) => JSON.parse(readFileSync(path.join(...file), 'utf8'));

/**
 * Returns the translated texts of each language by English text, by the name of their file. `esbuild.js` makes VS Code's files of them.
 * @param {string} root
 * @returns {ReadonlyMap<string, Readonly<Record<string, string>>>}
 */
export function translations(root) {
  const files = readdirSync(path.join(root, 'l10n')).filter((file) => file !== 'comments.json');
  return new Map(files.map((file) => [`l10n/${file}`, read(root, 'l10n', file)]));
}

/**
 * Returns the comment for translators of each English text of the package and of the tables in `src/present/words/`, or '' without a comment.
 * @param {string} root
 * @returns {Promise<ReadonlyMap<string, string>>}
 */
export async function englishTexts(root) {
  const comments = read(root, 'l10n/comments.json');
  const ofCode = Object.entries(await tables(root)).map(([name, text]) => [text, comments[name] ?? '']);
  return new Map([...Object.values(read(root, 'package.nls.json')).map((text) => [text, '']), ...ofCode]);
}

/**
 * Returns a line for each missing and each surplus text of a translation. VS Code shows the English text instead of a missing one.
 * @param {ReadonlyMap<string, string>} english The comment of each text.
 * @param {Readonly<Record<string, string>>} translated
 */
export function gapsOf(english, translated) {
  const missing = [...english].filter(([text]) => !(text in translated));
  const surplus = Object.keys(translated).filter((text) => !english.has(text));
  return [
    ...missing.map(([text, comment]) => `missing: ${text}${comment === '' ? '' : ` (${comment})`}`),
    ...surplus.map((text) => `surplus: ${text}`),
  ];
}

async function tables(/** @type {string} */ root) {
  const names = ['words', 'commandWords', 'documentWords'];
  const { outputFiles } = await build({
    stdin: { contents: names.map((name) => `export * from './src/present/words/${name}';`).join('\n'), resolveDir: root },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
  });
  const exported = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
  return Object.assign({}, ...names.map((name) => exported[name]));
}
