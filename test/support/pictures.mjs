// `npm run tool -- pictures` copies the tour's screenshots that the README shows. `npm start -- --tour` makes the screenshots.
import { copyFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { root } from './steps.mjs';

const names = ['progress', 'report'];
const folder = path.join(root, 'dist/tour');

for (const name of names) {
  const from = (await readdir(folder)).find((file) => file.endsWith(`-${name}.png`)) ?? '';
  await copyFile(path.join(folder, from), path.join(root, 'media', `${name}.png`));
  console.log(`media/${name}.png`);
}
