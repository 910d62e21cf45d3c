// `npm run gallery`: a picture of each trouble as users see it, in both versions of VS Code; prints the folder.
// `npm run gallery -- outputs`: a picture of the report of each text in test/texts/outputs, in the newest VS Code.
import path from 'node:path';
import { bin, must, root, run } from './steps.mjs';

const node = process.execPath;

await must(node, ['test/support/package.mjs']);
await must(node, ['esbuild.js', '--only=ui', '--quiet']);
const isOfOutputs = process.argv[2] === 'outputs';
const suites = isOfOutputs ? 'dist/test/ui/gallery/outputs.test.mjs' : 'dist/test/ui/trouble*.test.mjs';
let isWhole = true;
for (const version of isOfOutputs ? ['newest'] : ['oldest', 'newest']) {
  const code = await run(node, [bin('mocha/bin/mocha.js'), suites], { KICKOFFS_VERSION: version });
  isWhole &&= code === 0;
}
console.log(path.join(root, isOfOutputs ? 'dist/gallery/outputs' : 'dist/gallery'));
process.exit(isWhole ? 0 : 1);
