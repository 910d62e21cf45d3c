import { canonicalUrl, originOf, type DeploymentUrl } from './deployment';
import { deploymentsIn, isPlaceholder } from './envFile';

const bearer = /\bBearer(?<=(authorization.{0,20})?Bearer)\s+([\w.~+/=-]{6,4000})/gi;

const commands = 'curl|wget|httpx?|iwr|irm|invoke-(?:restmethod|webrequest)|fetch\\(|requests\\.\\w{1,9}\\(';
/** Where a command begins that sends one request. */
const beforeCommand = new RegExp(`(?<![\\w./-])(?=(?:${commands})(?:\\W|$))`, 'i');
const isCommand = new RegExp(`^(?:${commands})`, 'i');

/** Whatever names a host: an address, with its scheme or without, what a command begins with, or the header. */
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

/** A secret that a text holds. */
export interface FoundToken {
  readonly value: string;
  /** The origins that it may be for; none where the text names no host at all. */
  readonly origins: readonly string[];
}

/** Every token that a text holds, after `Bearer` or under a name in use. */
export function tokensIn(text: string): readonly FoundToken[] {
  const pairs = deploymentsIn(linesOf(text)).flatMap(({ url, token }) =>
    token === undefined ? [] : { value: token, origins: [originOf(url)] },
  );
  const paired = new Set(pairs.map(({ value }) => value));
  const all = originsIn(text);
  const found: FoundToken[] = [...pairs];
  for (const part of text.split(beforeCommand)) {
    const own = isCommand.test(part) ? originsIn(part) : [];
    for (const { 1: header, 2: value = '' } of part.matchAll(bearer)) {
      if (isPlaceholder(value) || (header === undefined && !/\d/.test(value)) || paired.has(value)) continue;
      found.push({ value, origins: own.length === 1 ? own : all });
    }
  }
  return found;
}

/** The one token that may be offered for a deployment: no other of the text may be meant, and it no other origin. */
export function tokenFor(url: DeploymentUrl, tokens: readonly FoundToken[]): string | undefined {
  const own = tokens.filter(({ origins }) => origins.length === 0 || (origins.length === 1 && origins[0] === originOf(url)));
  const values = new Set(own.map(({ value }) => value));
  return values.size === 1 ? own[0]?.value : undefined;
}

function originsIn(text: string): readonly string[] {
  const hosts = new Set([...text.matchAll(named)].map(([host]) => host));
  const urls = [...hosts].flatMap((host) => canonicalUrl(host) ?? []);
  return [...new Set(urls.map(originOf))];
}

/** An input box makes blanks of line ends: each assignment gets its own line again. */
export function linesOf(text: string): string {
  return text.replace(/[\s"'](?=(?:export |set |\$env:)?[A-Z][A-Z0-9_]{0,199}=)/g, '\n');
}
