// Runs the integration tests in the extension host of the oldest or the newest VS Code. The argument selects the version.
import { runTests } from '@vscode/test-electron';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chooseVSCode } from './host/choose.mjs';
import { errorsIn } from './host/logs.mjs';
import { root } from './steps.mjs';

/** Matches the extension in a log, by its ID, view, or folder. */
const ours = new RegExp(`crewai-?kickoffs|${path.join(root, 'dist').replaceAll(/\W/g, '\\$&')}\\b`, 'i');

const { executable } = await chooseVSCode(process.argv[2]);
const folder = mkdtempSync(path.join(tmpdir(), 'kickoffs-vscode-'));
try {
  // Installs a second extension, which is activated first and watches the timers of the tested extension.
  const watcher = path.join(folder, 'extensions/kickoffs-tests.timers-0.0.1');
  cpSync(path.join(root, 'dist/test/timers'), watcher, { recursive: true });
  cpSync(path.join(root, 'test/support/timers/package.json'), path.join(watcher, 'package.json'));
  process.exitCode = await runTests({
    vscodeExecutablePath: executable,
    extensionDevelopmentPath: root,
    extensionTestsPath: path.join(root, 'dist/test/integration/index.js'),
    extensionTestsEnv: {
      COUNTS_FILE: process.env.COUNTS_FILE,
      FIGURES_FILE: process.env.FIGURES_FILE,
      KICKOFFS_WATCHED: path.join(root, 'dist/extension'),
      KICKOFFS_DATA: `${folder}/data`,
    },
    launchArgs: [`--user-data-dir=${folder}/data`, `--extensions-dir=${folder}/extensions`],
  });
  const errors = errorsIn(path.join(folder, 'data'), ours);
  for (const error of errors) console.error(`in the logs: ${error}`);
  if (errors.length > 0) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
