import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { windowAddress } from './address.mjs';
import { launchChromium } from './chromium.mjs';
import { clearNotificationsKey, closeEditorsKey } from './keys.mjs';
import { QuickInput, tabTo } from './quickInput.mjs';
import { until } from './until.mjs';

export { until };

/** @typedef {{ label: string, description: string, ariaLabel: string, level: number, iconClass: string, focused: boolean, selected: boolean }} TreeRow */
/** @typedef {{ text: string, severity: string, buttons: string[] }} ShownNotification */
/** @typedef {Awaited<ReturnType<typeof openBrowser>>} Browser */

const notificationItems = '.notifications-toasts .notification-list-item, .notifications-center.visible .notification-list-item';
const timeoutMs = 45_000;
const startMs = 60_000;

/** Starts a headless browser with a new profile. Its windows share secrets and storage, like the windows of desktop VS Code. */
export async function openBrowser() {
  const browser = await launchChromium();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', acceptDownloads: false });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  context.setDefaultTimeout(timeoutMs);
  // Animations use a fifth of a core without a graphics card.
  await context.addInitScript(() => {
    const style = new CSSStyleSheet();
    style.replaceSync('*, *::before, *::after { animation: none !important; }');
    document.adoptedStyleSheets = [style];
  });
  return { newWindow: async () => new Workbench(await context.newPage()), close: () => browser.close() };
}

/** A window of VS Code. Tests read and operate the window as a user does. */
export class Workbench {
  constructor(/** @type {import('playwright-core').Page} */ page) {
    this.page = page;
    this.box = new QuickInput(page);
  }

  /** The number of changes to the settings, which all windows share. */
  static #changes = 0;

  /** Opens the window and waits until its extensions are loaded. */
  async open(/** @type {{ url: string, folder?: string, profile?: string }} */ what) {
    await this.page.goto(windowAddress(what));
    await this.#ready();
  }

  async reload() {
    await this.page.reload();
    await this.#ready();
  }

  /**
   * Waits until VS Code has saved a text in the browser, for example an open tab. VS Code saves every few seconds while it is idle. An
   * earlier reload loses the tab.
   */
  async waitUntilSaved(/** @type {string} */ text) {
    await until(`VS Code to save "${text}"`, () => this.page.evaluate(isSaved, text));
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

  /**
   * Simulates that the window gets or loses the focus. In Playwright, each page has the focus. After `visibilitychange`, VS Code reads
   * `document.hasFocus()`, even if a preview has the keyboard.
   */
  async setFocused(/** @type {boolean} */ isFocused) {
    await this.page.evaluate((focused) => {
      document.hasFocus = () => focused;
      document.dispatchEvent(new Event('visibilitychange'));
    }, isFocused);
  }

  /** Runs a command by its full title in the command palette, as in `CrewAI: Track Kickoff`. `milliseconds` limits the search. */
  async command(/** @type {string} */ title, /** @type {number | undefined} */ milliseconds = undefined) {
    await until(
      `the command "${title}"`,
      async () => {
        // The palette lists the commands that are available when it opens. Reopening the palette adds the commands of a document that was
        // just opened.
        await this.#openPalette();
        // A window that starts, and an editor or row that takes the focus, close the palette.
        await this.box.type(`>${title}`, 5_000);
        await this.box.focusRow(`the command "${title}"`, (row) => row.label === title, 10_000);
        return this.box.tryEnter();
      },
      milliseconds,
    );
    await until('the command palette to close', async () => !(await this.#paletteIsOpen()));
  }

  async #openPalette() {
    await until('the command palette', async () => {
      await this.page.keyboard.press('F1');
      return until('the palette to open', () => this.#paletteIsOpen(), 2_000);
    });
  }

  async #paletteIsOpen() {
    return (await this.box.isOpen()) && (await this.box.input.inputValue()).startsWith('>');
  }

  // The side bar

  async showView(/** @type {string} */ title) {
    const heading = this.page.locator('.part.sidebar .composite.title h2');
    await until(`the view "${title}"`, async () => {
      if ((await heading.isVisible()) && (await heading.innerText()).toLowerCase().startsWith(title.toLowerCase())) return true;
      await this.#activity(title).click({ timeout: 2_000 });
      // The pointer would show the tooltip of the icon below it.
      await this.page.mouse.move(0, 0);
      throw new Error(await heading.innerText({ timeout: 500 }));
    });
  }

  #activity(/** @type {string} */ title) {
    return this.page.getByRole('tab', { name: title }).and(this.page.locator('.activitybar .action-item'));
  }

  /** Returns the badge of a view container in the activity bar. @returns {Promise<string | undefined>} */
  async badge(/** @type {string} */ title) {
    return (await this.#activity(title).locator('.badge-content').innerText()).trim() || undefined;
  }

  /** Returns the whole text of the side bar: headings, welcome text, message, and rows. */
  async sideBarText() {
    return clean(await this.page.locator('.part.sidebar').innerText());
  }

  /** Clicks a button or link in the side bar's title, welcome text, or view header. */
  async clickInSideBar(/** @type {string | RegExp} */ name) {
    const side = this.page.locator('.part.sidebar');
    await side.hover();
    await side.getByRole('button', { name }).or(side.getByRole('link', { name })).first().click();
  }

  /** Returns the visible rows of the tree, from top to bottom. @returns {Promise<TreeRow[]>} */
  async rows() {
    return this.page.evaluate(() => {
      const rows = [...document.querySelectorAll('.part.sidebar [role=treeitem]')];
      const byPlace = rows.sort((a, b) => Number(a.getAttribute('data-index')) - Number(b.getAttribute('data-index')));
      return byPlace.map((row) => {
        const text = (/** @type {string} */ selector) => (row.querySelector(selector)?.textContent ?? '').replaceAll('\u00a0', ' ').trim();
        return {
          label: text('.label-name') + text('.label-suffix'),
          description: text('.label-description'),
          ariaLabel: row.getAttribute('aria-label') ?? '',
          level: Number(row.getAttribute('aria-level')),
          iconClass: row.querySelector('.custom-view-tree-node-item-icon')?.className ?? '',
          focused: row.classList.contains('focused'),
          selected: row.classList.contains('selected'),
        };
      });
    });
  }

  /** Returns the first row whose text or accessible label matches. */
  row(/** @type {RegExp} */ pattern) {
    const sideBar = this.page.locator('.part.sidebar');
    const named = sideBar.getByRole('treeitem', { name: pattern });
    return sideBar.getByRole('treeitem').filter({ hasText: pattern }).or(named).first();
  }

  /** Moves the focus to a row with the arrow keys. */
  async focusRow(/** @type {RegExp} */ pattern) {
    const row = this.row(pattern);
    await row.waitFor();
    const tree = row.locator('xpath=ancestor::*[@role="tree"]');
    let presses = 0;
    const begin = async () => {
      presses = 0;
      await tree.focus();
      await this.page.keyboard.press('Home');
    };
    await begin();
    await until(`the row ${pattern} to have the focus`, async () => {
      if (await row.evaluate((element) => element.classList.contains('focused'))) return true;
      const rows = await this.rows();
      // A document that is opening takes the focus, and with it the keys. A key that VS Code handles late skips the row.
      if ((await this.hasFocus(tree)) && presses++ <= rows.length) await this.page.keyboard.press('ArrowDown');
      else await begin();
      throw new Error(JSON.stringify(rows.map(({ label, focused }) => (focused ? `→ ${label}` : label))));
    });
  }

  /** Focuses a row, and presses a key. Does so again if the key reached another part of the window, because a document that opens takes the focus. */
  async pressInRow(/** @type {RegExp} */ pattern, /** @type {string} */ key) {
    await until(`the key ${key} to reach the row ${pattern}`, async () => {
      await this.focusRow(pattern);
      await this.row(pattern).evaluate(watchKey);
      await this.page.keyboard.press(key);
      return this.page.evaluate(() => 'keyReachedTree' in document.body.dataset);
    });
  }

  /** Opens a row with Enter, like a double click. */
  async openRow(/** @type {RegExp} */ pattern) {
    await this.pressInRow(pattern, 'Enter');
  }

  /**
   * Hovers over an element, and returns the tooltip when its text matches. Moves the pointer away first, because a resting pointer shows no
   * tooltip.
   */
  async hover(/** @type {import('playwright-core').Locator} */ target, /** @type {RegExp} */ pattern) {
    const hover = this.page.locator('.monaco-hover:visible');
    return until(`a tooltip with the text ${pattern}`, async () => {
      await this.page.mouse.move(640, 450);
      // An earlier tooltip would have an outdated text. If the earlier tooltip stays visible without a pointer, the tooltip of the target
      // replaces it.
      const isHidden = await succeeds(hover.first().waitFor({ state: 'hidden', timeout: 3_000 }));
      await target.hover({ timeout: 2_000 });
      if (!isHidden) throw new Error(`Another tooltip was visible: ${(await hover.allInnerTexts()).join('\n')}`);
      await hover.first().waitFor({ timeout: 3_000 });
      const found = (await hover.allInnerTexts()).map((text) => text.replaceAll('\u00a0', ' ')).find((text) => pattern.test(text));
      if (found === undefined) throw new Error((await hover.allInnerTexts()).join('\n'));
      return found;
    });
  }

  /**
   * Hides the tooltip, which stays when the focus moves. Moves the pointer away, because a row under the pointer would reopen the tooltip.
   */
  async hideTooltip() {
    await until('the tooltip to be hidden', async () => {
      await this.page.mouse.move(640, 450);
      await this.page.keyboard.press('Escape');
      return succeeds(this.page.locator('.monaco-hover:not(.hidden)').last().waitFor({ state: 'hidden', timeout: 3_000 }));
    });
  }

  expand(/** @type {RegExp} */ pattern) {
    return this.#setExpanded(pattern, 'ArrowRight', 'true');
  }

  collapse(/** @type {RegExp} */ pattern) {
    return this.#setExpanded(pattern, 'ArrowLeft', 'false');
  }

  async #setExpanded(/** @type {RegExp} */ pattern, /** @type {string} */ key, /** @type {string} */ wanted) {
    const row = this.row(pattern);
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) === wanted) return;
    await this.pressInRow(pattern, key);
    await until(`${pattern} to have aria-expanded ${wanted}`, async () => (await row.getAttribute('aria-expanded')) === wanted);
  }

  /** Returns whether an element or a part of it has the keyboard focus. @returns {Promise<boolean>} */
  async hasFocus(/** @type {import('playwright-core').Locator} */ part) {
    return part.evaluate((element) => element.contains(element.ownerDocument.activeElement));
  }

  /** Returns whether the keyboard focus is in the side bar, in an editor, or elsewhere. */
  async focusedPart() {
    return this.page.evaluate(() => {
      const { activeElement } = document;
      if (activeElement?.closest('.part.sidebar')) return 'side bar';
      return activeElement?.closest('.part.editor') || activeElement?.matches('iframe.webview') ? 'editor' : 'elsewhere';
    });
  }

  /** Selects an entry of a row's context menu by keyboard, once. */
  async rowAction(/** @type {RegExp} */ pattern, /** @type {string} */ title) {
    // VS Code may show the menu of an earlier state if it redraws the row, and may close the menu before a key arrives.
    const entries = await until(`"${title}" in the menu of ${pattern}`, async () => {
      const all = await this.#openMenu(pattern);
      for (let presses = 2 * (await all.count()); presses > 0; presses -= 1) {
        if (await all.evaluateAll(watchEnter, title)) {
          await this.page.keyboard.press('Enter');
          if (await this.page.evaluate(() => 'entered' in document.body.dataset)) return all;
          throw new Error('the menu closed before Enter');
        }
        await this.page.keyboard.press('ArrowDown');
      }
      await this.page.keyboard.press('Escape');
      throw new Error('the entry is missing');
    });
    await entries.first().waitFor({ state: 'hidden' });
  }

  /** Returns the titles in a row's context menu. */
  async rowActions(/** @type {RegExp} */ pattern) {
    return Object.keys(await this.rowActionKeys(pattern));
  }

  /** Returns the keys that a row's context menu shows, by the title beside the key. @returns {Promise<Record<string, string>>} */
  async rowActionKeys(/** @type {RegExp} */ pattern) {
    const entries = await this.#openMenu(pattern);
    const keys = await entries.evaluateAll((all) =>
      all.map((entry) => [
        entry.querySelector('.action-label')?.getAttribute('aria-label') ?? '',
        entry.querySelector('.keybinding')?.textContent ?? '',
      ]),
    );
    await this.page.keyboard.press('Escape');
    await entries.first().waitFor({ state: 'hidden' });
    return Object.fromEntries(keys.filter(([title]) => title));
  }

  async #openMenu(/** @type {RegExp} */ pattern) {
    const entries = this.page.locator('.monaco-menu-container .action-item:not(.disabled)');
    // VS Code loses the key if it redraws the row.
    await until(`the menu of ${pattern}`, async () => {
      await this.focusRow(pattern);
      await this.page.keyboard.press('Shift+F10');
      await entries.first().waitFor({ timeout: 3_000 });
      return true;
    });
    return entries;
  }

  /** Selects an entry of a row's context menu with the mouse. */
  async rightClick(/** @type {RegExp} */ pattern, /** @type {string} */ title) {
    const entry = this.page.locator(`.monaco-menu-container .action-label[aria-label="${title}"]`);
    await until(`"${title}" in the menu of ${pattern}`, async () => {
      await this.row(pattern).click({ button: 'right', timeout: 5_000 });
      try {
        // A menu ignores the mouse button during the first tenth of a second.
        await entry.click({ timeout: 3_000, delay: 250 });
        await entry.waitFor({ state: 'hidden', timeout: 3_000 });
      } catch (error) {
        await this.page.keyboard.press('Escape');
        throw error;
      }
      return true;
    });
  }

  /** Returns the badge at the right of a row. VS Code draws badges with CSS, so they aren't in the text of the row. */
  async rowBadge(/** @type {RegExp} */ pattern) {
    const labels = this.row(pattern).locator('.monaco-icon-label');
    const contents = await labels.evaluateAll((all) => all.map((label) => getComputedStyle(label, '::after').content));
    return contents.map((content) => /^"(.+)"$/.exec(content)?.[1] ?? '').join('');
  }

  /** Selects an entry of the overflow menu in the view's title with the mouse. */
  async viewAction(/** @type {string} */ title) {
    await this.page.locator('.part.sidebar').hover();
    await this.page.locator('.part.sidebar .codicon-toolbar-more:visible').first().click();
    await this.page.locator(`.monaco-menu-container .action-label[aria-label="${title}"]`).click({ delay: 250 });
  }

  /** Clicks a button that a row shows while the pointer is over it. */
  async inlineAction(/** @type {RegExp} */ pattern, /** @type {string} */ title) {
    const row = this.row(pattern);
    await row.hover();
    await row.getByRole('button', { name: title }).click();
  }

  /** Returns the buttons that a row shows while it has the focus. @returns {Promise<string[]>} */
  async rowButtons(/** @type {RegExp} */ pattern) {
    await this.focusRow(pattern);
    const buttons = this.row(pattern).locator('.actions .action-label[aria-label]').filter({ visible: true });
    return buttons.evaluateAll((labels) => labels.map((label) => label.getAttribute('aria-label') ?? ''));
  }

  // The status bar

  /**
   * @param {string | RegExp} which The item's ID in the extension, or a pattern for its text.
   * @returns {Promise<{ id: string, text: string, ariaLabel: string } | undefined>}
   */
  async statusItem(which) {
    const items = await this.page.evaluate(() =>
      [...document.querySelectorAll('.part.statusbar .statusbar-item')].map((element) => ({
        id: element.id,
        text: (element.textContent ?? '').replaceAll('\u00a0', ' ').trim(),
        ariaLabel: element.getAttribute('aria-label') ?? '',
      })),
    );
    // VS Code adds the extension's name to the ID as a prefix.
    return items.find(({ id, text, ariaLabel }) =>
      typeof which === 'string' ? `.${id}`.endsWith(`.${which}`) : which.test(text) || which.test(ariaLabel),
    );
  }

  // Notifications and dialogs

  /** Returns the visible notifications, newest first. VS Code hides them after about ten seconds. @returns {Promise<ShownNotification[]>} */
  async notifications() {
    return this.page.evaluate(
      (items) =>
        [...document.querySelectorAll(items)].map((item) => {
          const text = (/** @type {string} */ selector) =>
            (item.querySelector(selector)?.textContent ?? '').replaceAll('\u00a0', ' ').trim();
          const buttons = [...item.querySelectorAll('.notification-list-item-buttons-container .monaco-button')];
          return {
            text: text('.notification-list-item-message'),
            severity: /codicon-(error|warning|info)/.exec(item.querySelector('.notification-list-item-icon')?.className ?? '')?.[1] ?? '',
            buttons: buttons.map((button) => (button.textContent ?? '').trim()).filter(Boolean),
          };
        }),
      notificationItems,
    );
  }

  /** Returns the texts of the notifications that were shown since the last call, which marks their elements. @returns {Promise<string[]>} */
  async newNotifications() {
    return this.page.locator('.notification-toast-container').evaluateAll((toasts) =>
      toasts.flatMap((toast) => {
        const text = (toast.querySelector('.notification-list-item-message')?.textContent ?? '').replaceAll('\u00a0', ' ').trim();
        if (text === '' || toast.hasAttribute('data-reported')) return [];
        toast.setAttribute('data-reported', '');
        return [text];
      }),
    );
  }

  showNotifications() {
    return this.command('Notifications: Show Notifications');
  }

  /** Waits for a notification, and returns it. Shows the hidden notifications after five seconds. */
  async waitForNotification(/** @type {RegExp} */ text) {
    const begun = Date.now();
    return until(`a notification ${text}`, async () => {
      const notifications = await this.notifications();
      const found = notifications.find((notification) => text.test(notification.text));
      if (found) return found;
      if (Date.now() - begun > 5_000) await this.showNotifications();
      throw new Error(JSON.stringify(notifications));
    });
  }

  /** Waits until each notification is opaque. axe checks the contrast of its text only then. */
  async notificationsOpaque() {
    const fading = this.page.locator('.notification-toast:not(.notification-fade-in-done)');
    await until('notifications to be fully visible', async () => (await fading.count()) === 0);
  }

  async clickNotification(/** @type {RegExp} */ text, /** @type {string} */ button) {
    await this.waitForNotification(text);
    await this.#notificationButton(text, button).click();
  }

  #notificationButton(/** @type {RegExp} */ text, /** @type {string} */ button) {
    const item = this.page
      .locator(notificationItems)
      .filter({ has: this.page.locator('.notification-list-item-message', { hasText: text }) })
      .first();
    return item.locator('.notification-list-item-buttons-container .monaco-button', { hasText: new RegExp(`^${button}$`) });
  }

  /** Presses a button of a notification by keyboard, in the list of notifications. */
  async pressNotification(/** @type {RegExp} */ text, /** @type {string} */ button) {
    await this.waitForNotification(text);
    await this.showNotifications();
    await tabTo(this.#notificationButton(text, button), button);
    await this.page.keyboard.press('Enter');
  }

  /** Waits for a notification, and then clears all notifications. */
  async takeNotification(/** @type {RegExp} */ text) {
    await this.waitForNotification(text);
    await this.dismissNotifications();
  }

  /** Returns the texts of all notifications, and clears them. */
  async takeNotifications() {
    await this.showNotifications();
    const texts = (await this.notifications()).map(({ text }) => text);
    // On a busy machine, the notification list sometimes closes before its notifications are cleared.
    await until('no notification to be left', async () => {
      await this.dismissNotifications();
      await this.showNotifications();
      return (await this.notifications()).length === 0;
    });
    // While the list is open, VS Code sometimes only hides new notifications instead of clearing them.
    await this.page.keyboard.press('Escape');
    return texts;
  }

  /** Clears all notifications, also the hidden ones. */
  async dismissNotifications() {
    await until('no notification', async () => {
      await this.page.keyboard.press(clearNotificationsKey);
      return until('notifications to go', async () => (await this.notifications()).length === 0, 5_000);
    });
  }

  async dialog() {
    const dialog = this.page.locator('.monaco-dialog-box');
    return (await dialog.isVisible()) ? clean(await dialog.locator('.dialog-message-row').innerText()) : undefined;
  }

  /** Returns a function that returns the number of dialogs that VS Code has shown since. */
  async countDialogs() {
    const shown = await this.page.evaluateHandle(() => {
      /** @type {Set<Element>} */
      const dialogs = new Set();
      const add = () => document.querySelectorAll('.monaco-dialog-box').forEach((dialog) => dialogs.add(dialog));
      new MutationObserver(add).observe(document.body, { childList: true, subtree: true });
      return dialogs;
    });
    return () => shown.evaluate(({ size }) => size);
  }

  /** Waits until a question is shown, and as long as a quick user reads it. Answers that come sooner are asked again. */
  async readDialog(pattern = /(?:)/) {
    const text = await until(`a question ${pattern}`, async () => {
      const shown = (await this.dialog()) ?? '';
      if (shown === '' || !pattern.test(shown)) throw new Error(shown);
      return shown;
    });
    await this.page.waitForTimeout(450);
    return text;
  }

  /** Waits for a question, and presses its main button with Enter. */
  async acceptDialog(pattern = /(?:)/) {
    await this.readDialog(pattern);
    await this.page.keyboard.press('Enter');
  }

  async clickDialog(/** @type {string} */ button) {
    await this.readDialog();
    const dialog = this.page.locator('.monaco-dialog-box');
    await dialog.locator('.dialog-buttons').getByText(button, { exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  // Editors

  /** Closes all editors. */
  async closeEditors() {
    await until('no tab', async () => {
      await this.page.keyboard.press(closeEditorsKey);
      return until('the tabs to close', async () => (await this.tabs()).length === 0, 5_000);
    });
  }

  /** @returns {Promise<{ label: string, active: boolean, preview: boolean }[]>} */
  async tabs() {
    return this.page.evaluate(() =>
      [...document.querySelectorAll('.part.editor .tab[role=tab]')].map((tab) => ({
        label: ['.label-name', '.label-suffix']
          .map((part) => tab.querySelector(part)?.textContent ?? '')
          .join('')
          .trim(),
        active: tab.classList.contains('active') && Boolean(tab.closest('.editor-group-container.active')),
        preview: Boolean(tab.querySelector('.tab-label.italic')),
      })),
    );
  }

  async waitForTab(/** @type {RegExp} */ label) {
    await until(`the active tab ${label}`, async () => (await this.tabs()).some((tab) => tab.active && label.test(tab.label)));
  }

  /** Waits until VS Code has opened a URL in another tab of the browser. Closes that tab, and returns its URL. */
  async openedUrl() {
    const isOther = (/** @type {import('playwright-core').Page} */ page) => page !== this.page;
    const other = await until('another tab of the browser', () => this.page.context().pages().find(isOther));
    const url = other.url();
    await other.close();
    await this.page.bringToFront();
    return url;
  }

  /** Returns the visible lines of the active text editor. A wrapped line counts as several lines. */
  async editorText() {
    return this.page.evaluate(() =>
      [...document.querySelectorAll('.editor-group-container.active .editor-instance .view-lines .view-line')]
        .map((element) => ({
          top: parseFloat(/** @type {HTMLElement} */ (element).style.top),
          text: (element.textContent ?? '').replaceAll('\u00a0', ' '),
        }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text)
        .join('\n'),
    );
  }

  /**
   * Moves the pointer to the middle of a text in the active text editor, as a hover or a click needs it. A comparison has two sides, and an
   * inline comparison only one.
   *
   * @returns {Promise<void>}
   */
  async pointAt(/** @type {string} */ text, side = 0) {
    const point = await until(`the text ${text}`, () => this.page.evaluate(middleOf, [text, side]));
    await this.page.mouse.move(point.x - 3, point.y);
    await this.page.mouse.move(point.x, point.y, { steps: 3 });
  }

  /** Returns the text of the first visible preview, for example a Markdown preview. Returns an empty text without a preview. */
  async previewText() {
    const [first = ''] = await this.previewTexts();
    return first;
  }

  async waitForPreview(/** @type {RegExp} */ text) {
    return until(`a preview with the text ${text}`, async () => {
      const shown = await this.previewText();
      if (!text.test(shown)) throw new Error(shown.slice(0, 500));
      return shown;
    });
  }

  /**
   * Returns the text of each visible preview. VS Code moves a preview that a maximized panel covers below the window.
   *
   * @returns {Promise<string[]>}
   */
  async previewTexts() {
    const names = await this.page.evaluate(() =>
      [...document.querySelectorAll('iframe')]
        .filter((frame) => frame.matches('.webview') && frame.checkVisibility({ visibilityProperty: true }))
        .filter((frame) => frame.getBoundingClientRect().top < innerHeight && frame.getBoundingClientRect().width > 0)
        .map(({ name }) => name),
    );
    // A preview may close before its text is read.
    const textOf = async (/** @type {string} */ name) =>
      this.page
        .frame({ name })
        ?.evaluate(textOfPreview)
        .catch(() => '');
    return Promise.all(names.map(async (name) => clean((await textOf(name)) ?? '')));
  }

  /** From now on, the script of each new preview listens to messages five seconds late, as on a slow machine. */
  async delayPreviews() {
    await this.page.addInitScript(() => {
      if (!window.parent.location.pathname.endsWith('/pre/index.html')) return;
      const listen = window.addEventListener.bind(window);
      window.addEventListener = (/** @type {string} */ type, /** @type {[EventListener]} */ ...rest) =>
        type === 'message' ? void setTimeout(() => listen(type, ...rest), 5_000) : listen(type, ...rest);
    });
  }

  preview() {
    return this.page
      .locator('iframe.webview')
      .filter({ visible: true })
      .first()
      .contentFrame()
      .locator('iframe#active-frame')
      .contentFrame();
  }

  /** Returns the text of the panel below the editors. Empty while the panel is closed. */
  async panelText() {
    const panel = this.page.locator('.part.panel');
    return (await panel.isVisible()) ? clean(await panel.innerText()) : '';
  }

  /**
   * Changes the user settings in the editor. VS Code in a browser doesn't notice changes to the file on disk. A new window title shows when
   * the settings apply.
   */
  async changeSettings(/** @type {Record<string, unknown>} */ settings) {
    const title = `Settings ${++Workbench.#changes}`;
    await this.command('Preferences: Open User Settings (JSON)');
    const before = await until('the settings', async () => JSON.parse((await this.editorText()).replaceAll('\n', '')));
    await this.copy(JSON.stringify({ ...before, ...settings, 'window.title': title }, undefined, 1));
    // The editor may miss a key while it opens, and may report a problem on the first save.
    await until('the new settings in the editor', async () => {
      await this.page.locator('.editor-group-container.active .editor-instance .view-lines').click();
      await this.page.keyboard.press('Control+A');
      await this.page.keyboard.press('Control+V');
      return until('the new text', async () => (await this.editorText()).includes(title), 3_000);
    });
    await until('the new settings to apply', async () => {
      await this.page.keyboard.press('Control+s');
      return until('the title of the window', async () => (await this.page.title()).includes(title), 10_000);
    });
    await this.command('View: Close Editor');
  }

  async copy(/** @type {string} */ text) {
    await this.page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  }

  /**
   * Moves the pointer over a word in the terminal, and returns whether the word is a link. The setting `terminal.integrated.gpuAcceleration`
   * must be `off`.
   */
  async isTerminalLink(/** @type {string} */ word) {
    const row = this.page.locator('.xterm-rows > div', { hasText: word }).first();
    const [text, box] = [await row.innerText(), await row.locator('span').first().boundingBox()];
    if (!box) throw new Error(`The terminal doesn't show ${word}.`);
    // All letters have the same width.
    const widths = await row.locator(':scope > span').evaluateAll((all) => all.map((span) => span.getBoundingClientRect().width));
    const width = widths.reduce((sum, one) => sum + one, 0) / text.length;
    await this.page.mouse.move(box.x + (text.indexOf(word) + 1) * width, box.y + box.height / 2);
    await this.page.mouse.move(box.x + (text.indexOf(word) + 4) * width, box.y + box.height / 2, { steps: 3 });
    return succeeds(row.locator('span[style*="underline"]', { hasText: word }).waitFor({ timeout: 3_000 }));
  }

  async clickTerminalLink() {
    await this.page.keyboard.down('Control');
    await this.page.mouse.down();
    await this.page.mouse.up();
    await this.page.keyboard.up('Control');
  }

  /** @returns {Promise<string>} */
  async clipboard() {
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  /** Takes a screenshot if the environment variable KICKOFFS_PICTURES is set, and the test hasn't closed the window. */
  async screenshot(/** @type {string} */ file) {
    if (!process.env.KICKOFFS_PICTURES || this.page.isClosed()) return;
    await mkdir(path.dirname(file), { recursive: true });
    await this.notificationsOpaque();
    await this.page.waitForTimeout(200);
    await this.page.screenshot({ path: file });
  }
}

/** Returns whether a menu entry has the focus. If so, marks the page when the next key reaches that entry. Runs inside the page. */
function watchEnter(/** @type {Element[]} */ entries, /** @type {string} */ title) {
  const entry = entries.find((one) => one.classList.contains('focused'));
  if (entry?.querySelector('.action-label')?.getAttribute('aria-label') !== title) return false;
  const mark = () => {
    if (entry.isConnected && entry.classList.contains('focused')) document.body.dataset.entered = '';
  };
  delete document.body.dataset.entered;
  document.addEventListener('keydown', mark, { once: true, capture: true });
  return true;
}

/** Marks the page when the next key reaches the tree of a row. Runs inside the page. */
function watchKey(/** @type {Element} */ row) {
  const tree = row.closest('[role=tree]');
  const mark = (/** @type {Event} */ { target }) => {
    if (target instanceof Node && tree?.contains(target)) document.body.dataset.keyReachedTree = '';
  };
  delete document.body.dataset.keyReachedTree;
  document.addEventListener('keydown', mark, { once: true, capture: true });
}

/** Returns the middle of a text in a side of the active text editor. Runs inside the page. @returns {{ x: number, y: number } | undefined} */
function middleOf(/** @type {readonly [string, number]} */ [text, side]) {
  const editors = [...document.querySelectorAll('.editor-group-container.active .monaco-editor .view-lines')].filter((one) =>
    one.checkVisibility({ visibilityProperty: true }),
  );
  for (const line of editors[side]?.querySelectorAll('.view-line') ?? []) {
    const start = (line.textContent ?? '').replaceAll('\u00a0', ' ').indexOf(text);
    if (start < 0) continue;
    const nodes = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    const middle = start + Math.floor(text.length / 2);
    for (let passed = 0, node = nodes.nextNode(); node; passed += node.textContent?.length ?? 0, node = nodes.nextNode()) {
      if (passed + (node.textContent?.length ?? 0) <= middle) continue;
      const range = document.createRange();
      range.setStart(node, middle - passed);
      range.setEnd(node, middle - passed + 1);
      const { x, y, width, height } = range.getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 };
    }
  }
  return undefined;
}

/** Returns the text of the document in a preview. Runs inside the preview, whose active frame contains the document. */
function textOfPreview() {
  const frame = document.getElementById('active-frame');
  return frame instanceof HTMLIFrameElement ? (frame.contentDocument?.body.innerText ?? '') : '';
}

function succeeds(/** @type {Promise<unknown>} */ action) {
  return action.then(
    () => true,
    () => false,
  );
}

function clean(/** @type {string} */ text) {
  return text.replaceAll('\u00a0', ' ').trim();
}

/** Returns whether a value that VS Code stores in this browser contains a text. Runs inside the page. @returns {Promise<boolean>} */
async function isSaved(/** @type {string} */ text) {
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
