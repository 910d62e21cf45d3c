import { proposedLabel, type Deployment } from './deployment';
import { deploymentsIn, type NamedDeployment } from './envFile';

/** What an environment file brings of one deployment, beside what is known. */
export interface Importable {
  readonly found: NamedDeployment;
  /** One that no other deployment bears; that of a known one stays. */
  readonly label: string;
  readonly known?: Deployment;
  readonly brings: 'deployment' | 'token' | 'otherToken' | 'nothing';
}

/** The deployments of an environment file, each with what it would change; `keptToken` gives the token of a known one. */
export async function importables(
  text: string,
  deployments: readonly Deployment[],
  keptToken: (deployment: Deployment) => Promise<string | undefined>,
): Promise<readonly Importable[]> {
  const labels = new Set(deployments.map(({ label }) => label));
  const lastOf = new Map<string, number>();
  const all: Importable[] = [];
  for (const found of deploymentsIn(text)) {
    const known = deployments.find(({ url }) => url === found.url);
    const label = known?.label ?? freeLabel(proposedLabel(found.url), labels, lastOf);
    labels.add(label);
    all.push(
      known ? { found, label, known, brings: broughtBy(found.token, await keptToken(known)) } : { found, label, brings: 'deployment' },
    );
  }
  return all;
}

function broughtBy(token: string | undefined, kept: string | undefined): Importable['brings'] {
  if (token === undefined || token === kept) return 'nothing';
  return kept === undefined ? 'token' : 'otherToken';
}

/** The number after it goes on from the last one: a file may name thousands alike. */
function freeLabel(proposed: string, taken: ReadonlySet<string>, lastOf: Map<string, number>): string {
  let label = proposed;
  let count = lastOf.get(proposed) ?? 1;
  while (taken.has(label)) label = `${proposed} ${++count}`;
  lastOf.set(proposed, count);
  return label;
}
