/** What a document shows of a run. */
export type DocumentKind = 'report' | 'output' | 'sorted' | 'status' | { readonly task: number };

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
