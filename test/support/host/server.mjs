import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { atExit, signalGroup } from './children.mjs';

/** @typedef {import('./install.mjs').Host} Host */
/** @typedef {import('node:child_process').ChildProcessWithoutNullStreams} ChildProcess */
/**
 * @typedef {object} ServerOptions
 * @property {string} dataDir Settings, logs, and extension storage.
 * @property {string} extensionsDir
 * @property {string} [vsix] A packaged extension to install.
 * @property {NodeJS.ProcessEnv} [env] Added to the environment of the extensions.
 * @property {boolean} [trust] Whether VS Code asks if a folder is trusted. By default, all folders are trusted.
 * @property {boolean} [forTests] Passes the console and exit code of tests to the browser. Required to run an extension from its source folder. The newest VS Code then shows no notifications.
 * @property {number} [port] The port to listen on. Pass the same port after a restart, because a browser separates storage by port. By default, any free port.
 * @property {Record<string, unknown>} [settings] User settings, which override the quiet settings. `undefined` removes a quiet setting.
 */

/**
 * @typedef {object} Server
 * @property {string} url
 * @property {number} port
 * @property {string} log The file with the server's output.
 * @property {Promise<void>} ended
 * @property {() => number[]} extensionHostPids
 * @property {() => Promise<void>} stop
 */

/** Disables the welcome page, chat, network requests, and notifications of VS Code. */
const quietSettings = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  // Prevents a notification when another program starts a server.
  'remote.autoForwardPorts': false,
  'remote.autoForwardPortsSource': 'output',
  'telemetry.telemetryLevel': 'off',
  'window.commandCenter': false,
  'workbench.editor.useModal': 'off',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
};
/**
 * Built-in extensions that start with each window or have large manifests, and that have nothing to do with runs. Without them, a window
 * needs 10 to 20% less CPU time to start.
 */
const omittedBuiltIns =
  /^(copilot|debug-|emmet|git|grunt|gulp|ipynb|jake|merge-conflict|microsoft-authentication|ms-vscode|notebook|npm|references-view|simple-browser|terminal|tunnel)/;
/** Disables requests to the extension gallery. */
const noGallery = { EXTENSIONS_GALLERY: '{}' };
const startMs = 60_000;
const stopMs = 5_000;

/**
 * Puts VS Code's sockets into the data folder, because VS Code doesn't delete its sockets. Outside Linux, paths of temporary folders are
 * too long for sockets.
 */
const runtimeIn = (/** @type {string} */ dataDir) => (process.platform === 'linux' ? { XDG_RUNTIME_DIR: dataDir } : {});

/**
 * Starts VS Code's own server. A browser page that opens `url` is a VS Code window.
 *
 * @returns {Promise<Server>}
 */
export async function startServer(/** @type {Host} */ host, /** @type {ServerOptions} */ options) {
  await mkdir(options.extensionsDir, { recursive: true });
  await writeSettings(options);
  await linkBuiltIns(host, builtInsIn(options.dataDir));
  const log = path.join(options.dataDir, 'server.log');
  const child = spawn(host.node, serverArguments(host, options), {
    env: { ...process.env, ...noGallery, ...runtimeIn(options.dataDir), ...options.env },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const removeCleanup = atExit(() => signalGroup(child, 'SIGKILL'));
  const ended = once(child, 'close').then(removeCleanup, removeCleanup);
  const stop = () => end(child, ended);
  try {
    const port = await listening(child, log, options.vsix);
    return { url: `http://127.0.0.1:${port}/`, port, log, ended, extensionHostPids: () => extensionHosts(child.pid), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const builtInsIn = (/** @type {string} */ dataDir) => path.join(dataDir, 'built-in');

/** Links the built-in extensions except the omitted ones into a folder. */
async function linkBuiltIns(/** @type {Host} */ host, /** @type {string} */ folder) {
  if (existsSync(folder)) return;
  await mkdir(folder);
  const from = path.resolve(host.serverMain, '../../extensions');
  const names = (await readdir(from)).filter((name) => !omittedBuiltIns.test(name));
  await Promise.all(names.map((name) => symlink(path.join(from, name), path.join(folder, name))));
}

function serverArguments(/** @type {Host} */ host, /** @type {ServerOptions} */ options) {
  return [
    ...['exitWithParent.mjs', 'mintKey.mjs', 'network.mjs', 'sockets.mjs'].flatMap((file) => [
      '--import',
      new URL(file, import.meta.url).href,
    ]),
    host.serverMain,
    ...['--host', '127.0.0.1', '--port', String(options.port ?? 0), '--without-connection-token'],
    ...['--accept-server-license-terms', '--disable-telemetry'],
    ...['--server-data-dir', options.dataDir, '--extensions-dir', options.extensionsDir],
    ...['--builtin-extensions-dir', builtInsIn(options.dataDir)],
    ...(options.vsix ? ['--install-extension', options.vsix, '--start-server'] : []),
    ...(options.forTests ? ['--enable-smoke-test-driver'] : []),
    ...(options.trust ? [] : ['--disable-workspace-trust']),
  ];
}

/** @param {ServerOptions} options */
async function writeSettings({ dataDir, settings }) {
  const folder = path.join(dataDir, 'data/User');
  const file = path.join(folder, 'settings.json');
  await mkdir(folder, { recursive: true });
  const before = await readFile(file, 'utf8').then(JSON.parse, () => ({}));
  await writeFile(file, JSON.stringify({ ...quietSettings, ...before, ...settings }, undefined, 2));
}

/**
 * Returns the port once the server listens, and once the extension `vsix` is installed.
 *
 * @returns {Promise<number>}
 */
function listening(/** @type {ChildProcess} */ child, /** @type {string} */ log, /** @type {string | undefined} */ vsix) {
  const file = createWriteStream(log, { flags: 'a' });
  child.stdout.pipe(file);
  child.stderr.pipe(file);
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(
      () => reject(new Error(`VS Code's server didn't start within ${startMs / 1000} seconds. See ${log}.`)),
      startMs,
    );
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      reject(new Error(`VS Code's server ended with ${code ?? 'a signal'}. See ${log}.`));
    });
    /** @type {string | undefined} */
    let port;
    const onOutput = (/** @type {Buffer} */ chunk) => {
      output = (output + String(chunk)).slice(-10_000);
      port ??= /Extension host agent listening on (\d+)/.exec(output)?.[1];
      if (/Failed Installing Extensions/.test(output)) {
        clearTimeout(timer);
        reject(new Error(`VS Code couldn't install ${path.basename(vsix ?? '')}. See ${log}.`));
      }
      if (!port || (vsix && !/was successfully installed/.test(output))) return;
      clearTimeout(timer);
      resolve(Number(port));
    };
    child.stdout.on('data', onOutput);
    child.stderr.on('data', onOutput);
  });
}

async function end(/** @type {ChildProcess} */ child, /** @type {Promise<void>} */ ended) {
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), stopMs);
  await ended;
  clearTimeout(timer);
  signalGroup(child, 'SIGKILL');
}

/** Returns the process IDs of a server's extension hosts. Each window has its own extension host. */
function extensionHosts(/** @type {number | undefined} */ server) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => isChild(pid, server) && read(`/proc/${pid}/cmdline`).includes('--type=extensionHost'))
    .map(Number);
}

function isChild(/** @type {string} */ pid, /** @type {number | undefined} */ parent) {
  return read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[1] === String(parent);
}

function read(/** @type {string} */ file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
