import vscode = require('vscode');
import { documentScheme } from '#contributions';
import { isNodeOrNull } from '#present/outline/nodes';

/** Whether a keybinding of this extension called the command. These keybindings pass `{ selected: true }`, but not the rows. */
export function isFromKeybinding(target: unknown): boolean {
  return memberOf(target, 'selected') === true;
}

const isFromKeyOrLink = (target: unknown): boolean => isFromKeybinding(target) || memberOf(target, 'isLink') === true;

/** Whether a user called the command. A program that passes no argument, or a URI, counts as a user, because its call looks the same. */
export function isFromUser(target: unknown): boolean {
  return target === undefined || isNodeOrNull(target) || isFromKeyOrLink(target) || target instanceof vscode.Uri;
}

/** Whether a program called a command that has no keybinding or link, so that an argument like theirs comes from a program, too. */
export function isFromProgram(target: unknown): boolean {
  return !isFromUser(target) || isFromKeyOrLink(target);
}

/** Whether the target is the URI of a run's document, which VS Code passes to commands in the title of an editor. */
export function isDocumentUri(target: unknown): target is vscode.Uri {
  return target instanceof vscode.Uri && target.scheme === documentScheme;
}

/** Returns a member of an untrusted argument. Never calls a getter. */
export function memberOf(target: unknown, name: string): unknown {
  return typeof target === 'object' && target !== null ? (Object.getOwnPropertyDescriptor(target, name)?.value as unknown) : undefined;
}

export function textMemberOf(target: unknown, name: string): string | undefined {
  const value = memberOf(target, name);
  return typeof value === 'string' ? value : undefined;
}
