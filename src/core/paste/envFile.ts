import type { Deployment, DeploymentUrl } from '#core/kickoff/deployment';
import { canonicalUrl, isDashboard, proposedLabel, uniqueLabelMaker } from '#core/kickoff/deploymentUrl';

/** A deployment in an environment file. */
export interface EnvDeployment {
  readonly url: DeploymentUrl;
  readonly token?: string;
}

/** Names of token variables by name of the URL variable, without a prefix or suffix as in `RESEARCH_CREW_URL` or `CREW_URL_RESEARCH`. */
const tokenNameByUrlName: Readonly<Record<string, string>> = {
  CREWAI_DEPLOYMENT_URL: 'CREWAI_DEPLOYMENT_TOKEN',
  MCP_CREWAI_ENTERPRISE_SERVER_URL: 'MCP_CREWAI_ENTERPRISE_BEARER_TOKEN',
  CREWAI_API_URL: 'CREWAI_BEARER_TOKEN',
  CREWAI_URL: 'CREWAI_TOKEN',
  CREW_BASE_URL: 'CREW_BEARER_TOKEN',
  CREW_URL: 'CREW_TOKEN',
  CRW_API_URL: 'CRW_API_TOKEN',
};

const assignmentPattern =
  /^(?:export +|set +|\$env:)?([A-Z][A-Z0-9_]{0,199})\s*[=:]\s*(?:"([^"]*)"|'([^']*)'|`([^`]*)`|([^\s#"'`][^\s"'`]*))/;

const urlVariablePattern = new RegExp(`^((?:[A-Z0-9]+_)*?)(${Object.keys(tokenNameByUrlName).join('|')})((?:_[A-Z0-9]+)*)$`);

const placeholderUrlPattern = /^(?:https?:\/\/)?(?:your[-_.]|[^/]*[<>{}$])/i;

/** Returns each deployment of a `.env` file once. Skips placeholders and dashboards. If a variable is set twice, its last value counts. */
export function deploymentsIn(text: string): readonly EnvDeployment[] {
  const values = assignments(text);
  const entries = new Map<DeploymentUrl, EnvDeployment>();
  for (const [name, value] of values) {
    const [, prefix = '', variable = '', suffix = ''] = urlVariablePattern.exec(name) ?? [];
    const tokenVariable = tokenNameByUrlName[variable];
    const url = placeholderUrlPattern.test(value) ? undefined : canonicalUrl(value);
    if (tokenVariable === undefined || !url || isDashboard(url) || entries.get(url)?.token !== undefined) continue;
    const token = values.get(prefix + tokenVariable + suffix)?.replace(/^Bearer\s+/i, '');
    const isToken = token !== undefined && !isPlaceholderToken(token);
    entries.set(url, { url, ...(isToken && { token }) });
  }
  return [...entries.values()];
}

/** Whether a text in the place of a token is a placeholder, or can't be a token. */
export function isPlaceholderToken(token: string): boolean {
  return (
    !/^[\w.~+/=-]{6,}$/.test(token) ||
    /^(?:your|my|the)[_-]|^(?:token|secret|bearer|changeme|replace)|(?:api|bearer|access)[_-]?token$|x{4}|\.{3}/i.test(token)
  );
}

function assignments(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split(/[\r\n]/)) {
    const [, name, double, single, backquoted, bare] = assignmentPattern.exec(line.slice(0, 4_000).trim()) ?? [];
    if (name !== undefined) values.set(name, (double ?? single ?? backquoted ?? bare ?? '').trim());
  }
  return values;
}

/** The maximum size of an environment file, in bytes. */
export const maxEnvFileBytes = 1_000_000;

/** Returns the text of a file in UTF-8, or in UTF-16 from Windows PowerShell. Undefined for a binary file. */
export function envText(bytes: Uint8Array): string | undefined {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
  return text.includes('\0') ? undefined : text;
}

/** A deployment in an environment file, and the effect of importing it. */
export interface ImportItem extends EnvDeployment {
  /** The label of a known deployment, else a label that no other deployment has. */
  readonly label: string;
  readonly effect: 'deployment' | 'token' | 'otherToken' | 'nothing';
}

/** Returns the effect of importing each deployment. `storedToken` returns the stored token of a known deployment. */
export async function importPlan(
  text: string,
  deployments: readonly Deployment[],
  storedToken: (deployment: Deployment) => Promise<string | undefined>,
): Promise<readonly ImportItem[]> {
  const uniqueLabel = uniqueLabelMaker(deployments);
  const items: ImportItem[] = [];
  for (const entry of deploymentsIn(text)) {
    const knownDeployment = deployments.find(({ url }) => url === entry.url);
    const effect = knownDeployment ? effectOf(entry.token, await storedToken(knownDeployment)) : 'deployment';
    items.push({ ...entry, label: knownDeployment?.label ?? uniqueLabel(proposedLabel(entry.url)), effect });
  }
  return items;
}

function effectOf(token: string | undefined, storedToken: string | undefined): ImportItem['effect'] {
  if (token === undefined || token === storedToken) return 'nothing';
  return storedToken === undefined ? 'token' : 'otherToken';
}
