import { membersOf } from './json';

/** A member of a JSON object, or an item of an array. Positions are offsets in the text. */
export interface JsonEntry {
  /** The name as written, with quotes and escapes; undefined for an item of an array. */
  readonly name: string | undefined;
  readonly start: number;
  /** The offset of the value, whose first character determines its type. */
  readonly valueStart: number;
  readonly end: number;
  readonly entries: readonly JsonEntry[];
}

/** The limits keep the time below a few milliseconds. Each level is read once more than the level above. */
const maxCharacters = 200_000;
const maxEntries = 2_000;
const maxDepth = 6;

/** Returns the members and items of the first 200,000 characters of a JSON text, at most 2,000 on six levels. */
export function jsonOutline(text: string): readonly JsonEntry[] {
  const beginning = text.slice(0, maxCharacters);
  let remainingEntryCount = maxEntries;
  const entriesOf = (containerStart: number, level: number): readonly JsonEntry[] => {
    if (level > maxDepth || !/[{[]/.test(beginning.charAt(containerStart))) return [];
    const entries: JsonEntry[] = [];
    for (const { nameStart, nameEnd, start, end } of membersOf(beginning, containerStart)) {
      if (remainingEntryCount-- <= 0) break;
      const name = nameEnd > nameStart ? beginning.slice(nameStart, nameEnd) : undefined;
      entries.push({ name, start: nameStart, valueStart: start, end, entries: entriesOf(start, level + 1) });
    }
    return entries;
  };
  return entriesOf(beginning.search(/\S/), 1);
}
