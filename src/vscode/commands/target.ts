import { isRow } from '#vscode/tree/nodes';

/** Whether a keybinding of this extension called the command. The command then applies to the focused and selected rows. */
export function isKeybinding(target: unknown): boolean {
  return member(target, 'selected') === true;
}

/**
 * Whether a user called the command: from the Command Palette, a row, a key, or a link. Errors are then shown, because no program catches
 * them.
 */
export function isFromUser(target: unknown): boolean {
  return target === undefined || isRow(target) || isKeybinding(target) || member(target, 'isLink') === true;
}

/** Returns a member of an untrusted argument. Never calls a getter. */
export function member(target: unknown, name: string): unknown {
  return typeof target === 'object' && target !== null ? (Object.getOwnPropertyDescriptor(target, name)?.value as unknown) : undefined;
}

/** Returns a member if it is a text. */
export function textMember(target: unknown, name: string): string | undefined {
  const value = member(target, name);
  return typeof value === 'string' ? value : undefined;
}
