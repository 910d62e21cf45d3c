import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaVersion } from '#store/schema';
import { goldenFolder, writeGolden } from './goldenRuns';
import { Folder } from './support';

/** Writes the golden file of the current schema; see `npm run tool -- fixture`. */
async function main(): Promise<void> {
  const folder = new Folder();
  await writeGolden(folder.path);
  const file = join(goldenFolder, `schema-${schemaVersion}.db`);
  copyFileSync(folder.file, file);
  folder.remove();
  console.log(file);
}

void main();
