// `npm run l10n` writes `l10n/bundle.l10n.json` from the text tables. Puts the keys of each translation in the same order, and prints what
// `npm run package` rejects: missing and surplus keys, and texts of the manifest that changed since their translation. `-- --translated`
// confirms that all texts of the manifest are translated: it stores their hashes in `l10n/manifest.json`.
import { build } from 'esbuild';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import prettier from 'prettier';
import { bundleOf, hashesOf, translatedFiles, untranslated } from './l10nBundle.mjs';
import { root } from './steps.mjs';

const read = (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
const write = async (file, content) =>
  writeFileSync(path.join(root, file), await prettier.format(JSON.stringify(content), { parser: 'json', printWidth: 140 }));

const english = bundleOf(await tables(), read('l10n/comments.json'));
await write('l10n/bundle.l10n.json', english);
const translated = translatedFiles(root);
for (const { file, keys } of translated) {
  const texts = read(file);
  const surplus = Object.keys(texts).filter((key) => !keys.includes(key));
  await write(file, Object.fromEntries([...keys.filter((key) => key in texts), ...surplus].map((key) => [key, texts[key]])));
}
if (process.argv.includes('--translated')) await write('l10n/manifest.json', hashesOf(read('package.nls.json')));
for (const line of untranslated(root)) console.log(line);
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
