// Builds the extension and its worker thread, and writes the translations. tsc checks the types, and test/support/build.mjs builds the tests.
const { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { build, transform } = require('esbuild');
const { version } = require('./package.json');

const isProduction = process.argv.includes('--production');

/** @type {import('esbuild').BuildOptions} */
const options = {
  entryPoints: { extension: 'src/extension.ts', worker: 'src/worker.ts' },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  // fetch-blob, which node-fetch needs, requires the polyfill only without web streams. Every supported VS Code has web streams.
  external: ['vscode', 'web-streams-polyfill'],
  // markdown-it only decodes entities. The whole package also brings the tables for encoding.
  alias: { entities: 'entities/lib/decode.js' },
  // Turns `import()` of modules outside the bundle, such as node:sqlite, into `require()`.
  supported: { 'dynamic-import': false },
  define: { __VERSION__: JSON.stringify(version) },
  minify: isProduction,
  sourcemap: isProduction ? false : 'inline',
  legalComments: 'none',
  logLevel: 'warning',
};

/**
 * Keeps the modules of the start in one file, although parts that `import()` loads share them. esbuild would create a file for each set of
 * parts with common modules, and the start would load nine files.
 * @type {import('esbuild').Plugin}
 */
const oneStartFile = {
  name: 'one-start-file',
  setup({ onResolve, onLoad }) {
    const namespace = 'part';
    // Only imports with `#`: a relative import can mean different modules in different folders.
    onResolve({ filter: /^#/ }, ({ path, kind }) => (kind === 'dynamic-import' ? { path, namespace } : undefined));
    // Each part also imports the entry point. So the same parts use all its modules, and esbuild puts these into one file.
    onLoad({ filter: /.*/, namespace }, ({ path: part }) => ({
      contents: `export * from '${part}'; import '#extension';`,
      resolveDir: __dirname,
    }));
  },
};

/**
 * Builds the extension with a file for each part that `import()` loads on first use, so that V8 reads half of the code at the start of VS Code.
 * esbuild splits only ES modules, so the second step makes them CommonJS.
 */
async function buildExtension() {
  const { outputFiles } = await build({
    ...options,
    entryPoints: { extension: options.entryPoints.extension },
    format: 'esm',
    splitting: true,
    chunkNames: 'extension/[name]-[hash]',
    // The hashes depend on the paths of the sources, which must be the same if node_modules is a link.
    preserveSymlinks: true,
    supported: {},
    plugins: [oneStartFile],
    write: false,
  });
  const { format, minify, platform, sourcemap, supported, target } = options;
  mkdirSync('dist/extension', { recursive: true });
  // A window that runs a development build may load a file of an earlier build, so files of the last day stay.
  const keptSince = isProduction ? Infinity : Date.now() - 24 * 3_600_000;
  for (const name of readdirSync('dist/extension'))
    if (statSync(`dist/extension/${name}`).mtimeMs < keptSince) rmSync(`dist/extension/${name}`);
  for (const { path, text } of outputFiles) {
    // ES modules are strict. CommonJS needs the directive.
    const { code } = await transform(text, { banner: '"use strict";', format, minify, platform, sourcemap, supported, target });
    writeFileSync(path, code);
  }
}

async function buildWorker() {
  await build({ ...options, entryPoints: { worker: options.entryPoints.worker } });
}

/** Writes the two files of each language that VS Code reads: the texts of package.json, and the texts of the code. */
function writeTranslations() {
  const english = Object.entries(require('./package.nls.json'));
  // Languages of another branch must not get into the package.
  for (const file of readdirSync('.').filter((name) => /^package\.nls\..+\.json$/.test(name))) rmSync(file);
  rmSync('dist/l10n', { recursive: true, force: true });
  mkdirSync('dist/l10n', { recursive: true });
  for (const file of readdirSync('l10n').filter((file) => file !== 'comments.json')) {
    const texts = require(path.resolve('l10n', file));
    const manifestTexts = Object.fromEntries(english.map(([key, text]) => [key, texts[text] ?? text]));
    writeFileSync(`package.nls.${file}`, JSON.stringify(manifestTexts, null, 2));
    writeFileSync(`dist/l10n/bundle.l10n.${file}`, JSON.stringify(texts, null, 2));
  }
}

module.exports = { options };
if (require.main === module) {
  writeTranslations();
  Promise.all([buildExtension(), buildWorker()]).catch(() => process.exit(1));
}
