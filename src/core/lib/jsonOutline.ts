import { membersOf } from './json';

/** A member of a JSON object, or an item of an array. Positions are offsets in the text. */
export interface JsonEntry {
  /** The name as written, with quotes and escapes; undefined for an item of an array. */
  readonly name: string | undefined;
  readonly at: number;
  /** The offset of the value, whose first character determines its type. */
  readonly value: number;
  readonly end: number;
  readonly entries: readonly JsonEntry[];
}

/** The limits keep the time below a few milliseconds. Each level is read once more than the level above. */
const mostCharacters = 200_000;
const mostEntries = 2_000;
const deepest = 6;

/** Returns the members and items of the first 200,000 characters of a JSON text, at most 2,000 on six levels. */
export function jsonOutline(text: string): readonly JsonEntry[] {
  const start = text.slice(0, mostCharacters);
  const container = start.search(/\S/);
  let left = mostEntries;
  const entriesOf = (from: number, level: number): readonly JsonEntry[] => {
    if (level > deepest || !/[{[]/.test(start.charAt(from))) return [];
    const found: JsonEntry[] = [];
    for (const { at, name, start: value, end } of membersOf(start, from)) {
      if (left-- <= 0) break;
      found.push({ name: name > at ? start.slice(at, name) : undefined, at, value, end, entries: entriesOf(value, level + 1) });
    }
    return found;
  };
  return entriesOf(container, 1);
}
