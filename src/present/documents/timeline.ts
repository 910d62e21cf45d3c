import type { Kickoff } from '#core/kickoff/kickoff';
import { clean } from '#present/cleanText';
import { escapeMarkdown } from '#present/markdown/escapeMarkdown';
import { nonEmpty } from '#present/names';
import { groupTasks, numberedTaskName, taskDurationText, taskTimes, type TaskTime } from '#present/rows/taskRow';
import { documentWords } from '#present/words/documentWords';
import { words, type Translate } from '#present/words/words';

/** The maximum number of rows. A run with more rows has no picture, because a larger picture wouldn't be an overview. */
const maxRows = 100;

/** The picture's width in pixels. In a narrow tab, the picture shrinks to `minPictureWidth`, and then scrolls. */
const pictureWidth = 600;
const minPictureWidth = 480;
const rowHeight = 24;
const nameColumn = { width: 190, characters: 24, charactersPerWideGlyph: 1.85 };
/** The area of the bars. The space to its right fits the longest text for an active task's time. */
const barArea = { left: 200, width: 270 };
const bar = { height: 12, top: 6, minWidth: 2, markWidth: 14 };
const textBaseline = 16;
const pictureStyle = `min-width: ${minPictureWidth}px; max-width: ${pictureWidth}px; margin: 8px 0`;

const textColor = 'var(--vscode-foreground, currentColor)';
const barColors = {
  done: 'var(--vscode-charts-blue, #3794ff)',
  active: 'var(--vscode-charts-blue, #3794ff)',
  failed: 'var(--vscode-charts-red, #f14c4c)',
} as const satisfies Record<Exclude<TaskTime['kind'], 'unknown'>, string>;

type HorizontalScale = (at: number) => number;

/** Returns a chart of the tasks' times without blank lines, which would end the HTML. Undefined for one or too many rows, or no times. */
export function timeline(kickoff: Kickoff, now: number, t: Translate): string | undefined {
  const rowTimes = groupTasks(taskTimes(kickoff, now), ({ kind }) => kind === 'unknown');
  if (rowTimes.length > maxRows || rowTimes.length < 2 || rowTimes.every(({ kind }) => kind === 'unknown')) return undefined;

  const toX = horizontalScale(rowTimes);
  const height = rowTimes.length * rowHeight;
  return [
    '<div style="overflow-x: auto">',
    `<svg role="img" viewBox="0 0 ${pictureWidth} ${height}" width="100%" style="${pictureStyle}" font-size="13" fill="${textColor}">`,
    `<title>${escapeMarkdown(t(words.timeline))}</title>`,
    `<desc>${rowTimes.map((task) => rowDescription(task, t)).join('; ')}</desc>`,
    ...rowTimes.map((task, index) => rowSvg(task, { top: index * rowHeight, toX, t })),
    '</svg></div>',
  ].join('\n');
}

function horizontalScale(times: readonly TaskTime[]): HorizontalScale {
  const timestamps = times.flatMap((time) => (time.kind === 'unknown' ? (time.markAt ?? []) : [time.startAt, time.endAt]));
  const startAt = Math.min(...timestamps);
  const spanMs = Math.max(...timestamps) - startAt || 1;
  return (at) => Math.round((barArea.left + ((at - startAt) / spanMs) * barArea.width) * 10) / 10;
}

function rowSvg(task: TaskTime, { top, toX, t }: { top: number; toX: HorizontalScale; t: Translate }): string {
  const { shape, endX } = barSvg(task, top + bar.top, toX);
  return [
    `<g><title>${rowDescription(task, t)}</title>`,
    `<svg y="${top}" width="${nameColumn.width}" height="${rowHeight}"><text y="${textBaseline}">${escapeMarkdown(fitToWidth(numberedTaskName(task, t)))}</text></svg>`,
    shape,
    `<text x="${endX + 8}" y="${top + textBaseline}" fill-opacity="0.75">${escapeMarkdown(timeText(task, t))}</text></g>`,
  ].join('');
}

function barSvg(task: TaskTime, top: number, toX: HorizontalScale): { readonly shape: string; readonly endX: number } {
  const { kind } = task;
  if (kind === 'unknown') {
    const x = task.markAt === undefined ? barArea.left : toX(task.markAt);
    const attributes = `fill="none" stroke="${textColor}" stroke-opacity="0.6" stroke-dasharray="3 2"`;
    return { shape: `<rect x="${x}" y="${top}" width="${bar.markWidth}" height="${bar.height}" ${attributes}/>`, endX: x + bar.markWidth };
  }

  const startX = toX(task.startAt);
  const endX = Math.max(toX(task.endAt), startX + bar.minWidth);
  if (kind !== 'active') {
    const sizeAttributes = `width="${Math.round((endX - startX) * 10) / 10}" height="${bar.height}" rx="2"`;
    return { shape: `<rect x="${startX}" y="${top}" ${sizeAttributes} fill="${barColors[kind]}"/>`, endX };
  }
  const attributes = `fill="${barColors[kind]}" fill-opacity="0.3" stroke="${barColors[kind]}"`;
  return { shape: `<path d="M${endX} ${top}H${startX}v${bar.height}H${endX}" ${attributes}/>`, endX };
}

/** Cuts a text to the available width. Chinese, Japanese, and Korean letters and emoji count as about two characters. */
function fitToWidth(text: string): string {
  const wideGlyphPattern = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Emoji_Presentation}]/u;
  let remainingCharacters = nameColumn.characters;
  const cutIndex = [...new Intl.Segmenter().segment(text)].findIndex(
    ({ segment }) => (remainingCharacters -= wideGlyphPattern.test(segment) ? nameColumn.charactersPerWideGlyph : 1) < 0,
  );
  return cutIndex < 0 ? text : clean(text, cutIndex);
}

function rowDescription(task: TaskTime, t: Translate): string {
  return escapeMarkdown(nonEmpty([numberedTaskName(task, t), clean(task.agent ?? ''), timeText(task, t)]).join(' · '));
}

function timeText(task: TaskTime, t: Translate): string {
  const duration = taskDurationText(task, t);
  if (duration === undefined) return t(documentWords.timeUnknown);
  return task.kind === 'active' && task.executionSeconds === undefined ? t(documentWords.timeSoFar, duration) : duration;
}
