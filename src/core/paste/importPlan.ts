import type { Deployment } from '#core/kickoff/deployment';
import { proposedLabel, uniqueLabels } from '#core/kickoff/deploymentUrl';
import { deploymentsIn, type NamedDeployment } from './envFile';

/** A deployment in an environment file, and the effect of importing it. */
export interface ImportItem {
  readonly found: NamedDeployment;
  /** The label of a known deployment, else a label that no other deployment has. */
  readonly label: string;
  readonly known?: Deployment;
  readonly effect: 'deployment' | 'token' | 'otherToken' | 'nothing';
}

/** Returns the effect of importing each deployment. `storedToken` returns the stored token of a known deployment. */
export async function importPlan(
  text: string,
  deployments: readonly Deployment[],
  storedToken: (deployment: Deployment) => Promise<string | undefined>,
): Promise<readonly ImportItem[]> {
  const unique = uniqueLabels(deployments);
  const all: ImportItem[] = [];
  for (const found of deploymentsIn(text)) {
    const known = deployments.find(({ url }) => url === found.url);
    const label = known?.label ?? unique(proposedLabel(found.url));
    all.push(
      known ? { found, label, known, effect: effectOf(found.token, await storedToken(known)) } : { found, label, effect: 'deployment' },
    );
  }
  return all;
}

function effectOf(token: string | undefined, stored: string | undefined): ImportItem['effect'] {
  if (token === undefined || token === stored) return 'nothing';
  return stored === undefined ? 'token' : 'otherToken';
}
