import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { statusBarId } from '#contributions';
import { canonicalUrl, isUnencrypted } from '#core/kickoff/deploymentUrl';
import { installHost } from '../support/host/install.mjs';
import { errorsIn } from '../support/host/logs.mjs';
import { installVsix, startServer, type Server } from '../support/host/server.mjs';
import { openBrowser, until, type Browser, type TreeRow, type Workbench } from '../support/host/window.mjs';

export type Version = 'oldest' | 'newest';

/** A real VS Code with the packaged extension installed, and nothing of any earlier use. */
export interface Stage {
  readonly window: Workbench;
  readonly browser: Browser;
  readonly server: Server;
  readonly folder: string;
  /** An error of ours that the log may name: what is done here cannot go well. */
  expectError(says: RegExp): void;
  /** Fails when the logs name any other error of ours, or a rejection that nobody handled. */
  close(): Promise<void>;
}

/** Whatever names the extension: its id, its folder, its view. */
const ours = /crewai-?kickoffs/i;

/** How the activity bar names the view. */
export const viewTitle = 'CrewAI Kickoffs';

/** The version that this run of the tests is for. */
export function versionAsked(): Version {
  return process.env.KICKOFFS_VERSION === 'oldest' ? 'oldest' : 'newest';
}

/** Options of a stage besides its version. */
export interface Setting {
  readonly settings?: Record<string, unknown>;
  readonly env?: NodeJS.ProcessEnv;
  /** Folders are not trusted until the user says so. */
  readonly asksForTrust?: boolean;
  /** The folder that its window shows, written below the stage's own; none otherwise. */
  readonly project?: (stageFolder: string) => Promise<string>;
  /** Puts another extension beside ours. */
  readonly beside?: (extensionsDir: string) => Promise<void>;
}

/** Starts one; `npm run package` must have been run. */
export async function openStage(version: Version, setting: Setting = {}): Promise<Stage> {
  const { settings = {}, env = {}, asksForTrust = false, project, beside } = setting;
  const host = await installHost(version);
  const folder = await mkdtemp(path.join(tmpdir(), 'kickoffs-stage-'));
  const where = { dataDir: path.join(folder, 'data'), extensionsDir: path.join(folder, 'extensions') };
  await beside?.(where.extensionsDir);
  await installVsix(host, path.resolve('dist/crewai-kickoffs.vsix'), where);
  const server = await startServer(host, {
    ...where,
    env,
    trust: asksForTrust,
    settings: { 'workbench.colorTheme': 'Default Dark Modern', 'window.title': 'Visual Studio Code', ...settings },
  });
  const expected: RegExp[] = [];
  const browser = await openBrowser();
  return {
    window: await openWindow({ browser, server }, await project?.(folder)),
    browser,
    server,
    folder,
    expectError: (says) => void expected.push(says),
    close: async () => {
      await browser.close();
      await server.stop();
      const errors = errorsIn(where.dataDir, ours);
      await rm(folder, { recursive: true, force: true });
      assert.deepEqual(
        errors.filter((error) => !expected.some((says) => says.test(error))),
        [],
        'errors of ours in the logs',
      );
    },
  };
}

/** Opens another window of it, with the list in sight. */
export async function openWindow({ browser, server }: Pick<Stage, 'browser' | 'server'>, folder?: string): Promise<Workbench> {
  const window = await browser.newWindow();
  await window.open({ url: server.url, ...(folder === undefined ? {} : { folder }) });
  // A folder's tasks may have opened a box, which the command palette would close.
  if (folder === undefined) await window.command(`View: Show ${viewTitle}`);
  // A window that comes up closes the palette now and then, and the command is not run.
  await window.showView(viewTitle);
  return window;
}

/** Closes its only window, and waits until no extension host holds a file. */
export async function closeWindow({ server }: Stage, window: Workbench): Promise<void> {
  await window.close();
  const gone = (): boolean => server.extensionHostPids().length === 0;
  try {
    await until('the extension host to end', gone, 15_000);
  } catch {
    // What a page sends while it closes is lost now and then: VS Code's server then keeps the host for hours, in case it comes back.
    for (const pid of server.extensionHostPids()) process.kill(pid, 'SIGKILL');
    await until('the extension host to end', gone);
  }
}

/** The folder in which the history is. */
export function historyFolder({ folder }: Stage): string {
  return path.join(folder, 'data/data/User/globalStorage/kickoffs.crewai-kickoffs');
}

/** The texts that a user types to track a run of a deployment that isn't known yet. */
export interface NewTrack {
  readonly id: string;
  readonly url: string;
  /** The text in the first box. A status URL if not given, since a bare ID belongs to the only known deployment. */
  readonly paste?: string;
  /** Left out, Escape is pressed on its box. */
  readonly token?: string | undefined;
  readonly label?: string;
}

/** Tracks a run by keyboard, from the command palette; `seen` is called while each box stands open. */
export async function trackInNewDeployment(
  window: Workbench,
  run: NewTrack,
  seen: (box: string) => Promise<void> | void = () => undefined,
): Promise<void> {
  const { box } = window;
  const answer = async (wants: RegExp, text: string | undefined): Promise<void> => {
    await seen(await box.shows(wants));
    if (text !== undefined) await box.type(text);
    await box.enter();
  };
  await window.command('CrewAI: Track Kickoff');
  await answer(/kickoff ID/, run.paste ?? `${canonicalUrl(run.url)}/status/${run.id}`);
  // Only a UUID in a URL is certain.
  if ((await box.shows(/Deployment URL|Select the run/)).includes('Select the run')) await box.pickRow(new RegExp(`^${run.id}$`));
  await answer(/URL/, run.url);
  if (isUnencrypted(canonicalUrl(run.url)!)) await agree(window);
  await answer(/label/, run.label);
  if (run.token === undefined) {
    await seen(await box.shows(/token/));
    await box.escape();
  } else await answer(/token/, run.token);
  await box.closed();
}

/** Tracks another run of a known deployment by its status URL, or by its ID if only one is known. */
export async function trackAt(window: Workbench, text: string): Promise<void> {
  await window.command('CrewAI: Track Kickoff');
  await window.box.shows(/kickoff ID/);
  await window.box.type(text);
  await window.box.enter();
  await window.box.closed();
}

/** Answers a modal question with what it offers first. */
async function agree(window: Workbench): Promise<void> {
  await until('a question', async () => window.dialog());
  await window.page.keyboard.press('Enter');
}

/** Waits for a row whose label and description match. Fails with all rows. */
export async function rowThatSays(window: Workbench, pattern: RegExp, timeoutMs?: number): Promise<TreeRow> {
  return rowThatMatches(window, pattern, ({ label, description }) => `${label} ${description}`, timeoutMs);
}

/** Waits for a row whose accessible label matches: it has the status too, which the row leaves to its icon. */
export async function rowSpokenAs(window: Workbench, pattern: RegExp, timeoutMs?: number): Promise<TreeRow> {
  return rowThatMatches(window, pattern, ({ ariaLabel }) => ariaLabel, timeoutMs);
}

async function rowThatMatches(window: Workbench, pattern: RegExp, text: (row: TreeRow) => string, timeoutMs?: number): Promise<TreeRow> {
  return until(
    `a row that matches ${pattern.source}`,
    async () => {
      const rows = await window.rows();
      const row = rows.find((one) => pattern.test(text(one)));
      if (!row && rows.length === 0) throw new Error(`no rows, but ${await window.sideBarText()}`);
      if (!row) throw new Error(JSON.stringify(rows.map(text)));
      return row;
    },
    timeoutMs,
  );
}

/** The status bar item as soon as it says something. */
export async function statusBarThatSays(window: Workbench, pattern: RegExp): Promise<string> {
  return until(`a status bar that says ${pattern.source}`, async () => {
    const text = (await window.statusItem(statusBarId))?.text ?? '';
    if (!pattern.test(text)) throw new Error(JSON.stringify(text));
    return text;
  });
}

export { until };
