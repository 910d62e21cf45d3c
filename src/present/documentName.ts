import type { Kickoff, Language } from '../core/kickoff';
import { clean } from './clean';
import { nameOf } from './naming';

/** What a document shows of a run. */
export type DocumentKind = 'report' | 'output' | 'sorted' | 'status' | { readonly task: number };

const endings = { markdown: 'md', json: 'json', plain: 'txt' } as const satisfies Record<Language, string>;

/** The last part of a document's path: only for the tab's title and the language; what it shows is read from its form. */
export function documentName(kickoff: Kickoff, kind: DocumentKind): string {
  const name = fileName(nameOf(kickoff));
  if (kind === 'report') return `${name}.report.md`;
  if (kind === 'status') return `${name}.status.json`;
  if (kind === 'sorted') return `${name}.output.sorted.json`;
  if (kind === 'output') return `${name}.output.${endings[kickoff.output ?? 'plain']}`;
  const task = kickoff.tasks.find(({ position }) => position === kind.task);
  return `tasks/${String(kind.task).padStart(2, '0')}-${fileName(clean(task?.name ?? ''))}.${endings[task?.language ?? 'markdown']}`;
}

/** What the path below a run's two id segments shows; undefined when it is none of ours. */
export function documentKind(path: string): DocumentKind | undefined {
  const [, task] = /^tasks\/(\d{1,16})-[^/]*\.(?:md|json|txt)$/.exec(path) ?? [];
  if (task !== undefined) return { task: Number(task) };
  if (path.includes('/')) return undefined;
  if (path.endsWith('.report.md')) return 'report';
  if (path.endsWith('.status.json')) return 'status';
  if (path.endsWith('.output.sorted.json')) return 'sorted';
  return /\.output\.(?:md|json|txt)$/.test(path) ? 'output' : undefined;
}

/** A name that no file system and no address refuses. */
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
