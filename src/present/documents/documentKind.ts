import type { Language } from '#core/output/languages';

/** The file endings of outputs. Documents have the ending `.output` after it. */
export const endings = {
  plain: 'txt',
  preformatted: 'txt',
  markdown: 'md',
  json: 'json',
  jsonl: 'jsonl',
  csv: 'csv',
  tsv: 'tsv',
  yaml: 'yaml',
  ini: 'ini',
  html: 'html',
  xml: 'xml',
  log: 'log',
  diff: 'diff',
  python: 'py',
  javascript: 'js',
  typescript: 'ts',
  sql: 'sql',
  shell: 'sh',
  powershell: 'ps1',
  css: 'css',
  java: 'java',
  csharp: 'cs',
  cpp: 'cpp',
  go: 'go',
  rust: 'rs',
  php: 'php',
  ruby: 'rb',
  dockerfile: 'dockerfile',
  latex: 'tex',
} as const satisfies Record<Language, string>;

const ending = `(?:${[...new Set(Object.values(endings))].join('|')})`;
const ofTask = new RegExp(`^tasks/(\\d{1,16})-[^/]*\\.${ending}(?:\\.output)?$`);
const ofOutput = new RegExp(`\\.(?:${ending}\\.output|output\\.${ending})$`);

/** The kind of a run's document. `sorted` is JSON output with sorted keys, for comparisons. `task` is the position of a task. */
export type DocumentKind = 'report' | 'output' | 'sorted' | 'status' | { readonly task: number };

/**
 * Parses a document path into the key of a deployment, a kickoff ID, and the document kind. Paths from earlier versions lack the leading
 * `/crewai-kickoff`. For an invalid path, the key is `NaN`.
 */
export function documentAt(path: string): readonly [key: number, id: string, kind: DocumentKind | undefined] {
  const [, key, id = '', rest = ''] = /^(?:\/crewai-kickoff)?\/(\d{1,15})\/([^/]+)\/(.+)$/.exec(path) ?? [];
  return [Number(key), id, documentKind(rest)];
}

/**
 * Parses the part of a document path after the deployment key and kickoff ID, also of earlier versions, which didn't end in `.output`.
 * Returns `undefined` for an unknown document.
 */
export function documentKind(path: string): DocumentKind | undefined {
  const [, task] = ofTask.exec(path) ?? [];
  if (task !== undefined) return { task: Number(task) };
  if (path.includes('/')) return undefined;
  if (path.endsWith('.report.md')) return 'report';
  if (/\.status\.(?:output|json)$/.test(path)) return 'status';
  if (/\.(?:sorted\.json\.output|output\.sorted\.json)$/.test(path)) return 'sorted';
  return ofOutput.test(path) ? 'output' : undefined;
}

const plainLanguage = 'kickoff-output';

export const jsonLanguage = `${plainLanguage}-json`;

/** The languages whose grammar VS Code doesn't have. */
const uncolored: readonly Language[] = ['plain', 'preformatted', 'csv', 'tsv'];

const languageIds = new Map<string, string>([
  ...(Object.keys(endings) as Language[])
    .filter((language) => !uncolored.includes(language))
    .map((language) => [endings[language], `${plainLanguage}-${language}`] as const),
  ['status', jsonLanguage],
]);

/**
 * Returns the ID of the language that `package.json` contributes for an output or response. VS Code's languages would make links, load
 * pictures and schemas, and run commands.
 */
export function documentLanguage(path: string): string {
  const [, last = ''] = /\.(\w+?)(?:\.output)?$/.exec(path) ?? [];
  return languageIds.get(last) ?? plainLanguage;
}
