import { format, parseArgs } from 'node:util';
import { windowAddress } from './address.mjs';
import { launchChromium } from './chromium.mjs';
import { installHost } from './install.mjs';
import { startServer } from './server.mjs';

/** Replaces VS Code's executable. Runs an extension's tests in a headless browser, and sets the exit code of the tests. */
export async function runAsCode(which, args) {
  const limit = Number(process.env.KICKOFFS_VSCODE_MINUTES) || 10;
  const timer = setTimeout(() => {
    console.error(`The tests in the ${which} VS Code didn't end within ${limit} minutes (KICKOFFS_VSCODE_MINUTES).`);
    process.exit(1);
  }, limit * 60_000);
  try {
    process.exitCode = await runTestsIn(await installHost(which), parseArgs({ args, strict: false }).values);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  } finally {
    clearTimeout(timer);
  }
}

/** Returns the exit code of the tests. The command-line arguments are the same as for desktop VS Code. */
async function runTestsIn(host, options) {
  const server = await startServer(host, { dataDir: options['user-data-dir'], extensionsDir: options['extensions-dir'], forTests: true });
  let browser;
  try {
    browser = await launchChromium();
    const page = await browser.newPage();
    const exit = new Promise((resolve, reject) => {
      void page.exposeFunction('codeAutomationLog', print);
      void page.exposeFunction('codeAutomationExit', resolve);
      page.once('crash', () => reject(new Error('The browser page crashed.')));
      browser.once('disconnected', () => reject(new Error('The browser closed before the tests ended.')));
      void server.ended.then(() => reject(new Error(`VS Code's server ended before the tests did. See ${server.log}.`)));
    });
    exit.catch(() => {});
    const { extensionDevelopmentPath: developmentPath, extensionTestsPath: testsPath } = options;
    await page.goto(windowAddress({ url: server.url, developmentPath, testsPath }));
    return await exit;
  } finally {
    await browser?.close();
    await server.stop();
  }
}

/** Console messages of VS Code's workbench. All other messages come from the tests in the extension host. */
const chatter = [
  /static\/out\/vs\/code\/browser\/workbench/,
  /^(Resolv(ing|ed) connection token|Creating a socket|Updating additional builtin|Ignoring fetching additional builtin|ChatSessionStore|Creation of workbench contribution|Canceled)/,
  /^\[(reconnection-grace-time|Service Worker|AgentHost|AccountPolicyGate)/,
  /^\(node:\d+\) ExperimentalWarning: SQLite/,
];

function print(_level, args) {
  const line = format(...args);
  if (!chatter.some((pattern) => pattern.test(line))) process.stdout.write(`${line}\n`);
}
