import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Returns the English bundle. The English text is the key, because `vscode.l10n.t(text)` looks up the plain text. A comment for translators
 * is beside its text.
 * @param {Readonly<Record<string, string>>} texts
 * @param {Readonly<Record<string, string>>} comments By the name of the text.
 * @returns {Record<string, string | { message: string, comment: string[] }>}
 */
export function bundleOf(texts, comments) {
  return Object.fromEntries(
    [...new Set(Object.values(texts))].map((text) => {
      const names = Object.keys(texts).filter((name) => texts[name] === text);
      const comment = [...new Set(names.flatMap((name) => comments[name] ?? []))];
      return [text, comment.length === 0 ? text : { message: text, comment }];
    }),
  );
}

/**
 * Returns the hash of each text of the manifest. The keys of `package.nls.json` aren't texts, so they don't show that a text has changed.
 * @param {Readonly<Record<string, string>>} texts
 * @returns {Record<string, string>}
 */
export function hashesOf(texts) {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, createHash('sha256').update(text).digest('hex').slice(0, 8)]));
}

/** Returns the translated files of a repository, with the keys that they should have. */
export function translatedFiles(/** @type {string} */ root) {
  const keysOf = (/** @type {string} */ file) => Object.keys(JSON.parse(readFileSync(path.join(root, file), 'utf8')));
  return [
    ...readdirSync(path.join(root, 'l10n')).map((name) => ({ file: `l10n/${name}`, keys: keysOf('l10n/bundle.l10n.json') })),
    ...readdirSync(root).map((file) => ({ file, keys: keysOf('package.nls.json') })),
  ].filter(({ file }) => /^(?:l10n\/bundle\.l10n|package\.nls)\.[\w-]+\.json$/.test(file));
}

/** Returns a line for each missing, surplus, and outdated translation of a repository. VS Code shows the English text instead. */
export function untranslated(/** @type {string} */ root) {
  const read = (/** @type {string} */ file) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
  const seen = read('l10n/manifest.json');
  const outdated = Object.entries(hashesOf(read('package.nls.json'))).filter(([key, hash]) => seen[key] !== hash);
  return [
    ...translatedFiles(root).flatMap(({ file, keys }) => {
      const texts = read(file);
      const surplus = Object.keys(texts).filter((key) => !keys.includes(key));
      return [
        ...keys.filter((key) => !(key in texts)).map((key) => `${file}: missing: ${key}`),
        ...surplus.map((key) => `${file}: surplus: ${key}`),
      ];
    }),
    ...outdated.map(([key]) => `package.nls.*.json: to translate again: ${key}`),
  ];
}
