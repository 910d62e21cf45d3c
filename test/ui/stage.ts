import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { statusBarItemId } from '#contributions';
import { canonicalUrl, isUnencrypted } from '#core/kickoff/deploymentUrl';
import { installHost } from '../support/host/install.mjs';
import { errorsIn } from '../support/host/logs.mjs';
import { switchLanguage } from '../support/host/language.mjs';
import { startServer, type Server } from '../support/host/server.mjs';
import { openBrowser, until, type Browser, type TreeRow, type Workbench } from '../support/host/window.mjs';

/** A new VS Code with the packaged extension installed, and without data of an earlier use. */
export interface Stage {
  /** The window with the view. `whileClosed` replaces it. */
  readonly window: Workbench;
  readonly browser: Browser;
  readonly server: Server;
  readonly folder: string;
  /** Closes the only window, acts while no extension host runs, and opens another window. */
  whileClosed(act: () => unknown): Promise<void>;
  /** Allows an error of the extension in the logs, which the test causes on purpose. */
  expectError(pattern: RegExp): void;
  /** Closes VS Code. Fails if the logs contain any other error of the extension, or an unhandled rejection. */
  close(): Promise<void>;
}

/** Matches the extension's ID, folder, and view in the logs. */
const extension = /crewai-?kickoffs/i;

export const viewTitle = 'CrewAI Kickoffs';

export function versionAsked(): 'oldest' | 'newest' {
  return process.env.KICKOFFS_VERSION === 'oldest' ? 'oldest' : 'newest';
}

export interface Setting {
  readonly settings?: Record<string, unknown>;
  readonly env?: NodeJS.ProcessEnv;
  /** Whether folders are untrusted until the user trusts them. */
  readonly asksForTrust?: boolean;
  /** Creates the folder to open, inside the stage's folder. By default, the window has no folder. */
  readonly project?: (stageFolder: string) => Promise<string>;
  /** Installs another extension. */
  readonly beside?: (extensionsDir: string) => Promise<void>;
}

/** Starts VS Code. Requires the package that `npm run package` creates. */
export async function openStage(setting: Setting = {}): Promise<Stage> {
  const { settings = {}, env = {}, asksForTrust = false, project, beside } = setting;
  const host = await installHost(versionAsked());
  const folder = await mkdtemp(path.join(tmpdir(), 'kickoffs-stage-'));
  const where = { dataDir: path.join(folder, 'data'), extensionsDir: path.join(folder, 'extensions') };
  await beside?.(where.extensionsDir);
  const server = await startServer(host, {
    ...where,
    vsix: path.resolve('dist/crewai-kickoffs.vsix'),
    env,
    trust: asksForTrust,
    settings: { 'workbench.colorTheme': 'Default Dark Modern', 'window.title': 'Visual Studio Code', ...settings },
  });
  const expected: RegExp[] = [];
  let browser: Browser | undefined;
  let window: Workbench;
  try {
    browser = await openBrowser();
    window = await openWindow({ browser, server }, await project?.(folder));
  } catch (error) {
    // Otherwise the browser and the server would keep the test process alive.
    await browser?.close();
    await server.stop();
    throw error;
  }
  return {
    get window() {
      return window;
    },
    browser,
    server,
    folder,
    whileClosed: async (act) => {
      await closeWindow({ server, window });
      await act();
      window = await openWindow({ browser, server });
    },
    expectError: (pattern) => void expected.push(pattern),
    close: async () => {
      await browser.close();
      await server.stop();
      const errors = errorsIn(where.dataDir, extension);
      await rm(folder, { recursive: true, force: true });
      assert.deepEqual(
        errors.filter((error) => !expected.some((pattern) => pattern.test(error))),
        [],
        'errors of the extension in the logs',
      );
    },
  };
}

/** Opens another window with the view visible. */
export async function openWindow({ browser, server }: Pick<Stage, 'browser' | 'server'>, folder?: string): Promise<Workbench> {
  const window = await browser.newWindow();
  await window.open({ url: server.url, ...(folder === undefined ? {} : { folder }) });
  await window.showView(viewTitle);
  return window;
}

/** Closes the only window, and waits until its extension host has ended and closed its files. */
export async function closeWindow({ server, window }: Pick<Stage, 'server' | 'window'>): Promise<void> {
  await window.page.close();
  const gone = (): boolean => server.extensionHostPids().length === 0;
  try {
    await until('the extension host to end', gone, 15_000);
  } catch {
    // The closing message of a page is sometimes lost. VS Code's server then keeps the extension host for hours, in case the page reconnects.
    for (const pid of server.extensionHostPids()) process.kill(pid, 'SIGKILL');
    await until('the extension host to end', gone);
  }
}

export async function useLanguage({ window, folder }: Stage, language: string): Promise<void> {
  await switchLanguage(language, folder);
  await window.reload();
}

/** Returns the folder of the run history, which is VS Code's global storage for the extension. */
export function historyFolder({ folder }: Stage): string {
  return path.join(folder, 'data/data/User/globalStorage/kickoffs.crewai-kickoffs');
}

/** The texts that a user types to track a run of a deployment that isn't known yet. */
interface NewTrack {
  readonly id: string;
  readonly url: string;
  /** The text in the first box. If undefined, a status URL, because a bare ID would belong to the only known deployment. */
  readonly paste?: string;
  /** If undefined, Escape closes the token box. */
  readonly token?: string | undefined;
  readonly label?: string;
}

/** Tracks a run by keyboard, from the command palette. Calls `onBox` while each box is open. */
export async function trackInNewDeployment(
  window: Workbench,
  run: NewTrack,
  onBox: (box: string) => Promise<void> | void = () => undefined,
): Promise<void> {
  const { box } = window;
  const fillBox = async (wants: RegExp, text: string | undefined): Promise<void> => {
    await onBox(await box.shows(wants));
    await box.fill(wants, text);
  };
  await window.command('CrewAI: Track Kickoff');
  await fillBox(/kickoff ID/, run.paste ?? `${canonicalUrl(run.url)}/status/${run.id}`);
  // The extension asks the user to select the run if the ID isn't certain, for example `status/my-run`.
  if ((await box.shows(/Deployment URL|Select the run/)).includes('Select the run')) await box.pickRow(new RegExp(`^${run.id}$`));
  await fillBox(/URL/, run.url);
  if (isUnencrypted(canonicalUrl(run.url)!)) {
    await window.acceptDialog();
  }
  await fillBox(/label/, run.label);
  if (run.token === undefined) {
    await onBox(await box.shows(/token/));
    await box.escape();
  } else await fillBox(/token/, run.token);
  await box.closed();
}

/** Tracks another run of a known deployment by its status URL. If only one deployment is known, an ID is enough. */
export async function trackAt(window: Workbench, text: string): Promise<void> {
  await window.command('CrewAI: Track Kickoff');
  await window.box.fill(/kickoff ID/, text);
  await window.box.closed();
}

/** Changes the URL of a deployment, and keeps its label. The token box may open afterward. */
export async function changeUrl(window: Workbench, row: RegExp, url: string): Promise<void> {
  await window.rowAction(row, 'Edit Deployment');
  await window.box.fill(/URL/, url);
  await window.box.fill(/label/);
}

export async function rename(window: Workbench, row: RegExp, label: string): Promise<void> {
  await window.pressInRow(row, 'F2');
  await fillLabel(window, label);
}

export async function fillLabel(window: Workbench, label: string): Promise<void> {
  await window.box.fill(/label/, label);
  await window.box.closed();
}

/** Opens a file with the dialog, which accepts Enter only after it has looked up the path. */
export async function openFile(window: Workbench, file: string): Promise<void> {
  await until(`the file ${file}`, async () => {
    if (!(await window.box.isOpen())) await window.command('File: Open File...');
    await window.box.enter(file);
    return until('the tab', async () => (await window.tabs()).some(({ label, active }) => active && label === path.basename(file)), 4_000);
  });
}

/** Waits until a row is removed and a neighbor has the focus. A command palette that opens earlier would lose the focus to the neighbor. */
export async function waitUntilRemoved(window: Workbench, label: string): Promise<void> {
  await until(`the row ${label} to be removed`, async () => {
    const rows = await window.rows();
    return !rows.some((row) => row.label === label) && (rows.length === 0 || rows.some(({ focused }) => focused));
  });
}

/** Waits for a row whose label and description match. The error lists all rows. */
export async function rowThatSays(window: Workbench, pattern: RegExp, timeoutMs?: number): Promise<TreeRow> {
  return rowThatMatches(window, pattern, ({ label, description }) => `${label} ${description}`, timeoutMs);
}

/** Waits for a row whose accessible label matches. Unlike the row's text, this label contains the status. */
export async function rowSpokenAs(window: Workbench, pattern: RegExp, timeoutMs?: number): Promise<TreeRow> {
  return rowThatMatches(window, pattern, ({ ariaLabel }) => ariaLabel, timeoutMs);
}

async function rowThatMatches(window: Workbench, pattern: RegExp, text: (row: TreeRow) => string, timeoutMs?: number): Promise<TreeRow> {
  const find = async (): Promise<TreeRow> => {
    const rows = await window.rows();
    const row = rows.find((one) => pattern.test(text(one)));
    if (!row) throw new Error(rows.length === 0 ? `no rows, only ${await window.sideBarText()}` : JSON.stringify(rows.map(text)));
    return row;
  };
  return until(`a row that matches ${pattern.source}`, find, timeoutMs);
}

/** Waits until the text of the status bar item matches, and returns the text. */
export async function statusBarThatSays(window: Workbench, pattern: RegExp): Promise<string> {
  return until(`a status bar item that matches ${pattern.source}`, async () => {
    const text = (await window.statusItem(statusBarItemId))?.text ?? '';
    if (!pattern.test(text)) throw new Error(JSON.stringify(text));
    return text;
  });
}

/** Waits for the badge of the view in the activity bar. VS Code updates it later than the rows and the notifications. */
export async function expectViewBadge(window: Workbench, badge: string | undefined): Promise<void> {
  await until(`the badge ${badge} of the view`, async () => (await window.badge(viewTitle)) === badge);
}

/** Waits until exactly these steps of the open walkthrough are completed. */
export async function expectCompletedSteps({ page }: Workbench, titles: readonly string[]): Promise<void> {
  await until(`the completed steps: ${titles.join(', ')}`, async () => {
    const steps = page.locator('.getting-started-step').filter({ has: page.locator('.codicon-getting-started-step-checked') });
    const found = await steps.locator('.step-title').allInnerTexts();
    if (found.join() !== titles.join()) throw new Error(found.join());
    return true;
  });
}

export { until };
