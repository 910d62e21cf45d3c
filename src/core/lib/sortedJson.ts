import { deepestInEditor, endOfString, indentJson, skipBlanks, skipValue } from './json';

/** Deeper values stay as written, because sorting is recursive and could overflow the stack. */
const deepestSorted = 100;

interface SortedValue {
  readonly text: string;
  readonly end: number;
}

/** Sorts the members of objects and indents the text, so that a comparison ignores order and layout. */
export function sortedJson(text: string): string {
  const ordered = sortMembers(text.trim());
  return indentJson(ordered, deepestInEditor(ordered));
}

/** Names and values stay as written. Members with the same name stay in their order. */
export function sortMembers(text: string): string {
  const whole = sortValue(text, 0, 0);
  return skipBlanks(text, whole.end) < text.length ? text : whole.text;
}

/** Reads each character once at any depth, and concatenates with `+`, which copies nothing. */
function sortValue(text: string, start: number, depth: number): SortedValue {
  const isObject = text[start] === '{';
  if (depth > deepestSorted || (!isObject && text[start] !== '[')) {
    const end = skipValue(text, start);
    return { text: text.slice(start, end), end };
  }
  const parts: { readonly name: string; readonly value: string }[] = [];
  let at = skipBlanks(text, start + 1);
  while (at < text.length && text[at] !== '}' && text[at] !== ']') {
    const name = isObject ? endOfString(text, at) : at;
    const value = sortValue(text, isObject ? skipBlanks(text, skipBlanks(text, name) + 1) : at, depth + 1);
    parts.push({ name: text.slice(at, name), value: value.text });
    at = skipBlanks(text, value.end);
    if (text[at] === ',') at = skipBlanks(text, at + 1);
  }
  if (isObject) parts.sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
  let all = '';
  for (const { name, value } of parts) all += `${all === '' ? '' : ','}${isObject ? `${name}:` : ''}${value}`;
  return { text: `${isObject ? '{' : '['}${all}${isObject ? '}' : ']'}`, end: at + 1 };
}
