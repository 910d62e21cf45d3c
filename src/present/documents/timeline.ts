import type { Kickoff } from '#core/kickoff/kickoff';
import { clean } from '#present/cleanText';
import { escapeMarkdown } from '#present/markdown/safeMarkdown';
import { inRows, numberedTask } from '#present/rows/taskRow';
import { duration } from '#present/times';
import { documentWords } from '#present/words/documentWords';
import type { Translate } from '#present/words/words';
import { taskTimes, type TaskTime } from './taskTimes';

/** Beyond, a picture is no overview. */
const mostRows = 100;

/** Of the whole picture; in a narrow tab it shrinks as long as it can be read, and then scrolls. */
const width = 600;
const least = 480;
const rowHeight = 24;
const names = { width: 190, characters: 24, wide: 1.85 };
/** Beside the last bar there is room for the longest time that is not over. */
const plot = { left: 200, width: 270 };
const bar = { height: 12, top: 6, least: 2, mark: 14 };
const textTop = 16;
const style = `min-width: ${least}px; max-width: ${width}px; margin: 8px 0`;

const ink = 'var(--vscode-foreground, currentColor)';
const colours = {
  done: 'var(--vscode-charts-blue, #3794ff)',
  open: 'var(--vscode-charts-blue, #3794ff)',
  failed: 'var(--vscode-charts-red, #f14c4c)',
} as const satisfies Record<Exclude<TaskTime['kind'], 'unknown'>, string>;

type Place = (at: number) => number;

/**
 * The tasks of a run in time, as a picture inside Markdown; nothing when there are not two to compare.
 *
 * No line of it is blank: there the Markdown would go on, and what a server calls its tasks would be read as such.
 */
export function timeline(kickoff: Kickoff, now: number, t: Translate): string | undefined {
  const isUnknown = ({ kind, agent, executionSeconds }: TaskTime): boolean =>
    kind === 'unknown' && agent === undefined && executionSeconds === undefined;
  const times = inRows(taskTimes(kickoff, now), isUnknown);
  if (times.length > mostRows || times.filter(({ kind }) => kind !== 'unknown').length < 2) return undefined;

  const place = placing(times);
  const height = times.length * rowHeight;
  return [
    '<div style="overflow-x: auto">',
    `<svg role="img" viewBox="0 0 ${width} ${height}" width="100%" style="${style}" font-size="13" fill="${ink}">`,
    `<title>${escapeMarkdown(t(documentWords.timeline))}</title>`,
    `<desc>${times.map((task) => describeRow(task, t)).join('; ')}</desc>`,
    ...times.map((task, index) => row(task, { top: index * rowHeight, place, t })),
    '</svg></div>',
  ].join('\n');
}

/** Where on the picture a moment is. */
function placing(times: readonly TaskTime[]): Place {
  const moments = times.flatMap((time) => (time.kind === 'unknown' ? (time.at ?? []) : [time.from, time.to]));
  const first = Math.min(...moments);
  const span = Math.max(...moments) - first || 1;
  return (at) => Math.round((plot.left + ((at - first) / span) * plot.width) * 10) / 10;
}

function row(task: TaskTime, { top, place, t }: { top: number; place: Place; t: Translate }): string {
  const { shape, end } = drawn(task, top + bar.top, place);
  return [
    `<g><title>${describeRow(task, t)}</title>`,
    `<svg y="${top}" width="${names.width}" height="${rowHeight}"><text y="${textTop}">${escapeMarkdown(fitting(numberedTask(task, t)))}</text></svg>`,
    shape,
    `<text x="${end + 8}" y="${top + textTop}" fill-opacity="0.75">${escapeMarkdown(timeText(task, t))}</text></g>`,
  ].join('');
}

function drawn(task: TaskTime, top: number, place: Place): { readonly shape: string; readonly end: number } {
  const { kind } = task;
  if (kind === 'unknown') {
    const at = task.at === undefined ? plot.left : place(task.at);
    const look = `fill="none" stroke="${ink}" stroke-opacity="0.6" stroke-dasharray="3 2"`;
    return { shape: `<rect x="${at}" y="${top}" width="${bar.mark}" height="${bar.height}" ${look}/>`, end: at + bar.mark };
  }

  const from = place(task.from);
  const end = Math.max(place(task.to), from + bar.least);
  if (kind !== 'open') {
    const size = `width="${Math.round((end - from) * 10) / 10}" height="${bar.height}" rx="2"`;
    return { shape: `<rect x="${from}" y="${top}" ${size} fill="${colours[kind]}"/>`, end };
  }
  const look = `fill="${colours[kind]}" fill-opacity="0.3" stroke="${colours[kind]}"`;
  return { shape: `<path d="M${end} ${top}H${from}v${bar.height}H${end}" ${look}/>`, end };
}

/** As much of a text as there is room for; letters of Chinese, Japanese and Korean and small pictures take about two places. */
function fitting(whole: string): string {
  const isWide = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Emoji_Presentation}]/u;
  let room = names.characters;
  const cut = [...new Intl.Segmenter().segment(whole)].findIndex(({ segment }) => (room -= isWide.test(segment) ? names.wide : 1) < 0);
  return cut < 0 ? whole : clean(whole, cut);
}

/** A row in words, for those who hear it or point at it. */
function describeRow(task: TaskTime, t: Translate): string {
  const agent = clean(task.agent ?? '');
  return [escapeMarkdown(numberedTask(task, t)), ...(agent === '' ? [] : [escapeMarkdown(agent)]), escapeMarkdown(timeText(task, t))].join(
    ' · ',
  );
}

/** By the server's word, else `~` by what was watched. */
function timeText(task: TaskTime, t: Translate): string {
  if (task.executionSeconds !== undefined) return duration(task.executionSeconds);
  if (task.kind === 'unknown') return t(documentWords.timeUnknown);
  const watched = `~${duration((task.to - task.from) / 1_000)}`;
  return task.kind === 'open' ? t(documentWords.timeSoFar, watched) : watched;
}
