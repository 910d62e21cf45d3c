// `npm run l10n` puts the texts of each translation in the order of the English texts, and prints what `npm run package` rejects: missing
// texts, with their comments for translators, and surplus texts.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './steps.mjs';
import { englishTexts, gapsOf, translations } from './translations.mjs';

const english = await englishTexts(root);
for (const [file, translated] of translations(root)) {
  const gaps = gapsOf(english, translated);
  for (const line of gaps) console.log(`${file}: ${line}`);
  const order = [...english.keys(), ...Object.keys(translated)].filter((text) => text in translated);
  const sorted = Object.fromEntries(order.map((text) => [text, translated[text]]));
  writeFileSync(path.join(root, file), `${JSON.stringify(sorted, null, 2)}\n`);
  console.log(`${file}: ${english.size} English texts, ${gaps.length} missing or surplus`);
}
