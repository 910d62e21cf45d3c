import { isJsonContainer, isLikeJson, laidOutJson } from '../core/jsonText';
import { uncoloured } from './clean';
import { fenced, harmless } from './harmless';
import { lowered } from './headings';
import type { Translate } from './words';
import { wordsRead } from './wordsRead';

/** Characters of one output that a report shows: beyond, the preview takes seconds, and the whole is in a tab of its own anyway. */
export const longestInReport = 300_000;

/** A server's text as it is meant to be read inside a report: JSON as code, a fence around the whole taken off, the rest as Markdown. */
export function rendered(whole: string, t: Translate, most = longestInReport): string {
  if (most <= 0) return cut(t);
  const start = whole.slice(0, most);
  const isCut = start !== whole;
  const isJson = isCut ? isLikeJson(whole) : isJsonContainer(whole);
  const shown = isJson ? fenced(laidOutJson(start), 'json') : marked(uncoloured(start));
  return isCut ? `${shown}\n\n${cut(t)}` : shown;
}

function cut(t: Translate): string {
  return `*${t(wordsRead.reportCut)}*`;
}

function marked(text: string): string {
  const [, language = '', inner] = /^\s*```(\w*)[ \t]*\n([\s\S]*?)\n```\s*$/.exec(text) ?? [];
  if (inner === undefined || !isWhole(inner)) return lowered(harmless(text));
  const isJson = isJsonContainer(inner);
  if (!isJson && /^(?:markdown|md|)$/i.test(language)) return lowered(harmless(inner));
  if (inner.includes('\n```')) return lowered(harmless(text));
  return isJson ? fenced(laidOutJson(inner), 'json') : fenced(inner, language);
}

/** Whether the fences inside belong together: models put whole reports into a fence, and fences of the same length into these. */
function isWhole(inner: string): boolean {
  const fences = inner.match(/^ {0,3}```.*$/gm) ?? [];
  return fences.length % 2 === 0 && fences.every((line, index) => index % 2 === 0 || /^ {0,3}```[ \t]*$/.test(line));
}
