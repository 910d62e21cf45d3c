import { isRow } from '#vscode/tree/nodes';

/** A key of ours tells the command to take what is selected. */
export function isKeybinding(target: unknown): boolean {
  return member(target, 'selected') === true;
}

/** A user did it, by a row, a key or a link of ours: what fails is shown, and no program waits to catch it. */
export function isFromUser(target: unknown): boolean {
  return target === undefined || isRow(target) || isKeybinding(target) || member(target, 'isLink') === true;
}

/** A member of an argument that may be anything. */
export function member(target: unknown, name: string): unknown {
  return typeof target === 'object' && target !== null ? (Object.getOwnPropertyDescriptor(target, name)?.value as unknown) : undefined;
}

/** A member that is a text. */
export function textMember(target: unknown, name: string): string | undefined {
  const value = member(target, name);
  return typeof value === 'string' ? value : undefined;
}
