import { jsonForReport } from '#core/lib/json';
import { contentOf, unescapePlain, withoutColors } from '#core/output/content';
import { formatOf } from '#core/output/language';
import type { OutputFormat } from '#core/output/outputFormats';
import { clean } from '#present/cleanText';
import { codeBlock, codeFence, escapeMarkdown, plainTextHtml, wrapLongLines } from '#present/markdown/escapeMarkdown';
import { safeMarkdown, createBudget, type Budget } from '#present/markdown/markdown';
import { markdownTable } from '#present/markdown/table';
import { objectTexts, unfence } from '#present/markdown/unfence';
import { nonEmpty } from '#present/names';
import { documentWords } from '#present/words/documentWords';
import type { Translate } from '#present/words/words';

/** The maximum number of characters of one output in a report. The preview would take seconds for a longer output. */
const maxOutputLength = 300_000;
const maxLines = 20_000;

/** The maximum number of nested fences and JSON objects that are removed around a text. */
const maxDepth = 4;

const maxTaskOutputsLength = 1_000_000;

export interface RunOutputs {
  readonly output: string | undefined;
  /** The outputs of tasks by position. */
  readonly taskOutputs: ReadonlyMap<number, string>;
}

/** Renders a run's outputs as Markdown, which can take seconds. Leaves out a failed run's output if a task has the same output. */
export function renderOutputs({ output, taskOutputs }: RunOutputs, isFailed: boolean, t: Translate): RunOutputs {
  const budget = createBudget();
  const isOmitted = output === undefined || (isFailed && [...taskOutputs.values()].includes(output));
  const renderedOutput = isOmitted ? undefined : reportOutput(output, t, { budget });
  let lengthLeft = maxTaskOutputsLength;
  const renderedTaskOutputs = new Map<number, string>();
  for (const [position, text] of taskOutputs) {
    const rendered = reportOutput(text, t, { maxCharacters: Math.min(lengthLeft, maxOutputLength), idPrefix: `task${position}-`, budget });
    lengthLeft -= rendered.length;
    renderedTaskOutputs.set(position, rendered);
  }
  return { output: renderedOutput, taskOutputs: renderedTaskOutputs };
}

/** Returns an output as Markdown, by its content's format, with a model's thoughts folded. Cuts texts to `maxCharacters` and `maxLines`. */
export function reportOutput(output: string, t: Translate, options: Partial<RenderContext> = {}): string {
  const defaultLimits = { maxCharacters: maxOutputLength, budget: createBudget() };
  const context = { ...defaultLimits, t, idPrefix: 'output-', isCut: false, depth: 0, ...options };
  return context.maxCharacters <= 0 ? cutNote(t) : renderContent(output.replace(/\r\n?/g, '\n'), context);
}

function renderContent(output: string, context: RenderContext): string {
  const { t, maxCharacters } = context;
  const { text, thoughts } = contentOf(output);
  const shownText = cutToLimits(text, maxCharacters);
  const isCut = context.isCut || shownText !== text;
  return [
    ...(thoughts === '' ? [] : [fold(t(documentWords.reportThoughts), plainTextHtml(cutToLimits(thoughts, maxCharacters)))]),
    renderAs(formatOf(text), shownText, { ...context, isCut }),
    ...(shownText === text ? [] : [cutNote(t)]),
  ].join('\n\n');
}

function cutToLimits(text: string, maxCharacters: number): string {
  const start = text.slice(0, maxCharacters);
  let count = 0;
  for (let end = start.indexOf('\n'); end >= 0; end = start.indexOf('\n', end + 1)) if (++count === maxLines) return start.slice(0, end);
  return start;
}

function cutNote(t: Translate): string {
  return `*${t(documentWords.reportCut)}*`;
}

interface RenderContext {
  readonly t: Translate;
  readonly maxCharacters: number;
  readonly idPrefix: string;
  readonly budget: Budget;
  readonly isCut: boolean;
  /** The number of fences and objects around the text. */
  readonly depth: number;
}

function renderAs(format: OutputFormat, output: string, context: RenderContext): string {
  if (format === 'json') return renderJson(output, context);
  const text = withoutColors(output);
  if (format === 'plain') return plainTextHtml(unescapePlain(text));
  if (format === 'markdown') return renderMarkdown(text, context);
  if (format === 'csv' || format === 'tsv') return renderTable(text, context);
  return renderCode(text, format);
}

function renderNested(text: string, context: RenderContext): string {
  return renderContent(text, { ...context, depth: context.depth + 1 });
}

/** Returns the context for one of an output's texts. The dot in the ID prefix makes IDs unique, because IDs of headings have no dots. */
function contextOfPart(context: RenderContext, partNumber: number): RenderContext {
  return { ...context, idPrefix: `${context.idPrefix.slice(0, -1)}.${partNumber}-` };
}

function renderJson(text: string, context: RenderContext): string {
  const texts = context.isCut || context.depth >= maxDepth ? undefined : objectTexts(text);
  // Indenting can make a cut text several times longer, so the indented text is cut again.
  const wholeJson = renderCode(context.isCut ? jsonForReport(text).slice(0, context.maxCharacters) : jsonForReport(text), 'json');
  if (!texts) return wholeJson;
  const foldedTexts = texts.otherTexts.map(([name, other], index) =>
    fold(escapeMarkdown(clean(name)), renderNested(other, contextOfPart(context, index + 1))),
  );
  return [renderNested(texts.mainText, context), ...foldedTexts, fold(context.t(documentWords.reportWholeJson), wholeJson)].join('\n\n');
}

function fold(title: string, content: string): string {
  return `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
}

function renderMarkdown(text: string, context: RenderContext): string {
  const fencedText = context.depth < maxDepth ? unfence(text) : undefined;
  if (!fencedText) return safeMarkdown(text, context);

  const { before, content, language, after } = fencedText;
  const format = formatOf(content);
  if (/^(?:markdown|md)$/i.test(language) || (language === '' && format === 'markdown')) {
    const isMarkdownOrPlain = format === 'markdown' || format === 'plain';
    const rendered = isMarkdownOrPlain ? renderMarkdown(content, { ...context, depth: context.depth + 1 }) : renderNested(content, context);
    return nonEmpty([
      before && safeMarkdown(before, contextOfPart(context, 1)),
      rendered,
      after && safeMarkdown(after, contextOfPart(context, 2)),
    ]).join('\n\n');
  }
  if (before !== '' || after !== '') return safeMarkdown(text, context);
  if (format === 'json' || format === 'csv' || format === 'tsv' || (language === '' && format === 'plain'))
    return renderNested(content, context);
  return wrapLongLines(content, codeFence(content, language || fenceLanguage(format)));
}

function renderTable(text: string, { t, isCut }: RenderContext): string {
  const tableResult = markdownTable(isCut ? text.slice(0, text.lastIndexOf('\n')) : text);
  if (!tableResult) return renderCode(text, 'preformatted');
  return tableResult.isCut && !isCut ? `${tableResult.markdown}\n\n${cutNote(t)}` : tableResult.markdown;
}

function renderCode(text: string, format: OutputFormat): string {
  return codeBlock(text.trimEnd(), fenceLanguage(format));
}

/** Returns the language of a code fence. TypeScript's colors suit most languages without a format of their own. */
function fenceLanguage(format: OutputFormat): string {
  return { shell: 'sh', svg: 'xml', preformatted: 'text', plain: 'text', code: 'ts' }[format as string] ?? format;
}
