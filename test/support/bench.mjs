// `npm run bench` measures polling by simulation, changes of 5,000 runs, and costs and activation in VS Code with one and four windows.
// `npm run bench -- pace 5004`, `-- changes 15`, `-- costs 5`, `-- documents 3`, `-- windows 60`, `-- activation 7`, or `-- day` runs one benchmark. `day`
// simulates 24 hours of windows that open and close.
import { modernNode } from './host/install.mjs';
import { must, run } from './steps.mjs';

const [which, ...rest] = process.argv.slice(2);
const chosen = which === undefined ? ['pace', 'changes', 'costs', 'activation', 'documents', 'windows'] : [which];
if (chosen.some((one) => !['pace', 'changes', 'day'].includes(one))) await must(process.execPath, ['esbuild.js', '--production']);
await must(process.execPath, ['test/support/build.mjs', 'bench', 'hosted']);
const node = await modernNode();
let worst = 0;
for (const name of chosen) worst = Math.max(worst, await run(node, ['--no-warnings', `dist/bench/${name}.mjs`, ...rest]));
process.exit(worst);
