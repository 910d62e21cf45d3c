import { indentForEditor, isJsonContainer, membersOf } from './json';

/** The deepest level that is sorted. Each level is read once more than the level above, so sorting deeper levels would take too long. */
const maxSortedDepth = 30;

/** Sorts the members of objects and indents the text, so that a comparison ignores order and layout. */
export function sortedJson(text: string): string {
  const json = text.trim();
  return indentForEditor(isJsonContainer(json) ? sortMembers(json) : json);
}

/** Sorts the members of objects by name, down to the deepest sorted level. Members with the same name stay in their order. */
export function sortMembers(json: string, depth = 0): string {
  if (depth > maxSortedDepth || !/^[{[]/.test(json)) return json;
  const isObject = json.startsWith('{');
  const members = Array.from(membersOf(json, 0), ({ nameStart, nameEnd, start, end }) => {
    const value = sortMembers(json.slice(start, end), depth + 1);
    return { name: json.slice(nameStart, nameEnd), text: isObject ? `${json.slice(nameStart, nameEnd)}:${value}` : value };
  });
  if (isObject) members.sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
  return `${json.slice(0, 1)}${members.map(({ text }) => text).join(',')}${json.slice(-1)}`;
}
