import vscode = require('vscode');
import type { BoardChange } from '#core/history/board';
import type { Clock, Disposable } from '#core/lib/types';
import { withTimeout } from '#core/lib/withTimeout';
import type { Store } from '#core/history/store';
import { inputLines } from '#present/details';
import type { Node } from '#present/outline/nodes';
import { Outline } from '#present/outline/outline';
import type { OutlineParts, OutlineRow } from '#present/outline/runRow';
import { documentUri } from '#vscode/documents/documentUri';
import { t } from '#vscode/l10n';
import type { SettingsReader } from '#vscode/settings';
import { decorationUri } from './rowDecorations';

/** The time in milliseconds after which VS Code has redrawn rows with visible children. */
const redrawDelayMs = 500;

/** The maximum time in milliseconds that a tooltip waits for the inputs, for example while another window writes. */
const readTimeoutMs = 1_000;

/** The objects that the view and the status bar get from the rest of the extension. */
export interface TreeParts extends Pick<OutlineParts, 'board' | 'staleAt'> {
  readonly clock: Clock;
  readonly settings: SettingsReader;
  readonly store: Pick<Store, 'inputs'>;
}

/** Shows the outline in VS Code's tree. */
export class KickoffTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly outline: Outline;
  readonly #changeEmitter = new vscode.EventEmitter<Node[] | undefined>();
  /** The content of rows when they were last drawn. */
  readonly #drawnRows = new Map<Node, OutlineRow>();
  readonly #subscription: Disposable;
  selection: readonly Node[] = [];
  #secondRedraw: Disposable | undefined;

  readonly onDidChangeTreeData = this.#changeEmitter.event;

  constructor(private readonly parts: TreeParts) {
    this.outline = new Outline({ ...parts, t });
    this.#subscription = parts.board.onDidChange((change) => {
      if (change.changedKeys.length > 0) this.#changeEmitter.fire(undefined);
      else this.redraw(change);
    });
  }

  getChildren(node?: Node): Node[] {
    return this.outline.childrenOf(node);
  }

  getParent(node: Node): Node | undefined {
    return this.outline.parentOf(node);
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const content = this.outline.rowOf(node, this.#drawnRows.get(node));
    if (!content) return new vscode.TreeItem('');
    this.#drawnRows.set(node, content);
    const { row, documentToOpen } = content;
    const item = new vscode.TreeItem(row.label, vscode.TreeItemCollapsibleState[content.expansion]);
    item.id = node.rowId;
    item.description = row.description;
    const { id, color } = row.icon;
    item.iconPath = new vscode.ThemeIcon(id, color === undefined ? undefined : new vscode.ThemeColor(color));
    item.contextValue = row.contextValue;
    item.accessibilityInformation = { label: row.ariaLabel };
    item.tooltip = row.tooltip;
    const uri = decorationUri(node);
    if (uri) item.resourceUri = uri;
    // Only VS Code's own commands distinguish clicks from double clicks, and keep their arguments during a redraw.
    if (documentToOpen)
      item.command = { command: 'vscode.open', title: '', arguments: [documentUri(documentToOpen.kickoff, documentToOpen.kind)] };
    return item;
  }

  /** Reads the inputs of a run only for its tooltip. If they can't be read, the tooltip shows the rest. */
  async resolveTreeItem(item: vscode.TreeItem, node: Node): Promise<vscode.TreeItem> {
    const { lazyTooltip } = this.#drawnRows.get(node) ?? {};
    if (!lazyTooltip) return item;
    const inputsPromise = this.parts.store.inputs(lazyTooltip.inputsRun).catch(() => undefined);
    const inputs = (await withTimeout(readTimeoutMs, inputsPromise, this.parts.clock)) ?? {};
    item.tooltip = [...lazyTooltip.lines(), ...inputLines(inputs, t)].join('\n');
    return item;
  }

  /** Redraws only rows that changed, or whose children changed. Redrawing other rows would close tooltips, and redraw many children. */
  redraw(change: Pick<BoardChange, 'kickoffs' | 'reorderedKeys'>): void {
    const { reordered, others } = this.outline.nodesAffectedBy(change);
    this.#redrawRows([...reordered, ...others.filter((node) => this.#hasChanged(node))]);
  }

  /** Whether a drawn row has other content now. False for a row that VS Code has never drawn. */
  #hasChanged(node: Node): boolean {
    const drawnRow = this.#drawnRows.get(node);
    return drawnRow !== undefined && drawnRow.comparableText() !== this.outline.rowOf(node)?.comparableText();
  }

  /** Redraws rows. If that affects one of several selected rows, redraws these last and in order, so that they keep their highlight. */
  #redrawRows(rows: readonly Node[]): void {
    if (rows.length === 0) return;
    const redrawnRows = new Set(rows);
    const isRedrawn = (node: Node | undefined): boolean => node !== undefined && (redrawnRows.has(node) || isRedrawn(this.getParent(node)));
    const isSelectionAffected = this.selection.length > 1 && this.selection.some(isRedrawn);
    const affectedSelection = new Set(isSelectionAffected ? this.selection : []);
    const selectedRows = isSelectionAffected ? this.#rowsInOrder().filter((node) => affectedSelection.has(node)) : [];
    this.#changeEmitter.fire([...rows.filter((node) => !affectedSelection.has(node)), ...selectedRows]);
    if (!isSelectionAffected) return;
    // Redraws the selected rows again, because VS Code redraws a row with visible children later than the rows below it.
    this.#secondRedraw?.dispose();
    this.#secondRedraw = this.parts.clock.after(redrawDelayMs, () => this.#changeEmitter.fire([...selectedRows.slice(1)]));
  }

  #rowsInOrder(parent?: Node): readonly Node[] {
    return this.getChildren(parent).flatMap((node) => [node, ...this.#rowsInOrder(node)]);
  }

  dispose(): void {
    this.#secondRedraw?.dispose();
    this.#subscription.dispose();
    this.#changeEmitter.dispose();
  }
}
