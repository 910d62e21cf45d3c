import * as vscode from 'vscode';
import { commandId, extensionId, type CommandName } from '../contributions';

/** Words by which an input box says what it wants. A pick that had one of them in its title could be mistaken for that box. */
const ofBoxes = /\b(?:url|token|kickoff id|label)\b/i;

/** Returns the title of a command as the command palette shows it, for the pick that the command opens. Empty for a title that names what a box wants. */
export function pickTitle(name: CommandName): string {
  const title = titleIn(vscode.extensions.getExtension(extensionId)?.packageJSON, commandId(name));
  return ofBoxes.test(title) ? '' : title;
}

/** The manifest has no type, but VS Code has translated it. */
function titleIn(manifest: unknown, command: string): string {
  const { contributes } = manifest as {
    readonly contributes?: { readonly commands?: readonly { readonly command: string; readonly title: string }[] };
  };
  return contributes?.commands?.find((one) => one.command === command)?.title ?? '';
}
