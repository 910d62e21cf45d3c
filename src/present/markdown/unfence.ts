import { parseJson } from '#core/lib/json';

const maxProseLength = 400;

const openingFencePattern = /^ {0,3}(`{3,}(?!.*`)|~{3,})[ \t]*([\w+#.-]*)/;
const closingFencePattern = /^ {0,3}(`{3,}|~{3,})[ \t]*$/;

/** Returns a fence's content and the short prose around it. Undefined without such a fence. An unclosed fence must be Markdown. */
export function unfence(text: string) {
  const lines = text.split(/\r\n|\r|\n/);
  const openingIndex = lines.findIndex((line) => openingFencePattern.test(line));
  const [, mark = '', language = ''] = openingFencePattern.exec(lines[openingIndex] ?? '') ?? [];
  if (mark === '') return undefined;
  const closingIndex = lines.findLastIndex((line, index) => index > openingIndex && closingFencePattern.exec(line)?.[1]?.startsWith(mark));
  const isMarkdown = /^(?:markdown|md)$/i.test(language);
  const isClosed = closingIndex > openingIndex && hasBalancedFences(lines.slice(openingIndex + 1, closingIndex));
  if (!isClosed && !(isMarkdown && hasBalancedFences(lines.slice(openingIndex + 1)))) return undefined;

  const endIndex = isClosed ? closingIndex : lines.length;
  const before = lines.slice(0, openingIndex).join('\n').trim();
  const content = lines.slice(openingIndex + 1, endIndex).join('\n');
  const after = lines
    .slice(endIndex + 1)
    .join('\n')
    .trim();
  return isShortProse(before) && isShortProse(after) ? { before, content, language, after } : undefined;
}

/** Whether each fence is closed. Models sometimes put a report with fences into a fence of the same length. */
function hasBalancedFences(lines: readonly string[]): boolean {
  const fences = lines.filter((line) => openingFencePattern.test(line));
  return fences.length % 2 === 0 && fences.every((line, index) => index % 2 === 0 || closingFencePattern.test(line));
}

function isShortProse(text: string): boolean {
  return text.length <= maxProseLength && !/^\s*(?:#{1,6}\s|[-*+]\s|\d+[.)]\s|>|\|)/m.test(text);
}

/** The maximum number of texts besides the main text. Further texts are only in the whole JSON. */
const maxOtherTexts = 20;
const textMemberNames = ['raw', 'response', 'result', 'output', 'text', 'content', 'report'];
const minTextLength = 80;

/** Returns a JSON object's texts to show: a status's result, else texts with line breaks, else the only long member such as `text`. */
export function objectTexts(json: string) {
  const value = parseJson(json);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const texts = Object.entries(value).filter((member): member is [string, string] => typeof member[1] === 'string' && /\S/.test(member[1]));
  const { state, result } = Object.fromEntries<string | undefined>(texts);
  if (state !== undefined && result !== undefined) return { mainText: result, otherTexts: [] };
  const [longest, ...others] = texts.filter(([, text]) => text.trim().includes('\n')).sort(([, a], [, b]) => b.length - a.length);
  if (longest) return { mainText: longest[1], otherTexts: others.slice(0, maxOtherTexts) };
  const [only, ...more] = texts.filter(([name, text]) => textMemberNames.includes(name) && text.length >= minTextLength);
  return only && more.length === 0 ? { mainText: only[1], otherTexts: [] } : undefined;
}
