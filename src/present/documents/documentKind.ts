import type { OutputFormat } from '#core/output/outputFormats';

/** The file endings of outputs. Documents have `.output` behind it. Saved source code ends in `.txt` instead of `.code`. */
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
  code: 'code',
} as const satisfies Record<OutputFormat, string>;

const ofTask = /^tasks\/(\d{1,16})-[^/]*\.\w{1,12}(?:\.output)?$/;
const ofOutput = /\.(?:\w{1,12}\.output|output\.\w{1,12})$/;

/** The kind of a run's document. `sorted` is JSON output with sorted keys, and `inputs` are the inputs with sorted names, for comparisons. `task` is the position of a task. */
export type DocumentKind = 'report' | 'output' | 'sorted' | 'inputs' | 'status' | { readonly task: number };

/** Parses a document path. Paths from earlier versions lack the leading `/crewai-kickoff`. For an invalid path, the key is `NaN`. */
export function documentAt(path: string): readonly [key: number, id: string, kind: DocumentKind | undefined] {
  const [, key, id = '', rest = ''] = /^(?:\/crewai-kickoff)?\/(\d{1,15})\/([^/]+)\/(.+)$/.exec(path) ?? [];
  return [Number(key), id, documentKind(rest)];
}

/** Parses the end of a document path, also of earlier versions, which didn't end in `.output`. Undefined for an unknown document. */
export function documentKind(path: string): DocumentKind | undefined {
  const [, task] = ofTask.exec(path) ?? [];
  if (task !== undefined) return { task: Number(task) };
  if (path.includes('/')) return undefined;
  if (path.endsWith('.report.md')) return 'report';
  if (/\.status\.(?:output|json)$/.test(path)) return 'status';
  if (/\.(?:sorted\.json\.output|output\.sorted\.json)$/.test(path)) return 'sorted';
  if (path.endsWith('.inputs.json.output')) return 'inputs';
  return ofOutput.test(path) ? 'output' : undefined;
}

const plainLanguage = 'kickoff-output';

export const jsonLanguage = `${plainLanguage}-json`;

const coloredLanguages: Readonly<Record<string, string>> = {
  ...{ md: 'markdown', json: 'json', jsonl: 'json', status: 'json', yaml: 'yaml', ini: 'ini', toml: 'ini', html: 'html', xml: 'xml' },
  ...{ svg: 'xml', log: 'log', diff: 'diff', py: 'python', sql: 'sql', sh: 'shell', dockerfile: 'dockerfile', code: 'code' },
};

/** Returns a language of `package.json`, because VS Code's own would make links, load pictures and schemas, and run commands. */
export function documentLanguage(path: string): string {
  const [, last = ''] = /\.(\w+?)(?:\.output)?$/.exec(path) ?? [];
  const colored = coloredLanguages[last];
  return colored === undefined ? plainLanguage : `${plainLanguage}-${colored}`;
}
