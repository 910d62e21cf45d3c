// `npm run tool -- pictures` copies the tour's screenshots that the README shows. `npm start -- --tour` makes the screenshots.
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from './steps.mjs';

const pictures = { '6-progress.png': 'progress.png', '9-report.png': 'report.png' };

for (const [from, to] of Object.entries(pictures)) {
  await copyFile(path.join(root, 'dist/tour', from), path.join(root, 'media', to));
  console.log(`media/${to}`);
}
