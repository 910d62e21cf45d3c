import type { DeploymentUrl } from '#core/kickoff/deployment';
import { canonicalUrl, originOf } from '#core/kickoff/deploymentUrl';
import { deploymentsIn, isPlaceholder } from './envFile';

const bearer = /\bBearer(?<=(authorization.{0,20})?Bearer)\s+([\w.~+/=-]{6,4000})/gi;

const secretWords = 'authorization|bearer|basic|token|secret|key|passw(?:or)?d|jwt';
/** Matches the name of a secret at the end of a text. The secret follows that text. */
export const secretName = new RegExp(`(?:${secretWords})[^\\p{L}\\p{N}]{0,12}$|\\bcookie\\b.{0,40}$`, 'iu');
/** A name and its value, which may be a secret: `token: x`, `Bearer x`, `Cookie: a=b; c=d`, `//user:password@`. */
const secretValue = new RegExp(
  [
    `((?:${secretWords})["'\`]?\\s{0,3}[:=]\\s{0,3})(?:"[^"\\r\\n]{1,400}"|'[^'\\r\\n]{1,400}'|(?:(?:bearer|basic)\\s{1,3})?[^\\s"'\`,;]{4,4000})`,
    '(\\b(?:bearer|basic)\\s{1,3})[^\\s"\'`,;]{4,4000}',
    '(\\bcookie["\']?\\s{0,3}[:=])[^\\r\\n"\']{1,400}',
    '(://)[^\\s/@"\']{1,200}(?=@)',
  ].join('|'),
  'gi',
);

const commands = 'curl|wget|httpx?|iwr|irm|invoke-(?:restmethod|webrequest)|fetch\\(|requests\\.\\w{1,9}\\(';
/** The start of a command that sends one request. */
const beforeCommand = new RegExp(`(?<![\\w./-])(?=(?:${commands})(?:\\W|$))`, 'i');
const isCommand = new RegExp(`^(?:${commands})`, 'i');

/** A URL with or without its scheme, the first argument of a command, or the Host header. */
const named = new RegExp(
  [
    /https?:\/\/(?:\[[\da-f:.]{2,45}\]|[\p{L}\p{N}.-]{1,253})(?::\d{1,5})?/u,
    /(?<![\w/.:-])(?:[\w-]{1,63}(?:\.[\w-]{1,63}){1,9}|localhost)(?::\d{1,5})?(?=\/)/u,
    /(?<=\b(?:curl|wget|httpx?|https?)\s{1,3}["']?)(?!https?:)[a-z\d][\w-]{0,62}(?:\.[\w-]{1,63}){1,9}(?::\d{1,5})?/u,
    /(?<=\bhost:\s{0,3})[\w.-]{1,253}(?::\d{1,5})?/u,
  ]
    .map(({ source }) => source)
    .join('|'),
  'giu',
);

/** A bearer token in a pasted text. */
export interface PastedToken {
  readonly value: string;
  /** The origins that the token may be for. Empty if the text names no host. */
  readonly origins: readonly string[];
}

/** Finds each token after `Bearer` or in a known environment variable. */
export function tokensIn(text: string): readonly PastedToken[] {
  const pairs = deploymentsIn(linesOf(text)).flatMap(({ url, token }) =>
    token === undefined ? [] : { value: token, origins: [originOf(url)] },
  );
  const paired = new Set(pairs.map(({ value }) => value));
  const all = originsIn(text);
  const found: PastedToken[] = [...pairs];
  for (const part of text.split(beforeCommand)) {
    const own = isCommand.test(part) ? originsIn(part) : [];
    for (const { 1: header, 2: value = '' } of part.matchAll(bearer)) {
      if (isPlaceholder(value) || (header === undefined && !/\d/.test(value)) || paired.has(value)) continue;
      found.push({ value, origins: own.length === 1 ? own : all });
    }
  }
  return found;
}

/**
 * Returns the token to offer for a deployment. Undefined if no token fits the deployment, or if several fit. A token fits if the text
 * assigns it only to this deployment's origin, or names no host.
 */
export function tokenFor(url: DeploymentUrl, tokens: readonly PastedToken[]): string | undefined {
  const own = tokens.filter(({ origins }) => origins.length === 0 || (origins.length === 1 && origins[0] === originOf(url)));
  const values = new Set(own.map(({ value }) => value));
  return values.size === 1 ? own[0]?.value : undefined;
}

/** The number of tokens to search a text for. Each search reads the whole text. */
const mostTokens = 100;

/** Replaces each token and each named secret with the same number of dots. Positions in the text stay the same. */
export function maskSecrets(text: string, tokens: readonly PastedToken[]): string {
  let masked = text;
  for (const value of [...new Set(tokens.map((token) => token.value))].slice(0, mostTokens))
    masked = masked.replaceAll(value, '•'.repeat(value.length));
  return masked.replace(secretValue, (found: string, ...names: readonly (string | undefined)[]) => {
    const name = names.slice(0, 4).find((one) => one !== undefined) ?? '';
    return name + '•'.repeat(found.length - name.length);
  });
}

function originsIn(text: string): readonly string[] {
  const hosts = new Set([...text.matchAll(named)].map(([host]) => host));
  const urls = [...hosts].flatMap((host) => canonicalUrl(host) ?? []);
  return [...new Set(urls.map(originOf))];
}

/** Restores the line breaks before assignments, because an input box replaces them with spaces. */
export function linesOf(text: string): string {
  return text.replace(/[\s"'](?=(?:export |set |\$env:)?[A-Z][A-Z0-9_]{0,199}=)/g, '\n');
}
