import type { Kickoff } from '#core/kickoff/kickoff';
import { clean } from '#present/cleanText';
import { nameOf } from '#present/names';
import { endings, type DocumentKind } from './documentKind';

/**
 * Returns the part of a document's path after the deployment key and the kickoff ID. This part determines the tab's title, the language,
 * and the document kind.
 */
export function documentName(kickoff: Kickoff, kind: DocumentKind): string {
  const name = fileName(nameOf(kickoff));
  if (kind === 'report') return `${name}.report.md`;
  if (kind === 'status') return `${name}.status.json`;
  if (kind === 'sorted') return `${name}.output.sorted.json`;
  if (kind === 'output') return `${name}.output.${endings[kickoff.output ?? 'plain']}`;
  const task = kickoff.tasks.find(({ position }) => position === kind.task);
  return `tasks/${String(kind.task).padStart(2, '0')}-${fileName(clean(task?.name ?? ''))}.${endings[task?.language ?? 'markdown']}`;
}

/** Returns a text of at most 80 characters, without characters that are reserved in file names or URIs. */
function fileName(text: string): string {
  return (
    text
      .replace(/[\\/:*?"<>|#%&{}$!'@+`=]+/g, ' ')
      .replace(/\s+/g, ' ')
      .replace(/^[. ]+|[. ]+$/g, '')
      .slice(0, 80)
      .replace(/[\uD800-\uDBFF]$/, '') || 'kickoff'
  );
}
