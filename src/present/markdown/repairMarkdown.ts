import { formatOf } from '#core/output/language';
import { isProse } from '#core/output/languageCode';
import { parseBlocks } from './parseMarkdown';

/** Consecutive lines of Markdown: one block of code, one formula, or the text between them. */
interface Part {
  readonly isText: boolean;
  readonly lines: readonly string[];
}

/** Repairs titles, lists, definitions, front matter, and code without a fence, as the author meant them. */
export function repairMarkdown(markdown: string): string {
  const parts = withoutStrayFence(partsOf(withFrontMatterAsCode(markdown.split(/\r\n|\r|\n/))));
  const usedNames = namesInLinks(markdown);
  const repair = (text: readonly string[]): readonly string[] => {
    const escapedLines = text.map(escapeFalseMark).map((line) => escapeUnusedDefinition(line, usedNames));
    return fenceCode(nestBullets(endLists(markTitles(escapedLines))));
  };
  return parts.flatMap(({ isText, lines }) => (isText ? repair(lines) : lines)).join('\n');
}

/** Splits Markdown into text, formulas, and fenced or indented code. */
function partsOf(lines: readonly string[]): readonly Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const { type, map } of parseBlocks(lines.join('\n'))) {
    if (!map || !['fence', 'code_block', 'formula'].includes(type)) continue;
    const code = lines.slice(...map);
    const isText = isIndentedProse(code);
    parts.push({ isText: true, lines: lines.slice(end, map[0]) }, { isText, lines: isText ? code.map((line) => line.trim()) : code });
    end = map[1];
  }
  return [...parts, { isText: true, lines: lines.slice(end) }];
}

const listItem = /^\s*(?:[-*+]|\d{1,9}[.)])(?:\s|$)/;

/** Whether a line is blank, or starts a heading, a list item, a quotation, a rule, or a table row. */
function isBlockStart(line: string): boolean {
  return !/\S/.test(line) || listItem.test(line) || /^ {0,3}(?:#{1,6}(?:\s|$)|>|\||(?:[-_*][ \t]*){3,}$|={3,}\s*$)/.test(line);
}

const definition = /^ {0,3}\[([^\][]{1,100})\]:[ \t]+\S+(?:[ \t]+"[^"\n]*")?[ \t]*$/;

/** Returns the lowercase names of definitions that links refer to, as in `[the docs][docs]`. In `[1][2]`, both are sources. */
function namesInLinks(markdown: string): ReadonlySet<string> {
  return new Set(Array.from(markdown.matchAll(/(?<!\[\d{1,3})\]\[([^\][^][^\][]{0,99})\]/g), ([, name = '']) => name.toLowerCase()));
}

/** Keeps a definition as text if no link refers to it, because it can belong to a list of sources. */
function escapeUnusedDefinition(line: string, usedNames: ReadonlySet<string>): string {
  if (!/^ {0,3}\[[^\][]{1,100}\]:/.test(line)) return line;
  return usedNames.has(definition.exec(line)?.[1]?.toLowerCase() ?? '') ? line : line.replace('[', '\\[');
}

function isIndentedProse(code: readonly string[]): boolean {
  const filled = code.filter((line) => /\S/.test(line));
  return /^\s/.test(code[0] ?? '') && filled.filter(isProse).length * 2 > filled.length;
}

/** Puts front matter into a code block, because VS Code recognizes front matter only at the start of a document. */
function withFrontMatterAsCode(lines: readonly string[]): readonly string[] {
  if (lines[0]?.trimEnd() !== '---') return lines;
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---');
  const inside = lines.slice(1, end);
  const isFrontMatter = end > 1 && end < 40 && inside.every((line) => /^[\w-]+:(?:\s|$)|^\s+\S|^- |^#/.test(line));
  return isFrontMatter ? ['```yaml', ...inside, '```', ...lines.slice(end + 1)] : lines;
}

/** Removes the closing fence at the end of a text if its opening fence was cut off. */
function withoutStrayFence(parts: readonly Part[]): readonly Part[] {
  const last = parts.findLastIndex(({ lines }) => lines.some((line) => /\S/.test(line)));
  const { isText = true, lines = [] } = parts[last] ?? {};
  return !isText && /^ {0,3}(?:`{3,}|~{3,})\s*$/.test(lines.join('\n')) ? parts.slice(0, last) : parts;
}

/** Turns a title above a line of `-` or `=` into a heading. Below any other line, such a line stays. */
function markTitles(lines: readonly string[]): readonly string[] {
  const repairedLines: string[] = [];
  for (const line of lines) {
    const [, rule = ''] = /^ {0,3}(-{3,}|={3,})\s*$/.exec(line) ?? [];
    const before = repairedLines.at(-1) ?? '';
    if (rule !== '' && isTitle(before, repairedLines.at(-2), rule))
      repairedLines.splice(-1, 1, `${rule.startsWith('=') ? '#' : '##'} ${before.trim()}`);
    else repairedLines.push(line);
  }
  return repairedLines;
}

function isTitle(line: string, before: string | undefined, rule: string): boolean {
  if (isBlockStart(line) || line.includes('|') || /\S/.test(before ?? '')) return false;
  if (line.length > 80 || /[.!?,;。！？]\s*$/.test(line)) return false;
  return rule !== '---' || !/: \S/.test(line);
}

/** Escapes `#` and `>` that mean "number" and "more than", as in `# of users: 250` and `> 50 employees`. */
function escapeFalseMark(line: string, index: number, lines: readonly string[]): string {
  if (/^ {0,3}# of\b/i.test(line)) return line.replace('#', '\\#');
  const isAlone = !/^ {0,3}>/.test(lines[index - 1] ?? '') && !/^ {0,3}>/.test(lines[index + 1] ?? '');
  return isAlone && /^ {0,3}> ?[$€£¥]?\d[\d.,]*[%kKMB]?\s+\p{Ll}/u.test(line) ? line.replace('>', '\\>') : line;
}

const tagAtStart = /^<\/?[a-z][\w-]*>/i;
/** Matches a line that is only a tag, such as `<details>`. */
const tagLine = /^<\/?[a-z][\w-]*>\s*$/i;
/** Matches lines such as `Total: 5`. Markdown would add such a line, or a tag such as `</answer>`, to the list item above. */
const afterList = /^[*_"'“(]{0,3}[\p{Lu}\p{Lo}\p{Extended_Pictographic}]/u;

/** Ends a list before a line that can't belong to its last item. */
function endLists(lines: readonly string[]): readonly string[] {
  let isInList = false;
  return lines.flatMap((line, index) => {
    const before = lines[index - 1] ?? '';
    if (listItem.test(line)) isInList = true;
    else if (/^\S/.test(line) && !/\S/.test(before)) isInList = false;
    if (!isInList || !(afterList.test(line) || tagLine.test(line)) || !/\S/.test(before)) return [line];
    const isWrapped = before.trimEnd().length >= 60 && !/[.!?:;)。！？]["”*_]*\s*$/.test(before) && !/^[^\s:]{1,20}: /.test(line);
    if (isWrapped) return [line];
    isInList = false;
    return ['', line];
  });
}

/** Indents bullets below a numbered item as far as the text of the item. With a smaller indent, Markdown wouldn't nest the bullets. */
function nestBullets(lines: readonly string[]): readonly string[] {
  let item: { readonly indent: number; readonly content: number } | undefined;
  let shift = 0;
  return lines.map((line) => {
    const indent = line.search(/\S/);
    if (indent < 0) return line;
    // As in Markdown, text that is five or more blanks behind the number counts as one blank behind it.
    const [, number] = /^\s*(\d{1,3}[.)](?:\s{1,4}(?=\S)|\s(?=\s{4,}\S)))/.exec(line) ?? [];
    if (item && indent <= item.indent) [item, shift] = [undefined, 0];
    if (number !== undefined && !item) item = { indent, content: indent + number.length };
    else if (item && shift === 0 && indent < item.content && /^\s*[-*+•]\s/.test(line)) shift = item.content - indent;
    return item && indent > item.indent ? ' '.repeat(shift) + line : line;
  });
}

/** Matches a sign of code. Blanks before `+` exclude line separators, which `^` matches, too: repeated, they would take quadratic time. */
const codeSign = /[{};]\s*$|\S {3,}\S|\S\t|[│├└─═║]|^[^\S\r\n\u2028\u2029]*\+[-=]{2,}|^ {2,}\S.*[=():]/m;

/** Puts paragraphs of code, drawings, or aligned text into fences, because a paragraph would lose their spaces. */
function fenceCode(lines: readonly string[]): readonly string[] {
  const repairedLines: string[] = [];
  let paragraph: string[] = [];
  const end = (): void => {
    const format = paragraph.length > 1 && codeSign.test(paragraph.join('\n')) ? formatOf(paragraph.join('\n')) : 'plain';
    const isCode =
      !['plain', 'markdown', 'csv', 'tsv', 'ini'].includes(format) && (format !== 'yaml' || paragraph.some((line) => /^\s/.test(line)));
    repairedLines.push(...(isCode ? [`~~~~~~${format}`, ...paragraph, '~~~~~~'] : paragraph.map(keepSigns)));
    paragraph = [];
  };
  for (const line of lines) {
    const isDrawn =
      (/^\s*(?:\+[-=+]{2,}|\|)/.test(line) && (paragraph.length === 0 || /^\s*\+[-=]/.test(paragraph[0] ?? ''))) ||
      (/^\s*[-=]{2,}(?: {2,}[-=]{2,})+\s*$/.test(line) && paragraph.length > 0);
    // A fold directly below code isn't code. A tag below a tag belongs to HTML.
    if (tagLine.test(line) && !tagAtStart.test(paragraph.at(-1) ?? '')) end();
    if (isBlockStart(line) && !isDrawn) {
      end();
      repairedLines.push(keepSigns(line));
    } else paragraph.push(line);
  }
  end();
  return repairedLines;
}

/** Keeps indents of unusual bullets, and ideographic spaces, which Markdown drops. Replaces `[x]`, whose brackets would be shown. */
function keepSigns(line: string): string {
  const [, blanks = ''] = /^([ \t]*)[•◦▪▫‣·–—○●■□▸►▶→➤✓✔✗✘★☆]/.exec(line) ?? [];
  if (blanks !== '') return '&nbsp;'.repeat(blanks.length) + line.trimStart();
  return line
    .replace(/^\u3000+/, (wide) => '&#12288;'.repeat(wide.length))
    .replace(/^(\s*[-*+] )\[([ xX])\] /, (_, bullet: string, mark: string) => `${bullet}${mark === ' ' ? '☐' : '☑'} `);
}
