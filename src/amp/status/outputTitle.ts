import { parseJson } from '#core/lib/json';
import { oneLine } from './oneLine';
import { filledText } from './output';

/** The maximum length of JSON in which a title is searched. Parsing longer JSON would take too long. */
export const longestTitled = 100_000;
/** The length of the start of a text that is searched for a title. */
const longestStart = 10_000;
const longestLine = 400;
/** The number of first lines in which a heading counts as the title. Later headings belong to a section. */
const linesToHeading = 5;

/** The start of an object or a list, but not of a Markdown link. */
const jsonStart = /^\s*(?:\{|\[(?![^\]["]*\]\())/;

const titleNames = ['title', 'headline', 'subject', 'name'];

/**
 * Returns the title of an output on one line, without Markdown. The title is the first heading in the first five lines, else the first
 * line. JSON has a title only if the JSON is an object with a member such as `title`. Undefined if there is no title.
 */
export function outputTitle(output: string): string | undefined {
  const text = unfenced(output.slice(0, longestTitled + 1));
  if (jsonStart.test(text)) return jsonTitle(text);
  const lines = text
    .slice(0, longestStart)
    .split(/[\r\n]/)
    .map((line) => ({ isHeading: /^ {0,3}#{1,6}\s/.test(line), plain: withoutMarkup(line) }))
    .filter(({ plain }) => /[\p{L}\p{N}]/u.test(plain));
  const heading = lines.slice(0, linesToHeading).find(({ isHeading }) => isHeading);
  const line = (heading ?? lines[0])?.plain;
  return line === undefined ? undefined : oneLine(line);
}

/** Drops a code fence's opening line at the start of the text, and its closing line at the end. */
function unfenced(output: string): string {
  const rest = output.replace(/^\s*(?:```|~~~)[^\r\n]{0,80}[\r\n]+/, '');
  return rest === output ? output : rest.replace(/(?:```|~~~)\s*$/, '');
}

function jsonTitle(text: string): string | undefined {
  const value = text.length > longestTitled ? undefined : parseJson(text);
  const members = new Map<string, unknown>(Object.entries(value ?? {}));
  const [title] = titleNames.flatMap((name) => filledText(members.get(name)) ?? []);
  return title === undefined ? undefined : oneLine(withoutMarkup(title));
}

function withoutMarkup(line: string): string {
  return line
    .slice(0, longestLine)
    .replace(/^\s*(?:>\s*)*(?:(?:#{1,6}|[-*+•|])\s+)?/, '')
    .replace(/\s+(?:#+|\|)\s*$/, '')
    .replace(/!?\[([^\][]*)\]\([^()]*\)/g, '$1')
    .replace(/<\/?[a-z!][^<>]*>/gi, '')
    .replace(/~~|`/g, '')
    .replace(/(?<![\w*])\*{1,3}(?=\S)([^*]+)(?<=\S)\*{1,3}(?![\w*])/g, '$1')
    .replace(/(?<!\w)_(?=\S)([^_]+)(?<=\S)_(?!\w)/g, '$1')
    .replace(/^__(\S[^_]* [^_]*)__$/, '$1')
    .replace(/\\([\\`*_{}[\]()#+\-.!|>~])/g, '$1')
    .replace(/^(?:title|subject)\s*:\s/i, '');
}
