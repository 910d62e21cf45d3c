import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const cachePath = path.resolve(here, '../../../.vscode-test');

/**
 * Chooses the VS Code that `runTests` starts. Falls back to VS Code in a browser if desktop VS Code can't be downloaded or can't open a
 * window.
 *
 * On a machine without downloads, `VSCODE_EXECUTABLE_PATH` contains the path of an installed desktop VS Code.
 */
export async function chooseVSCode(which) {
  const installed = process.env.VSCODE_EXECUTABLE_PATH;
  if (installed) return { kind: 'desktop', executable: installed };
  const requested = process.env.KICKOFFS_VSCODE;
  if (requested === 'browser') return inBrowser(which);
  if (requested === 'desktop') return desktop(which);
  if (requested) throw new Error(`KICKOFFS_VSCODE is "${requested}", but must be "desktop" or "browser".`);
  if (!canOpenWindow()) return inBrowser(which);
  return desktop(which).catch((error) => {
    console.log(
      `Using VS Code in a browser, because desktop VS Code can't be downloaded: ${error instanceof Error ? error.message : String(error)}`,
    );
    return inBrowser(which);
  });
}

function canOpenWindow() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Returns a replacement for VS Code's executable, which takes the same arguments. The replacement installs itself on the first run. */
function inBrowser(which) {
  return { kind: 'browser', executable: path.join(here, `code-${which}`) };
}

async function desktop(which) {
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  const version = which === 'oldest' ? '1.104.0' : 'stable';
  // Fails if the download makes no progress for a minute.
  const reporter = { report: () => {}, error: () => {} };
  return { kind: 'desktop', executable: await downloadAndUnzipVSCode({ version, cachePath, reporter, timeout: 60_000 }) };
}
