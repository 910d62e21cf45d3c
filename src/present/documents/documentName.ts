import type { Kickoff } from '#core/kickoff/kickoff';
import { clean } from '#present/cleanText';
import { lastingName } from '#present/names';
import { endings, type DocumentKind } from './documentKind';

/** Returns the last part of a document's path, which determines the tab's title, the language, and the document kind. */
export function documentName(kickoff: Kickoff, kind: DocumentKind): string {
  const name = fileName(lastingName(kickoff));
  if (kind === 'report') return `${name}.report.md`;
  if (kind === 'status') return `${name}.status.output`;
  if (kind === 'sorted') return `${name}.sorted.json.output`;
  if (kind === 'inputs') return `${name}.inputs.json.output`;
  if (kind === 'output') return `${name}.${endings[kickoff.output ?? 'plain']}.output`;
  return `tasks/${taskFileName(kickoff, kind.task)}.output`;
}

/** Returns the suggested name of a file with the response, the output, or the output of a task. */
export function savedName(kickoff: Kickoff, kind: 'status' | 'output' | { readonly task: number }): string {
  const name = fileName(lastingName(kickoff));
  if (kind === 'status') return `${name}.status.json`;
  const saved = kind === 'output' ? `${name}.output.${endings[kickoff.output ?? 'plain']}` : taskFileName(kickoff, kind.task);
  return saved.replace(/\.code$/, '.txt');
}

function taskFileName({ tasks }: Kickoff, number: number): string {
  const task = tasks.find(({ position }) => position === number);
  return `${String(number).padStart(2, '0')}-${fileName(clean(task?.name ?? ''))}.${endings[task?.language ?? 'markdown']}`;
}

/** Names of devices, which Windows doesn't accept as file names, even with an ending. */
const device = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])$/i;

/** Drops characters reserved in file names or URIs. Replaces dots, so that a task named `Summary.report` isn't a report. */
export function fileName(text: string): string {
  const name = text
    .replace(/[.\\/:*?"<>|#%&{}$!'@+`=]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 80)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trim();
  return device.test(name) ? `${name}_` : name || 'kickoff';
}
