import { isRow } from './nodes';

/** A key of ours tells the command to take what is selected. */
export function isKeybinding(given: unknown): boolean {
  return member(given, 'selected') === true;
}

/** A user did it, by a row, a key or a link of ours: what fails is shown, and no program waits to catch it. */
export function isOfUser(given: unknown): boolean {
  return given === undefined || isRow(given) || isKeybinding(given) || member(given, 'isLink') === true;
}

/** A member of an argument that may be anything. */
export function member(given: unknown, name: string): unknown {
  return typeof given === 'object' && given !== null ? (Object.getOwnPropertyDescriptor(given, name)?.value as unknown) : undefined;
}

/** A member that is a text. */
export function text(given: unknown, name: string): string | undefined {
  const value = member(given, name);
  return typeof value === 'string' ? value : undefined;
}
