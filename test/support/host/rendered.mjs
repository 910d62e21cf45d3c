/** @typedef {import('playwright-core').Locator} Locator */

export async function unfold(/** @type {Locator} */ details) {
  await details.evaluateAll((all) => all.forEach((one) => one.setAttribute('open', '')));
}

/**
 * Returns the elements of a preview that load something, and the links that aren't web, mail, or in-page links. Ignores a report's page
 * mark.
 */
export async function activeContentIn(/** @type {Locator} */ body) {
  return body.evaluate((element) => {
    const loading = 'img, image, picture, source, video, audio, iframe, object, embed, form, input, base, meta, script, link, use';
    const isVSCodes = (/** @type {Element} */ { outerHTML }) => /^<script [^>]*src="https:[^"]*\.vscode-resource\./.test(outerHTML);
    const isReportPixel = (/** @type {Element} */ { outerHTML }) =>
      /^<img id="[\w:-]*" hidden="" alt="" src="page\/\d+\.svg"/.test(outerHTML);
    return {
      loading: [...element.querySelectorAll(loading)]
        .filter((one) => !isVSCodes(one) && !isReportPixel(one))
        .map(({ outerHTML }) => outerHTML.slice(0, 200)),
      links: [...element.querySelectorAll('a[href]')]
        .map((link) => link.getAttribute('href') ?? '')
        .filter((href) => !/^(?:https?:|mailto:|#)/.test(href)),
    };
  });
}

/** Makes a preview fetch a picture. */
export async function fetchIn(/** @type {Locator} */ body, /** @type {string} */ address) {
  await body.evaluate((element, src) => Object.assign(element.ownerDocument.createElement('img'), { src }).width, address);
}

export async function scrollTo(/** @type {Locator} */ element) {
  await element.evaluate((one) => one.scrollIntoView());
}

/** Marks an element, so that `positionOf` can check that it wasn't replaced. */
export async function markElement(/** @type {Locator} */ element) {
  await element.evaluate((one) => void Object.assign(one, { isMarked: true }));
}

/**
 * Returns an element's position in its window in pixels, whether it is expanded, and whether it is the marked element.
 *
 * @returns {Promise<{ top: number, isOpen: boolean, isMarked: boolean }>}
 */
export async function positionOf(/** @type {Locator} */ element) {
  return element.evaluate((one) => ({
    top: one.getBoundingClientRect().top,
    isOpen: one.hasAttribute('open'),
    isMarked: 'isMarked' in one,
  }));
}

/** Waits until no color changes anymore, such as the background of the status bar after a change of the theme. */
export async function transitionsEnd(/** @type {Locator} */ element) {
  await element.evaluate(async (one) => {
    const transitions = one.ownerDocument.getAnimations().filter((animation) => animation instanceof CSSTransition);
    await Promise.allSettled(transitions.map(({ finished }) => finished));
  });
}

/** Gives a preview the background of the editor behind it, because axe assumes white behind a transparent page. */
export async function paintBackground(/** @type {Locator} */ body) {
  await body.evaluate((element) => {
    element.style.background = 'var(--vscode-editor-background)';
  });
}

/** Returns the texts of a report's title, status, and sections that a formula covers. */
export async function coveredIn(/** @type {Locator} */ body) {
  return body.evaluate((element) => {
    const isCovered = (/** @type {Element} */ one) => {
      one.scrollIntoView({ block: 'center' });
      const { left, top, height } = one.getBoundingClientRect();
      return element.ownerDocument.elementFromPoint(left + 20, top + height / 2)?.closest('.katex') !== null;
    };
    const parts = [...element.querySelectorAll('h1, h1 + p, h2.kickoffs-section, summary')];
    return parts.filter(isCovered).map(({ textContent }) => textContent);
  });
}
