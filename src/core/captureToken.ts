import { deploymentsIn, isPlaceholder } from './envFile';

const bearer = /\bBearer(?<=(authorization.{0,20})?Bearer)\s+([\w.~+/=-]{6,4000})/gi;

/** The one token that a text holds, after `Bearer` or under a name in use; undefined when there are several. */
export function tokenIn(text: string): string | undefined {
  const tokens = new Set(deploymentsIn(linesOf(text)).flatMap(({ token }) => token ?? []));
  for (const { 1: header, 2: token = '' } of text.matchAll(bearer)) {
    if (!isPlaceholder(token) && (header !== undefined || /\d/.test(token))) tokens.add(token);
  }
  return tokens.size === 1 ? [...tokens][0] : undefined;
}

/** An input box makes blanks of line ends: each assignment gets its own line again. */
export function linesOf(text: string): string {
  return text.replace(/[\s"'](?=(?:export |set |\$env:)?[A-Z][A-Z0-9_]{0,199}=)/g, '\n');
}
