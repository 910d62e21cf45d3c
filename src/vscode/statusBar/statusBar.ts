import vscode = require('vscode');
import { commandId, statusBarId, views } from '#contributions';
import type { KickoffList } from '#core/history/kickoffList';
import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import type { Disposable } from '#core/lib/types';
import { idleStatusBarContent, statusBarContent, type TooltipLine } from '#present/statusBar';
import { words } from '#present/words/words';
import { t } from '#vscode/l10n';
import type { TreeParts } from '#vscode/tree/kickoffTree';

/** Time alone can make a response outdated or change the text of a problem. */
const refreshMs = 5_000;

/** The status bar item. By default, visible only while a run is active, other than runs that aren't found. */
export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem(statusBarId, vscode.StatusBarAlignment.Left, 50);
  readonly #listening: Disposable;
  /** The content as text; undefined while the item is hidden. */
  #comparable: string | undefined;
  #timer: Disposable | undefined;

  constructor(private readonly parts: Omit<TreeParts, 'store'>) {
    this.#item.name = t(words.statusBarName);
    this.#item.command = `${views.kickoffs}.focus`;
    this.#listening = parts.board.onDidChange(() => this.refresh());
    // With the setting `always`, shows the item now, because loading an empty history fires no change.
    this.refresh();
  }

  /** Updates the item only if its content changed, because each update redraws an open hover. */
  refresh(): void {
    const { board, staleness, clock, settings } = this.parts;
    const { statusBar } = settings.current;
    const context = { troubleOf: (kickoff: Kickoff) => board.troubleOf(kickoff), staleAt: staleness.staleAt, now: clock.now(), t };
    const active = statusBar === 'never' ? undefined : statusBarContent(board.kickoffs, context);
    this.#timer?.dispose();
    this.#timer = active && clock.after(refreshMs, () => this.refresh());
    const content = active ?? (statusBar === 'always' ? idleStatusBarContent(t) : undefined);
    const tooltip = content && tooltipOf(content.tooltip, board);
    const comparable = content && JSON.stringify([content.text, tooltip?.value, content.ariaLabel]);
    if (comparable === this.#comparable) return;
    this.#comparable = comparable;
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
    this.#listening.dispose();
    this.#item.dispose();
  }
}

/** Escapes all text, so that only the buttons and line breaks are Markdown. */
export function tooltipOf(lines: readonly TooltipLine[], board: KickoffList): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString();
  tooltip.isTrusted = { enabledCommands: lines.flatMap(({ button }) => (button ? [commandId(button.command)] : [])) };
  for (const { detail, button } of lines) {
    tooltip.appendMarkdown(asText(detail));
    if (button) {
      const title = unbroken(button.title);
      tooltip.appendMarkdown(` · [${title}](command:${commandId(button.command)}?${about(button.run, board)} "${title}")`);
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
