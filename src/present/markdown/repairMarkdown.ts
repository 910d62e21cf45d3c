import { formatOf } from '#core/output/language';
import { isProse } from '#core/output/languageCode';
import { parseBlocks } from './parseMarkdown';

/** Consecutive lines of Markdown: one block of code, one formula, or the text between them. */
interface Segment {
  readonly isText: boolean;
  readonly lines: readonly string[];
}

/** Repairs text that Markdown would misread, such as titles, lists, and code without a fence, as the author meant it. */
export function repairMarkdown(markdown: string): string {
  const segments = withoutStrayFence(segmentsOf(withFrontMatterAsCode(markdown.split(/\r\n|\r|\n/))));
  const linkedNames = namesInLinks(markdown);
  const repair = (textLines: readonly string[]): readonly string[] => {
    const escapedLines = textLines.map(escapeFalseMark).map((line) => escapeUnusedDefinition(line, linkedNames));
    return fenceCode(nestBullets(endLists(markTitles(escapedLines))));
  };
  return segments.flatMap(({ isText, lines }) => (isText ? repair(lines) : lines)).join('\n');
}

/** Splits Markdown into text, formulas, and fenced or indented code. */
function segmentsOf(lines: readonly string[]): readonly Segment[] {
  const segments: Segment[] = [];
  let start = 0;
  for (const { type, map } of parseBlocks(lines.join('\n'))) {
    if (!map || !['fence', 'code_block', 'formula'].includes(type)) continue;
    const code = lines.slice(...map);
    const isText = isIndentedProse(code);
    segments.push({ isText: true, lines: lines.slice(start, map[0]) }, { isText, lines: isText ? code.map((line) => line.trim()) : code });
    start = map[1];
  }
  return [...segments, { isText: true, lines: lines.slice(start) }];
}

const listItemPattern = /^\s*(?:[-*+]|\d{1,9}[.)])(?:\s|$)/;

/** Whether a line is blank, or starts a heading, a list item, a quotation, a rule, or a table row. */
function isBlankOrBlockStart(line: string): boolean {
  return !/\S/.test(line) || listItemPattern.test(line) || /^ {0,3}(?:#{1,6}(?:\s|$)|>|\||(?:[-_*][ \t]*){3,}$|={3,}\s*$)/.test(line);
}

const definitionPattern = /^ {0,3}\[([^\][]{1,100})\]:[ \t]+\S+(?:[ \t]+"[^"\n]*")?[ \t]*$/;

/** Returns the lowercase names of the definitions that links use, as in `[the docs][docs]`. Ignores `[1][2]`, which cites two sources. */
function namesInLinks(markdown: string): ReadonlySet<string> {
  return new Set(Array.from(markdown.matchAll(/(?<!\[\d{1,3})\]\[([^\][^][^\][]{0,99})\]/g), ([, name = '']) => name.toLowerCase()));
}

/** Keeps a link definition as text if no link uses it. Such a line can belong to a list of sources. */
function escapeUnusedDefinition(line: string, linkedNames: ReadonlySet<string>): string {
  if (!/^ {0,3}\[[^\][]{1,100}\]:/.test(line)) return line;
  return linkedNames.has(definitionPattern.exec(line)?.[1]?.toLowerCase() ?? '') ? line : line.replace('[', '\\[');
}

function isIndentedProse(code: readonly string[]): boolean {
  const filledLines = code.filter((line) => /\S/.test(line));
  return /^\s/.test(code[0] ?? '') && filledLines.filter(isProse).length * 2 > filledLines.length;
}

/** Puts front matter into a code block, because VS Code recognizes front matter only at the start of a document. */
function withFrontMatterAsCode(lines: readonly string[]): readonly string[] {
  if (lines[0]?.trimEnd() !== '---') return lines;
  const endIndex = lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---');
  const innerLines = lines.slice(1, endIndex);
  const isFrontMatter = endIndex > 1 && endIndex < 40 && innerLines.every((line) => /^[\w-]+:(?:\s|$)|^\s+\S|^- |^#/.test(line));
  return isFrontMatter ? ['```yaml', ...innerLines, '```', ...lines.slice(endIndex + 1)] : lines;
}

/** Removes the closing fence at the end of a text if its opening fence was cut off. */
function withoutStrayFence(segments: readonly Segment[]): readonly Segment[] {
  const lastIndex = segments.findLastIndex(({ lines }) => lines.some((line) => /\S/.test(line)));
  const { isText = true, lines = [] } = segments[lastIndex] ?? {};
  return !isText && /^ {0,3}(?:`{3,}|~{3,})\s*$/.test(lines.join('\n')) ? segments.slice(0, lastIndex) : segments;
}

/** Turns a title above a line of `-` or `=` into a heading. Other lines of `-` or `=` stay unchanged. */
function markTitles(lines: readonly string[]): readonly string[] {
  const repairedLines: string[] = [];
  for (const line of lines) {
    const [, underline = ''] = /^ {0,3}(-{3,}|={3,})\s*$/.exec(line) ?? [];
    const previousLine = repairedLines.at(-1) ?? '';
    if (underline !== '' && isTitle(previousLine, repairedLines.at(-2), underline))
      repairedLines.splice(-1, 1, `${underline.startsWith('=') ? '#' : '##'} ${previousLine.trim()}`);
    else repairedLines.push(line);
  }
  return repairedLines;
}

function isTitle(line: string, previousLine: string | undefined, underline: string): boolean {
  if (isBlankOrBlockStart(line) || line.includes('|') || /\S/.test(previousLine ?? '')) return false;
  if (line.length > 80 || /[.!?,;。！？]\s*$/.test(line)) return false;
  return underline !== '---' || !/: \S/.test(line);
}

/** Escapes `#` and `>` that mean "number" and "more than", as in `# of users: 250` and `> 50 employees`. */
function escapeFalseMark(line: string, index: number, lines: readonly string[]): string {
  if (/^ {0,3}# of\b/i.test(line)) return line.replace('#', '\\#');
  const isAlone = !/^ {0,3}>/.test(lines[index - 1] ?? '') && !/^ {0,3}>/.test(lines[index + 1] ?? '');
  return isAlone && /^ {0,3}> ?[$€£¥]?\d[\d.,]*[%kKMB]?\s+\p{Ll}/u.test(line) ? line.replace('>', '\\>') : line;
}

const leadingTagPattern = /^<\/?[a-z][\w-]*>/i;
/** Matches a line that is only a tag, such as `<details>`. */
const tagLinePattern = /^<\/?[a-z][\w-]*>\s*$/i;
/** Matches the start of a sentence, or of an entry such as `Total: 5`, which Markdown would add to the list item above. */
const afterListPattern = /^[*_"'“(]{0,3}[\p{Lu}\p{Lo}\p{Extended_Pictographic}]/u;

/** Ends a list before a line that can't belong to its last item. */
function endLists(lines: readonly string[]): readonly string[] {
  let isInList = false;
  return lines.flatMap((line, index) => {
    const previousLine = lines[index - 1] ?? '';
    if (listItemPattern.test(line)) isInList = true;
    else if (/^\S/.test(line) && !/\S/.test(previousLine)) isInList = false;
    if (!isInList || !(afterListPattern.test(line) || tagLinePattern.test(line)) || !/\S/.test(previousLine)) return [line];
    const isContinuation =
      previousLine.trimEnd().length >= 60 && !/[.!?:;)。！？]["”*_]*\s*$/.test(previousLine) && !/^[^\s:]{1,20}: /.test(line);
    if (isContinuation) return [line];
    isInList = false;
    return ['', line];
  });
}

/** Indents bullets below a numbered item as far as the text of the item. With a smaller indent, Markdown wouldn't nest the bullets. */
function nestBullets(lines: readonly string[]): readonly string[] {
  let item: { readonly indent: number; readonly contentIndent: number } | undefined;
  let shift = 0;
  return lines.map((line) => {
    const indent = line.search(/\S/);
    if (indent < 0) return line;
    // As in Markdown, after five or more blanks, the text counts as beginning one blank after the number.
    const [, number] = /^\s*(\d{1,3}[.)](?:\s{1,4}(?=\S)|\s(?=\s{4,}\S)))/.exec(line) ?? [];
    if (item && indent <= item.indent) [item, shift] = [undefined, 0];
    if (number !== undefined && !item) item = { indent, contentIndent: indent + number.length };
    else if (item && shift === 0 && indent < item.contentIndent && /^\s*[-*+•]\s/.test(line)) shift = item.contentIndent - indent;
    return item && indent > item.indent ? ' '.repeat(shift) + line : line;
  });
}

/** Matches a sign of code. The blanks before `+` exclude line ends, because a text with many blank lines would take quadratic time. */
const codeSignPattern = /[{};]\s*$|\S {3,}\S|\S\t|[│├└─═║]|^[^\S\r\n\u2028\u2029]*\+[-=]{2,}|^ {2,}\S.*[=():]/m;

/** Puts paragraphs of code, drawings, or aligned text into fences, because a paragraph would lose their spaces. */
function fenceCode(lines: readonly string[]): readonly string[] {
  const repairedLines: string[] = [];
  let paragraph: string[] = [];
  const endParagraph = (): void => {
    const format = paragraph.length > 1 && codeSignPattern.test(paragraph.join('\n')) ? formatOf(paragraph.join('\n')) : 'plain';
    const isCode =
      !['plain', 'markdown', 'csv', 'tsv', 'ini'].includes(format) && (format !== 'yaml' || paragraph.some((line) => /^\s/.test(line)));
    repairedLines.push(...(isCode ? [`~~~~~~${format}`, ...paragraph, '~~~~~~'] : paragraph.map(keepIndentsAndBoxes)));
    paragraph = [];
  };
  for (const line of lines) {
    const isDrawing =
      (/^\s*(?:\+[-=+]{2,}|\|)/.test(line) && (paragraph.length === 0 || /^\s*\+[-=]/.test(paragraph[0] ?? ''))) ||
      (/^\s*[-=]{2,}(?: {2,}[-=]{2,})+\s*$/.test(line) && paragraph.length > 0);
    // A tag such as `<details>` ends the code above it. A tag below another tag belongs to HTML code.
    if (tagLinePattern.test(line) && !leadingTagPattern.test(paragraph.at(-1) ?? '')) endParagraph();
    if (isBlankOrBlockStart(line) && !isDrawing) {
      endParagraph();
      repairedLines.push(keepIndentsAndBoxes(line));
    } else paragraph.push(line);
  }
  endParagraph();
  return repairedLines;
}

/** Keeps ideographic spaces and the indents of unusual bullets, which Markdown drops. Replaces `[x]` with a box. */
function keepIndentsAndBoxes(line: string): string {
  const [, blanks = ''] = /^([ \t]*)[•◦▪▫‣·–—○●■□▸►▶→➤✓✔✗✘★☆]/.exec(line) ?? [];
  if (blanks !== '') return '&nbsp;'.repeat(blanks.length) + line.trimStart();
  return line
    .replace(/^\u3000+/, (spaces) => '&#12288;'.repeat(spaces.length))
    .replace(/^(\s*[-*+] )\[([ xX])\] /, (_, bullet: string, mark: string) => `${bullet}${mark === ' ' ? '☐' : '☑'} `);
}
