import { jsonForReport } from '#core/lib/json';
import { contentOf, unescapePlain, withoutColors } from '#core/output/content';
import { formatOf } from '#core/output/language';
import type { OutputFormat } from '#core/output/outputFormats';
import { clean } from '#present/cleanText';
import { codeBlock, codeFence, escapeMarkdown, plainText, wrapLongLines } from '#present/markdown/escapeMarkdown';
import { markdown } from '#present/markdown/markdown';
import { table } from '#present/markdown/table';
import { objectTexts, unfence } from '#present/markdown/unfence';
import { reportBudget, type Budget } from '#present/markdown/writeMarkdown';
import { documentWords } from '#present/words/documentWords';
import type { Translate } from '#present/words/words';

/** The maximum number of characters of one output in a report. The preview would take seconds for a longer output. */
const longestInReport = 300_000;
const mostLines = 20_000;

const mostUnwrapped = 4;

/** The maximum number of characters that the outputs of all tasks have in a report. */
const longestOfTasks = 1_000_000;

export interface RunOutputs {
  readonly output: string | undefined;
  /** The outputs of tasks by position. */
  readonly tasks: ReadonlyMap<number, string>;
}

/** Renders a run's outputs as Markdown, which takes seconds. Leaves out a failed run's output if a task has the same output. */
export function renderOutputs({ output, tasks }: RunOutputs, isFailed: boolean, t: Translate): RunOutputs {
  const budget = reportBudget();
  const isLeftOut = output === undefined || (isFailed && [...tasks.values()].includes(output));
  const shown = isLeftOut ? undefined : reportOutput(output, t, { budget });
  let left = longestOfTasks;
  const rendered = new Map<number, string>();
  for (const [position, text] of tasks) {
    const task = reportOutput(text, t, { most: Math.min(left, longestInReport), id: `task${position}-`, budget });
    left -= task.length;
    rendered.set(position, task);
  }
  return { output: shown, tasks: rendered };
}

/** Returns an output as Markdown according to the language of its content, with a model's thoughts folded. Cuts it to `most` characters. */
export function reportOutput(
  whole: string,
  t: Translate,
  { most = longestInReport, id = 'output-', budget = reportBudget() }: OutputOptions = {},
): string {
  if (most <= 0) return cut(t);
  return content(whole.replace(/\r\n?/g, '\n'), { t, id, budget, most, isCut: false, depth: 0 });
}

function content(wrapped: string, context: Context): string {
  const { t, most } = context;
  const { text, thoughts } = contentOf(wrapped);
  const start = startOf(text, most);
  const isCut = context.isCut || start !== text;
  return [
    ...(thoughts === '' ? [] : [fold(t(documentWords.reportThoughts), plainText(startOf(thoughts, most)))]),
    renderAs(formatOf(text), start, { ...context, isCut }),
    ...(start === text ? [] : [cut(t)]),
  ].join('\n\n');
}

function startOf(text: string, length: number): string {
  const start = text.slice(0, length);
  let lines = 0;
  for (let end = start.indexOf('\n'); end >= 0; end = start.indexOf('\n', end + 1)) if (++lines === mostLines) return start.slice(0, end);
  return start;
}

function cut(t: Translate): string {
  return `*${t(documentWords.reportCut)}*`;
}

export interface OutputOptions {
  readonly most?: number;
  readonly id?: string;
  readonly budget?: Budget;
}

interface Context extends Required<OutputOptions> {
  readonly t: Translate;
  readonly isCut: boolean;
  /** The number of fences and objects around the text. */
  readonly depth: number;
}

function renderAs(language: OutputFormat, colored: string, context: Context): string {
  if (language === 'json') return json(colored, context);
  const text = withoutColors(colored);
  if (language === 'plain') return plainText(unescapePlain(text));
  if (language === 'markdown') return markdownOf(text, context);
  if (language === 'csv' || language === 'tsv') return renderTable(text, context);
  return code(text, language);
}

function inner(text: string, context: Context): string {
  return content(text, { ...context, depth: context.depth + 1 });
}

/** Returns the context of another text of an output. No heading of a text has a dot in its ID, so the IDs are different. */
function partOf(context: Context, number: number): Context {
  return { ...context, id: `${context.id.slice(0, -1)}.${number}-` };
}

function json(text: string, context: Context): string {
  const texts = context.isCut || context.depth >= mostUnwrapped ? undefined : objectTexts(text);
  // Indenting can make a cut text several times longer, so the indented text is cut again.
  const whole = code(context.isCut ? jsonForReport(text).slice(0, context.most) : jsonForReport(text), 'json');
  if (!texts) return whole;
  const others = texts.others.map(([name, other], index) => fold(escapeMarkdown(clean(name)), inner(other, partOf(context, index + 1))));
  return [inner(texts.main, context), ...others, fold(context.t(documentWords.reportWholeJson), whole)].join('\n\n');
}

function fold(title: string, content: string): string {
  return `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
}

function markdownOf(text: string, context: Context): string {
  const found = context.depth < mostUnwrapped ? unfence(text) : undefined;
  if (!found) return markdown(text, context);

  const { before, inside, language, behind } = found;
  const kind = formatOf(inside);
  if (/^(?:markdown|md)$/i.test(language) || (language === '' && kind === 'markdown')) {
    const content =
      kind === 'markdown' || kind === 'plain' ? markdownOf(inside, { ...context, depth: context.depth + 1 }) : inner(inside, context);
    return [...sentence(before, partOf(context, 1)), content, ...sentence(behind, partOf(context, 2))].join('\n\n');
  }
  if (before !== '' || behind !== '') return markdown(text, context);
  if (kind === 'json' || kind === 'csv' || kind === 'tsv' || (language === '' && kind === 'plain')) return inner(inside, context);
  return wrapLongLines(inside, codeFence(inside, language || fenceName(kind)));
}

function sentence(text: string, context: Context): readonly string[] {
  return text === '' ? [] : [markdown(text, context)];
}

function renderTable(text: string, { t, isCut }: Context): string {
  const found = table(isCut ? text.slice(0, text.lastIndexOf('\n')) : text);
  if (!found) return code(text, 'preformatted');
  return found.isCut && !isCut ? `${found.markdown}\n\n${cut(t)}` : found.markdown;
}

function code(text: string, language: OutputFormat): string {
  return codeBlock(text.trimEnd(), fenceName(language));
}

/** TypeScript's colors suit most languages without a kind of their own. */
function fenceName(language: OutputFormat): string {
  return { shell: 'sh', svg: 'xml', preformatted: 'text', plain: 'text', code: 'ts' }[language as string] ?? language;
}
