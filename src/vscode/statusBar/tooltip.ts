import vscode = require('vscode');
import { commandId } from '#contributions';
import type { KickoffList } from '#core/history/kickoffList';
import type { KickoffRef } from '#core/kickoff/kickoff';
import type { TooltipLine } from '#present/statusBar';

/** Escapes all text, so that only the buttons and line breaks are Markdown. */
export function tooltipOf(lines: readonly TooltipLine[], board: KickoffList): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString();
  tooltip.isTrusted = { enabledCommands: lines.flatMap(({ button }) => (button ? [commandId(button.command)] : [])) };
  for (const { detail, button } of lines) {
    tooltip.appendMarkdown(asText(detail));
    if (button) {
      const title = unbroken(button.title);
      tooltip.appendMarkdown(` · [${title}](command:${commandId(button.command)}?${about(button.about, board)} "${title}")`);
    }
    tooltip.appendMarkdown('\n\n');
  }
  return tooltip;
}

/** Escapes text like `appendText`, but long lines can wrap, URLs don't become links, and entities don't become characters. */
function asText(text: string): string {
  return unbroken(text)
    .replaceAll('&nbsp;', ' ')
    .replace(/[:.@<|&]/g, '\\$&');
}

function unbroken(text: string): string {
  return new vscode.MarkdownString().appendText(text).value;
}

/** VS Code decodes the argument once or twice. A second decoding doesn't change it. */
function about({ deployment, id }: KickoffRef, board: KickoffList): string {
  const target = [{ deployment: board.deployment(deployment)?.url, kickoffId: id, isLink: true }];
  const json = JSON.stringify(target).replace(/[%()]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
  return encodeURIComponent(json);
}
