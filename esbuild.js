// Builds the extension and its worker thread. tsc checks the types, and test/support/build.mjs builds the tests.
const { build } = require('esbuild');
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

module.exports = { options };
if (require.main === module) build(options).catch(() => process.exit(1));
