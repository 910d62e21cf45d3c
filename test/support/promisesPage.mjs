import { readFileSync } from 'node:fs';

/**
 * A promise with the tests that verify it. The page shows the first.
 *
 * @typedef {object} HeldPromise
 * @property {number} promise
 * @property {string} says
 * @property {readonly { file: string, title: string, longer?: number }[]} tests Files below `test/`. `longer` is the factor of the run length in `npm run soak`.
 * @property {string} [figure] The figure that the unit tests measured.
 * @property {string} [inVSCode] The figure that the tests in one real VS Code measured.
 * @property {Readonly<Record<string, string>>} [inWindows] The figures that the tests in three windows of a real VS Code measured, by VS Code version.
 */

const head = `# What you can rely on

\`npm test\` verifies each promise. One of its tests is named, with its file in \`test/\`. \`test/support/promises.json\` names all.
`;

const figures = `
## Figures

From the last \`npm run soak\`, which runs random tests longer and writes this page, on one Linux machine. \`-- vscode\` and \`-- windows\`
measure one and three windows of VS Code. _By hand_ means entered manually. \`npm run bench\` measures your machine.

| Promise | Figure |
| --- | --- |
`;

const tail = `
## What is not promised

- A result is lost if the server forgets it while no VS Code window is open.
- After a power failure, saved data is only as safe as the disk. Secrets are only as safe as the machine's keychain.
- A flipped bit on the disk goes unnoticed in a stored text or number. It is detected in a response, a table, or an index.
- A response that repeats your token is stored with \`[token]\` in its place.
- A response over 64 MiB takes up to about 105 MiB of memory before it is rejected.
- When a proxy or the server fails, the extension reports the problem. It can't tell which of them causes the problem.
`;

/** Returns the content of `docs/promises.md`: the promises to users, with a test that verifies each promise, and the figures. */
export function pageOf(/** @type {readonly HeldPromise[]} */ promises) {
  return `${head}${promises.map(entry).join('')}${figures}${promises.map(row).join('')}${tail}`;
}

function entry(/** @type {HeldPromise} */ { promise, says, tests: [{ file, title }] }) {
  return `\n## ${promise}. ${says}\n\n${sentenceOf(file, title)} (\`${file}\`)\n`;
}

function row(/** @type {HeldPromise} */ { promise, figure = '', inVSCode, inWindows = {} }) {
  const inBoth = new Set([...(inVSCode === undefined ? [] : [inVSCode]), ...Object.values(inWindows)]);
  const all = [...(figure === '' ? [] : [figure]), ...(inBoth.size === 0 ? [] : [`in VS Code: ${[...inBoth].join('; ')}`])];
  return `| ${promise} | ${all.join('; ')} |\n`;
}

/** Returns the title of a test after the titles of its suites, with "…" for values. Throws if no test has the title. */
export function sentenceOf(/** @type {string} */ file, /** @type {string} */ title) {
  const suites = [];
  const titles = readFileSync(`test/${file}.test.ts`, 'utf8').matchAll(/^( *)(\w+)\(\s*(['"`])((?:\\.|(?!\3).)*)\3/gm);
  for (const [, { length: depth }, kind, , text] of titles) {
    while (suites.length > 0 && suites.at(-1).depth >= depth) suites.pop();
    if (kind === 'describe') suites.push({ depth, text });
    else if (text.includes(title)) return [...suites.map((suite) => suite.text), text].map(shown).join(' ');
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
