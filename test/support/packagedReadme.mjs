// Converts the README for the package. VS Code shows only pictures and links with a full URL, so references to files of the repository are
// left out.

const reference = /(!?)\[([^\]]*)\]\(([^)\s]+)\)/g;

/** The sections that are only about the repository. */
const ofRepository = /^## (?:Install|More)\n/;

/**
 * Returns a Markdown text for the package. Leaves out sections about the repository, and pictures of the repository. Of a link to a file of
 * the repository, only the title within a sentence remains.
 */
export function packaged(/** @type {string} */ text) {
  const sections = text.split(/^(?=## )/m).filter((section) => !ofRepository.test(section));
  const inPackage = sections.join('').replace(/( ?)(!?)\[([^\]]*)\]\(([^)\s]+)\)(\n?)/g, (all, space, isPicture, title, target, end) => {
    if (isFull(target)) return all;
    return isPicture || (space && end) ? end : `${space}${title}${end}`;
  });
  return inPackage.replace(/\n{3,}/g, '\n\n');
}

/** Returns the pictures and links that need a file of the repository. */
export function filesReferenced(/** @type {string} */ text) {
  const targets = [...text.matchAll(reference)].map(([, , , target = '']) => target);
  return targets.filter((target) => !isFull(target)).map((target) => target.replace(/#.*/, ''));
}

function isFull(/** @type {string} */ target) {
  return /^(?:https?:|#)/.test(target);
}
