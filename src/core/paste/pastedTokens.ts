import type { DeploymentUrl } from '#core/kickoff/deployment';
import { originOf, parseUrl } from '#core/kickoff/deploymentUrl';
import { deploymentsIn, isPlaceholderToken } from './envFile';

const bearerTokenPattern = /\bBearer(?<=(authorization.{0,20})?Bearer)\s+([\w.~+/=-]{6,4000})/gi;

export const secretWordSource = 'authorization|bearer|basic|token|secret|key|passw(?:or)?d|jwt';
/** Matches the name of a secret at the end of a text. The secret follows that text. */
export const secretNamePattern = new RegExp(`(?:${secretWordSource})[^\\p{L}\\p{N}]{0,12}$|\\bcookie\\b.{0,40}$`, 'iu');
/** Matches a name and its value, which may be a secret: `token: x`, `Bearer x`, `Cookie: a=b; c=d`, `//user:password@`. */
const secretValuePattern = new RegExp(
  [
    `((?:${secretWordSource})["'\`]?\\s{0,3}[:=]\\s{0,3})(?:"[^"\\r\\n]{1,400}"|'[^'\\r\\n]{1,400}'|(?:(?:bearer|basic)\\s{1,3})?[^\\s"'\`,;]{4,4000})`,
    '(\\b(?:bearer|basic)\\s{1,3})[^\\s"\'`,;]{4,4000}',
    '(\\bcookie["\']?\\s{0,3}[:=])[^\\r\\n"\']{1,400}',
    '(://)[^\\s/@"\']{1,200}(?=@)',
  ].join('|'),
  'gi',
);

const commandSource = /(?:curl|wget|https?|httpx|xh|iwr|irm|invoke-(?:restmethod|webrequest))(?:\.exe)?(?=\s|$)|fetch\(|requests\.\w{1,9}\(/
  .source;
const commandStartPattern = new RegExp(`(?<![\\w./-])(?:${commandSource})`, 'gi');

/** Returns the offsets of commands and calls that send a request, such as `curl` and `requests.get(`. */
export function commandStarts(text: string): readonly number[] {
  return Array.from(text.matchAll(commandStartPattern), ({ index }) => index);
}

const hostSource = String.raw`(?:\[[\da-f:.]{2,45}\]|[\p{L}\p{N}._-]{1,253})`;
const portSource = String.raw`(?::\d{1,5})?`;
/** Matches a name in code or of a file, as in `response.text` or `main.py`. */
const codeNameSource = String.raw`[\p{L}\p{N}_-]+\.(?:args|argv|body|client|content|data|env|environ|headers|js|json|log|md|message|method|port|py|response|result|status|stdout|text|timeout|ts|txt|url|ya?ml)(?![\p{L}\p{N}_.-])`;
const hostPattern = new RegExp(
  [
    // Hosts of URLs, without and with user information.
    String.raw`[a-z][a-z\d+.-]{0,19}://${hostSource}(?![^\s/?#"']{0,200}@)${portSource}`,
    String.raw`(?<=://[^\s/?#"'@]{1,200}@)${hostSource}${portSource}`,
    // The value of `Host`, `hostname`, or `:authority`, even without a dot.
    String.raw`(?<=(?<![\p{L}\p{N}_-])(?:host|hostname|authority)["'\x60]?\s{0,3}[:=]\s{0,3}["'\x60]?)${hostSource}${portSource}`,
    // An IPv4 address, except after `Trying ` or `(`, as in curl's output, and in the value of `--resolve`.
    String.raw`(?<![\p{L}\p{N}_.(-]|(?<!/)/|trying |:\d{1,5}:)(?:\d{1,3}\.){3}\d{1,3}(?![\p{L}\p{N}_-]|\.\d)${portSource}`,
    String.raw`(?<![\p{L}\p{N}_./-])localhost(?::\d{1,5}|(?=/))`,
    // Any other name with a dot that can be a host, but not a path, a number, a version, or a call such as `requests.get(`.
    String.raw`(?<![\p{L}\p{N}_.$-]|(?<!/)/)(?!${codeNameSource})(?:[\p{L}\p{N}_-]{1,63}\.){1,9}(?:\p{L}{2,24}|xn--[a-z\d-]{1,59})(?![\p{L}\p{N}_-]|\.[\p{L}\p{N}]|[([])${portSource}`,
  ].join('|'),
  'giu',
);

/** Returns a pattern for options of curl whose values aren't hosts, for example data or files. Values that contain a URL don't match. */
const optionPattern = (names: string): RegExp =>
  new RegExp(`\\s(?:${names})[\\s=]{1,3}(?:'(?:(?!://)[^'])*'|"(?:(?!://)[^"\\\\]|\\\\.)*"|(?:(?!://)[^\\s'"])+)`, 'gi');
const dataOptionPattern = optionPattern('-[do]|--(?:data(?:-[a-z]+)?|json|output|cacert|cert|key)');
const headerOptionPattern = optionPattern('-[Aebh]|--(?:header|user-agent|referer|cookie)');
/** Matches an argument with a host and a port or path. The host may have no dot, or an ending as in code. */
const hostArgumentPattern = /^["']?((?:\[[\da-f:.]{2,45}\]|[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,252})(?::\d{1,5}(?=[/"']|$)|(?=\/[^/])))/iu;
/** Matches a media type or an HTTP version, which looks like a host with a path. */
const lookalikePattern = /^["']?(?:application|audio|http|image|multipart|text|video)\//i;
const maxArguments = 200;

/** The maximum number of hosts that a search returns. A token with hosts of different origins isn't offered for a deployment anyway. */
const maxHosts = 10;

export interface PastedToken {
  readonly value: string;
  /** The hosts that the token may be for, with or without scheme and port. Empty if the text contains no host. */
  readonly hosts: readonly string[];
}

/** Finds each token after `Bearer`, or in an environment variable beside its deployment's URL. Skips placeholders. */
export function tokensIn(text: string): readonly PastedToken[] {
  const envTokens = deploymentsIn(withLineBreaks(text)).flatMap(({ url, token }) =>
    token === undefined ? [] : { value: token, hosts: [originOf(url)] },
  );
  const envTokenValues = new Set(envTokens.map(({ value }) => value));
  // Most texts contain no token, and finding the hosts takes longer than finding the tokens.
  if (text.search(bearerTokenPattern) < 0) return envTokens;
  const starts = [0, ...commandStarts(text)];
  const allHosts = hostsIn(text);
  // The text before the commands may set a variable to a host, and the commands may use the variable.
  const sharedHosts = hostsIn(text.slice(0, starts[1]));
  const bearerTokens = starts.flatMap((start, index) => {
    const part = text.slice(start, starts[index + 1]);
    const values = bearerTokensIn(part).filter((value) => !envTokenValues.has(value));
    const commandHosts = values.length > 0 && index > 0 ? hostsOfCommand(part) : [];
    const hosts = commandHosts.length > 0 ? [...sharedHosts, ...commandHosts] : allHosts;
    return values.map((value) => ({ value, hosts }));
  });
  return [...envTokens, ...bearerTokens];
}

function bearerTokensIn(part: string): readonly string[] {
  return [...part.matchAll(bearerTokenPattern)].flatMap(({ 1: header, 2: value = '' }) =>
    isPlaceholderToken(value) || (header === undefined && !/\d/.test(value)) ? [] : value,
  );
}

/** Returns the token to offer for a deployment: the only token whose hosts all have the deployment's origin. */
export function tokenFor(url: DeploymentUrl, tokens: readonly PastedToken[]): string | undefined {
  const origin = originOf(url);
  const scheme = origin.slice(0, origin.indexOf('/'));
  const hasOrigin = (host: string): boolean => parseUrl(host.includes('://') ? host : `${scheme}//${host}`)?.origin === origin;
  const ownTokens = tokens.filter((token) => token.hosts.length > 0 && token.hosts.every(hasOrigin));
  const values = new Set(ownTokens.map(({ value }) => value));
  return values.size === 1 ? ownTokens[0]?.value : undefined;
}

/** Finds the hosts in a text. Ignores tokens, because a JWT contains dots. */
function hostsIn(text: string): readonly string[] {
  const found = new Set(Array.from(text.replace(bearerTokenPattern, ' ').matchAll(hostPattern), ([host]) => host));
  return [...found].slice(0, maxHosts);
}

/** Finds the hosts in a command. Recognizes some by their place: the first argument, and arguments with a port or a path. */
function hostsOfCommand(command: string): readonly string[] {
  const withoutData = command.replace(bearerTokenPattern, ' ').replace(dataOptionPattern, ' ');
  const [, first = '', ...rest] = withoutData.replace(headerOptionPattern, ' ').split(/\s+/, maxArguments);
  const isFirstHost = /^["']?[\p{L}\p{N}_]/u.test(first) && !/^[A-Z]+$|[:/(=]/.test(first);
  const hostArgs = [first, ...rest].flatMap((word) => (lookalikePattern.test(word) ? [] : (hostArgumentPattern.exec(word)?.[1] ?? [])));
  return [...hostsIn(withoutData), ...(isFirstHost ? [first.replaceAll(/["']/g, '')] : []), ...hostArgs];
}

/** The maximum number of tokens to mask, because each search reads the whole text. */
const maxMaskedTokens = 100;

/** Replaces each character of tokens and named secrets with a dot, so that positions in the text stay the same. */
export function maskSecrets(text: string, tokens: readonly PastedToken[]): string {
  let masked = text;
  for (const value of [...new Set(tokens.map((token) => token.value))].slice(0, maxMaskedTokens))
    masked = masked.replaceAll(value, '•'.repeat(value.length));
  return masked.replace(secretValuePattern, (found: string, ...names: readonly (string | undefined)[]) => {
    const name = names.find((one) => one !== undefined) ?? '';
    return name + '•'.repeat(found.length - name.length);
  });
}

/** Restores the line breaks before assignments, because an input box replaces line breaks with spaces. */
export function withLineBreaks(text: string): string {
  return text.replace(/[\s"'](?=(?:export |set |\$env:)?[A-Z][A-Z0-9_]{0,199}=)/g, '\n');
}
