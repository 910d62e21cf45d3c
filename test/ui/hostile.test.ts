import assert from 'node:assert/strict';
import { statusBarItemId } from '#contributions';
import { figure } from '#test/support/fuzz';
import { activeContentIn, unfold } from '../support/host/rendered.mjs';
import { disablePreviewSecurity, expectNothingFetched, visibleParts, waitForSchemaFetch } from './control';
import { hostileMarkdown, hostileNames } from './payloads';
import { useCannedScene } from './scene';
import { rename, rowSpokenAs, rowThatSays, statusBarThatSays, trackAt, trackInNewDeployment, until, versionAsked } from './stage';
import { hostileFailure, hostileProgress, hostileRun } from './statusResponses';

const label = `$(error) [x](command:workbench.action.togglePanel) <img src=x> \u202egnp.exe\u200b ${'long '.repeat(60)}`;

/**
 * Characters that cut or disguise a text: control, bidirectional, and zero-width characters, and unpaired surrogates. A joiner inside an
 * emoji is part of the emoji.
 */
const disguise =
  /(?!(?<=\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]*)\u200d\p{Extended_Pictographic})[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe(`Hostile text in responses, ${versionAsked()}`, function () {
  this.timeout(240_000);
  const scene = useCannedScene((sink) => ({
    'hostile-run': hostileRun(sink),
    'hostile-live': hostileProgress(sink, 3),
  }));

  before(async () => {
    const { canned, sink, stage } = scene;
    await disablePreviewSecurity(stage, sink);
    await trackInNewDeployment(stage.window, { id: 'hostile-run', url: canned.url, token: 'tok-canned', label: 'Canned' });
    await rowSpokenAs(stage.window, /succeeded.*hostile-run/);
  });
  afterEach('check that nothing was fetched and no command ran', async () => {
    const { page } = scene.stage.window;
    await expectNothingFetched(scene.stage, scene.sink);
    assert.deepEqual(
      await visibleParts(scene.stage.window),
      { panel: false, sideBar: true, activityBar: true },
      'the panel is hidden and Zen mode is off',
    );
    assert.equal(await page.locator('.monaco-dialog-box').count(), 0);
  });

  /** Checks that a preview loads nothing, links only to the web and to mail addresses, and runs no command when clicked. */
  async function previewIsInert(): Promise<void> {
    const body = scene.stage.window.preview().locator('body');
    await unfold(body.locator('details'));
    const found = await activeContentIn(body);
    assert.deepEqual(found, { loading: [], links: [] });
    const tabs = await scene.stage.window.tabs();
    for (const text of ['zen', 'close', 'panel', 'command:workbench'])
      await body
        .locator(`:text("${text}")`)
        .first()
        .click({ position: { x: 4, y: 4 } });
    assert.deepEqual(await scene.stage.window.tabs(), tabs);
  }

  function expectPlainText(what: string, texts: readonly string[]): void {
    for (const text of texts) {
      assert.doesNotMatch(text, disguise, `${what}: ${JSON.stringify(text)}`);
      for (const part of text.split(' · ')) assert.ok([...new Intl.Segmenter().segment(part)].length <= 120, `${what}: ${part}`);
    }
  }

  it('loads nothing and runs no command in the report, even with expanded tasks and after clicks', async () => {
    const { window } = scene.stage;
    await window.openRow(/hostile-run/);
    await window.waitForPreview(/hostile-run/);
    assert.equal(await window.preview().locator('details[id^="task:"]').count(), 20);
    await previewIsInert();
  });

  it('is plain text in outputs and responses, even after the user selects another language mode', async () => {
    const { window } = scene.stage;
    for (const [title, tab] of [
      ['Open Raw Response', 'hostile-run.status.output'],
      ['Open Output', 'hostile-run.md.output'],
    ] as const) {
      await window.rowAction(/hostile-run/, title);
      await window.waitForTab(new RegExp(`^${tab}$`));
      await until(`the text of ${tab}`, async () => (await window.editorText()).includes('Harmless title'));
    }
    await window.command('Change Language Mode');
    await window.box.fill(/Language Mode/, 'Markdown');
    await window.box.closed();
    await until('the language of the output again', async () => (await window.statusItem('status.editor.mode')) === undefined);
    await waitForSchemaFetch(scene.stage, scene.sink);
    // The afterEach hook needs a preview.
    await window.openRow(/hostile-run/);
    await window.waitForPreview(/hostile-run/);
  });

  it('is one line of plain text in rows and the status bar', async () => {
    const { window } = scene.stage;
    await trackAt(window, 'hostile-live');
    await rowThatSays(window, /^hostile-live .*HYDRATING/);
    await rename(window, /^hostile-live/, label);
    await rowThatSays(window, /^\$\(error\)/);
    for (const completed of [10, 11, 13]) {
      scene.canned.setStatus('hostile-live', hostileProgress(scene.sink.url, completed));
      await window.command('CrewAI: Refresh');
      await statusBarThatSays(window, new RegExp(`${completed}/20`));
      expectPlainText('the status bar', Object.values((await window.statusItem(statusBarItemId)) ?? {}));
    }
    await window.expand(/^\$\(error\)/);
    await window.expand(/hostile-run/);
    const rows = await until('the tasks', async () => ((await window.rows()).length > 20 ? window.rows() : undefined));
    for (const row of rows) expectPlainText('a row', [row.label, row.description]);
    for (const row of rows) assert.doesNotMatch(row.ariaLabel, disguise);
    const drawn = window.page.locator('.part.sidebar .monaco-tl-contents').locator('.label-name, .label-description, .label-suffix');
    assert.equal(await drawn.locator('.codicon, a, img').count(), 0, 'no icon, link or picture in a label');
  });

  it('is plain text in tooltips', async () => {
    const { window } = scene.stage;
    const hover = window.page.locator('.monaco-hover:visible');
    const seen: string[] = [];
    for (const target of [
      window.row(/^\$\(error\)/),
      window.row(/zen/),
      window.page.locator('.statusbar-item', { hasText: '/20' }).first(),
    ]) {
      // VS Code creates a row's tooltip only when the pointer is over the row.
      const text = await window.hover(target, /^\s*(?!Loading\.\.\.)\S/);
      seen.push(text);
      assert.equal(await hover.locator('.hover-contents').locator('img, .codicon, a[href]').count(), 0);
      await window.page.mouse.move(640, 600);
      await until('no tooltip', async () => (await hover.count()) === 0);
    }
    for (const text of seen) for (const line of text.split('\n')) assert.doesNotMatch(line, disguise);
    assert.match(seen.join('\n'), /HYDRATING/);
  });

  it("isn't a link in the status bar's tooltip, where Open in Browser is the only link", async () => {
    const { window } = scene.stage;
    const hover = window.page.locator('.monaco-hover:visible');
    scene.canned.setStatus('hostile-live', { ...hostileProgress(scene.sink.url, 13), state: 'PAUSED' });
    await window.command('CrewAI: Refresh');
    await statusBarThatSays(window, /^waiting for human input/);
    await window.hover(window.page.locator('.statusbar-item', { hasText: 'waiting for' }).first(), /waiting for human input/);
    const links = await hover.locator('.hover-contents a').allInnerTexts();
    assert.deepEqual(
      links.map((link) => link.replaceAll('\u00a0', ' ')),
      ['Open in Browser'],
      'the only link is the extension’s',
    );
    assert.equal(await hover.locator('.hover-contents').locator('img, .codicon').count(), 0);
    await window.dismissNotifications();
  });

  it('is plain text in quick picks', async () => {
    const { window } = scene.stage;
    // Without a document of a run, the command asks for the run.
    await window.closeEditors();
    await until('the quick pick', async () => {
      // A window that hasn't finished starting sometimes closes the quick pick.
      await window.command('CrewAI: Open Report');
      return until('the rows of the quick pick', async () => (await window.box.rows()).length === 2, 5_000);
    });
    for (const row of await window.box.rows()) expectPlainText('a pick', [row.label, row.description, row.detail]);
    assert.equal(
      await window.box.widget
        .locator('.quick-input-list-row .monaco-icon-label-container')
        .locator('.codicon-error, .codicon-loading, a[href], img')
        .count(),
      0,
    );
    await window.box.escape();
    // The afterEach hook needs a preview.
    await window.openRow(/hostile-run/);
    await window.waitForPreview(/hostile-run/);
  });

  it('is plain text in notifications', async () => {
    const { window } = scene.stage;
    scene.canned.setStatus('hostile-live', hostileFailure(scene.sink.url));
    await window.command('CrewAI: Refresh');
    const notification = await window.waitForNotification(/ failed/);
    const [, name = '', reason = ''] = /^Canned: (.*?) failed(?: after ~?\d+s)?: (.*)$/.exec(notification.text) ?? [];
    assert.match(name, /^\$ \(error\) \(x\)\(command:/);
    assert.match(reason, /^\(zen\)\(command:workbench\.action\.toggleZenMode\) \$ \(error\) SERPER_API_KEY/);
    expectPlainText('the notification', [name, reason]);
    const message = window.page.locator('.notification-list-item-message');
    assert.equal(await message.locator('a[href], img, .codicon').count(), 0);
  });

  it("loads nothing and runs no command in a failed run's report, and is plain text in the tab title", async () => {
    const { window } = scene.stage;
    await window.clickNotification(/failed/, 'Open Report');
    await window.waitForPreview(/Error/);
    await previewIsInert();
    const tabs = (await window.tabs()).map((tab) => tab.label);
    expectPlainText('a tab', tabs);
    assert.ok(
      tabs.some((title) => title.includes('command workbench action togglePanel')),
      tabs.join('\n'),
    );
    const texts = hostileNames('').length + hostileMarkdown('').split('\n').length;
    figure(20, `${texts} hostile names and lines: 0 commands run, 0 requests`);
  });
});
