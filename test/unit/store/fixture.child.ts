import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schemaVersion } from '#store/schema';
import { goldenFolder, writeGolden } from './goldenRuns';

/** Writes the golden file of the current schema; see `npm run fixture`. */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kickoffs-golden-'));
  await writeGolden(folder);
  const file = join(goldenFolder, `schema-${schemaVersion}.db`);
  copyFileSync(join(folder, 'kickoffs.db'), file);
  rmSync(folder, { recursive: true, force: true });
  console.log(file);
}

void main();
