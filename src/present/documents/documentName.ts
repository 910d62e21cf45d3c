import type { DeploymentKey } from '#core/kickoff/deployment';
import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import { kickoffId } from '#core/kickoff/kickoffId';
import type { OutputFormat } from '#core/output/outputFormats';
import { clean } from '#present/cleanText';
import { lastingName } from '#present/names';

/** The file endings of outputs, where the ending differs from the format's name. */
const endings: Partial<Record<OutputFormat, string>> = { plain: 'txt', preformatted: 'txt', markdown: 'md', python: 'py', shell: 'sh' };

/** The endings of documents whose format is always the same. */
const endingsByKind = {
  report: '.report.md',
  status: '.status.output',
  sorted: '.sorted.json.output',
  inputs: '.inputs.json.output',
} as const;

/** The kind of a run's document. `status` is the raw response. `sorted` and `inputs` are JSON with sorted members, for comparisons. */
export type DocumentKind = keyof typeof endingsByKind | 'output' | { readonly taskPosition: number };

/** Parses a document's path into its run and the rest of the path. Undefined for any other path. */
export function parseDocumentPath(path: string): { readonly ref: KickoffRef; readonly rest: string } | undefined {
  const [, deploymentKey, id = '', rest = ''] = /^\/crewai-kickoff\/(\d{1,15})\/([^/]+)\/(.+)$/.exec(path) ?? [];
  const parsedId = kickoffId(id);
  return parsedId && { ref: { deployment: Number(deploymentKey) as DeploymentKey, id: parsedId }, rest };
}

/** Parses the rest of a document's path, without the run. Undefined for an unknown document. */
export function parseDocumentKind(rest: string): DocumentKind | undefined {
  const [, positionText] = /^tasks\/(\d{1,16})-[^/]*\.\w{1,12}\.output$/.exec(rest) ?? [];
  if (positionText !== undefined) return { taskPosition: Number(positionText) };
  if (rest.includes('/')) return undefined;
  const kinds = Object.keys(endingsByKind) as (keyof typeof endingsByKind)[];
  return kinds.find((kind) => rest.endsWith(endingsByKind[kind])) ?? (/\.\w{1,12}\.output$/.test(rest) ? 'output' : undefined);
}

const plainLanguageId = 'kickoff-output';

export const jsonLanguageId = `${plainLanguageId}-json`;

const languageSuffixesByEnding: Readonly<Record<string, string>> = {
  ...{ md: 'markdown', json: 'json', jsonl: 'json', status: 'json', yaml: 'yaml', ini: 'ini', toml: 'ini', html: 'html', xml: 'xml' },
  ...{ svg: 'xml', log: 'log', diff: 'diff', py: 'python', sql: 'sql', sh: 'shell', dockerfile: 'dockerfile', code: 'code' },
};

/** Returns the ID of one of the languages in `package.json`. With VS Code's own languages, documents could load schemas or run commands. */
export function documentLanguageId(path: string): string {
  const [, ending = ''] = /\.(\w+)\.output$/.exec(path) ?? [];
  const languageSuffix = languageSuffixesByEnding[ending];
  return languageSuffix === undefined ? plainLanguageId : `${plainLanguageId}-${languageSuffix}`;
}

/** Returns the part of a document's path after the run, which determines the tab's title, the language, and the document kind. */
export function documentName(kickoff: Kickoff, kind: DocumentKind): string {
  if (typeof kind === 'object') return `tasks/${taskFileName(kickoff, kind.taskPosition)}.output`;
  const name = safeFileName(lastingName(kickoff));
  return kind === 'output' ? `${name}.${fileEnding(kickoff.output ?? 'plain')}.output` : `${name}${endingsByKind[kind]}`;
}

/** Returns the suggested file name for saving the response, the output, or a task's output. */
export function suggestedFileName(kickoff: Kickoff, kind: 'status' | 'output' | { readonly taskPosition: number }): string {
  const name = safeFileName(lastingName(kickoff));
  if (kind === 'status') return `${name}.status.json`;
  const nameWithEnding =
    kind === 'output' ? `${name}.output.${fileEnding(kickoff.output ?? 'plain')}` : taskFileName(kickoff, kind.taskPosition);
  return nameWithEnding.replace(/\.code$/, '.txt');
}

function taskFileName({ tasks }: Kickoff, position: number): string {
  const task = tasks.find((one) => one.position === position);
  return `${String(position).padStart(2, '0')}-${safeFileName(clean(task?.name ?? ''))}.${fileEnding(task?.language ?? 'markdown')}`;
}

function fileEnding(format: OutputFormat): string {
  return endings[format] ?? format;
}

/** Matches names of devices, which Windows doesn't accept as file names, even with an ending. */
const deviceNamePattern = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])$/i;

/** Returns a file name without characters that are reserved in file names or URIs. Also drops dots, which separate name and kind. */
export function safeFileName(text: string): string {
  const name = text
    .replace(/[.\\/:*?"<>|#%&{}$!'@+`=]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 80)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trim();
  return deviceNamePattern.test(name) ? `${name}_` : name || 'kickoff';
}
