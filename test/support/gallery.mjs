// `npm run gallery` makes pictures in both versions of VS Code and prints their folders. Arguments select the pictures:
// - `problems`: each problem in its row.
// - `rows`: all rows in four themes and three widths.
// - `outputs`: the report of each text in test/texts/outputs, only in the newest version.
import path from 'node:path';
import { bin, must, root, run } from './steps.mjs';

const suites = { problems: '*[pP]roblems.test.mjs', rows: 'gallery/rows.test.mjs', outputs: 'gallery/outputs.test.mjs' };
const node = process.execPath;
const names = process.argv.slice(2);
const chosen = Object.entries(suites).filter(([name]) => names.length === 0 || names.includes(name));

await must(node, ['test/support/package.mjs']);
await must(node, ['test/support/build.mjs', 'ui']);
let isWhole = chosen.length > 0;
for (const version of ['oldest', 'newest']) {
  const drawn = chosen.filter(([name]) => name !== 'outputs' || version === 'newest');
  if (drawn.length === 0) continue;
  const files = drawn.map(([, pattern]) => `dist/test/ui/${pattern}`);
  const code = await run(node, [bin('mocha/bin/mocha.js'), ...files], { KICKOFFS_VERSION: version, KICKOFFS_PICTURES: '1' });
  isWhole &&= code === 0;
}
for (const folder of ['gallery', 'pictures']) console.log(path.join(root, 'dist', folder));
process.exit(isWhole ? 0 : 1);
