import tseslint from 'typescript-eslint';

/** Keeps a folder to what it may import; see src/README.md. */
const only = (allowed) => ({
  'no-restricted-imports': [
    'error',
    { patterns: [{ regex: `^(?!${allowed})`, message: 'This folder may not import that: see "Folders" in src/README.md.' }] },
  ],
});

/** The folders of the core. Only types may come from a later folder. */
const order = ['lib', 'output', 'kickoff', 'paste', 'history', 'notices', 'polling', 'starts', 'windows'];
const inOrder = order.map((folder, index) => ({
  files: [`src/core/${folder}/**`],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          { regex: `^#core/(${order.slice(index + 1).join('|')})/`, allowTypeImports: true, message: `The order is ${order.join(' < ')}.` },
        ],
      },
    ],
  },
}));

const pure = {
  'no-restricted-globals': [
    'error',
    ...['setTimeout', 'setInterval', 'setImmediate', 'fetch', 'console', 'process', 'Date', 'performance'].map((name) => ({
      name,
      message: 'The core has no clock, network or console: take a port of core/lib/types.ts.',
    })),
  ],
};

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.vscode-test/'] },
  {
    files: ['src/**/*.ts', 'test/**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      // `import vscode = require('vscode')`: esbuild copies all names of the API into each file that has `import * as`.
      '@typescript-eslint/no-require-imports': ['error', { allowAsImport: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'max-lines': ['warn', 300],
      'max-lines-per-function': ['warn', 60],
      '@typescript-eslint/no-non-null-assertion': 'error',
    },
  },
  { files: ['src/core/**'], rules: { ...only('\\./|#core/'), ...pure } },
  ...inOrder.slice(0, -1),
  { files: ['src/present/**'], rules: { ...only('\\./|#(core|present)/'), ...pure } },
  // Only the worker loads Markdown, so nothing else may import markdown-it.
  { files: ['src/present/markdown/**'], rules: only('\\./|#(core|present)/|markdown-it(/|$)') },
  { files: ['src/amp/**'], rules: only('\\./|#(core|amp)/|node:|node-fetch$|valibot$') },
  { files: ['src/store/**'], rules: only('\\./|#(core|store)/|node:(sqlite|zlib|fs|path|timers/promises|util)') },
  { files: ['src/vscode/**'], rules: only('vscode$|\\./|#(core|present|vscode)/|#(contributions|api)$') },
  { files: ['src/vscode/starts/inputsDocument.ts'], rules: only('vscode$|\\./|#(core|present|vscode)/|jsonc-parser/') },
  {
    files: ['src/vscode/**'],
    ignores: ['src/vscode/clock.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['setTimeout', 'setInterval', 'setImmediate', 'Date', 'performance'].map((name) => ({ name, message: 'Take a Clock.' })),
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: { 'no-console': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
);
