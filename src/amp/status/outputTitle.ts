import { parseJson } from '#core/lib/json';
import { contentOf, unescapePlain, withoutColors, decodeEntities } from '#core/output/content';
import { formatOf } from '#core/output/language';
import { nonBlankText, oneLine } from './oneLine';

/** The maximum length of a JSON text that is parsed for a title. Parsing a longer text would take too long. */
const maxJsonLength = 100_000;
/** The length of the start of a text that is searched for a title. */
const maxStartLength = 10_000;
const maxLineStartLength = 400;
/** The number of first lines in which a heading can be the title. Later headings belong to a section. */
const headingLineCount = 5;
/** The number of lines at the start of a text that are searched for an email's subject. */
const subjectLineCount = 10;
const maxItems = 10;

/** Matches the start of an object, or of a list of values. A text in brackets, such as `[1]` or `[09:00]`, isn't a list. */
const dataStartPattern = /^\s*(?:\{|\[\s*(?:[[{"'\]]|-?[\d.]+\s*,|$))/;

const titleMemberNames = ['title', 'headline', 'subject', 'name'];
const undescriptiveNamePattern = /(?:id|_at)$|^(?:url|link|date|time|type|kind|status|state|level|role|key)$/i;

/** Returns an output's title without Markdown, for example a heading, the first line, a member such as `title`, or the items' titles. */
export function outputTitle(value: unknown): string | undefined {
  const title = typeof value === 'string' ? textTitle(contentOf(value).text) : jsonTitle(value);
  return title === undefined ? undefined : oneLine(title);
}

function textTitle(content: string): string | undefined {
  const text = withoutFence(withoutColors(content.slice(0, maxJsonLength + 1)));
  if (dataStartPattern.test(text)) return dataTitle(text);
  const start = text.slice(0, maxStartLength);
  // XML without a title gets the name of its root element.
  if (/^\s*<(?:\?xml|svg)/i.test(start)) return htmlTitle(start) ?? /<([a-z][\w:.-]{0,80})/i.exec(start)?.[1] ?? lineTitle(start);
  const format = formatOf(start);
  if (format === 'html') return htmlTitle(start);
  // A table has no title: its first line contains the names of columns, or is a comment.
  if (format === 'csv' || format === 'tsv') return undefined;
  if (format === 'yaml') return nonBlankText(/^(?:title|name):[ \t]+["']?([^"'#\r\n]{1,400})/m.exec(start)?.[1]);
  return (/^\s*\w+=['"]/.test(start) ? titleInPrintedValue(start) : undefined) ?? lineTitle(start);
}

/** Drops a code fence's opening line at the start of the text, and its closing line at the end. */
function withoutFence(output: string): string {
  const rest = output.replace(/^\s*(?:```|~~~)[^\r\n]{0,80}[\r\n]+/, '');
  return rest === output ? output : rest.replace(/(?:```|~~~)\s*$/, '');
}

function dataTitle(text: string): string | undefined {
  const value = text.length > maxJsonLength ? undefined : parseJson(text);
  if (value !== undefined) return jsonTitle(value);
  const start = text.slice(0, maxStartLength);
  const items = start.split(/[\r\n]+/, maxItems).map((line) => parseJson(line));
  return typeof items[0] === 'object' ? listTitle(items) : titleInPrintedValue(start);
}

function jsonTitle(value: unknown): string | undefined {
  if (Array.isArray(value)) return listTitle(value);
  const members = membersOf(value);
  const title = titleMember(members);
  if (title !== undefined) return title;
  const texts = [...members.values()].filter((member) => typeof member === 'string' && isLongText(member.trim())) as string[];
  const [longest] = texts.toSorted((one, other) => other.length - one.length);
  return longest === undefined ? undefined : textTitle(contentOf(longest).text);
}

function isLongText(text: string): boolean {
  return text.includes('\n') || (text.length >= 80 && text.includes(' '));
}

function listTitle(items: readonly unknown[]): string {
  const titles = items
    .slice(0, maxItems)
    .flatMap((item) => (typeof item === 'string' ? lineTitle(item.slice(0, maxStartLength)) : itemTitle(item)) ?? []);
  return titles.join(' · ');
}

/** Returns the title of an item, else its first short text that isn't an ID, a date, or the like. */
function itemTitle(item: unknown): string | undefined {
  const members = membersOf(item);
  const [firstText] = [...members].flatMap(([name, text]) =>
    typeof text === 'string' && /^(?!\d).{0,20}\p{L}.{0,60}$/u.test(text) && !undescriptiveNamePattern.test(name) ? [text] : [],
  );
  return titleMember(members) ?? firstText;
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' ? Object.entries(value ?? {}) : []);
}

function titleMember(members: ReadonlyMap<string, unknown>): string | undefined {
  const [title] = titleMemberNames.flatMap((name) => nonBlankText(members.get(name)) ?? []);
  return title === undefined ? undefined : withoutMarkup(title);
}

const printedMemberPattern =
  /(?<!\w)['"]?(title|headline|subject|name)['"]?\s?[:=]\s?(?:'((?:[^'\\\r\n]|\\.){1,400})'|"((?:[^"\\\r\n]|\\.){1,400})")/g;

/** Returns the title in a printed Python value, such as `{'title': 'A report'}` or `title='A report'`, or in JSON that is cut off. */
function titleInPrintedValue(start: string): string | undefined {
  const members = [...start.matchAll(printedMemberPattern)].map(([, name, single, double]) => [name, single ?? double] as const);
  const title = titleMember(new Map<string, unknown>(members.toReversed().map(([name = '', text]) => [name, text])));
  return title?.replace(/\\(['"])/g, '$1');
}

/** Returns the title or the first main heading of a page, whichever comes first. */
function htmlTitle(start: string): string | undefined {
  const [, title] = /<(?:title|h1)\b[^<>]{0,400}>([^]{1,400}?)<\/(?:title|h1)>/i.exec(start) ?? [];
  return nonBlankText(title && decodeEntities(title.replace(/<[^<>]{0,400}>/g, '')));
}

/** Matches a line before a file's text: a shebang, an encoding or parser directive, an XML or HTML declaration, or an HTML comment. */
const preamblePattern = /^\s*(?:#!|#\s?(?:syntax|escape)=|#.{0,40}-\*-|<\?|<!doctype [^<]*$|<!--.*-->\s*$)/i;
const commitHeaderPattern = /^(?:commit [\da-f]{7,40}\b|(?:Merge|Author|AuthorDate|Commit|CommitDate|Date):)/;
const mailHeaderPattern = /^(?:to|from|cc|bcc|date|sent|an|von|de|para|à)\s?[:：]/i;
const subjectPattern = /^(?:subject|betreff|asunto|assunto|objet|oggetto|主题|主旨|件名|제목)\s?[:：]\s?(.*\S)/i;

interface Line {
  readonly headingLevel: number | undefined;
  readonly text: string;
}

function lineTitle(start: string): string | undefined {
  const isGitLog = /^\s*commit [\da-f]{7,40}\b/.test(start);
  const lines = unescapePlain(start)
    .split(/[\r\n]+/)
    .filter((line) => !preamblePattern.test(line.slice(0, maxLineStartLength)) && !(isGitLog && commitHeaderPattern.test(line)))
    .map((line) => ({ headingLevel: /^ {0,3}(#{1,6})\s(?!of\s)/.exec(line)?.[1]?.length, text: withoutMarkup(line) }))
    .filter(({ text }) => /[\p{L}\p{N}]/u.test(text));
  const [first] = lines;
  const subjects =
    first && mailHeaderPattern.test(first.text)
      ? lines.slice(0, subjectLineCount).flatMap(({ text }) => subjectPattern.exec(text)?.[1] ?? [])
      : [];
  return subjects[0] ?? (titleHeading(lines) ?? first)?.text.replace(/^(?:title|subject)\s*:\s/i, '');
}

/** Returns the largest early heading if it has level 1, if it follows a line that ends with a colon, or if others exist and are smaller. */
function titleHeading(lines: readonly Line[]): Line | undefined {
  const levels = lines.flatMap(({ headingLevel }) => headingLevel ?? []);
  const firstLines = lines.slice(0, headingLineCount);
  const topLevel = Math.min(...firstLines.flatMap(({ headingLevel }) => headingLevel ?? []));
  const index = firstLines.findIndex(({ headingLevel }) => headingLevel === topLevel);
  if (topLevel === 1 || /[:：]$/.test(firstLines[index - 1]?.text ?? '')) return firstLines[index];
  return levels.length > 1 && levels.filter((level) => level <= topLevel).length === 1 ? firstLines[index] : undefined;
}

function withoutMarkup(line: string): string {
  const text = line
    .slice(0, maxLineStartLength)
    .replace(/^\s*(?:>\s*)*(?:(?:#{1,6}(?!\s+of\s)|--?|[*+•|]|\/\*+|\/\/)\s+)?/, '')
    .replace(/\s+(?:#+|\||\*+\/)\s*$/, '')
    .replace(/^([=*~_-])\1{2,}|([=*~_-])\2{2,}\s*$/g, '')
    .replace(/!?\[([^\][]*)\]\([^()]*\)/g, '$1')
    .replace(/<\/?[a-z!][^<>]*>/gi, '')
    .replace(/~~|`/g, '')
    .replace(/(?<![\w*])\*{1,3}(?=\S)([^*]+)(?<=\S)\*{1,3}(?![\w*])/g, '$1')
    .replace(/(?<!\w)_(?=\S)([^_]+)(?<=\S)_(?!\w)/g, '$1')
    .replace(/^__(\S[^_]* [^_]*)__$/, '$1')
    .replace(/\\([\\`*_{}[\]()#+\-.!|>~$&])/g, '$1');
  return decodeEntities(text);
}
