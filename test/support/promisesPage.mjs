/**
 * @typedef {object} HeldPromise
 * @property {number} promise
 * @property {string} says
 * @property {readonly { file: string, title: string, longer?: number }[]} tests Files below `test/`; `longer`: by how much in `npm run soak`.
 * @property {string} [figure] Measured by the unit tests.
 * @property {string} [inVSCode] Measured by the tests in one real VS Code.
 * @property {Readonly<Record<string, string>>} [inWindows] Measured by those in three windows of a real VS Code, by its version.
 * @property {string} [byHand] Typed by hand: where a benchmark shows more, with its command.
 */

const head = `# What you can rely on

Each sentence is held by tests of this repository, which \`npm test\` runs; \`npm run soak\` runs the random ones much longer, prints seed and
figures, and writes this page. \`npm run soak -- vscode\` does the same with the tests in a real VS Code, and \`npm run soak -- windows\` with those below
\`test/ui/long/\`, which take half an hour. Figures are of the last run of each test, on one Linux machine.
`;

const tail = `
## What is not promised

- A result that the server forgets before any window ran is gone.
- What was written is as safe as the disk when the power goes, and a secret as the keychain of the machine.
- A bit that flips on the disk within a stored word, name or number is not seen; within an answer it is, and so is a broken table or index.
- Where a server repeats your token in an answer, that answer is not kept byte for byte: \`[token]\` stands in its place.
- An answer over 64 MiB takes somewhat more than that before it is refused: some 92 MiB packed by gzip or deflate, some 100 by Brotli, which keeps up to 16 MiB of its own.
- A poll that brings nothing while the network is there but a proxy or the server is not says so; it cannot tell whose fault it is.
- After an outage of the only host the tenth run may be heard a second later than ten seconds: the host is asked slowly.
- How long something takes: that depends on your machine, network and server. \`npm run bench\` measures it on yours.
`;

/** The page of promises, for users. */
export function pageOf(/** @type {readonly HeldPromise[]} */ promises) {
  return `${head}${promises.map(entry).join('')}${tail}`;
}

function entry(/** @type {HeldPromise} */ { promise, says, tests, figure, inVSCode, inWindows = {}, byHand }) {
  const held = tests.map(({ file, title }) => `- \`test/${file}.test.ts\`: ${title}\n`).join('');
  const figures = [
    ...(figure === undefined ? [] : [`Last: ${figure}.`]),
    ...(inVSCode === undefined ? [] : [`In VS Code: ${inVSCode}.`]),
    ...Object.entries(inWindows).map(([version, says]) => `In the ${version} VS Code: ${says}.`),
    ...(byHand === undefined ? [] : [`Not measured by a test: ${byHand}.`]),
  ];
  return `\n## ${promise}. ${says}\n\n${held}${figures.map((one) => `\n${one}\n`).join('')}`;
}
