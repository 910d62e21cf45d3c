import { until } from './until.mjs';

/** @typedef {{ title: string, message: string, placeholder: string, value: string, password: boolean }} Box */
/** @typedef {{ label: string, description: string, detail: string, ariaLabel: string, focused: boolean }} PickRow */

/** The box at the top of a window: the Command Palette, an input box, or a quick pick. */
export class QuickInput {
  constructor(/** @type {import('playwright-core').Page} */ page) {
    this.page = page;
    this.widget = page.locator('.quick-input-widget');
    this.input = this.widget.locator('.quick-input-box input');
  }

  async isOpen() {
    return (await this.#read()) !== undefined;
  }

  async box() {
    return until('an open box', () => this.#read());
  }

  /** Returns the contents of the open box. Reads everything in one call, because tests call it often. @returns {Promise<Box | undefined>} */
  #read() {
    return this.page.evaluate(() => {
      const widget = document.querySelector('.quick-input-widget');
      const input = widget?.querySelector('.quick-input-box input');
      if (!widget?.checkVisibility({ visibilityProperty: true }) || !(input instanceof HTMLInputElement)) return undefined;
      const text = (/** @type {string} */ selector) => {
        const element = widget.querySelector(selector);
        return element instanceof HTMLElement && element.offsetParent ? (element.textContent ?? '').replaceAll('\u00a0', ' ').trim() : '';
      };
      return {
        title: text('.quick-input-title'),
        message: text('.quick-input-message') || text('.quick-input-description'),
        placeholder: input.placeholder,
        value: input.value,
        password: input.type === 'password',
      };
    });
  }

  async shows(/** @type {RegExp} */ pattern) {
    return until(`a box with the text ${pattern}`, async () => {
      const box = await this.#read();
      if (!box) return undefined;
      const text = lineOf(box);
      if (!pattern.test(text)) throw new Error(text);
      return text;
    });
  }

  /** Replaces the typed text. `timeout` limits the time for the box to open. */
  async type(/** @type {string} */ text, timeout = 45_000) {
    await this.widget.waitFor({ state: 'visible', timeout });
    await this.input.fill(text, { timeout });
  }

  /** Waits for a box, enters a text or accepts the suggested text, and returns the texts that the box showed. */
  async fill(/** @type {RegExp} */ wants, /** @type {string | undefined} */ text = undefined) {
    const shown = await this.shows(wants);
    await this.enter(text);
    return shown;
  }

  async cancel(/** @type {RegExp} */ wants) {
    const shown = await this.shows(wants);
    await this.escape();
    await this.closed();
    return shown;
  }

  async enter(/** @type {string | undefined} */ text = undefined) {
    if (text !== undefined) await this.type(text);
    // A user reads a proposed text first. A faster Enter in the box of an input leads to a question.
    else await this.page.waitForTimeout(400);
    await until('Enter to reach the box', async () => {
      await this.input.focus();
      return this.tryEnter();
    });
  }

  /** Presses Enter, and returns whether the box was still open and received the key. */
  async tryEnter() {
    const hasFocus = await this.input.evaluate((input) => {
      input.removeAttribute('data-entered');
      const mark = () => input.toggleAttribute('data-entered', input.checkVisibility({ visibilityProperty: true }));
      input.addEventListener('keydown', mark, { once: true, capture: true });
      return input === document.activeElement;
    });
    if (!hasFocus) return false;
    await this.page.keyboard.press('Enter');
    return this.input.evaluate((input) => input.hasAttribute('data-entered'));
  }

  async escape() {
    await this.input.press('Escape');
  }

  async back() {
    await this.widget
      .locator('.quick-input-left-action-bar .codicon-quick-input-back, .quick-input-left-action-bar .action-label')
      .first()
      .click();
  }

  /**
   * Presses a button of the title by keyboard, and waits until the focus is back in the box. Shift+Tab reaches the button. VS Code 1.104 keeps
   * Shift+Tab within the box, so Tab must go around the window.
   */
  async press(/** @type {string} */ name) {
    const button = this.widget.getByRole('button', { name });
    await this.input.press('Shift+Tab');
    await tabTo(button, name);
    await this.page.keyboard.press('Enter');
    await until('the focus to be back in the box', () => this.input.evaluate((element) => element === document.activeElement));
  }

  async closed() {
    await this.widget.waitFor({ state: 'hidden', timeout: 45_000 });
  }

  /** Returns the visible rows. A long list shows more rows only after scrolling. @returns {Promise<PickRow[]>} */
  async rows() {
    return this.page.evaluate(() => {
      const widget = document.querySelector('.quick-input-widget');
      if (!widget?.checkVisibility({ visibilityProperty: true })) return [];
      const byPlace = [...widget.querySelectorAll('.monaco-list-row, [role=option]')].sort(
        (a, b) => Number(a.getAttribute('data-index')) - Number(b.getAttribute('data-index')),
      );
      return byPlace.map((row) => {
        const text = (/** @type {string} */ selector) => (row.querySelector(selector)?.textContent ?? '').replaceAll('\u00a0', ' ').trim();
        return {
          label: text('.quick-input-list-row .label-name'),
          description: text('.quick-input-list-row .label-description'),
          detail: text('.quick-input-list-label-meta'),
          ariaLabel: row.getAttribute('aria-label') ?? '',
          focused: row.classList.contains('focused'),
        };
      });
    });
  }

  /** Waits until the visible rows have exactly these labels, and returns the rows. */
  async offers(/** @type {readonly string[]} */ labels) {
    return until(`the rows ${labels.join(', ')}`, async () => {
      const rows = await this.rows();
      const found = rows.map(({ label }) => label);
      if (found.join() !== labels.join()) throw new Error(found.join(', '));
      return rows;
    });
  }

  /** Moves down to a row and accepts it. `milliseconds` limits the search. */
  async pickRow(/** @type {RegExp} */ label, /** @type {number | undefined} */ milliseconds = undefined) {
    await this.focusRow(`a row ${label}`, (row) => label.test(row.label) || label.test(row.ariaLabel), milliseconds);
    await this.enter();
  }

  async focusRow(description, isIt, milliseconds) {
    await until(
      description,
      async () => {
        const rows = await this.rows();
        const focused = rows.find((row) => row.focused);
        if (focused && isIt(focused)) return true;
        if (rows.length > 0) await this.input.press('ArrowDown', { timeout: 5_000 });
        throw new Error(`rows ${JSON.stringify(rows.map((row) => row.label))}, focused ${JSON.stringify(focused?.label)}`);
      },
      milliseconds,
    );
  }
}

/** Returns the texts of the box in one line. Omits the value of a password box. */
function lineOf({ title, message, placeholder, value, password }) {
  return [title, message, placeholder, password ? '' : value].filter(Boolean).join(' | ');
}

/** Presses Tab until a button has the focus. */
export async function tabTo(/** @type {import('playwright-core').Locator} */ button, /** @type {string} */ name) {
  const page = button.page();
  await until(`the button "${name}" to have the focus`, async () => {
    if (await button.evaluate((element) => element === document.activeElement)) return true;
    await page.keyboard.press('Tab');
    throw new Error(await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200) ?? ''));
  });
}
