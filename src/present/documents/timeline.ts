import type { Kickoff } from '#core/kickoff/kickoff';
import { clean } from '#present/cleanText';
import { escapeMarkdown } from '#present/markdown/escapeMarkdown';
import { nonEmpty } from '#present/names';
import { groupTasks, numberedTask, taskDuration, taskTimes, type TaskTime } from '#present/rows/taskRow';
import { documentWords } from '#present/words/documentWords';
import type { Translate } from '#present/words/words';

/** The maximum number of rows. A run with more rows has no picture, because a larger picture wouldn't be an overview. */
const maxRows = 100;

/** The picture's width in pixels. In a narrow tab, the picture shrinks to `minWidth`, and then scrolls. */
const width = 600;
const minWidth = 480;
const rowHeight = 24;
const nameColumn = { width: 190, characters: 24, charactersPerWideOne: 1.85 };
/** The area of the bars. The space to its right fits the longest time of an active task. */
const barArea = { left: 200, width: 270 };
const bar = { height: 12, top: 6, minWidth: 2, markWidth: 14 };
const textBaseline = 16;
const style = `min-width: ${minWidth}px; max-width: ${width}px; margin: 8px 0`;

const textColor = 'var(--vscode-foreground, currentColor)';
const colors = {
  done: 'var(--vscode-charts-blue, #3794ff)',
  active: 'var(--vscode-charts-blue, #3794ff)',
  failed: 'var(--vscode-charts-red, #f14c4c)',
} as const satisfies Record<Exclude<TaskTime['kind'], 'unknown'>, string>;

type HorizontalScale = (at: number) => number;

/** Returns a picture of the tasks over time, if it has 2 to 100 rows and a known time. A blank line would end the HTML block. */
export function timeline(kickoff: Kickoff, now: number, t: Translate): string | undefined {
  const times = groupTasks(taskTimes(kickoff, now), ({ kind }) => kind === 'unknown');
  if (times.length > maxRows || times.length < 2 || times.every(({ kind }) => kind === 'unknown')) return undefined;

  const toX = horizontalScale(times);
  const height = times.length * rowHeight;
  return [
    '<div style="overflow-x: auto">',
    `<svg role="img" viewBox="0 0 ${width} ${height}" width="100%" style="${style}" font-size="13" fill="${textColor}">`,
    `<title>${escapeMarkdown(t(documentWords.timeline))}</title>`,
    `<desc>${times.map((task) => describeRow(task, t)).join('; ')}</desc>`,
    ...times.map((task, index) => row(task, { top: index * rowHeight, toX, t })),
    '</svg></div>',
  ].join('\n');
}

function horizontalScale(times: readonly TaskTime[]): HorizontalScale {
  const moments = times.flatMap((time) => (time.kind === 'unknown' ? (time.at ?? []) : [time.from, time.to]));
  const first = Math.min(...moments);
  const span = Math.max(...moments) - first || 1;
  return (at) => Math.round((barArea.left + ((at - first) / span) * barArea.width) * 10) / 10;
}

function row(task: TaskTime, { top, toX, t }: { top: number; toX: HorizontalScale; t: Translate }): string {
  const { shape, end } = barOf(task, top + bar.top, toX);
  return [
    `<g><title>${describeRow(task, t)}</title>`,
    `<svg y="${top}" width="${nameColumn.width}" height="${rowHeight}"><text y="${textBaseline}">${escapeMarkdown(fitToWidth(numberedTask(task, t)))}</text></svg>`,
    shape,
    `<text x="${end + 8}" y="${top + textBaseline}" fill-opacity="0.75">${escapeMarkdown(timeText(task, t))}</text></g>`,
  ].join('');
}

function barOf(task: TaskTime, top: number, toX: HorizontalScale): { readonly shape: string; readonly end: number } {
  const { kind } = task;
  if (kind === 'unknown') {
    const at = task.at === undefined ? barArea.left : toX(task.at);
    const attributes = `fill="none" stroke="${textColor}" stroke-opacity="0.6" stroke-dasharray="3 2"`;
    return { shape: `<rect x="${at}" y="${top}" width="${bar.markWidth}" height="${bar.height}" ${attributes}/>`, end: at + bar.markWidth };
  }

  const from = toX(task.from);
  const end = Math.max(toX(task.to), from + bar.minWidth);
  if (kind !== 'active') {
    const size = `width="${Math.round((end - from) * 10) / 10}" height="${bar.height}" rx="2"`;
    return { shape: `<rect x="${from}" y="${top}" ${size} fill="${colors[kind]}"/>`, end };
  }
  const attributes = `fill="${colors[kind]}" fill-opacity="0.3" stroke="${colors[kind]}"`;
  return { shape: `<path d="M${end} ${top}H${from}v${bar.height}H${end}" ${attributes}/>`, end };
}

/** Cuts a text to the available width. Chinese, Japanese, and Korean letters and emoji count as about two characters. */
function fitToWidth(text: string): string {
  const isWide = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Emoji_Presentation}]/u;
  let space = nameColumn.characters;
  const cut = [...new Intl.Segmenter().segment(text)].findIndex(
    ({ segment }) => (space -= isWide.test(segment) ? nameColumn.charactersPerWideOne : 1) < 0,
  );
  return cut < 0 ? text : clean(text, cut);
}

function describeRow(task: TaskTime, t: Translate): string {
  return escapeMarkdown(nonEmpty([numberedTask(task, t), clean(task.agent ?? ''), timeText(task, t)]).join(' · '));
}

function timeText(task: TaskTime, t: Translate): string {
  const time = taskDuration(task, t);
  if (time === undefined) return t(documentWords.timeUnknown);
  return task.kind === 'active' && task.executionSeconds === undefined ? t(documentWords.timeSoFar, time) : time;
}
