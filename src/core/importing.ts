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
  const all: Importable[] = [];
  for (const found of deploymentsIn(text)) {
    const known = deployments.find(({ url }) => url === found.url);
    const label = known?.label ?? freeLabel(proposedLabel(found.url), labels);
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

function freeLabel(proposed: string, taken: ReadonlySet<string>): string {
  let label = proposed;
  for (let count = 2; taken.has(label); count++) label = `${proposed} ${count}`;
  return label;
}
