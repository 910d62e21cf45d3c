// Builds the extension, and with --only=… what the scripts and tests need. Type checking is tsc's job.
const { build } = require('esbuild');
const { readFileSync, rmSync } = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const argument = (name) => process.argv.find((one) => one.startsWith(`--${name}=`))?.split('=')[1];
const isProduction = process.argv.includes('--production');
const isQuiet = process.argv.includes('--quiet');

/** Node has web streams built in; the polyfill that fetch-blob carries for old Nodes is 60 kB of nothing. */
const withoutPolyfill = {
  name: 'without-polyfill',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^web-streams-polyfill/ }, () => ({ path: 'web-streams-polyfill', namespace: 'empty' }));
    onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: '' }));
  },
};

/** VS Code's API as it is: esbuild would copy its hundreds of names for each file that imports them all, which is a megabyte and some milliseconds. */
const apiAsItIs = {
  name: 'api-as-it-is',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^the-api$/ }, () => ({ path: 'the-api', namespace: 'the-api' }));
    onLoad({ filter: /.*/, namespace: 'the-api' }, () => ({ contents: "export default require('vscode');" }));
    onLoad({ filter: /[\\/]src[\\/].+\.ts$/ }, ({ path: file }) => ({
      loader: 'ts',
      contents: readFileSync(file, 'utf8').replace(/^import \* as vscode from 'vscode';$/m, "import vscode from 'the-api';"),
    }));
  },
};

/** The test host's modules know their folder: they are imported from where they are. */
const hostAsItIs = {
  name: 'host-as-it-is',
  setup: ({ onResolve }) =>
    onResolve({ filter: /support\/host\/\w+\.mjs$/ }, ({ path: file, resolveDir }) => ({
      path: pathToFileURL(path.resolve(resolveDir, file)).href,
      external: true,
    })),
};

/**
 * What is loaded only when it is first needed, as files of their own: the extension behind its names, AMP's client and reader, what documents hold, the reader of pasted texts, what saves a
 * large answer, and the commands.
 */
const laterFiles = {
  './source': './amp.js',
  './documentContent': './report.js',
  '#core/paste/readers': './capture.js',
  './download': './saving.js',
  './commands': './commands.js',
  './extension': './whole.js',
};
const laterApart = {
  name: 'later-apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/(source|documentContent|readers|download|commands|extension)$/ }, ({ kind, path: wanted }) =>
      kind === 'dynamic-import' && wanted in laterFiles ? { path: laterFiles[wanted], external: true } : undefined,
    ),
};

/** What a file that is loaded later takes from one that is there, instead of holding it once more: what is known by its class, and words. */
const sharedBy = (file, filter) => ({
  name: `shared-by-${file}`,
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter }, () => ({ path: file, namespace: 'shared' }));
    onLoad({ filter: /.*/, namespace: 'shared' }, () => ({ contents: `module.exports = require('./${file}').shared;` }));
  },
});
const sharedByStart = sharedBy('extension.js', /\/(folderWatch|documentKind|lazy)$/);
const sharedByWhole = sharedBy('whole.js', /^(#core\/lib\/errors|(#vscode\/tree|\.)\/nodes|(#present\/words|\.)\/words)$/);

const common = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  external: ['vscode'],
  sourcemap: isProduction ? false : 'inline',
  minify: isProduction,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  define: { __VERSION__: JSON.stringify(JSON.parse(readFileSync('package.json', 'utf8')).version) },
  plugins: [withoutPolyfill],
};

const tests = (kind, pattern) => ({ entryPoints: [pattern], outdir: `dist/test/${kind}`, outbase: `test/${kind}` });

const asExtension = { supported: { 'dynamic-import': false }, plugins: [laterApart, apiAsItIs] };
/** What drives a window is modules, and so is whatever uses it. */
const modules = { format: 'esm', outExtension: { '.js': '.mjs' }, external: ['playwright-core'], plugins: [hostAsItIs] };

const later = { external: ['vscode', './whole.js'], plugins: [sharedByWhole] };

const targets = {
  extension: () => ({ ...asExtension, entryPoints: ['src/start.ts'], outfile: 'dist/extension.js' }),
  whole: () => ({
    ...asExtension,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/whole.js',
    external: ['vscode', './extension.js'],
    plugins: [sharedByStart, laterApart, apiAsItIs],
  }),
  amp: () => ({ entryPoints: { amp: 'src/amp/source.ts' }, outdir: 'dist', supported: { 'dynamic-import': false } }),
  report: () => ({
    ...later,
    entryPoints: { report: 'src/vscode/documents/documentContent.ts' },
    outdir: 'dist',
    plugins: [sharedByWhole, apiAsItIs],
  }),
  capture: () => ({ entryPoints: { capture: 'src/core/paste/readers.ts' }, outdir: 'dist' }),
  commands: () => ({
    ...later,
    entryPoints: { commands: 'src/vscode/commands/commands.ts' },
    outdir: 'dist',
    supported: { 'dynamic-import': false },
    plugins: [sharedByWhole, laterApart, apiAsItIs],
  }),
  reading: () => ({ entryPoints: { reading: 'src/amp/status/statusWorker.ts' }, outdir: 'dist' }),
  saving: () => ({ ...later, entryPoints: { saving: 'src/vscode/commands/download.ts' }, outdir: 'dist' }),
  simulate: () => ({ entryPoints: ['test/simulator/main.ts'], outfile: 'dist/simulate.js', target: 'node20' }),
  // With --tests=core/polling/poller,… those alone.
  unit: () => ({
    ...tests('unit', ''),
    entryPoints: [...(argument('tests')?.split(',') ?? ['**/*']).map((name) => `test/unit/${name}.test.ts`), 'test/unit/**/*.child.ts'],
  }),
  integration: () => ({ ...tests('integration', 'test/integration/*.ts'), external: ['vscode', 'mocha'] }),
  timers: () => ({ entryPoints: { extension: 'test/support/timers/extension.ts' }, outdir: 'dist/test/timers' }),
  stranger: () => ({ entryPoints: { extension: 'test/support/stranger/extension.ts' }, outdir: 'dist/test/stranger' }),
  bench: () => ({
    ...modules,
    entryPoints: ['pace', 'costs', 'documents', 'activation', 'windows', 'day'].map((name) => `test/bench/${name}.ts`),
    outdir: 'dist/bench',
  }),
  hosted: () => ({
    entryPoints: ['ours', 'tree', 'probe', 'delays'].map((name) => `test/bench/hosted/${name}.ts`),
    outdir: 'dist/bench/hosted',
  }),
  ui: () => ({ ...tests('ui', 'test/ui/**/*.ts'), ...modules }),
  // For the oldest VS Code, though others of the same process are for the newest.
  uiOldest: () => ({
    ...targets.ui(),
    outdir: 'dist/test/ui-oldest',
    define: { ...common.define, 'process.env.KICKOFFS_VERSION': '"oldest"' },
  }),
};

async function main() {
  const only = argument('only')?.split(',') ?? ['extension', 'whole', 'amp', 'reading', 'report', 'capture', 'saving', 'commands'];
  for (const name of only) {
    const target = targets[name]();
    // A test whose source is gone must not be run from an earlier build.
    if (target.outbase) rmSync(target.outdir, { recursive: true, force: true });
    const { metafile } = await build({ ...common, ...target });
    if (isQuiet) continue;
    for (const [file, { bytes }] of Object.entries(metafile.outputs)) console.log(`${file}  ${(bytes / 1000).toFixed(1)} kB`);
  }
}

main().catch(() => process.exit(1));
