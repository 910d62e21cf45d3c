const blankCharacters = ' \t\r\n';
const delimiterCharacters = `${blankCharacters}",:{}[]`;

/** Returns the raw text of a member of nested objects; undefined if there is none. If a name occurs several times, the last counts. */
export function valueAt(text: string, path: readonly string[]): string | undefined {
  let start = endOfBlanks(text, 0);
  let end = endOfValue(text, start);
  for (const name of path) {
    const members = text[start] === '{' ? [...membersOf(text, start)] : [];
    const member = members.findLast((one) => hasName(text.slice(one.nameStart, one.nameEnd), name));
    if (!member) return undefined;
    ({ start, end } = member);
  }
  return text.slice(start, end);
}

/** Indents a JSON text, down to the level `maxDepth`. Returns the text unchanged if indentation would make it many times longer. */
export function indentJson(text: string, maxDepth = Infinity): string {
  const maxCharacters = Math.min(100_000_000, 64_000 + 32 * text.length);
  let indented = '';
  let depth = 0;
  const lineBreak = (level: number, otherwise: string) => (level > maxDepth ? otherwise : `\n${'  '.repeat(depth)}`);

  let end: number;
  for (let at = endOfBlanks(text, 0); at < text.length && indented.length <= maxCharacters; at = endOfBlanks(text, end)) {
    end = endOfToken(text, at);
    const token = text.slice(at, end);
    if (token === '{' || token === '[') {
      const next = endOfBlanks(text, end);
      const isEmpty = text[next] === (token === '{' ? '}' : ']');
      if (isEmpty) end = next + 1;
      else depth++;
      indented += isEmpty ? token + text.charAt(next) : token + lineBreak(depth, '');
    } else if (token === '}' || token === ']') {
      depth = Math.max(0, depth - 1);
      indented += lineBreak(depth + 1, '') + token;
    } else if (token === ',') indented += `,${lineBreak(depth, ' ')}`;
    else indented += token === ':' ? ': ' : token;
  }
  return indented.length > maxCharacters ? text : indented;
}

/** The maximum factor by which indentation may lengthen a report's JSON. */
const maxGrowthFactor = 8;

/** Whether a text has only one line. Blank lines around it don't count. */
export function isOneLine(text: string): boolean {
  return !text.trim().includes('\n');
}

/** Indents one line of JSON for a report. Returns a text with several lines or very deep nesting unchanged. */
export function jsonForReport(text: string): string {
  if (!isOneLine(text)) return text;
  const indented = indentJson(text);
  return indented.length > maxGrowthFactor * text.length ? text : indented;
}

/** Indents a JSON object or array on one line like `indentForEditor`. Returns any other text unchanged. */
export function jsonForEditor(text: string): string {
  return /^\s*[{[]/.test(text) && isOneLine(text) ? indentForEditor(text) : text;
}

/** Indents the first level of JSON, and more levels as long as they fit in about 100,000 lines. Editors take seconds to open more lines. */
export function indentForEditor(text: string): string {
  return indentJson(text, editorDepth(text, 100_000));
}

/** Returns the number of levels to indent: at least one, and as many as fit in about `maxLines` lines. `Infinity` if all levels fit. */
export function editorDepth(text: string, maxLines: number): number {
  const memberCounts: (number | undefined)[] = [];
  let depth = 0;
  for (let at = 0; at < text.length; at = endOfBlanks(text, endOfToken(text, at))) {
    const character = text[at];
    if (character === '{' || character === '[') depth++;
    if (character === ',' || character === '{' || character === '[') memberCounts[depth] = (memberCounts[depth] ?? 0) + 1;
    else if (character === '}' || character === ']') depth--;
  }
  let lineCount = 0;
  const tooDeepIndex = memberCounts.findIndex((count = 0) => (lineCount += count) > maxLines);
  return tooDeepIndex < 0 ? Infinity : Math.max(1, tooDeepIndex - 1);
}

/** Whether a text begins and ends like a JSON object or array. */
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

/** Parses JSON; returns undefined if the text isn't JSON. Python's `NaN`, `Infinity`, and `-Infinity` become null. */
export function parseJson(text: string): unknown {
  const value = parseStrictly(text);
  return value === undefined && /NaN|Infinity/.test(text) ? parseStrictly(withNullForNonFinite(text)) : value;
}

function parseStrictly(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Replaces non-finite numbers with `null`. Skips strings by hand, because a regular expression for long strings overflows the stack. */
function withNullForNonFinite(text: string): string {
  const stringOrNonFinitePattern = /"|NaN|-?Infinity/g;
  const parts: string[] = [];
  let copiedEnd = 0;
  for (let match = stringOrNonFinitePattern.exec(text); match; match = stringOrNonFinitePattern.exec(text)) {
    if (match[0] === '"') stringOrNonFinitePattern.lastIndex = endOfString(text, match.index);
    else {
      parts.push(text.slice(copiedEnd, match.index));
      copiedEnd = stringOrNonFinitePattern.lastIndex;
    }
  }
  parts.push(text.slice(copiedEnd));
  return parts.join('null');
}

const containerStartPattern = /^\s*(?:\{\s*["}]|\[\s*(?:["[{\]]|(?:-?(?:\d[\d.]*(?:e[-+]?\d+)?|Infinity)|true|false|null|NaN)[\s,]))/i;

/** Whether a text begins like a JSON object or array, and doesn't contain a second one on another line, as JSON Lines do. */
export function isJsonStart(text: string): boolean {
  return containerStartPattern.test(text) && !/[\]}][ \t]*[\r\n]+[ \t]*[[{]/.test(text);
}

/** Yields the offsets of an object's members or an array's items. An item has an empty name. `start` and `end` delimit the value. */
export function* membersOf(text: string, containerStart: number) {
  const isObject = text[containerStart] === '{';
  let nameStart = endOfBlanks(text, containerStart + 1);
  while (isObject ? text[nameStart] === '"' : nameStart < text.length && text[nameStart] !== ']') {
    const nameEnd = isObject ? endOfString(text, nameStart) : nameStart;
    const start = isObject ? endOfBlanks(text, endOfBlanks(text, nameEnd) + 1) : nameStart;
    const end = endOfValue(text, start);
    yield { nameStart, nameEnd, start, end };
    const comma = endOfBlanks(text, end);
    if (text[comma] !== ',') return;
    nameStart = endOfBlanks(text, comma + 1);
  }
}

function hasName(token: string, name: string): boolean {
  return token.includes('\\') ? parseStrictly(token) === name : token.slice(1, -1) === name;
}

/** Returns the end of a value. Counts brackets instead of recursing, because a text can be nested deeper than the stack. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  let end: number;
  for (let at = start; at < text.length; at = endOfBlanks(text, end)) {
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
  if (delimiterCharacters.includes(text.charAt(start))) return end;
  while (end < text.length && !delimiterCharacters.includes(text.charAt(end))) end++;
  return end;
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashCount = 0;
    while (text[end - 1 - backslashCount] === '\\') backslashCount++;
    if (backslashCount % 2 === 0) return end + 1;
  }
  return text.length;
}

function endOfBlanks(text: string, start: number): number {
  let at = start;
  while (at < text.length && blankCharacters.includes(text.charAt(at))) at++;
  return at;
}
