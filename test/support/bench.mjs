// `npm run bench` measures changes of 5,000 runs, and costs, activation, and documents in VS Code. `npm run bench -- changes 15`,
// `-- costs 5`, `-- activation 7`, or `-- documents 3` runs one benchmark, with this number of rounds.
import { modernNode } from './host/install.mjs';
import { must, run } from './steps.mjs';

const [which, ...rest] = process.argv.slice(2);
const chosen = which === undefined ? ['changes', 'costs', 'activation', 'documents'] : [which];
await must(process.execPath, ['esbuild.js', '--production']);
await must(process.execPath, ['test/support/build.mjs', 'bench', 'hosted']);
const node = await modernNode();
let worst = 0;
for (const name of chosen) worst = Math.max(worst, await run(node, ['--no-warnings', `dist/bench/${name}.mjs`, ...rest]));
process.exit(worst);
