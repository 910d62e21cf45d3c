import Mocha from 'mocha';
import { glob } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Runs the tests of this folder in the extension host that loaded this file. */
export async function run(): Promise<void> {
  const require = createRequire(__filename);
  const reporter = require(path.resolve(__dirname, '../../../test/support/countingReporter.cjs')) as Mocha.ReporterConstructor;
  const mocha = new Mocha({ ui: 'bdd', timeout: 30_000, reporter, forbidOnly: true, forbidPending: true });
  const files: string[] = [];
  for await (const file of glob('*.test.js', { cwd: __dirname })) files.push(file);
  // Sorts the files, because the tests of the activation come first and need a history without runs. Tests that open documents come
  // after the test of memory leaks, which they would disturb.
  for (const file of files.sort()) mocha.addFile(path.join(__dirname, file));
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
