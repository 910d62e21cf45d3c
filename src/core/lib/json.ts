const blanks = ' \t\r\n';
const delimiters = `${blanks}",:{}[]`;

/** Returns the raw text of a member of nested objects; undefined if there is none. If a name occurs several times, the last counts. */
export function valueAt(text: string, path: readonly string[]): string | undefined {
  let start = skipBlanks(text, 0);
  let end = skipValue(text, start);
  for (const name of path) {
    const members = text[start] === '{' ? [...membersOf(text, start)] : [];
    const found = members.findLast((one) => isNamed(text.slice(one.at, one.name), name));
    if (!found) return undefined;
    ({ start, end } = found);
  }
  return text.slice(start, end);
}

/** Indents a JSON text, down to the level `deepest`. Returns the text unchanged if its nesting would make it many times larger. */
export function indentJson(text: string, deepest = Infinity): string {
  const mostCharacters = Math.min(100_000_000, 64_000 + 32 * text.length);
  let indented = '';
  let depth = 0;
  const newLine = (level: number, otherwise: string) => (level > deepest ? otherwise : `\n${'  '.repeat(depth)}`);

  let end: number;
  for (let at = skipBlanks(text, 0); at < text.length && indented.length <= mostCharacters; at = skipBlanks(text, end)) {
    end = endOfToken(text, at);
    const token = text.slice(at, end);
    if (token === '{' || token === '[') {
      const next = skipBlanks(text, end);
      const isEmpty = text[next] === (token === '{' ? '}' : ']');
      if (isEmpty) end = next + 1;
      else depth++;
      indented += isEmpty ? token + text.charAt(next) : token + newLine(depth, '');
    } else if (token === '}' || token === ']') {
      depth = Math.max(0, depth - 1);
      indented += newLine(depth + 1, '') + token;
    } else if (token === ',') indented += `,${newLine(depth, ' ')}`;
    else indented += token === ':' ? ': ' : token;
  }
  return indented.length > mostCharacters ? text : indented;
}

/** The number of times that a report's JSON may become longer when it's indented. */
const mostGrowth = 8;

/** Indents a JSON text on a single line for a report. Returns a text with several lines or very deep nesting unchanged. */
export function formatJson(text: string): string {
  if (text.trim().includes('\n')) return text;
  const indented = indentJson(text);
  return indented.length > mostGrowth * text.length ? text : indented;
}

/** Indents one line of JSON to about 100,000 lines. Numbers and strings stay as written. */
export function jsonForEditor(text: string): string {
  return /^\s*[{[]/.test(text) && !text.trim().includes('\n') ? indentJson(text, deepestInEditor(text)) : text;
}

/** The maximum number of lines of an indented text. Editors take seconds to open more lines. */
const mostLines = 100_000;

/** Returns the number of levels to indent so that the text has at most about `most` lines; `Infinity` for all. */
export function deepestInEditor(text: string, most = mostLines): number {
  const members: (number | undefined)[] = [];
  let depth = 0;
  for (let at = 0; at < text.length; at = skipBlanks(text, endOfToken(text, at))) {
    const character = text[at];
    if (character === '{' || character === '[') depth++;
    if (character === ',' || character === '{' || character === '[') members[depth] = (members[depth] ?? 0) + 1;
    else if (character === '}' || character === ']') depth--;
  }
  let lines = 0;
  const tooDeep = members.findIndex((count = 0) => (lines += count) > most);
  return tooDeep < 0 ? Infinity : Math.max(1, tooDeep - 1);
}

/** Whether a text looks like a JSON object or array by its two ends. */
export function looksLikeJson(text: string): boolean {
  return /^\s*[[{]/.test(text) && /[\]}]$/.test(text.slice(-1_000).trimEnd());
}

export function isJsonContainer(text: string): boolean {
  return looksLikeJson(text) && parseJson(text) !== undefined;
}

export function isJsonString(text: string): boolean {
  const trimmed = text.trim();
  return trimmed.startsWith('"') && endOfString(trimmed, 0) === trimmed.length && !/[\r\n]/.test(trimmed);
}

/** Returns undefined when a text isn't JSON. Python's `NaN`, `Infinity`, and `-Infinity` become null. */
export function parseJson(text: string): unknown {
  const value = strictlyParsed(text);
  return value === undefined && /NaN|Infinity/.test(text) ? strictlyParsed(withNullForNonFinite(text)) : value;
}

function strictlyParsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Skips strings by hand, because one regular expression for a long string overflows the stack. */
function withNullForNonFinite(text: string): string {
  const stringOrNonFinite = /"|NaN|-?Infinity/g;
  const parts: string[] = [];
  let copied = 0;
  for (let found = stringOrNonFinite.exec(text); found; found = stringOrNonFinite.exec(text)) {
    if (found[0] === '"') stringOrNonFinite.lastIndex = endOfString(text, found.index);
    else {
      parts.push(text.slice(copied, found.index));
      copied = stringOrNonFinite.lastIndex;
    }
  }
  parts.push(text.slice(copied));
  return parts.join('null');
}

/** Whether the start of a text that is too large to parse looks like a single JSON object or array. */
export function isJsonStart(text: string, most: number): boolean {
  let depth = 0;
  let end: number;
  for (let at = skipBlanks(text, 0); at < Math.min(most, text.length); at = skipBlanks(text, end)) {
    const character = text[at] ?? '';
    end = endOfToken(text, at);
    if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') {
      if (--depth === 0) return skipBlanks(text, end) === text.length;
    } else if (
      !/[",:]/.test(character) &&
      !/^(?:true|false|null|NaN|-?Infinity|-?\d[\d.eE+-]*)$/.test(text.slice(at, Math.min(end, at + 400)))
    )
      return false;
  }
  return depth > 0;
}

/** A member of an object. `start` and `end` delimit its value, `at` and `name` its name. */
interface JsonMember {
  readonly at: number;
  readonly name: number;
  readonly start: number;
  readonly end: number;
}

/** Yields the members of an object or the items of an array, in their order. Items have no name. */
export function* membersOf(text: string, container: number): Generator<JsonMember> {
  const isObject = text[container] === '{';
  let at = skipBlanks(text, container + 1);
  while (isObject ? text[at] === '"' : at < text.length && text[at] !== ']') {
    const name = isObject ? endOfString(text, at) : at;
    const start = isObject ? skipBlanks(text, skipBlanks(text, name) + 1) : at;
    const end = skipValue(text, start);
    yield { at, name, start, end };
    const comma = skipBlanks(text, end);
    if (text[comma] !== ',') return;
    at = skipBlanks(text, comma + 1);
  }
}

function isNamed(token: string, name: string): boolean {
  return token.includes('\\') ? strictlyParsed(token) === name : token.slice(1, -1) === name;
}

/** Returns the end of a value. Counts brackets instead of recursing, because a text can be nested deeper than the stack. */
function skipValue(text: string, start: number): number {
  let depth = 0;
  let end: number;
  for (let at = start; at < text.length; at = skipBlanks(text, end)) {
    const character = text[at];
    end = endOfToken(text, at);
    if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    if (depth <= 0) return end;
  }
  return text.length;
}

function endOfToken(text: string, start: number): number {
  if (text[start] === '"') return endOfString(text, start);
  let end = start + 1;
  if (delimiters.includes(text.charAt(start))) return end;
  while (end < text.length && !delimiters.includes(text.charAt(end))) end++;
  return end;
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text[end - 1 - escapes] === '\\') escapes++;
    if (escapes % 2 === 0) return end + 1;
  }
  return text.length;
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (at < text.length && blanks.includes(text.charAt(at))) at++;
  return at;
}
