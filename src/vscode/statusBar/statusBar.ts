import vscode = require('vscode');
import { commandId, statusBarItemId, viewId } from '#contributions';
import type { KickoffList } from '#core/history/kickoffList';
import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import type { Disposable } from '#core/lib/types';
import { idleStatusBarContent, statusBarContent, type TooltipLine } from '#present/statusBar';
import { words } from '#present/words/words';
import { t } from '#vscode/l10n';
import type { TreeParts } from '#vscode/tree/kickoffTree';

/** The interval of updates. Even without a change, a response can become outdated, and the text of a problem can change. */
const refreshIntervalMs = 5_000;

/** The status bar item. By default, visible only while a run is active. Runs that AMP doesn't find don't count. */
export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem(statusBarItemId, vscode.StatusBarAlignment.Left, 50);
  readonly #subscription: Disposable;
  /** The content as text; undefined while the item is hidden. */
  #shownText: string | undefined;
  #timer: Disposable | undefined;

  constructor(private readonly parts: Omit<TreeParts, 'store'>) {
    this.#item.name = t(words.statusBarName);
    this.#item.command = `${viewId}.focus`;
    this.#subscription = parts.board.onDidChange(() => this.refresh());
    // Shows the item with the setting `always`, even if the history is empty and loading it fires no event.
    this.refresh();
  }

  /** Updates the item only if its content changed, because each update redraws an open hover. */
  refresh(): void {
    const { board, staleAt, clock, settings } = this.parts;
    const { statusBar } = settings.current;
    const context = { troubleOf: (kickoff: Kickoff) => board.troubleOf(kickoff), staleAt, now: clock.now(), t };
    const activeContent = statusBar === 'never' ? undefined : statusBarContent(board.kickoffs, context);
    this.#timer?.dispose();
    this.#timer = activeContent && clock.after(refreshIntervalMs, () => this.refresh());
    const content = activeContent ?? (statusBar === 'always' ? idleStatusBarContent(t) : undefined);
    const tooltip = content && tooltipOf(content.tooltip, board);
    const contentText = content && JSON.stringify([content.text, tooltip?.value, content.ariaLabel]);
    if (contentText === this.#shownText) return;
    this.#shownText = contentText;
    if (!content) {
      this.#item.hide();
      return;
    }
    this.#item.text = content.text;
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = { label: content.ariaLabel, role: 'button' };
    this.#item.show();
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#subscription.dispose();
    this.#item.dispose();
  }
}

/** Returns the tooltip as Markdown. Escapes all text, so that only buttons and line breaks are rendered. */
export function tooltipOf(lines: readonly TooltipLine[], board: KickoffList): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString();
  tooltip.isTrusted = { enabledCommands: lines.flatMap(({ button }) => (button ? [commandId(button.command)] : [])) };
  for (const { text, button } of lines) {
    tooltip.appendMarkdown(escapeText(text));
    if (button) {
      const title = escapeNonBreaking(button.title);
      tooltip.appendMarkdown(` · [${title}](command:${commandId(button.command)}?${linkArgument(button.run, board)} "${title}")`);
    }
    tooltip.appendMarkdown('\n\n');
  }
  return tooltip;
}

/** Escapes text like `appendText`, but long lines can wrap, URLs don't become links, and entities don't become characters. */
function escapeText(text: string): string {
  return escapeNonBreaking(text)
    .replaceAll('&nbsp;', ' ')
    .replace(/[:.@<|&]/g, '\\$&');
}

/** Escapes text, and replaces spaces so that the line doesn't wrap. */
function escapeNonBreaking(text: string): string {
  return new vscode.MarkdownString().appendText(text).value;
}

/** Returns the encoded argument of a command link. VS Code decodes it once or twice, so a second decoding must not change it. */
function linkArgument({ deployment, id }: KickoffRef, board: KickoffList): string {
  const commandArguments = [{ deployment: board.deployment(deployment)?.url, kickoffId: id, isLink: true }];
  const json = JSON.stringify(commandArguments).replace(/[%()]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
  return encodeURIComponent(json);
}
