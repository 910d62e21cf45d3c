// `npm run bench`: the pace by simulation, and the costs in a real VS Code. `npm run bench -- pace 5004` or `-- costs 5`: one of them.
import { modernNode } from './host/install.mjs';
import { must, run } from './steps.mjs';

const [which, ...rest] = process.argv.slice(2);
const asked = which === undefined ? ['pace', 'costs'] : [which];
if (asked.includes('costs')) await must(process.execPath, ['esbuild.js', '--production', '--quiet']);
await must(process.execPath, ['esbuild.js', '--only=bench,hosted', '--quiet']);
const node = await modernNode();
let worst = 0;
for (const name of asked) worst = Math.max(worst, await run(node, ['--no-warnings', `dist/bench/${name}.js`, ...rest]));
process.exit(worst);
