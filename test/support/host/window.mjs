import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { windowAddress } from './address.mjs';
import { launchChromium } from './chromium.mjs';
import { QuickInput } from './quickInput.mjs';
import { until } from './until.mjs';

export { until };

/** @typedef {{ label: string, description: string, ariaLabel: string, expanded: boolean | undefined, level: number, iconClass: string, focused: boolean, selected: boolean }} TreeRow */
/** @typedef {{ id: string, text: string, ariaLabel: string, kind: string }} StatusItem */
/** @typedef {{ text: string, severity: string, source: string, buttons: string[] }} Notice */
/** @typedef {{ label: string, active: boolean, preview: boolean }} Tab */
/** @typedef {{ newWindow: () => Promise<Workbench>, context: import('playwright-core').BrowserContext, close: () => Promise<void> }} Browser */

const timeoutMs = 45_000;
const startMs = 60_000;

/**
 * Starts a headless browser with a profile of its own; its windows share secrets and storage, as those of one desktop do.
 *
 * @param {import('playwright-core').BrowserContextOptions} [options]
 * @returns {Promise<Browser>}
 */
export async function openBrowser(options = {}) {
  const browser = await launchChromium();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', acceptDownloads: false, ...options });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  context.setDefaultTimeout(timeoutMs);
  await context.addInitScript(disableAnimations);
  return { context, newWindow: async () => new Workbench(await context.newPage()), close: () => browser.close() };
}

/** What turns is drawn sixty times a second without a graphics card, which takes a fifth of a core. Runs in each page. */
function disableAnimations() {
  const style = new CSSStyleSheet();
  style.replaceSync('*, *::before, *::after { animation: none !important; }');
  document.adoptedStyleSheets = [style];
}

/** One window of VS Code as its user sees and drives it. */
export class Workbench {
  /** @param {import('playwright-core').Page} page */
  constructor(page) {
    this.page = page;
    this.box = new QuickInput(page);
  }

  /** How often the settings were changed, in whichever window: all have the same. */
  static #changes = 0;

  /**
   * Opens the window and waits until its extensions are there.
   *
   * @param {{ url: string, folder?: string, profile?: string }} what
   */
  async open(what) {
    await this.page.goto(windowAddress(what));
    await this.#ready();
  }

  async reload() {
    await this.page.reload();
    await this.#ready();
  }

  /**
   * Waits until the browser has written down that something is open: VS Code does so every few seconds, when it is idle, and a
   * reload before that forgets the tab.
   *
   * @param {string} text
   */
  async waitUntilSaved(text) {
    await until(`VS Code to have written down "${text}"`, () => this.page.evaluate(isSaved, text));
  }

  async #ready() {
    await this.page.locator('.monaco-workbench .part.statusbar .statusbar-item').first().waitFor({ timeout: startMs });
    const marks = ['code/didStartWorkbench', 'code/didLoadExtensions'];
    await until(
      'the workbench and its extensions',
      () => this.page.evaluate((names) => names.every((name) => performance.getEntriesByName(name).length > 0), marks),
      startMs,
    );
  }

  /** Makes this the window that the user looks at. */
  async toFront() {
    await this.page.bringToFront();
  }

  async close() {
    await this.page.close();
  }

  /**
   * Runs a command by its full title in the command palette, as in `CrewAI: Track Kickoff`.
   *
   * @param {string} title
   * @param {number} [milliseconds] How long it is looked for.
   */
  async command(title, milliseconds) {
    await until(
      `the command "${title}"`,
      async () => {
        // The list is that of the moment it opens: what a document just opened brings is only in the next one.
        await this.#openPalette();
        // A window that is still coming up closes it now and then.
        await this.box.type(`>${title}`, 5_000);
        await this.box.focusRow(`the command "${title}"`, (row) => row.label === title, 10_000);
        return true;
      },
      milliseconds,
    );
    await this.box.enter();
    await until('the command palette to close', async () => !(await this.#paletteIsOpen()));
  }

  async #openPalette() {
    await until('the command palette', async () => {
      await this.page.keyboard.press('F1');
      return until('it', () => this.#paletteIsOpen(), 2_000);
    });
  }

  async #paletteIsOpen() {
    return (await this.box.isOpen()) && (await this.box.input.inputValue()).startsWith('>');
  }

  /** The box at the top: input boxes and quick picks. */
  quickInput() {
    return this.box;
  }

  // The side bar

  /**
   * Shows a view container of the activity bar.
   *
   * @param {string} title
   */
  async showView(title) {
    const heading = this.page.locator('.part.sidebar .composite.title h2');
    await until(`the view "${title}"`, async () => {
      if ((await heading.isVisible()) && (await heading.innerText()).toLowerCase().startsWith(title.toLowerCase())) return true;
      await this.#activity(title).click({ timeout: 2_000 });
      throw new Error(await heading.innerText({ timeout: 500 }));
    });
  }

  /** @param {string} title */
  #activity(title) {
    return this.page.getByRole('tab', { name: title }).and(this.page.locator('.activitybar .action-item'));
  }

  /**
   * The number on a container of the activity bar.
   *
   * @param {string} title
   * @returns {Promise<string | undefined>}
   */
  async badge(title) {
    return (await this.#activity(title).locator('.badge-content').innerText()).trim() || undefined;
  }

  /** The side bar's whole text: headings, welcome text, message, rows. */
  async sideBarText() {
    return clean(await this.page.locator('.part.sidebar').innerText());
  }

  /** Watches from now on whether the side bar shows the welcome text of a view. */
  async watchWelcome() {
    await this.page.evaluate(() => {
      const look = () => {
        const isShown = [...document.querySelectorAll('.part.sidebar .welcome-view-content')].some(
          (text) => text.getClientRects().length > 0 && text.textContent !== '',
        );
        if (isShown) document.body.dataset.welcomed = 'yes';
      };
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
    });
  }

  /** Whether the side bar showed a welcome text since `watchWelcome`. */
  async wasWelcomed() {
    return this.page.evaluate(() => document.body.dataset.welcomed === 'yes');
  }

  /**
   * Presses a button or link of the side bar: of its title, its welcome text or a view's head.
   *
   * @param {string | RegExp} name
   */
  async clickInSideBar(name) {
    const side = this.page.locator('.part.sidebar');
    await side.hover();
    await side.getByRole('button', { name }).or(side.getByRole('link', { name })).first().click();
  }

  /**
   * The tree's rows that can be seen, from top to bottom.
   *
   * @returns {Promise<TreeRow[]>}
   */
  async rows() {
    return this.#treeItems().evaluateAll((rows) => {
      const byPlace = [...rows].sort((a, b) => Number(a.getAttribute('data-index')) - Number(b.getAttribute('data-index')));
      return byPlace.map((row) => {
        const text = (/** @type {string} */ selector) => (row.querySelector(selector)?.textContent ?? '').replaceAll('\u00a0', ' ').trim();
        const expanded = row.getAttribute('aria-expanded');
        return {
          label: text('.label-name') + text('.label-suffix'),
          description: text('.label-description'),
          ariaLabel: row.getAttribute('aria-label') ?? '',
          expanded: expanded === null ? undefined : expanded === 'true',
          level: Number(row.getAttribute('aria-level')),
          iconClass: row.querySelector('.custom-view-tree-node-item-icon')?.className ?? '',
          focused: row.classList.contains('focused'),
          selected: row.classList.contains('selected'),
        };
      });
    });
  }

  #treeItems() {
    return this.page.locator('.part.sidebar').getByRole('treeitem');
  }

  /**
   * The first row whose text or spoken label matches.
   *
   * @param {RegExp} pattern
   */
  row(pattern) {
    const items = this.#treeItems();
    return items
      .filter({ hasText: pattern })
      .or(this.page.locator('.part.sidebar').getByRole('treeitem', { name: pattern }))
      .first();
  }

  /**
   * Goes to a row with the arrow keys.
   *
   * @param {RegExp} pattern
   */
  async focusRow(pattern) {
    const row = this.row(pattern);
    await row.waitFor();
    const tree = row.locator('xpath=ancestor::*[@role="tree"]');
    const begin = async () => {
      await tree.focus();
      await this.page.keyboard.press('Home');
    };
    await begin();
    await until(`the row ${pattern} to have the focus`, async () => {
      if (await row.evaluate((element) => element.classList.contains('focused'))) return true;
      // A document that is still being opened takes the keys for itself.
      if (await tree.evaluate((element) => element.contains(element.ownerDocument.activeElement)))
        await this.page.keyboard.press('ArrowDown');
      else await begin();
      throw new Error(JSON.stringify((await this.rows()).map(({ label, focused }) => (focused ? `→ ${label}` : label))));
    });
  }

  /**
   * Does what a click on the row does.
   *
   * @param {RegExp} pattern
   */
  async openRow(pattern) {
    await this.focusRow(pattern);
    await this.page.keyboard.press('Enter');
  }

  /**
   * Shows, by its keys, the tooltip of the row that has the focus, and waits until it says something.
   *
   * @param {RegExp} pattern
   */
  async tooltip(pattern) {
    return until(`a tooltip that says ${pattern}`, async () => {
      if (!(await this.#hover.isVisible())) {
        // An editor that closes late takes the focus along.
        await this.page.locator('.part.sidebar').getByRole('tree').first().focus();
        await this.page.keyboard.press('Control+k');
        await this.page.keyboard.press('Control+i');
      }
      const said = clean(await this.#hover.innerText({ timeout: 2_000 }));
      if (!pattern.test(said)) throw new Error(said);
      return said;
    });
  }

  /**
   * What the tooltip under the pointer says. The pointer comes from elsewhere each time: one that rests where it is shows nothing.
   *
   * @param {import('playwright-core').Locator} target
   * @param {RegExp} pattern
   */
  async hover(target, pattern) {
    const hover = this.page.locator('.monaco-hover:visible');
    return until(`a tooltip that says ${pattern}`, async () => {
      await this.page.mouse.move(640, 450);
      // One that still stands would say what it said.
      await hover.first().waitFor({ state: 'hidden', timeout: 3_000 });
      await target.hover({ timeout: 2_000 });
      await hover.first().waitFor({ timeout: 3_000 });
      const said = (await hover.allInnerTexts()).map((text) => text.replaceAll('\u00a0', ' ')).find((text) => pattern.test(text));
      if (said === undefined) throw new Error((await hover.allInnerTexts()).join('\n'));
      return said;
    });
  }

  /** Hides the tooltip, which stays when the focus moves. Moves the pointer away: a row under it opens the tooltip again. */
  async hideTooltip() {
    await until('the tooltip to be hidden', async () => {
      await this.page.mouse.move(640, 450);
      await this.page.keyboard.press('Escape');
      await this.#hover.waitFor({ state: 'hidden', timeout: 3_000 });
    });
  }

  get #hover() {
    return this.page.locator('.monaco-hover:not(.hidden)').last();
  }

  /** @param {RegExp} pattern */
  async expand(pattern) {
    await this.#setExpanded(pattern, 'ArrowRight', 'true');
  }

  /** @param {RegExp} pattern */
  async collapse(pattern) {
    await this.#setExpanded(pattern, 'ArrowLeft', 'false');
  }

  /**
   * @param {RegExp} pattern
   * @param {string} key
   * @param {string} wanted
   */
  async #setExpanded(pattern, key, wanted) {
    const row = this.row(pattern);
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) === wanted) return;
    await this.focusRow(pattern);
    await this.page.keyboard.press(key);
    await until(`${pattern} to turn`, async () => (await row.getAttribute('aria-expanded')) === wanted);
  }

  /**
   * Clicks a row with the mouse.
   *
   * @param {RegExp} pattern
   */
  async clickRow(pattern) {
    await this.row(pattern).click();
  }

  /**
   * Double-clicks a row with the mouse.
   *
   * @param {RegExp} pattern
   */
  async doubleClickRow(pattern) {
    await this.row(pattern).dblclick();
  }

  /** Whether the keyboard focus is in the side bar, in an editor, or elsewhere. */
  async focusedPart() {
    return this.page.evaluate(() => {
      const { activeElement } = document;
      if (activeElement?.closest('.part.sidebar')) return 'side bar';
      return activeElement?.closest('.part.editor') || activeElement?.matches('iframe.webview') ? 'editor' : 'elsewhere';
    });
  }

  /**
   * Chooses from a row's context menu.
   *
   * @param {RegExp} pattern
   * @param {string} title
   */
  async rowAction(pattern, title) {
    // A row that is drawn again just then has the menu of what it was.
    const { entries, wanted } = await until(`"${title}" in the menu of ${pattern}`, async () => {
      const all = await this.#openMenu(pattern);
      const one = all.filter({ has: this.page.locator(`.action-label[aria-label="${title}"]`) });
      if ((await one.count()) > 0) return { entries: all, wanted: one };
      await this.page.keyboard.press('Escape');
      throw new Error('it is not there');
    });
    await until(`"${title}" to have the focus`, async () => {
      if (await wanted.evaluate((entry) => entry.classList.contains('focused'))) return true;
      await this.page.keyboard.press('ArrowDown');
      return false;
    });
    await this.page.keyboard.press('Enter');
    await entries.first().waitFor({ state: 'hidden' });
  }

  /**
   * The titles in a row's context menu.
   *
   * @param {RegExp} pattern
   * @returns {Promise<string[]>}
   */
  async rowActions(pattern) {
    const entries = await this.#openMenu(pattern);
    const titles = await entries
      .locator('.action-label[aria-label]')
      .evaluateAll((labels) => labels.map((label) => label.getAttribute('aria-label') ?? ''));
    await this.page.keyboard.press('Escape');
    await entries.first().waitFor({ state: 'hidden' });
    return titles.filter(Boolean);
  }

  /** @param {RegExp} pattern */
  async #openMenu(pattern) {
    const entries = this.page.locator('.monaco-menu-container .action-item:not(.disabled)');
    // A row that is drawn again just then loses the key.
    await until(`the menu of ${pattern}`, async () => {
      await this.focusRow(pattern);
      await this.page.keyboard.press('Shift+F10');
      await entries.first().waitFor({ timeout: 3_000 });
      return true;
    });
    return entries;
  }

  /**
   * Chooses from a row's context menu with the mouse.
   *
   * @param {RegExp} pattern
   * @param {string} title
   */
  async rightClick(pattern, title) {
    const entry = this.page.locator(`.monaco-menu-container .action-label[aria-label="${title}"]`);
    await until(`"${title}" in the menu of ${pattern}`, async () => {
      await this.row(pattern).click({ button: 'right', timeout: 5_000 });
      try {
        // A menu reacts to the mouse button only from a tenth of a second after it opened.
        await entry.click({ timeout: 3_000, delay: 250 });
        await entry.waitFor({ state: 'hidden', timeout: 3_000 });
      } catch (error) {
        await this.page.keyboard.press('Escape');
        throw error;
      }
      return true;
    });
  }

  /**
   * The key that a row's context menu shows beside a title.
   *
   * @param {RegExp} pattern
   * @param {string} title
   */
  async rowActionKey(pattern, title) {
    const entries = await this.#openMenu(pattern);
    const entry = entries.filter({ has: this.page.locator(`.action-label[aria-label="${title}"]`) });
    const key = clean(await entry.locator('.keybinding').innerText());
    await this.page.keyboard.press('Escape');
    await entries.first().waitFor({ state: 'hidden' });
    return key;
  }

  /**
   * The badge at the right of a row, which VS Code draws by a style; empty when there is none.
   *
   * @param {RegExp} pattern
   * @returns {Promise<string>}
   */
  async rowBadge(pattern) {
    const labels = this.row(pattern).locator('.monaco-icon-label');
    const contents = await labels.evaluateAll((all) => all.map((label) => getComputedStyle(label, '::after').content));
    return contents.map((content) => /^"(.+)"$/.exec(content)?.[1] ?? '').join('');
  }

  /**
   * Chooses from the overflow menu of the view's title, with the mouse.
   *
   * @param {string} title
   */
  async viewAction(title) {
    await this.page.locator('.part.sidebar').hover();
    await this.page
      .locator('.part.sidebar .title-actions, .part.sidebar .pane-header .actions')
      .getByRole('button', { name: /More Actions/ })
      .first()
      .click();
    await this.page.locator(`.monaco-menu-container .action-label[aria-label="${title}"]`).click({ delay: 250 });
  }

  /**
   * Presses one of the buttons that a row shows under the pointer.
   *
   * @param {RegExp} pattern
   * @param {string} title
   */
  async inlineAction(pattern, title) {
    const row = this.row(pattern);
    await row.hover();
    await row.getByRole('button', { name: title }).click();
  }

  /**
   * The buttons that a row shows while it has the focus.
   *
   * @param {RegExp} pattern
   * @returns {Promise<string[]>}
   */
  async rowButtons(pattern) {
    await this.focusRow(pattern);
    const buttons = this.row(pattern).locator('.actions .action-label[aria-label]').filter({ visible: true });
    return buttons.evaluateAll((labels) => labels.map((label) => label.getAttribute('aria-label') ?? ''));
  }

  // The status bar

  /**
   * @param {string | RegExp} which The item's id as the extension knows it, or what it says.
   * @returns {Promise<StatusItem | undefined>}
   */
  async statusItem(which) {
    const items = await this.page.locator('.part.statusbar .statusbar-item').evaluateAll((elements) =>
      elements.map((element) => ({
        id: element.id,
        text: (element.textContent ?? '').replaceAll('\u00a0', ' ').trim(),
        ariaLabel: element.getAttribute('aria-label') ?? '',
        kind: /(\w+)-kind/.exec(element.className)?.[1] ?? '',
      })),
    );
    return items.find(({ id, text, ariaLabel }) =>
      typeof which === 'string' ? isId(id, which) : which.test(text) || which.test(ariaLabel),
    );
  }

  /** @param {string} id */
  async clickStatusItem(id) {
    const { id: full } = await until(`the status bar item ${id}`, () => this.statusItem(id));
    await this.page.locator(`[id="${full}"] a`).first().click();
  }

  // Notices and dialogs

  /**
   * The notices that can be seen, newest first; they hide after some ten seconds.
   *
   * @returns {Promise<Notice[]>}
   */
  async notices() {
    return this.#noticeItems().evaluateAll((items) =>
      items.map((item) => {
        const text = (/** @type {string} */ selector) => (item.querySelector(selector)?.textContent ?? '').replaceAll('\u00a0', ' ').trim();
        const buttons = [...item.querySelectorAll('.notification-list-item-buttons-container .monaco-button')];
        return {
          text: text('.notification-list-item-message'),
          severity: /codicon-(error|warning|info)/.exec(item.querySelector('.notification-list-item-icon')?.className ?? '')?.[1] ?? '',
          source: text('.notification-list-item-source'),
          buttons: buttons.map((button) => (button.textContent ?? '').trim()).filter(Boolean),
        };
      }),
    );
  }

  #noticeItems() {
    return this.page.locator('.notifications-toasts .notification-list-item, .notifications-center.visible .notification-list-item');
  }

  /**
   * What those notices say that were first shown since this was last asked: each has an element of its own, which stays.
   *
   * @returns {Promise<string[]>}
   */
  async newNotices() {
    return this.page.locator('.notification-toast-container').evaluateAll((toasts) =>
      toasts.flatMap((toast) => {
        const text = (toast.querySelector('.notification-list-item-message')?.textContent ?? '').replaceAll('\u00a0', ' ').trim();
        if (text === '' || toast.hasAttribute('data-said')) return [];
        toast.setAttribute('data-said', '');
        return [text];
      }),
    );
  }

  /** Shows all notices, also those that have hidden themselves. */
  async showNotices() {
    await this.command('Notifications: Show Notifications');
  }

  /**
   * Waits for a notice; after some seconds it is looked for among those that have hidden themselves.
   *
   * @param {RegExp} text
   */
  async seesNotice(text) {
    const begun = Date.now();
    await until(`a notice ${text}`, async () => {
      const notices = await this.notices();
      if (notices.some((notice) => text.test(notice.text))) return true;
      if (Date.now() - begun > 5_000) await this.showNotices();
      throw new Error(JSON.stringify(notices));
    });
  }

  /**
   * Waits for a notice and presses one of its buttons.
   *
   * @param {RegExp} text
   * @param {string} button
   */
  async clickNotice(text, button) {
    await this.seesNotice(text);
    const item = this.#noticeItems()
      .filter({ has: this.page.locator('.notification-list-item-message', { hasText: text }) })
      .first();
    await item.locator('.notification-list-item-buttons-container .monaco-button').getByText(button, { exact: true }).click();
  }

  async dismissNotices() {
    await this.command('Notifications: Clear All Notifications');
    await until('no notice', async () => (await this.notices()).length === 0);
  }

  /**
   * The modal question that is open.
   *
   * @returns {Promise<{ text: string, buttons: string[] } | undefined>}
   */
  async dialog() {
    const dialog = this.page.locator('.monaco-dialog-box');
    if (!(await dialog.isVisible())) return undefined;
    const buttons = await dialog.locator('.dialog-buttons .monaco-button').allInnerTexts();
    return { text: clean(await dialog.locator('.dialog-message-row').innerText()), buttons: buttons.map(clean).filter(Boolean) };
  }

  /** @param {string} button */
  async clickDialog(button) {
    const dialog = this.page.locator('.monaco-dialog-box');
    await dialog.locator('.dialog-buttons').getByText(button, { exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  // Editors

  /** @returns {Promise<Tab[]>} */
  async tabs() {
    return this.page.locator('.part.editor .tab[role=tab]').evaluateAll((tabs) =>
      tabs.map((tab) => ({
        label: ['.label-name', '.label-suffix']
          .map((part) => tab.querySelector(part)?.textContent ?? '')
          .join('')
          .trim(),
        active: tab.classList.contains('active') && Boolean(tab.closest('.editor-group-container.active')),
        preview: Boolean(tab.querySelector('.tab-label.italic')),
      })),
    );
  }

  /** The lines that the active text editor shows; a wrapped line counts as several. */
  async editorText() {
    const lines = this.page.locator('.editor-group-container.active .editor-instance .view-lines .view-line');
    return lines.evaluateAll((elements) =>
      elements
        .map((element) => ({
          top: parseFloat(/** @type {HTMLElement} */ (element).style.top),
          text: (element.textContent ?? '').replaceAll('\u00a0', ' '),
        }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text)
        .join('\n'),
    );
  }

  /** The text of the preview that can be seen, as Markdown's; empty while there is none. */
  async previewText() {
    const [first = ''] = await this.previewTexts();
    return first;
  }

  /**
   * The text of each visible preview. VS Code moves the preview behind a maximized panel below the window.
   *
   * @returns {Promise<string[]>}
   */
  async previewTexts() {
    const texts = [];
    const height = this.page.viewportSize()?.height ?? Infinity;
    for (const preview of await this.page.locator('iframe.webview').all()) {
      if (!(await preview.isVisible()) || ((await preview.boundingBox())?.y ?? height) >= height) continue;
      const body = preview.contentFrame().locator('iframe#active-frame').contentFrame().locator('body');
      texts.push(clean(await body.innerText({ timeout: 5_000 }).catch(() => '')));
    }
    return texts;
  }

  /** The inside of the preview that can be seen, to click in. */
  preview() {
    return this.page
      .locator('iframe.webview')
      .filter({ visible: true })
      .first()
      .contentFrame()
      .locator('iframe#active-frame')
      .contentFrame();
  }

  /** What the panel below the editors shows; empty while it is closed. */
  async panelText() {
    const panel = this.page.locator('.part.panel');
    return (await panel.isVisible()) ? clean(await panel.innerText()) : '';
  }

  /**
   * Changes the user's settings in their file, as a user does in the editor: the server's VS Code hears of no change that others make to
   * it. The window's title is changed with them, to see when they are obeyed.
   *
   * @param {Record<string, unknown>} settings
   */
  async changeSettings(settings) {
    const title = `Settings ${++Workbench.#changes}`;
    await this.command('Preferences: Open User Settings (JSON)');
    const before = await until('their text', async () => JSON.parse((await this.editorText()).replaceAll('\n', '')));
    await this.copy(JSON.stringify({ ...before, ...settings, 'window.title': title }, undefined, 1));
    // The editor may still be opening, and so may miss a key, or have something to say about the first save.
    await until('the new settings in the editor', async () => {
      await this.page.locator('.editor-group-container.active .editor-instance .view-lines').click();
      await this.page.keyboard.press('Control+A');
      await this.page.keyboard.press('Control+V');
      return until('their text', async () => (await this.editorText()).includes(title), 3_000);
    });
    await until('the new settings to apply', async () => {
      await this.command('File: Save');
      return until('the title of the window', async () => (await this.page.title()).includes(title), 10_000);
    });
    await this.command('View: Close Editor');
  }

  /** @param {string} text */
  async copy(text) {
    await this.page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  }

  /** What was copied last. */
  async clipboard() {
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  /** @param {string} file */
  async screenshot(file) {
    await mkdir(path.dirname(file), { recursive: true });
    await until(
      'notices to be fully there',
      async () => (await this.page.locator('.notification-toast:not(.notification-fade-in-done)').count()) === 0,
    );
    await this.page.waitForTimeout(200);
    await this.page.screenshot({ path: file });
  }
}

/**
 * VS Code puts the extension's name before the id.
 *
 * @param {string} full
 * @param {string} id
 */
function isId(full, id) {
  return full === id || full.endsWith(`.${id}`);
}

/** @param {string} text */
function clean(text) {
  return text.replaceAll('\u00a0', ' ').trim();
}

/**
 * Whether any value that VS Code keeps in this browser holds a text; runs inside the page.
 *
 * @param {string} text
 * @returns {Promise<boolean>}
 */
async function isSaved(text) {
  for (const { name } of await indexedDB.databases()) {
    if (!name?.startsWith('vscode-web-state-db-')) continue;
    /** @type {unknown[]} */
    const values = await new Promise((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onerror = () => reject(opening.error ?? new Error(name));
      opening.onsuccess = () => {
        const database = opening.result;
        const reading = database.transaction('ItemTable').objectStore('ItemTable').getAll();
        reading.onerror = () => reject(reading.error ?? new Error(name));
        reading.onsuccess = () => {
          database.close();
          resolve(reading.result);
        };
      };
    });
    if (values.some((value) => String(value).includes(text))) return true;
  }
  return false;
}
