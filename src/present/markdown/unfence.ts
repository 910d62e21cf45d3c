import { parseJson } from '#core/lib/json';

/** A text in a code fence, with at most a few sentences before and after the fence. */
export interface Unfenced {
  readonly before: string;
  readonly content: string;
  readonly language: string;
  readonly after: string;
}

const longestSentence = 400;

/** Returns a text without the code fence around it, if there is one. An unclosed fence counts only if its language is Markdown. */
export function unfence(text: string): Unfenced | undefined {
  const lines = text.split(/\r\n|\r|\n/);
  const openLine = lines.findIndex((line) => /^ {0,3}(?:`{3,}[^`]*|~{3,}.*)$/.test(line));
  const [, mark = '', language = ''] = /^ {0,3}(`{3,}|~{3,})[ \t]*([\w+#.-]*)/.exec(lines[openLine] ?? '') ?? [];
  if (mark === '') return undefined;
  const closeLine = lines.findLastIndex((line, index) => index > openLine && isClosing(line, mark));
  const isMarkdown = /^(?:markdown|md)$/i.test(language);
  const isClosed = closeLine > openLine && hasBalancedFences(lines.slice(openLine + 1, closeLine));
  if (!isClosed && !(isMarkdown && hasBalancedFences(lines.slice(openLine + 1)))) return undefined;

  const end = isClosed ? closeLine : lines.length;
  const [before, content, after] = [lines.slice(0, openLine), lines.slice(openLine + 1, end), lines.slice(end + 1)].map((part) =>
    part.join('\n'),
  );
  const found = { before: before?.trim() ?? '', content: content ?? '', language, after: after?.trim() ?? '' };
  return isSentence(found.before) && isSentence(found.after) ? found : undefined;
}

function isClosing(line: string, mark: string): boolean {
  const [, end = ''] = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line) ?? [];
  return end.startsWith(mark);
}

/** Whether the fences in a text are balanced. Models sometimes put a report with fences into a fence of the same length. */
function hasBalancedFences(lines: readonly string[]): boolean {
  const fences = lines.filter((line) => /^ {0,3}(?:`{3,}[^`]*|~{3,}.*)$/.test(line));
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
const maxTexts = 20;
const textMemberNames = ['raw', 'response', 'result', 'output', 'text', 'content', 'report'];
const minTextLength = 80;

/** Returns the texts of a JSON object that must be shown with their lines: a status response's result, or members with several lines. */
export function objectTexts(json: string): ObjectTexts | undefined {
  const value = parseJson(json);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const texts = Object.entries(value).filter((member): member is [string, string] => typeof member[1] === 'string' && /\S/.test(member[1]));
  const members = new Map(texts);
  const result = members.get('result');
  if (members.has('state') && result !== undefined) return { main: result, others: [] };
  const [longest, ...others] = texts.filter(([, text]) => text.trim().includes('\n')).sort(([, a], [, b]) => b.length - a.length);
  if (longest) return { main: longest[1], others: others.slice(0, maxTexts) };
  const [only, ...more] = texts.filter(([name, text]) => textMemberNames.includes(name) && text.length >= minTextLength);
  return only && more.length === 0 ? { main: only[1], others: [] } : undefined;
}
