/** @typedef {import('playwright-core').Locator} Locator */

/**
 * Unfolds what is folded.
 *
 * @param {Locator} details
 */
export async function unfold(details) {
  await details.evaluateAll((all) => all.forEach((one) => one.setAttribute('open', '')));
}

/**
 * What a preview shows that would load something besides the page mark of a report, and its links that lead elsewhere than into the web, to mail or to itself.
 *
 * @param {Locator} body
 */
export async function powersOf(body) {
  return body.evaluate((element) => {
    const loading = 'img, image, picture, source, video, audio, iframe, object, embed, form, input, base, meta, script, link, use';
    const isVSCodes = (/** @type {Element} */ { outerHTML }) => /^<script [^>]*src="https:[^"]*\.vscode-resource\./.test(outerHTML);
    const isPageMark = (/** @type {Element} */ { outerHTML }) =>
      /^<img id="report:page" hidden="" alt="" src="page\/\d+\.svg">$/.test(outerHTML);
    return {
      loading: [...element.querySelectorAll(loading)]
        .filter((one) => !isVSCodes(one) && !isPageMark(one))
        .map(({ outerHTML }) => outerHTML.slice(0, 200)),
      links: [...element.querySelectorAll('a[href]')]
        .map((link) => link.getAttribute('href') ?? '')
        .filter((href) => !/^(?:https?:|mailto:|#)/.test(href)),
    };
  });
}

/**
 * Has a preview fetch a picture.
 *
 * @param {Locator} body
 * @param {string} address
 */
export async function fetchIn(body, address) {
  await body.evaluate((element, src) => Object.assign(element.ownerDocument.createElement('img'), { src }).width, address);
}

/**
 * Scrolls until an element stands at the top.
 *
 * @param {Locator} element
 */
export async function scrollTo(element) {
  await element.evaluate((one) => one.scrollIntoView());
}

/**
 * Marks an element, so that `placeOf` tells whether it is still the same one.
 *
 * @param {Locator} element
 */
export async function mark(element) {
  await element.evaluate((one) => void Object.assign(one, { isMarked: true }));
}

/**
 * Where an element stands in its window, in eights of pixels, and whether it is unfolded and still the marked one.
 *
 * @param {Locator} element
 */
export async function placeOf(element) {
  return element.evaluate((one) => ({
    top: Math.round(one.getBoundingClientRect().top / 8),
    isOpen: one.hasAttribute('open'),
    isMarked: 'isMarked' in one,
  }));
}
