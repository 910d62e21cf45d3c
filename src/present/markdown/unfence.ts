/** A text in a code fence, with at most a few sentences before and after the fence. */
export interface Unfenced {
  readonly before: string;
  readonly inside: string;
  /** The language of the fence, or an empty text. */
  readonly language: string;
  readonly behind: string;
}

const longestSentence = 400;

/**
 * Removes the code fence around a text. An unclosed fence counts only if its language is Markdown. Returns `undefined` if there is no such
 * fence.
 */
export function unfenced(text: string): Unfenced | undefined {
  const lines = text.split(/\r\n|\r|\n/);
  const open = lines.findIndex((line) => /^ {0,3}(?:`{3,}[^`]*|~{3,}.*)$/.test(line));
  const [, mark = '', language = ''] = /^ {0,3}(`{3,}|~{3,})[ \t]*([\w+#.-]*)/.exec(lines[open] ?? '') ?? [];
  if (mark === '') return undefined;
  const close = lines.findLastIndex((line, index) => index > open && isClosing(line, mark));
  const isMarkdown = /^(?:markdown|md)$/i.test(language);
  const isClosed = close > open && isWhole(lines.slice(open + 1, close));
  if (!isClosed && !(isMarkdown && isWhole(lines.slice(open + 1)))) return undefined;

  const before = lines.slice(0, open).join('\n').trim();
  const behind = isClosed
    ? lines
        .slice(close + 1)
        .join('\n')
        .trim()
    : '';
  if (!isSentence(before) || !isSentence(behind)) return undefined;
  return { before, inside: lines.slice(open + 1, isClosed ? close : undefined).join('\n'), language, behind };
}

function isClosing(line: string, mark: string): boolean {
  const [, end = ''] = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line) ?? [];
  return end.startsWith(mark);
}

/** Whether the fences in a text are balanced. Models sometimes put a report with fences into a fence of the same length. */
function isWhole(inside: readonly string[]): boolean {
  const fences = inside.filter((line) => /^ {0,3}(?:`{3,}[^`]*|~{3,}.*)$/.test(line));
  return fences.length % 2 === 0 && fences.every((line, index) => index % 2 === 0 || /^ {0,3}(?:`{3,}|~{3,})[ \t]*$/.test(line));
}

function isSentence(text: string): boolean {
  return text.length <= longestSentence && !/^\s*(?:#{1,6}\s|[-*+]\s|\d+[.)]\s|>|\|)/m.test(text);
}

/** Decodes a JSON string if it contains several lines or JSON. Returns `undefined` for other texts. */
export function decodedString(text: string): string | undefined {
  const trimmed = text.trim();
  if (!/^".*"$/s.test(trimmed)) return undefined;
  const decoded = parsed(trimmed);
  return typeof decoded === 'string' && /\n|^\s*[[{"]/.test(decoded) ? decoded : undefined;
}

const textMembers = ['raw', 'response', 'result', 'output', 'text', 'content', 'report'];
const shortestText = 80;

/**
 * Returns the result of a status response. For another JSON object, returns the only long text in a member such as `output`. Returns
 * `undefined` if there is no such text.
 */
export function mainText(json: string): string | undefined {
  const value = parsed(json);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const members = value as Readonly<Record<string, unknown>>;
  const isStatus = typeof members['state'] === 'string' && typeof members['result'] === 'string' && /\S/.test(members['result']);
  if (isStatus) return members['result'] as string;
  const texts = textMembers.map((name) => members[name]).filter((one) => typeof one === 'string' && isLong(one));
  return texts.length === 1 ? (texts[0] as string) : undefined;
}

function isLong(text: string): boolean {
  return text.length >= shortestText || /\S\s*\n\s*\S/.test(text);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
