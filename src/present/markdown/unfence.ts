import { parseJson } from '#core/lib/json';

/** A text in a code fence, with at most a few sentences before and after the fence. */
export interface Unfenced {
  readonly before: string;
  readonly content: string;
  readonly language: string;
  readonly after: string;
}

const longestSentence = 400;

const openingFence = /^ {0,3}(`{3,}(?!.*`)|~{3,})[ \t]*([\w+#.-]*)/;
const closingFence = /^ {0,3}(`{3,}|~{3,})[ \t]*$/;

/** Returns a text without the code fence around it, if there is one. An unclosed fence counts only if its language is Markdown. */
export function unfence(text: string): Unfenced | undefined {
  const lines = text.split(/\r\n|\r|\n/);
  const openLine = lines.findIndex((line) => openingFence.test(line));
  const [, mark = '', language = ''] = openingFence.exec(lines[openLine] ?? '') ?? [];
  if (mark === '') return undefined;
  const closeLine = lines.findLastIndex((line, index) => index > openLine && closingFence.exec(line)?.[1]?.startsWith(mark));
  const isMarkdown = /^(?:markdown|md)$/i.test(language);
  const isClosed = closeLine > openLine && hasBalancedFences(lines.slice(openLine + 1, closeLine));
  if (!isClosed && !(isMarkdown && hasBalancedFences(lines.slice(openLine + 1)))) return undefined;

  const end = isClosed ? closeLine : lines.length;
  const before = lines.slice(0, openLine).join('\n').trim();
  const content = lines.slice(openLine + 1, end).join('\n');
  const after = lines
    .slice(end + 1)
    .join('\n')
    .trim();
  return isSentence(before) && isSentence(after) ? { before, content, language, after } : undefined;
}

/** Whether the fences in a text are balanced. Models sometimes put a report with fences into a fence of the same length. */
function hasBalancedFences(lines: readonly string[]): boolean {
  const fences = lines.filter((line) => openingFence.test(line));
  return fences.length % 2 === 0 && fences.every((line, index) => index % 2 === 0 || closingFence.test(line));
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
const maxTexts = 20;
const textMemberNames = ['raw', 'response', 'result', 'output', 'text', 'content', 'report'];
const minTextLength = 80;

/** Returns the texts of a JSON object that must be shown with their lines: a status response's result, or members with several lines. */
export function objectTexts(json: string): ObjectTexts | undefined {
  const value = parseJson(json);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const texts = Object.entries(value).filter((member): member is [string, string] => typeof member[1] === 'string' && /\S/.test(member[1]));
  const { state, result } = Object.fromEntries<string | undefined>(texts);
  if (state !== undefined && result !== undefined) return { main: result, others: [] };
  const [longest, ...others] = texts.filter(([, text]) => text.trim().includes('\n')).sort(([, a], [, b]) => b.length - a.length);
  if (longest) return { main: longest[1], others: others.slice(0, maxTexts) };
  const [only, ...more] = texts.filter(([name, text]) => textMemberNames.includes(name) && text.length >= minTextLength);
  return only && more.length === 0 ? { main: only[1], others: [] } : undefined;
}
