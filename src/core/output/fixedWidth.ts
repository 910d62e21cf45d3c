import { isProse } from './languageCode';

/** Whether several lines form a drawing or aligned columns, so that the text needs a fixed-width font. */
export function isAligned(lines: readonly string[]): boolean {
  return lines.filter(isDrawn).length >= 2 || lines.some((line, index) => hasGap(line) && hasGap(lines[index + 1] ?? ''));
}

/** Whether a line has a gap between two words, as between columns. After a sentence or in a list, two spaces aren't a gap. */
function hasGap(line: string): boolean {
  return !/^\s*[-*+] /.test(line) && /[^\s.!?*+•)-](?: {2}|\t)/.test(line.trim());
}

/** Whether a line is far indented, or belongs to a box, a tree, or a dotted list. */
function isDrawn(line: string): boolean {
  return line.startsWith(' '.repeat(8)) || /[│┌┐└┘├┤┬┴┼║╔╗╚╝╠╣╦╩╬]|^[|+].*[|+]$|\.{5}/.test(line.trim());
}

const diagram = /^(?:(?:graph|flowchart) (?:TD|LR)|(?:sequence|class|er)Diagram|gantt|@startuml)/;

/** Whether a text is a printed value or a diagram source. Examples are Python's `repr`, and JSON that is truncated or has comments. */
export function isDump(filled: readonly string[]): boolean {
  const [first = ''] = filled;
  if (diagram.test(first)) return true;
  if (/^[[{(]+['"]|^[[{]$|^[\w.]+\(\w+=|^\w+=\S.* \w+=/.test(first)) return filled.filter(isProse).length * 2 <= filled.length;
  return filled.length >= 3 && filled.filter((line) => /[{};]$|^[\]})]/.test(line)).length * 2 >= filled.length;
}
