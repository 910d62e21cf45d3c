// Converts the README for the package. VS Code shows only pictures and links with a full URL, so references to files of the repository are
// replaced.

const reference = /(!?)\[([^\]]*)\]\(([^)\s]+)\)/g;

/**
 * Returns a Markdown text for the package. Leaves out pictures of the repository. Replaces links to files of the repository with the paths
 * of the files.
 */
export function packaged(/** @type {string} */ text) {
  const inPackage = text.replace(reference, (all, isPicture, title, target) => {
    if (/^(?:https?:|#)/.test(target)) return all;
    return isPicture ? '' : `${title} (\`${target.replace(/#.*/, '')}\`)`;
  });
  return inPackage.replace(/\n{3,}/g, '\n\n');
}

/** Returns the pictures and links that need a file of the repository. */
export function filesReferenced(/** @type {string} */ text) {
  const targets = [...text.matchAll(reference)].map(([, , , target = '']) => target);
  return targets.filter((target) => !/^(?:https?:|#)/.test(target)).map((target) => target.replace(/#.*/, ''));
}
