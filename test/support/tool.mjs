// `npm run tool -- NAME` runs a rarely needed script of this folder. Without a name, prints the names.
import { bin, root, run } from './steps.mjs';

const tools = {
  fixture: 'writes the golden file of the current schema, for test/unit/store/golden.test.ts',
  format: 'formats all files',
  house: 'prints figures of the source, import cycles, and the words of each document',
  mutation: 'changes the source with Stryker, and prints how many changes the unit tests find (hours)',
  pictures: "copies the tour's screenshots into media/, for the README",
  promises: 'writes docs/promises.md from promises.json',
};
const [name, ...words] = process.argv.slice(2);

if (!Object.hasOwn(tools, name ?? '')) {
  for (const [tool, does] of Object.entries(tools)) console.log(`npm run tool -- ${tool.padEnd(9)} ${does}`);
  process.exit(name === undefined ? 0 : 1);
}
const script = name === 'format' ? [bin('prettier/bin/prettier.cjs'), '--write', root] : [`test/support/${name}.mjs`];
process.exit(await run(process.execPath, [...script, ...words]));
