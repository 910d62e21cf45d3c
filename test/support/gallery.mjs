// `npm run gallery`: a picture of each trouble as users see it, in both versions of VS Code; prints the folder.
import path from 'node:path';
import { bin, must, root, run } from './steps.mjs';

const node = process.execPath;

await must(node, ['test/support/package.mjs']);
await must(node, ['esbuild.js', '--only=ui', '--quiet']);
let isWhole = true;
for (const version of ['oldest', 'newest']) {
  const code = await run(node, [bin('mocha/bin/mocha.js'), 'dist/test/ui/trouble*.test.mjs'], { KICKOFFS_VERSION: version });
  isWhole &&= code === 0;
}
console.log(path.join(root, 'dist/gallery'));
process.exit(isWhole ? 0 : 1);
