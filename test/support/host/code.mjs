import { rmSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { format } from 'node:util';
import { windowAddress } from './address.mjs';
import { atExit } from './children.mjs';
import { launchChromium } from './chromium.mjs';
import { installHost } from './install.mjs';
import { startServer } from './server.mjs';

/** @typedef {import('./install.mjs').Host} Host */
/** @typedef {import('./server.mjs').Server} Server */
/**
 * @typedef {object} Arguments The command-line arguments of VS Code that `runTests` uses.
 * @property {string} developmentPath
 * @property {string} testsPath
 * @property {string | undefined} userDataDir
 * @property {string | undefined} extensionsDir
 * @property {string | undefined} folder
 */

/** Replaces VS Code's executable. Runs an extension's tests in a headless browser, and sets the exit code of the tests. */
export async function runAsCode(/** @type {import('./install.mjs').Which} */ which, /** @type {readonly string[]} */ argv) {
  const limit = minutes();
  const timer = setTimeout(() => {
    console.error(`The tests in the ${which} VS Code didn't end within ${limit} minutes (KICKOFFS_VSCODE_MINUTES).`);
    process.exit(1);
  }, limit * 60_000);
  try {
    const host = await installHost(which);
    process.exitCode = await runTestsIn(host, parse(argv));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  } finally {
    clearTimeout(timer);
  }
}

function minutes() {
  const minutes = Number(process.env.KICKOFFS_VSCODE_MINUTES);
  return minutes > 0 ? minutes : 10;
}

/** @returns {Arguments} */
function parse(/** @type {readonly string[]} */ argv) {
  const all = (/** @type {string} */ name) => argv.filter((one) => one.startsWith(`--${name}=`)).map((one) => one.slice(name.length + 3));
  const [developmentPath, more] = all('extensionDevelopmentPath');
  const [testsPath] = all('extensionTestsPath');
  if (!developmentPath || !testsPath) throw new Error('--extensionDevelopmentPath=… and --extensionTestsPath=… are required.');
  if (more) throw new Error('VS Code in a browser supports only one --extensionDevelopmentPath.');
  const folder = argv.find((one) => !one.startsWith('-'));
  return {
    developmentPath: path.resolve(developmentPath),
    testsPath: path.resolve(testsPath),
    userDataDir: all('user-data-dir')[0],
    extensionsDir: all('extensions-dir')[0],
    folder: folder && path.resolve(folder),
  };
}

/** Returns the exit code of the tests. */
async function runTestsIn(/** @type {Host} */ host, /** @type {Arguments} */ options) {
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'code-'));
  const discard = () => rmSync(scratch, { recursive: true, force: true });
  const removeCleanup = atExit(discard);
  try {
    const server = await startServer(host, {
      dataDir: options.userDataDir ?? path.join(scratch, 'data'),
      extensionsDir: options.extensionsDir ?? path.join(scratch, 'extensions'),
      settings: await desktopSettings(options.userDataDir),
      forTests: true,
    });
    try {
      return await openWindow(server, options);
    } finally {
      await server.stop();
    }
  } finally {
    removeCleanup();
    discard();
  }
}

/**
 * Returns the user settings that the caller wrote for desktop VS Code. VS Code's server reads its settings from another folder.
 *
 * @returns {Promise<Record<string, unknown>>}
 */
async function desktopSettings(/** @type {string | undefined} */ userDataDir) {
  if (!userDataDir) return {};
  return readFile(path.join(userDataDir, 'User/settings.json'), 'utf8').then(JSON.parse, () => ({}));
}

async function openWindow(/** @type {Server} */ server, /** @type {Arguments} */ options) {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const exit = new Promise((resolve, reject) => {
      void page.exposeFunction('codeAutomationLog', print);
      void page.exposeFunction('codeAutomationExit', resolve);
      page.once('crash', () => reject(new Error('The browser page crashed.')));
      browser.once('disconnected', () => reject(new Error('The browser closed before the tests ended.')));
      void server.ended.then(() => reject(new Error(`VS Code's server ended before the tests did. See ${server.log}.`)));
    });
    exit.catch(() => {});
    await page.goto(windowAddress({ url: server.url, ...options }));
    return await exit;
  } finally {
    await browser.close();
  }
}

/** Console messages of VS Code's workbench. All other messages come from the tests in the extension host. */
const chatter = [
  /static\/out\/vs\/code\/browser\/workbench/,
  /^(Resolv(ing|ed) connection token|Creating a socket|Updating additional builtin|Ignoring fetching additional builtin|ChatSessionStore|Creation of workbench contribution|Canceled)/,
  /^\[(reconnection-grace-time|Service Worker|AgentHost|AccountPolicyGate)/,
  /^\(node:\d+\) ExperimentalWarning: SQLite/,
];

function print(/** @type {string} */ _level, /** @type {readonly unknown[]} */ args) {
  const line = format(...args);
  if (!chatter.some((pattern) => pattern.test(line))) process.stdout.write(`${line}\n`);
}
