// `node test/support/build.mjs unit ui …` builds tests and their tools into dist/. `--tests=core/polling/poller,…` selects unit tests.
import { build } from 'esbuild';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const targetNames = process.argv.slice(2).filter((one) => !one.startsWith('--'));
const unitTests = process.argv
  .find((one) => one.startsWith('--tests='))
  ?.split('=')[1]
  .split(',') ?? ['**/*'];

const common = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  external: ['vscode'],
  sourcemap: 'inline',
  logLevel: 'warning',
  define: { __VERSION__: JSON.stringify(JSON.parse(readFileSync('package.json', 'utf8')).version) },
};

/** Imports the modules of the test host from their source, because they look for files beside themselves. */
const hostFromSource = {
  name: 'host-from-source',
  setup: ({ onResolve }) =>
    onResolve({ filter: /support\/host\/\w+\.mjs$/ }, ({ path: file, resolveDir }) => ({
      path: pathToFileURL(path.resolve(resolveDir, file)).href,
      external: true,
    })),
};

/** Options for programs that control a window, which are ES modules. */
const modules = { format: 'esm', outExtension: { '.js': '.mjs' }, external: ['playwright-core'], plugins: [hostFromSource] };
const tests = (kind, pattern) => ({ entryPoints: [pattern], outdir: `dist/test/${kind}`, outbase: `test/${kind}` });

const targets = {
  simulate: () => ({ entryPoints: ['test/simulator/main.ts'], outfile: 'dist/simulate.js', target: 'node20' }),
  unit: () => ({
    ...tests('unit', ''),
    entryPoints: [...unitTests.map((name) => `test/unit/${name}.test.ts`), 'test/unit/**/*.child.ts'],
    packages: 'external',
  }),
  integration: () => ({ ...tests('integration', 'test/integration/*.ts'), external: ['vscode', 'mocha'] }),
  timers: () => ({ entryPoints: { extension: 'test/support/timers/extension.ts' }, outdir: 'dist/test/timers' }),
  stranger: () => ({ entryPoints: { extension: 'test/support/stranger/extension.ts' }, outdir: 'dist/test/stranger' }),
  bench: () => ({
    ...modules,
    entryPoints: ['changes', 'costs', 'documents', 'activation'].map((name) => `test/bench/${name}.ts`),
    outdir: 'dist/bench',
  }),
  hosted: () => ({
    entryPoints: ['ours', 'tree', 'probe'].map((name) => `test/bench/hosted/${name}.ts`),
    outdir: 'dist/bench/hosted',
  }),
  ui: () => ({ ...tests('ui', 'test/ui/**/*.ts'), ...modules }),
};

for (const name of targetNames) {
  const target = targets[name]();
  // Removes earlier builds of deleted tests.
  if (target.outbase) rmSync(target.outdir, { recursive: true, force: true });
  await build({ ...common, ...target });
}
