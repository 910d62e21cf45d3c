// `npm start` opens VS Code with the packaged extension and a simulated AMP deployment.
// `npm start -- --tour` runs and checks the main job step by step, with a screenshot of each step.
import { must, run } from './steps.mjs';

const node = process.execPath;
await must(node, ['test/support/package.mjs']);
await must(node, ['test/support/build.mjs', 'simulate', 'ui']);
const isTour = process.argv.includes('--tour');
process.exit(await run(node, [isTour ? 'dist/test/ui/tour.mjs' : 'dist/test/ui/demo.mjs'], { KICKOFFS_PICTURES: '1' }));
