import { formatJson, isJsonContainer } from '#core/lib/json';
import { languageOf } from '#core/output/language';
import { withFormulas } from './formulas';
import { withBreaks } from './lineBreaks';
import { changed, isBlockStart, outsideCode, partsOf, type Part } from './markdownParts';

const joiner = '\u2060';

/**
 * Converts a model's Markdown so that the preview renders it as intended.
 *
 * Fixes meaningful line ends, emphasis beside Chinese and Japanese punctuation, formulas, and code without a fence. The result isn't safe
 * before `sanitizeMarkdown`.
 */
export function readable(markdown: string): string {
  const lines = withoutStrayFence(withFrontMatterAsCode(markdown.split(/\r\n|\r|\n/)));
  const text = changed(partsOf(lines), (part) => [{ kind: 'text', lines: nested(separated(part)) }]);
  const coded = changed(changed(text, withFormulas), withCodeInFences);
  const emphasized = changed(coded, (part) => [{ kind: 'text', lines: part.map((line) => outsideCode(line, emphasis)).map(signs) }]);
  return withBreaks(emphasized.map(laidOut))
    .flatMap(({ lines: shown }) => shown)
    .join('\n');
}

/** Puts front matter into a code block, because VS Code recognizes front matter only at the start of a document. */
function withFrontMatterAsCode(lines: readonly string[]): readonly string[] {
  if (lines[0]?.trimEnd() !== '---') return lines;
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---');
  const inside = lines.slice(1, end);
  const isFrontMatter = end > 1 && end < 40 && inside.every((line) => /^[\w-]+:(?:\s|$)|^\s+\S|^- |^#/.test(line));
  return isFrontMatter ? ['```yaml', ...inside, '```', ...lines.slice(end + 1)] : lines;
}

/** Removes a closing fence at the end of the text whose opening fence was cut off. */
function withoutStrayFence(lines: readonly string[]): readonly string[] {
  const last = lines.findLastIndex((line) => /\S/.test(line));
  if (!/^ {0,3}(?:`{3,}|~{3,})\s*$/.test(lines[last] ?? '')) return lines;
  const part = partsOf(lines.slice(0, last + 1)).at(-1);
  return part?.kind === 'code' && part.lines.length === 1 ? lines.slice(0, last) : lines;
}

/**
 * Turns underlined titles into `#` headings, so that `lowerHeadings` can lower the titles. Dashes directly below a sentence become a rule,
 * because in Markdown the sentence would be a heading.
 */
function separated(lines: readonly string[]): readonly string[] {
  const all: string[] = [];
  for (const line of lines) {
    const [, rule = ''] = /^ {0,3}(-{3,}|={3,})\s*$/.exec(line) ?? [];
    const before = all.at(-1) ?? '';
    // The blank line keeps a line with only a tag out of the list item above.
    if (/^<\/?[a-z][\w-]*>\s*$/i.test(line) && /\S/.test(before) && !/^<\/?[a-z][\w-]*>/i.test(before)) all.push('');
    if (rule === '' || isBlockStart(before) || before.includes('|')) all.push(line);
    else if (isTitle(before, all.at(-2), rule)) all.splice(-1, 1, `${rule.startsWith('=') ? '#' : '##'} ${before.trim()}`);
    else all.push('', line);
  }
  return all;
}

function isTitle(line: string, before: string | undefined, rule: string): boolean {
  if (/\S/.test(before ?? '') || line.length > 80 || /[.!?,;。！？]\s*$/.test(line)) return false;
  return rule !== '---' || !/: \S/.test(line);
}

/** Indents bullets below a numbered item as far as the text of the item. With a smaller indent, Markdown wouldn't nest the bullets. */
function nested(lines: readonly string[]): readonly string[] {
  let item: { readonly indent: number; readonly content: number } | undefined;
  let shift = 0;
  return lines.map((line) => {
    const indent = line.search(/\S/);
    if (indent < 0) return line;
    const [, number] = /^\s*(\d{1,3}[.)]\s+)\S/.exec(line) ?? [];
    if (item && indent <= item.indent) [item, shift] = [undefined, 0];
    if (number !== undefined && !item) item = { indent, content: indent + number.length };
    else if (item && shift === 0 && indent < item.content && /^\s*[-*+•]\s/.test(line)) shift = item.content - indent;
    return item && indent > item.indent ? ' '.repeat(shift) + line : line;
  });
}

const mayBeCode = /[{};]\s*$|\S {3,}\S|\S\t|[│├└─═║]|^\s*\+[-=]{2,}|^ {2,}\S.*[=():]/m;

/** Puts paragraphs of code, drawings, or aligned text into fences, because a paragraph would lose their spaces. */
function withCodeInFences(lines: readonly string[]): readonly Part[] {
  const parts: Part[] = [];
  let run: string[] = [];
  const end = (): void => {
    const language = run.length > 1 && mayBeCode.test(run.join('\n')) ? languageOf(run.join('\n')) : 'plain';
    const isCode =
      !['plain', 'markdown', 'csv', 'tsv', 'ini'].includes(language) && (language !== 'yaml' || run.some((line) => /^\s/.test(line)));
    parts.push(isCode ? { kind: 'code', lines: [`~~~~~~${language}`, ...run, '~~~~~~'] } : { kind: 'text', lines: run });
    run = [];
  };
  for (const line of lines) {
    const isDrawn = /^\s*(?:\+[-=+]{2,}|\|)/.test(line) && (run.length === 0 || /^\s*\+[-=]/.test(run[0] ?? ''));
    if (isBlockStart(line) && !isDrawn) {
      end();
      parts.push({ kind: 'text', lines: [line] });
    } else run.push(line);
  }
  end();
  return joined(parts);
}

function joined(parts: readonly Part[]): readonly Part[] {
  const all: { kind: Part['kind']; lines: string[] }[] = [];
  for (const { kind, lines } of parts) {
    const last = all.at(-1);
    if (last?.kind === 'text' && kind === 'text') last.lines.push(...lines);
    else all.push({ kind, lines: [...lines] });
  }
  return all;
}

const dunders =
  'init|main|name|file|all|str|repr|call|enter|exit|iter|next|len|getitem|setitem|delitem|contains|dict|class|doc|version|author|new|del|eq|ne|lt|gt|le|ge|hash|bool|add|sub|mul|getattr|setattr|slots|module|path|package|pycache|future|post_init|annotations|import';
const dunder = new RegExp(`(?<![\\w\\\\])__(${dunders})__(?!\\w)`, 'g');
const pair = /(?<![*\\])(\*\*|~~)(?=[^\s*~])([^*~\n]*[^\s*~])\1(?![*~])|(?<![*\\])(\*)(?=[^\s*])([^*\n]*[^\s*])\*(?!\*)/g;

/** Makes emphasis work between punctuation and letters, and keeps the underscores of Python names such as `__init__`. */
function emphasis(text: string): string {
  const named = text.includes('__') ? text.replace(dunder, '\\_\\_$1\\_\\_') : text;
  if (!/[*~]/.test(named)) return named;
  return named.replace(
    pair,
    (
      whole: string,
      strong: string | undefined,
      bold: string | undefined,
      _: string | undefined,
      slanted: string | undefined,
      at: number,
    ) => {
      const inside = bold ?? slanted ?? '';
      const mark = strong ?? '*';
      const [before, behind] = [named.slice(0, at).at(-1) ?? ' ', named[at + whole.length] ?? ' '];
      if (strong === undefined && !/[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]/.test(before + behind)) return whole;
      const opens = isMark(inside[0] ?? '') && !isMark(before) && /\S/.test(before);
      const closes = isMark(inside.at(-1) ?? '') && !isMark(behind) && /\S/.test(behind);
      return `${mark}${opens ? joiner : ''}${inside}${closes ? joiner : ''}${mark}`;
    },
  );
}

function isMark(character: string): boolean {
  return /[\p{P}\p{S}]/u.test(character);
}

/**
 * Fixes signs that the preview renders wrongly. These are task list boxes, indented unusual bullets, ideographic spaces, and the ends of
 * Arabic and Hebrew sentences.
 */
function signs(line: string): string {
  return withBoxes(withIndent(line)).replace(/([\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]["'»)]*[.!?:؟…]+)(\s*)$/, '$1\u200f$2');
}

function withBoxes(line: string): string {
  return line.replace(/^(\s*[-*+] )\[([ xX])\] /, (_, bullet: string, mark: string) => `${bullet}${mark === ' ' ? '☐' : '☑'} `);
}

function withIndent(line: string): string {
  const [, blanks = ''] = /^([ \t]*)[•◦▪▫‣·–—○●■□▸►▶→➤✓✔✗✘★☆]/.exec(line) ?? [];
  if (blanks !== '') return '&nbsp;'.repeat(blanks.length) + line.trimStart();
  return line.replace(/^\u3000+/, (wide) => '&#12288;'.repeat(wide.length));
}

/** Indents JSON that is on one line in a fence. */
function laidOut(part: Part): Part {
  const [first = '', inside = '', last = ''] = part.lines;
  if (part.kind !== 'code' || part.lines.length !== 3 || !/json/i.test(first) || !isJsonContainer(inside)) return part;
  return { ...part, lines: [first, ...formatJson(inside.trim()).split('\n'), last] };
}
