import type { Language } from '#core/output/languages';

/** The file extensions from which VS Code determines the language of a document. */
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
  toml: 'toml',
  html: 'html',
  xml: 'xml',
  svg: 'svg',
  log: 'log',
  diff: 'diff',
  python: 'py',
  sql: 'sql',
  shell: 'sh',
  dockerfile: 'dockerfile',
  code: 'txt',
} as const satisfies Record<Language, string>;

const ending = `(?:${[...new Set(Object.values(endings))].join('|')})`;
const ofTask = new RegExp(`^tasks/(\\d{1,16})-[^/]*\\.${ending}$`);
const ofOutput = new RegExp(`\\.output\\.${ending}$`);

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

/** Parses the part of a document path after the deployment key and kickoff ID. Returns `undefined` for an unknown document. */
export function documentKind(path: string): DocumentKind | undefined {
  const [, task] = ofTask.exec(path) ?? [];
  if (task !== undefined) return { task: Number(task) };
  if (path.includes('/')) return undefined;
  if (path.endsWith('.report.md')) return 'report';
  if (path.endsWith('.status.json')) return 'status';
  if (path.endsWith('.output.sorted.json')) return 'sorted';
  return ofOutput.test(path) ? 'output' : undefined;
}
