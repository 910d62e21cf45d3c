/**
 * A promise with the tests that verify it.
 *
 * @typedef {object} HeldPromise
 * @property {number} promise
 * @property {string} says
 * @property {readonly { file: string, title: string, longer?: number }[]} tests Files below `test/`. `longer` is the factor of the run length in `npm run soak`.
 * @property {string} [figure] The figure that the unit tests measured.
 * @property {string} [inVSCode] The figure that the tests in one real VS Code measured.
 * @property {Readonly<Record<string, string>>} [inWindows] The figures that the tests in three windows of a real VS Code measured, by VS Code version.
 * @property {string} [byHand] A manually written reference to a benchmark with more figures.
 */

const head = `# What you can rely on

Tests in this repository verify each promise, and \`npm test\` runs them. \`npm run soak\` runs the random tests much longer, prints seed and
figures, and writes this page. \`npm run soak -- vscode\` runs the tests in a real VS Code. \`npm run soak -- windows\` runs the tests in
\`test/ui/long/\`, which take half an hour. The figures are from the last run of each test, on one Linux machine.
`;

const tail = `
## What is not promised

- A result is lost if the server forgets it while no VS Code window is open.
- After a power failure, saved data is only as safe as the disk. Secrets are only as safe as the machine's keychain.
- A flipped bit on the disk goes unnoticed in a stored text or number. It is detected in a response, a table, or an index.
- A response that repeats your token is not saved byte for byte. \`[token]\` replaces the token.
- A response over 64 MiB takes more memory than 64 MiB before it is rejected: about 92 MiB with gzip or deflate, about 100 MiB with Brotli.
- When a proxy or the server fails, the extension reports the problem. It can't tell which of them causes the problem.
- After an outage of the only host, the tenth run may be polled a second later than ten seconds, because the request rate is limited.
- Durations depend on your machine, network, and server. \`npm run bench\` measures them on your machine.
`;

/** Returns the content of `docs/promises.md`: the promises to users, with the tests that verify each promise. */
export function pageOf(/** @type {readonly HeldPromise[]} */ promises) {
  return `${head}${promises.map(entry).join('')}${tail}`;
}

function entry(/** @type {HeldPromise} */ { promise, says, tests, figure, inVSCode, inWindows = {}, byHand }) {
  const verifying = tests.map(({ file, title }) => `- \`test/${file}.test.ts\`: ${title}\n`).join('');
  const figures = [
    ...(figure === undefined ? [] : [`Last run: ${figure}.`]),
    ...(inVSCode === undefined ? [] : [`In VS Code: ${inVSCode}.`]),
    ...Object.entries(inWindows).map(([version, says]) => `In the ${version} VS Code: ${says}.`),
    ...(byHand === undefined ? [] : [`Benchmark: ${byHand}.`]),
  ];
  return `\n## ${promise}. ${says}\n\n${verifying}${figures.map((one) => `\n${one}\n`).join('')}`;
}
