import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { keybindings } from './keys.mjs';

/**
 * @typedef {object} ServerOptions
 * @property {string} dataDir Settings, logs, and extension storage.
 * @property {string} extensionsDir
 * @property {string} [vsix] A packaged extension to install.
 * @property {NodeJS.ProcessEnv} [env] Added to the environment of the extensions.
 * @property {boolean} [trust] Whether VS Code asks if a folder is trusted. By default, all folders are trusted.
 * @property {boolean} [forTests] Passes the console and exit code of tests to the browser. Required to run an extension from its source folder. The newest VS Code then shows no notifications, so UI tests install the VSIX instead.
 * @property {number} [port] The port to listen on. By default, any free port.
 * @property {Record<string, unknown>} [settings] User settings, which override the quiet settings. `undefined` removes a quiet setting.
 */

/** @typedef {Awaited<ReturnType<typeof startServer>>} Server */

/** Disables the welcome page, chat, network requests, and notifications of VS Code. */
const quietSettings = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  // Prevents a notification when another program starts a server. The port watcher runs every two seconds, which distorts benchmarks.
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

/** Starts VS Code's own server, which ends with this process. A browser page that opens `url` is a VS Code window. */
export async function startServer(/** @type {{ node: string, serverMain: string }} */ host, /** @type {ServerOptions} */ options) {
  await mkdir(options.extensionsDir, { recursive: true });
  await writeSettings(options);
  await linkBuiltIns(host, builtInsIn(options.dataDir));
  const log = path.join(options.dataDir, 'server.log');
  const child = spawn(host.node, serverArguments(host, options), {
    // VS Code's sockets are in the data folder, because VS Code doesn't delete them.
    env: { ...process.env, ...noGallery, XDG_RUNTIME_DIR: options.dataDir, ...options.env },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const stop = () => end(child, ended);
  try {
    const url = `http://127.0.0.1:${await listening(child, log, options.vsix)}/`;
    return { url, log, ended, extensionHostPids: () => extensionHosts(child.pid), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const builtInsIn = (dataDir) => path.join(dataDir, 'built-in');

/** Links the built-in extensions except the omitted ones into a folder. */
async function linkBuiltIns(host, folder) {
  await mkdir(folder);
  const from = path.resolve(host.serverMain, '../../extensions');
  const names = (await readdir(from)).filter((name) => !omittedBuiltIns.test(name));
  await Promise.all(names.map((name) => symlink(path.join(from, name), path.join(folder, name))));
}

function serverArguments(host, options) {
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

async function writeSettings({ dataDir, settings }) {
  const folder = path.join(dataDir, 'data/User');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'settings.json'), JSON.stringify({ ...quietSettings, ...settings }, undefined, 2));
  await writeFile(path.join(folder, 'keybindings.json'), JSON.stringify(keybindings));
}

/** Returns the port once the server listens, and once the extension `vsix` is installed. */
function listening(child, log, vsix) {
  const file = createWriteStream(log, { flags: 'a' });
  child.stdout.pipe(file);
  child.stderr.pipe(file);
  return new Promise((resolve, reject) => {
    let [output, port] = ['', ''];
    const fail = (reason) => reject(new Error(`VS Code's server ${reason}. See ${log}.`));
    setTimeout(fail, startMs, `didn't start within ${startMs / 1000} seconds`).unref();
    child.once('error', reject);
    child.once('close', (code) => fail(`ended with ${code ?? 'a signal'}`));
    const onOutput = (chunk) => {
      output = (output + String(chunk)).slice(-10_000);
      port ||= /Extension host agent listening on (\d+)/.exec(output)?.[1];
      if (/Failed Installing Extensions/.test(output)) fail(`couldn't install ${vsix}`);
      if (port && (!vsix || /was successfully installed/.test(output))) resolve(port);
    };
    child.stdout.on('data', onOutput);
    child.stderr.on('data', onOutput);
  });
}

async function end(child, ended) {
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), stopMs);
  await ended;
  clearTimeout(timer);
  signalGroup(child, 'SIGKILL');
}

/** Sends a signal to the server and all its descendants, which are a process group. */
function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is empty.
  }
}

/** Returns the process IDs of a server's extension hosts. Each window has its own extension host. */
function extensionHosts(/** @type {number | undefined} */ server) {
  const children = read(`/proc/${server}/task/${server}/children`).split(' ');
  return children.filter((pid) => pid && read(`/proc/${pid}/cmdline`).includes('--type=extensionHost')).map(Number);
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
