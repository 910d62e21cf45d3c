import { formatJson } from '#core/lib/json';
import { languageOf } from '#core/output/language';
import type { Language } from '#core/output/languages';
import { withoutColors } from '#present/cleanText';
import { lowerHeadings } from '#present/markdown/lowerHeadings';
import { plainText } from '#present/markdown/plainText';
import { readable } from '#present/markdown/readable';
import { fenced, sanitizeMarkdown } from '#present/markdown/safeMarkdown';
import { table } from '#present/markdown/table';
import { decodedString, mainText, unfenced } from '#present/markdown/unfence';
import { documentWords } from '#present/words/documentWords';
import type { Translate } from '#present/words/words';

/**
 * The maximum number of characters of one output in a report. The preview would take seconds for a longer output. The output's own tab
 * shows the whole output.
 */
export const longestInReport = 300_000;

/** The maximum length of a line in a code block that doesn't wrap. Drawings and aligned columns may have longer lines. */
const longestLine = 120;

/**
 * The maximum length of code that is colored. The preview colors code on the extension host, and takes half a second for 300,000
 * characters.
 */
const longestColored = 50_000;

/** The maximum number of strings, fences, and objects that are unwrapped around a text. */
const mostUnwrapped = 4;

/**
 * Returns an output as Markdown for a report, according to the language of the output. Cuts an output that is longer than `most` and adds a
 * note.
 */
export function reportOutput(whole: string, t: Translate, most = longestInReport): string {
  if (most <= 0) return cut(t);
  const start = whole.slice(0, most);
  const isCut = start !== whole;
  const shown = shownAs(languageOf(whole), start, { t, isCut, most, depth: 0 });
  return isCut ? `${shown}\n\n${cut(t)}` : shown;
}

function cut(t: Translate): string {
  return `*${t(documentWords.reportCut)}*`;
}

interface Context {
  readonly t: Translate;
  readonly isCut: boolean;
  /** The maximum number of characters of a cut text, even if the text is indented. */
  readonly most: number;
  /** The number of strings, fences, and objects around the text. */
  readonly depth: number;
}

function shownAs(language: Language, colored: string, context: Context): string {
  if (language === 'json') return json(colored, context);
  const text = withoutColors(colored);
  if (language === 'plain') return plain(text, context);
  if (language === 'markdown') return markdown(text, context);
  if (language === 'csv' || language === 'tsv') return delimited(text, context);
  return code(text, language);
}

/** Renders a text that is inside another text, one level deeper. */
function inner(text: string, context: Context): string {
  return shownAs(languageOf(text), text, { ...context, depth: context.depth + 1 });
}

function json(text: string, context: Context): string {
  const main = context.isCut || context.depth >= mostUnwrapped ? undefined : mainText(text);
  // Indenting can make a cut text several times longer, so the indented text is cut again.
  const whole = code(context.isCut ? formatJson(text).slice(0, context.most) : formatJson(text), 'json');
  if (main === undefined) return whole;
  return `${inner(main, context)}\n\n<details><summary>${context.t(documentWords.reportWholeJson)}</summary>\n\n${whole}\n\n</details>`;
}

function plain(text: string, context: Context): string {
  const decoded = context.isCut || context.depth >= mostUnwrapped ? undefined : decodedString(text);
  return decoded === undefined ? plainText(text) : inner(decoded, context);
}

function markdown(text: string, context: Context): string {
  const found = context.depth < mostUnwrapped ? unfenced(text) : undefined;
  if (!found) return marked(text);

  const { before, inside, language, behind } = found;
  const isAll = before === '' && behind === '';
  const kind = languageOf(inside);
  if (/^(?:markdown|md)$/i.test(language) || (language === '' && kind === 'markdown')) {
    const content =
      kind === 'markdown' || kind === 'plain' ? markdown(inside, { ...context, depth: context.depth + 1 }) : inner(inside, context);
    return [before, behind].some((one) => one !== '') ? [...sentence(before), content, ...sentence(behind)].join('\n\n') : content;
  }
  if (!isAll) return marked(text);
  if (kind === 'json' || kind === 'csv' || kind === 'tsv' || (language === '' && kind === 'plain')) return inner(inside, context);
  return wrapped(inside, fenced(inside, language || fenceName(kind)));
}

function sentence(text: string): readonly string[] {
  return text === '' ? [] : [marked(text)];
}

/**
 * Returns harmless Markdown, in which only a few tags without attributes have an effect. An invisible joiner precedes each `<br>`, because
 * `<br>` at the start of a line would start an HTML block.
 */
function marked(text: string): string {
  const shown = lowerHeadings(sanitizeMarkdown(readable(text)))
    .replace(/&lt;(https?:\/\/[^\s<>]+|[\w.+-]+@[\w.-]+)>/gi, '$1')
    .replace(/&lt;br ?\/?>/gi, '\u2060<br>')
    .replace(/&lt;(sub|sup|b|i|u|s|em|strong|kbd|mark|small)>([^<>|\n]*?)&lt;\/\1>/gi, '<$1>$2</$1>');
  return isRightToLeft(text) ? `<div class="kickoffs-rtl" dir="rtl">\n\n${shown}\n\n</div>` : shown;
}

/** Whether most letters at the start of a text belong to a right-to-left script, such as Arabic or Hebrew. */
function isRightToLeft(text: string): boolean {
  const start = text.slice(0, 4_000);
  const right = start.match(/[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/g)?.length ?? 0;
  return right > 0 && right * 2 > (start.match(/\p{L}/gu)?.length ?? 0);
}

function delimited(text: string, { t, isCut }: Context): string {
  const found = table(isCut ? text.slice(0, text.lastIndexOf('\n')) : text);
  if (!found) return code(text, 'preformatted');
  return found.isCut && !isCut ? `${found.markdown}\n\n${cut(t)}` : found.markdown;
}

function code(text: string, language: Language): string {
  const shown = text.replace(/\s+$/, '');
  return wrapped(shown, fenced(shown, shown.length > longestColored ? '' : fenceName(language)));
}

/** Returns a code block whose long lines wrap, because scrolling to read them is tedious. Drawings and aligned columns don't wrap. */
function wrapped(text: string, block: string): string {
  const long = text.split('\n').filter((line) => line.length > longestLine);
  const isWide = long.filter((line) => /\S {2,}\S|[│║]/.test(line.trim())).length > 1;
  return long.length > 0 && !isWide ? `<div class="kickoffs-wrap">\n\n${block}\n\n</div>` : block;
}

function fenceName(language: Language): string {
  return language === 'shell' ? 'sh' : language === 'preformatted' || language === 'plain' ? 'text' : language;
}
