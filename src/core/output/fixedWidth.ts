import { isProse } from './languageCode';

/** Whether several lines form a drawing or aligned columns, so that the text needs a fixed-width font. */
export function isAligned(filled: readonly string[]): boolean {
  if (filled.filter(isDrawn).length >= 2 || filled.filter((line) => /^ {8,}\S/.test(line)).length >= 2) return true;
  const columns = filled.map(columnsOf);
  const inColumns = columns.filter((own, index) => {
    const beside = [...(columns[index - 1] ?? []), ...(columns[index + 1] ?? [])];
    return own.some((column) => beside.includes(column));
  });
  if (inColumns.length >= 2) return true;
  const spread = filled.filter((line) => /\S(?: {3,}|\t)\S/.test(withoutBullet(line))).length;
  return spread >= 2 && spread * 4 >= filled.length;
}

/**
 * Returns the columns where a gap between words begins or ends. A gap is a tab or at least two spaces, or three after a sentence. Columns
 * where a gap begins are negative.
 */
function columnsOf(line: string): readonly number[] {
  const blanks = line.length - withoutBullet(line).length;
  const gaps = withoutBullet(line).matchAll(/(?:[^\s.!?] {2,}|[.!?] {3,}|\S\t+)(?=\S)/g);
  return [...gaps].flatMap(({ 0: gap, index }) => [blanks + index + gap.length, -(blanks + index)]);
}

/** Whether a line belongs to a box, a tree, a dotted list, or ASCII art. A line of one repeated character is a rule, which prose has too. */
function isDrawn(line: string): boolean {
  const isTable = /[│┌┐└┘├┤┬┴┼║╔╗╚╝╠╣╦╩╬]|^\s*\+[-=+]{3,}\+?\s*$|^\s*[|+].*[|+]\s*$|\S ?\.{4,} ?\S/.test(line);
  return isTable || (/^[^\p{L}\d]{3,}$/u.test(line.trim()) && new Set(line.trim()).size > 2 && /[/\\|_<>]/.test(line));
}

function withoutBullet(line: string): string {
  return line.replace(/^\s*(?:(?:[-*+•]|\d{1,3}[.)])\s+)?/, '');
}

const diagram =
  /^\s*(?:(?:graph|flowchart) (?:TD|TB|LR|RL|BT)\b|(?:sequenceDiagram|classDiagram|erDiagram|gantt|stateDiagram(?:-v2)?|mindmap|journey|gitGraph|@startuml)\s*$)/;

/** Whether a text is a printed value or a diagram source. Examples are Python's `repr`, and JSON that is truncated or has comments. */
export function isDump(text: string, filled: readonly string[]): boolean {
  if (diagram.test(filled[0] ?? '')) return true;
  const prose = filled.filter(isProse).length;
  const isClosed = /[\]})]\s*$/.test(text.slice(-1_000));
  const isCut = filled.length > 1 ? filled.some((line) => /^\s*[{[]?\s*["'][^"']*["']\s*:/.test(line)) : !/[\]}]/.test(text);
  const isBraced = /^\s*[[{(]/.test(text) && (isClosed || isCut);
  if (isBraced && /['"][^'"]*['"]\s*[:,\]}]|\w+\(?\w+=/.test(text)) return prose * 2 <= filled.length + 1;
  if (/^\s*[\w.]+\(\w+=|^\w+=(?:['"[({\d<]|None|True|False).* \w+=/.test(text)) return prose * 2 <= filled.length + 1;
  const closed = filled.filter((line) => /[{};]\s*$|^\s*[\]})]/.test(line)).length;
  return filled.length >= 3 && closed * 2 >= filled.length && /[{}]/.test(text);
}
