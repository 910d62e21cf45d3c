import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** @typedef {{ kind: 'desktop' | 'browser', executable: string }} Choice */

const here = path.dirname(fileURLToPath(import.meta.url));
const cachePath = path.resolve(here, '../../../.vscode-test');
const timeoutMs = 60_000;

/**
 * Which VS Code `runTests` is to start: a desktop one where it can be had and can open a window, else the one in a browser.
 *
 * @param {'oldest' | 'newest'} which
 * @returns {Promise<Choice>}
 */
export async function chooseVSCode(which) {
  const wish = process.env.KICKOFFS_VSCODE;
  if (wish === 'browser') return inBrowser(which);
  if (wish === 'desktop') return desktop(which);
  if (wish) throw new Error(`KICKOFFS_VSCODE is "${wish}"; it can be "desktop" or "browser".`);
  if (!canOpenWindow()) return inBrowser(which);
  return desktop(which).catch((error) => {
    console.log(
      `Desktop VS Code cannot be had (${error instanceof Error ? error.message : String(error)}); a VS Code in a browser is used.`,
    );
    return inBrowser(which);
  });
}

function canOpenWindow() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/**
 * The drop-in takes the arguments of VS Code and installs what it needs when it runs.
 *
 * @param {'oldest' | 'newest'} which
 * @returns {Choice}
 */
function inBrowser(which) {
  return { kind: 'browser', executable: path.join(here, `code-${which}`) };
}

/**
 * @param {'oldest' | 'newest'} which
 * @returns {Promise<Choice>}
 */
async function desktop(which) {
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  const watch = progressWatch();
  const version = which === 'oldest' ? '1.104.0' : 'stable';
  const download = downloadAndUnzipVSCode({ version, cachePath, reporter: watch.reporter, timeout: timeoutMs });
  try {
    return { kind: 'desktop', executable: await Promise.race([download, watch.stalled]) };
  } finally {
    watch.stop();
    download.catch(() => {});
  }
}

/** Rejects when the download says nothing for a while. */
function progressWatch() {
  /** @type {(error: Error) => void} */
  let giveUp = () => {};
  /** @type {Promise<never>} */
  const stalled = new Promise((_resolve, reject) => (giveUp = reject));
  stalled.catch(() => {});
  const start = () => setTimeout(() => giveUp(new Error(`no progress for ${timeoutMs / 1000} seconds`)), timeoutMs);
  let timer = start();
  const report = () => {
    clearTimeout(timer);
    timer = start();
  };
  return { stalled, reporter: { report, error: () => {} }, stop: () => clearTimeout(timer) };
}
