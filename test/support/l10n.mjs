// `npm run l10n` writes `l10n/bundle.l10n.json` from the text tables. Puts the keys of each translation in the same order, and prints
// missing and surplus keys. Prints the texts of the manifest that changed since their translation. With `-- --translated`, stores the
// current texts in `l10n/manifest.json`.
import { build } from 'esbuild';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import prettier from 'prettier';
import { bundleOf } from './l10nBundle.mjs';
import { root } from './steps.mjs';

const read = (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
const write = async (file, content) =>
  writeFileSync(path.join(root, file), await prettier.format(JSON.stringify(content), { parser: 'json', printWidth: 140 }));

const english = bundleOf(await tables(), read('l10n/comments.json'));
await write('l10n/bundle.l10n.json', english);
const translated = [
  ...readdirSync(path.join(root, 'l10n')).map((file) => ({ file: `l10n/${file}`, keys: Object.keys(english) })),
  ...readdirSync(root).map((file) => ({ file, keys: Object.keys(read('package.nls.json')) })),
].filter(({ file }) => /^(?:l10n\/bundle\.l10n|package\.nls)\.[\w-]+\.json$/.test(file));
for (const { file, keys } of translated) {
  const texts = read(file);
  const missing = keys.filter((key) => !(key in texts));
  const surplus = Object.keys(texts).filter((key) => !keys.includes(key));
  await write(file, Object.fromEntries([...keys.filter((key) => key in texts), ...surplus].map((key) => [key, texts[key]])));
  for (const key of missing) console.log(`${file}: missing: ${key}`);
  for (const key of surplus) console.log(`${file}: surplus: ${key}`);
}
const manifest = read('package.nls.json');
if (process.argv.includes('--translated')) await write('l10n/manifest.json', manifest);
const seen = read('l10n/manifest.json');
for (const [key, text] of Object.entries(manifest)) if (seen[key] !== text) console.log(`package.nls.*.json: to translate again: ${key}`);
console.log(`${Object.keys(english).length} texts, ${translated.length} translated files`);

async function tables() {
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
