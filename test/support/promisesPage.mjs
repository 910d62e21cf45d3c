import { readFileSync } from 'node:fs';

/**
 * A promise with the tests that verify it. The page shows only the first test and the first figure.
 *
 * @typedef {object} HeldPromise
 * @property {number} promise
 * @property {string} says
 * @property {readonly { file: string, title: string, longer?: number }[]} tests Files below `test/`. `longer` is the factor of the run length in `npm run soak`.
 * @property {string} [figure] The figures that the unit tests measured, separated by semicolons.
 * @property {string} [inVSCode] The figure that the tests in one real VS Code measured.
 * @property {Readonly<Record<string, string>>} [inWindows] The figures that the tests in three windows of a real VS Code measured, by VS Code version. The page shows the newest.
 */

const head = `# What you can rely on

\`npm test\` verifies each promise. Below each promise is one of its tests, with the file in \`test/\`. All tests and figures are in \`test/support/promises.json\`.

`;

const figures = `## Figures

On one Linux machine, \`npm run soak\` ran random tests longer than \`npm test\`, and wrote these figures. Those in VS Code are of \`-- vscode\` and \`-- windows\`.

| Promise | Figure |
| --- | --- |
`;

const tail = `
## What is not promised

- A result is lost if the server forgets it while no VS Code window is open.
- After a power failure, saved data is only as safe as the disk. Secrets are only as safe as the keychain.
- A flipped bit on the disk goes unnoticed in a stored text or number. It is detected in a response, a table, or an index.
- A response that repeats your token is stored with \`[token]\` in its place.
- A response over 64 MiB takes up to about 105 MiB of memory before it is rejected.
- If several windows stop many runs at the same time, requests can exceed the limit slightly.
`;

/** Returns the content of `docs/promises.md`: the promises to users, with a test that verifies each promise, and the figures. */
export function pageOf(/** @type {readonly HeldPromise[]} */ promises) {
  return `${head}${promises.map(entry).join('')}${figures}${promises.map(row).join('')}${tail}`;
}

function entry(/** @type {HeldPromise} */ { promise, says, tests: [{ file, title }] }) {
  const number = `${promise}. `;
  return `${number}**${says}**\n\n${' '.repeat(number.length)}${sentenceOf(file, title)} (\`${file}\`)\n\n`;
}

function row(/** @type {HeldPromise} */ { promise, figure = '', inVSCode, inWindows = {} }) {
  const [first = ''] = figure.split('; ');
  const measured = inWindows.newest ?? inVSCode;
  const all = [...(first === '' ? [] : [first]), ...(measured === undefined ? [] : [`in VS Code: ${measured}`])];
  return `| ${promise} | ${all.join('; ')} |\n`;
}

/** Returns the title of a test after the titles of its suites, with "…" for values, except at its end. Throws if no test has the title. */
export function sentenceOf(/** @type {string} */ file, /** @type {string} */ title) {
  const suites = [];
  const titles = readFileSync(`test/${file}.test.ts`, 'utf8').matchAll(/^( *)(\w+)\(\s*(['"`])((?:\\.|(?!\3).)*)\3/gm);
  for (const [, { length: depth }, kind, , text] of titles) {
    while (suites.length > 0 && suites.at(-1).depth >= depth) suites.pop();
    if (kind === 'describe') suites.push({ depth, text });
    else if (text.includes(title))
      return [...suites.map((suite) => suite.text), text]
        .map(shown)
        .join(' ')
        .replace(/(?:, for …|: …| \(…\)|(?<=\w)…)+$/, '');
  }
  throw new Error(`${file}: ${title}`);
}

/** The titles of suites in VS Code end with its version. */
function shown(/** @type {string} */ title) {
  return title
    .replace(/(?:, \$\{[^}]*\})+$/, '')
    .replaceAll(/\$\{[^}]*\}/g, '…')
    .replaceAll(/\\(.)/g, '$1');
}
