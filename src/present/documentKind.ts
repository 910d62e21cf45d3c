/** What a document shows of a run. */
export type DocumentKind = 'report' | 'output' | 'sorted' | 'status' | { readonly task: number };

/** What a path of ours names: a deployment by its key, a kickoff by its ID, and what is shown of it. Tabs of earlier versions lack the first segment. */
export function documentAt(path: string): readonly [key: number, id: string, kind: DocumentKind | undefined] {
  const [, key, id = '', rest = ''] = /^(?:\/crewai-kickoff)?\/(\d{1,15})\/([^/]+)\/(.+)$/.exec(path) ?? [];
  return [Number(key), id, documentKind(rest)];
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
