import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { until, type Stage } from './stage';

/** What a button does that a row shows in its trouble: seen to happen, and put away again. */
type Effect = (stage: Stage) => Promise<void>;

const box =
  (wants: RegExp): Effect =>
  async ({ window }) => {
    await window.box.shows(wants);
    await window.box.escape();
    await window.box.closed();
  };

const tab =
  (label: RegExp, shows: RegExp): Effect =>
  async ({ window }) => {
    await until(`a tab ${label.source}`, async () => (await window.tabs()).some((one) => one.active && label.test(one.label)));
    await until(`a page that says ${shows.source}`, async () => {
      const said = await window.page.locator('.part.editor').innerText();
      if (!shows.test(said.replaceAll('\u00a0', ' '))) throw new Error(said);
      return true;
    });
    await window.command('View: Close All Editors');
  };

const effects: Readonly<Record<string, Effect>> = {
  'Set Token': box(/Bearer token/),
  'Edit Deployment': box(/URL/),
  /** An editor of its own that lies over the others, or a tab among them, by the version. */
  'Open Network Settings': async ({ window }) => {
    const settings = window.page.locator('.settings-editor');
    await until('the settings', async () => {
      const said = await settings.innerText();
      if (!/Proxy/.test(said) || !/System Certificates/.test(said)) throw new Error(said);
      return true;
    });
    await window.page.keyboard.press('Escape');
    await window.command('View: Close All Editors');
    await settings.waitFor({ state: 'hidden' });
  },
  'Open Raw Response': tab(/status\.json$/, /archived/),
  'Open in Browser': async ({ window }) => {
    const other = await until('another tab of the browser', () =>
      window.page
        .context()
        .pages()
        .find((page) => page !== window.page),
    );
    await other.close();
    await window.toFront();
  },
  'Save Response As…': async ({ window, folder }) => {
    const file = path.join(folder, 'answer.json');
    await window.box.shows(new RegExp(`${path.join(homedir(), '\\w+\\.status\\.json')}$`));
    await window.box.type(file);
    await until('the folder to be read', async () => (await window.box.rows()).some(({ label }) => label === 'extensions'));
    await window.box.enter();
    await window.box.closed();
    await until('a file of 65 MiB', async () => (await stat(file)).size > 65 * 1_024 * 1_024);
    await until('a notice of it', async () => (await window.notices()).some(({ buttons }) => buttons.includes('Open File')));
    await window.dismissNotices();
  },
  'Show Log': async ({ window }) => {
    await until('the log', async () => /throttled|not saved/.test(await window.panelText()));
    await window.command('View: Hide Panel');
  },
};

/** Presses a row's button, from its menu by keyboard, and sees it work; `requestCount` counts the requests made for the row. */
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
