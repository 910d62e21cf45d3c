import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { run } from './children.mjs';

/** The headless shell comes first, because it uses a seventh less CPU. */
const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** Debian packages of Chromium. Before version 13, Debian has only the package `chromium`. */
const browsers = ['chromium-headless-shell', 'chromium'];
/** The smallest font with Chinese, Japanese, and Korean characters, and a font for all other characters. */
const fonts = ['fonts-wqy-microhei', 'fonts-dejavu-core'];
/** How long apt-get waits while another process installs packages. */
const lockSeconds = 120;
const advice = 'install Chromium or Chrome, run "npx playwright-core install chromium", or set CHROMIUM_PATH';

/** Returns the path of Chromium or Chrome. Installs Chromium if none is found and the user is root on Debian. */
export async function findChromium() {
  const executable = process.env.CHROMIUM_PATH;
  if (executable && !existsSync(executable)) throw new Error(`CHROMIUM_PATH is ${executable}, but this file doesn't exist.`);
  const canInstall = process.getuid() === 0 && onPath('apt-get').some((file) => existsSync(file));
  const found = executable || (installed() ?? (canInstall ? await install() : undefined));
  if (!found) throw new Error(`No Chromium found: ${advice}.`);
  return found;
}

/** Starts a headless Chromium that makes no network requests of its own. */
export async function launchChromium() {
  return chromium.launch({
    executablePath: await findChromium(),
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
}

function installed() {
  return [...names.flatMap(onPath), chromium.executablePath()].find((file) => existsSync(file));
}

function onPath(name) {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  return folders.map((folder) => path.join(folder, name));
}

async function install() {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update'], { env });
  let last = '';
  for (const browser of browsers) {
    const packages = [browser, ...fonts];
    console.log(`No Chromium found. Installing ${packages.join(', ')} with apt-get …`);
    const options = ['-y', '--no-install-recommends', '-o', `DPkg::Lock::Timeout=${lockSeconds}`];
    const { code, output } = await run('apt-get', ['install', ...options, ...packages], { env });
    if (code === 0) return installed();
    last = output.trim();
  }
  throw new Error(`No Chromium found, and apt-get couldn't install it (${last.split('\n').at(-1)}): ${advice}.`);
}
