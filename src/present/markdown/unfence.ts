import { parseJson } from '#core/lib/json';

/** A text in a code fence, with at most a few sentences before and after the fence. */
export interface Unfenced {
  readonly before: string;
  readonly inside: string;
  readonly language: string;
  readonly behind: string;
}

const longestSentence = 400;

/** Returns a text without the code fence around it, if there is one. An unclosed fence counts only if its language is Markdown. */
export function unfence(text: string): Unfenced | undefined {
  const lines = text.split(/\r\n|\r|\n/);
  const open = lines.findIndex((line) => /^ {0,3}(?:`{3,}[^`]*|~{3,}.*)$/.test(line));
  const [, mark = '', language = ''] = /^ {0,3}(`{3,}|~{3,})[ \t]*([\w+#.-]*)/.exec(lines[open] ?? '') ?? [];
  if (mark === '') return undefined;
  const close = lines.findLastIndex((line, index) => index > open && isClosing(line, mark));
  const isMarkdown = /^(?:markdown|md)$/i.test(language);
  const isClosed = close > open && isWhole(lines.slice(open + 1, close));
  if (!isClosed && !(isMarkdown && isWhole(lines.slice(open + 1)))) return undefined;

  const end = isClosed ? close : lines.length;
  const [before, inside, behind] = [lines.slice(0, open), lines.slice(open + 1, end), lines.slice(end + 1)].map((part) => part.join('\n'));
  const found = { before: before?.trim() ?? '', inside: inside ?? '', language, behind: behind?.trim() ?? '' };
  return isSentence(found.before) && isSentence(found.behind) ? found : undefined;
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

/** The texts of a JSON object that a report shows outside of the JSON. */
export interface ObjectTexts {
  readonly main: string;
  readonly others: readonly (readonly [name: string, text: string])[];
}

/** The maximum number of texts besides the main text. The whole JSON contains the others. */
const mostTexts = 20;
const textMembers = ['raw', 'response', 'result', 'output', 'text', 'content', 'report'];
const longText = 80;

/** Returns the texts of a JSON object that must be shown with their lines: a status response's result, or members with several lines. */
export function objectTexts(json: string): ObjectTexts | undefined {
  const value = parseJson(json);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const texts = Object.entries(value).filter((member): member is [string, string] => typeof member[1] === 'string' && /\S/.test(member[1]));
  const members = new Map(texts);
  const result = members.get('result');
  if (members.has('state') && result !== undefined) return { main: result, others: [] };
  const [longest, ...others] = texts.filter(([, text]) => text.trim().includes('\n')).sort(([, a], [, b]) => b.length - a.length);
  if (longest) return { main: longest[1], others: others.slice(0, mostTexts) };
  const [only, ...more] = texts.filter(([name, text]) => textMembers.includes(name) && text.length >= longText);
  return only && more.length === 0 ? { main: only[1], others: [] } : undefined;
}
