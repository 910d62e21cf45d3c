// `npm run tool -- fixture`: writes the golden file of the current schema, which `test/unit/store/golden.test.ts` opens. Files of released schemas
// never change.
import { modernNode } from './host/install.mjs';
import { must } from './steps.mjs';

await must(process.execPath, ['test/support/build.mjs', 'unit', '--tests=store/golden']);
await must(await modernNode(), ['--no-warnings', 'dist/test/unit/store/fixture.child.js']);
