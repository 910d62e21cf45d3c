import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { until, type Stage } from './stage';

/** Waits until the effect of a problem's button is visible, and closes the box or tab that the button opened. */
type Effect = (stage: Stage) => Promise<void>;

const box =
  (wants: RegExp): Effect =>
  async ({ window }) => {
    await window.box.cancel(wants);
  };

const tab =
  (label: RegExp, shows: RegExp): Effect =>
  async ({ window }) => {
    await window.waitForTab(label);
    await until(`a page with the text ${shows.source}`, async () => {
      const text = await window.page.locator('.part.editor').innerText();
      if (!shows.test(text.replaceAll('\u00a0', ' '))) throw new Error(text);
      return true;
    });
    await window.closeEditors();
  };

const effects: Readonly<Record<string, Effect>> = {
  'Set Token': box(/Bearer token/),
  'Edit Deployment': box(/URL/),
  /** The settings are an overlay or a tab, depending on the version of VS Code. */
  'Open Network Settings': async ({ window }) => {
    const settings = window.page.locator('.settings-editor');
    await until('the settings', async () => {
      const text = await settings.innerText();
      if (!/Proxy/.test(text) || !/System Certificates/.test(text)) throw new Error(text);
      return true;
    });
    await window.page.keyboard.press('Escape');
    await window.closeEditors();
    await settings.waitFor({ state: 'hidden' });
  },
  'Open Raw Response': tab(/status\.output$/, /archived/),
  'Open in Browser': async ({ window }) => {
    // The deployment isn't at crewai.com, so the extension asks for its page.
    await window.box.fill(/Open in Browser.*URL/, 'http://127.0.0.1:42424/deployments/42');
    await window.openedUrl();
  },
  'Save Response As…': async (stage) => {
    const { window } = stage;
    const file = await enterFile(stage, 'response.json');
    await until('a file of 65 MiB', async () => (await stat(file)).size > 65 * 1_024 * 1_024);
    await until('the saved file', async () => (await window.notifications()).some(({ buttons }) => buttons.includes('Open File')));
    await window.dismissNotifications();
  },
  'Show Log': async ({ window }) => {
    await until('the log', async () => /throttled|Failed to write the run history/.test(await window.panelText()));
    await window.command('View: Hide Panel');
  },
};

/** Enters a file of the stage's folder in the open box of *Save Response As…*, and returns the file's path. */
async function enterFile({ window, folder }: Stage, name: string): Promise<string> {
  const file = path.join(folder, name);
  await window.box.shows(new RegExp(`${path.join(homedir(), '\\w+\\.status\\.json')}$`));
  await window.box.type(file);
  await until('the folder to be read', async () => (await window.box.rows()).some(({ label }) => label === 'extensions'));
  await window.box.enter();
  await window.box.closed();
  return file;
}

/** Selects a problem's button in the row's menu by keyboard, and checks the effect. `requestCount` returns the number of requests for the row. */
export async function expectButtonWorks(
  stage: Stage,
  { row, button }: { row: RegExp; button: string },
  requestCount: () => number = () => 0,
): Promise<void> {
  const before = requestCount();
  await stage.window.rowAction(row, button);
  if (button === 'Refresh') await until('another request', () => requestCount() > before, 10_000);
  else await effects[button]!(stage);
}
