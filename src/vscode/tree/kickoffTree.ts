import vscode = require('vscode');
import { keyOf, type BoardChange } from '#core/history/board';
import type { Store } from '#core/history/store';
import type { Deployment } from '#core/kickoff/deployment';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import type { Trouble } from '#core/kickoff/trouble';
import { interruptedTask } from '#core/kickoff/tasks';
import type { Disposable } from '#core/lib/types';
import { withTimeout } from '#core/lib/withTimeout';
import type { Inputs, StartAttempt } from '#core/starts/attempt';
import { deploymentRow } from '#present/rows/deploymentRow';
import { inputLines } from '#present/rows/inputLines';
import type { Row, RowWithTooltip } from '#present/rows/kickoffRow';
import { startRow } from '#present/rows/startRow';
import { taskPositions, taskRow } from '#present/rows/taskRow';
import { troubleDetails } from '#present/troubleText';
import { documentUri } from '#vscode/documents/documentUri';
import { formatDate, t } from '#vscode/l10n';
import { KickoffRowData, type RowParts } from './kickoffRowData';
import { DeploymentNode, KickoffNode, NodeCache, StartNode, TaskNode, type Node } from './nodes';
import { deploymentAddress, kickoffAddress } from './rowDecorations';

/** The time in milliseconds after which VS Code has redrawn rows with visible children. */
const againMs = 500;

/** The maximum time in milliseconds that a tooltip waits for the inputs, for example while another window writes. */
const longestReadMs = 1_000;

export interface TreeParts extends RowParts {
  readonly store: Pick<Store, 'inputs'>;
}

/** The rows of the view: deployments, their runs, and the tasks of the runs. */
export class KickoffTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<Node[] | undefined>();
  readonly #nodes = new NodeCache();
  readonly #listening: Disposable;
  selected: readonly Node[] = [];
  #again: Disposable | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(private readonly parts: TreeParts) {
    this.#listening = parts.board.onDidChange((change) => this.#show(change));
  }

  getChildren(node?: Node): Node[] {
    if (!node) return this.parts.board.deployments.map((deployment) => this.#nodes.deployment(deployment.key));
    if (node instanceof DeploymentNode) {
      const deployment = this.parts.board.deployment(node.key);
      if (!deployment) return [];
      const starts = this.parts.board.startsOf(deployment).toReversed();
      const kickoffs = this.parts.board.kickoffsOf(deployment);
      return [...starts.map((start) => this.#nodes.start(start)), ...kickoffs.map((kickoff) => this.#nodes.kickoff(kickoff))];
    }
    if (!(node instanceof KickoffNode)) return [];
    const kickoff = this.parts.board.kickoff(node.ref);
    return kickoff ? taskPositions(kickoff).map((position) => this.#nodes.task(node, position)) : [];
  }

  getParent(node: Node): Node | undefined {
    if (node instanceof TaskNode) return node.kickoff;
    if (node instanceof StartNode) return this.#nodes.deployment(node.deployment);
    return node instanceof KickoffNode ? this.#nodes.deployment(node.ref.deployment) : undefined;
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if (node instanceof DeploymentNode) return this.#deploymentItem(node);
    if (node instanceof StartNode) return this.#startItem(node);
    return node instanceof KickoffNode ? this.#kickoffItem(node) : this.#taskItem(node);
  }

  /** Reads the inputs of a run only for its tooltip. If they can't be read, the tooltip shows the rest. */
  async resolveTreeItem(item: vscode.TreeItem, node: Node): Promise<vscode.TreeItem> {
    if (!(node instanceof KickoffNode) || !node.drawn) return item;
    let inputs: Inputs = {};
    const reading = this.parts.store.inputs(node.ref).then(
      (known = {}) => void (inputs = known),
      () => undefined,
    );
    await withTimeout(longestReadMs, reading, this.parts.clock);
    item.tooltip = [node.drawn.tooltip, ...inputLines(inputs, t)].join('\n');
    return item;
  }

  /** Returns the row to focus when rows are removed: the next remaining sibling, else the previous sibling, else the parent. */
  neighborOf(removed: readonly Node[]): Node | undefined {
    const [first] = removed;
    if (!first) return undefined;
    const parent = this.getParent(first);
    const siblings = this.getChildren(parent);
    const at = siblings.indexOf(first);
    return [...siblings.slice(at + 1), ...siblings.slice(0, at).reverse()].find((row) => !removed.includes(row)) ?? parent;
  }

  nodeOf(of: Kickoff | Deployment | StartAttempt): Node {
    if ('requestId' in of) return this.#nodes.start(of);
    return 'key' in of ? this.#nodes.deployment(of.key) : this.#nodes.kickoff(of);
  }

  /** Redraws the rows whose content changed. Skips rows that were never drawn. */
  redraw(kickoffs: readonly Kickoff[], deployments: readonly Deployment[] = []): void {
    const runs = kickoffs.map((kickoff) => this.#nodes.kickoff(kickoff)).filter((node) => node.drawn && this.#hasChanged(node));
    const parents = deployments.map(({ key }) => this.#nodes.deployment(key)).filter((node) => node.shown && this.#hasChanged(node));
    const starts = this.parts.board.starts.map((start) => this.#nodes.start(start));
    this.#fire([...parents, ...starts.filter((node) => node.shown !== undefined && this.#hasChanged(node)), ...runs]);
  }

  /** Redraws rows, and then the selected rows below them, which lose their highlight when VS Code redraws a selected row. */
  #fire(rows: readonly Node[]): void {
    if (rows.length === 0) return;
    const isAffected = this.selected.length > 1 && rows.some((row) => row instanceof DeploymentNode || this.selected.includes(row));
    const selected = isAffected ? this.#inOrder().filter((row) => this.selected.includes(row)) : [];
    this.#changed.fire([...rows.filter((row) => !selected.includes(row)), ...selected]);
    if (!isAffected) return;
    // A row with visible children is redrawn later than the rows below it.
    this.#again?.dispose();
    this.#again = this.parts.clock.after(againMs, () => this.#changed.fire([...selected.slice(1)]));
  }

  #inOrder(parent?: Node): readonly Node[] {
    return this.getChildren(parent).flatMap((row) => [row, ...this.#inOrder(row)]);
  }

  dispose(): void {
    this.#again?.dispose();
    this.#listening.dispose();
    this.#changed.dispose();
  }

  /** Redraws only changed rows, and the root only if deployments changed, because redrawing the root redraws all rows. */
  #show({ kickoffs, reordered, changedDeployments }: BoardChange): void {
    if (changedDeployments.length > 0) {
      this.#changed.fire(undefined);
      return;
    }
    const deployments = [...new Set(kickoffs.map(({ deployment }) => deployment))].filter((key) => !reordered.includes(key));
    const parents = deployments.map((key) => this.#nodes.deployment(key)).filter((node) => this.#hasChanged(node));
    const rows = kickoffs.filter(({ deployment }) => !reordered.includes(deployment)).map((kickoff) => this.#nodes.kickoff(kickoff));
    const changed = [...reordered.map((key) => this.#nodes.deployment(key)), ...parents, ...rows.filter((node) => this.#hasChanged(node))];
    this.#fire(changed);
  }

  /** Whether a row changed. Redrawing an unchanged row would close its tooltip, and redraw all children of a deployment. */
  #hasChanged(node: DeploymentNode | KickoffNode | StartNode): boolean {
    if (node instanceof StartNode) return JSON.stringify(this.#startRow(node)) !== node.shown;
    if (node instanceof KickoffNode) {
      const kickoff = this.parts.board.kickoff(node.ref);
      return (kickoff && new KickoffRowData(kickoff, this.parts))?.shown !== node.drawn?.shown;
    }
    const deployment = this.parts.board.deployment(node.key);
    return (deployment && JSON.stringify(this.#deploymentRow(deployment))) !== node.shown;
  }

  #isUpToDate(kickoff: Kickoff): boolean {
    return this.parts.board.troubleOf(kickoff) === undefined && this.parts.clock.now() < this.parts.staleness.staleAt(kickoff);
  }

  #deploymentRow(deployment: Deployment): RowWithTooltip {
    const { board, clock } = this.parts;
    const [kickoffs, trouble] = [board.kickoffsOf(deployment), board.troubleOfDeployment(deployment)];
    const troubleOf = (kickoff: Kickoff): Trouble | undefined => board.ownTroubleOf(kickoff);
    const look = deploymentRow(deployment, { kickoffs, trouble, troubleOf, now: clock.now(), t });
    const isActive = kickoffs.some(({ phase }) => !isSettled(phase));
    return { ...look, whole: [look.whole, ...(isActive ? troubleDetails(trouble, formatDate, t) : [])].filter(Boolean).join('\n') };
  }

  #deploymentItem(node: DeploymentNode): vscode.TreeItem {
    const deployment = this.parts.board.deployment(node.key);
    if (!deployment) return new vscode.TreeItem('');
    const look = this.#deploymentRow(deployment);
    node.shown = JSON.stringify(look);
    const [starts, kickoffs] = [this.parts.board.startsOf(deployment), this.parts.board.kickoffsOf(deployment)];
    const hasOpen = starts.length > 0 || kickoffs.some(({ phase }) => !isSettled(phase));
    const { None, Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
    const item = itemOf(look, hasOpen ? Expanded : kickoffs.length > 0 ? Collapsed : None);
    item.id = `deployment ${node.key}`;
    item.resourceUri = deploymentAddress(node.key);
    item.tooltip = [...(look.whole === '' ? [] : [look.whole]), deployment.url].join('\n');
    return item;
  }

  #startRow(node: StartNode): RowWithTooltip | undefined {
    const attempt = this.parts.board.startOf(node.requestId);
    return attempt && startRow(attempt, { now: this.parts.clock.now(), t, formatDate });
  }

  #startItem(node: StartNode): vscode.TreeItem {
    const row = this.#startRow(node);
    if (!row) return new vscode.TreeItem('');
    node.shown = JSON.stringify(row);
    const item = itemOf(row, vscode.TreeItemCollapsibleState.None);
    item.id = `start ${node.requestId}`;
    item.tooltip = [row.whole, ...inputLines(this.parts.board.startOf(node.requestId)?.inputs ?? {}, t)].join('\n');
    return item;
  }

  #kickoffItem(node: KickoffNode): vscode.TreeItem {
    const kickoff = this.parts.board.kickoff(node.ref);
    if (!kickoff) return new vscode.TreeItem('');
    const row = new KickoffRowData(kickoff, this.parts);
    node.drawn = row;
    if (taskPositions(kickoff).length > 0) node.hadTasks = true;
    else if (isSettled(kickoff.phase)) node.hadTasks = false;
    const state = node.hadTasks ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None;
    const item = itemOf(row.row, state);
    item.id = `kickoff ${keyOf(kickoff)}`;
    item.resourceUri = kickoffAddress(kickoff);
    item.command = row.click;
    return item;
  }

  #taskItem(node: TaskNode): vscode.TreeItem {
    const kickoff = this.parts.board.kickoff(node.kickoff.ref);
    const row = kickoff && taskRow(kickoff, node.position, this.#isUpToDate(kickoff), t);
    if (!row) return new vscode.TreeItem('');
    const item = itemOf(row, vscode.TreeItemCollapsibleState.None);
    item.id = `task ${keyOf(kickoff)} ${node.position}`;
    const hasOutput = kickoff.tasks.some(({ position, hasOutput: has }) => has && position === node.position);
    const kind = hasOutput ? { task: node.position } : interruptedTask(kickoff)?.position === node.position ? 'report' : undefined;
    if (kind) item.command = { command: 'vscode.open', title: '', arguments: [documentUri(kickoff, kind)] };
    return item;
  }
}

function itemOf({ label, description, icon, context, ariaLabel }: Row, state: vscode.TreeItemCollapsibleState): vscode.TreeItem {
  const item = new vscode.TreeItem(label, state);
  item.description = description;
  item.iconPath = iconOf(icon);
  item.contextValue = context;
  item.accessibilityInformation = { label: ariaLabel };
  return item;
}

const icons = new Map<string, vscode.ThemeIcon>();

/** Returns a cached icon, because thousands of rows share a few icons. */
function iconOf({ id, color }: Row['icon']): vscode.ThemeIcon {
  const key = `${id} ${color}`;
  const icon = icons.get(key) ?? new vscode.ThemeIcon(id, color === undefined ? undefined : new vscode.ThemeColor(color));
  icons.set(key, icon);
  return icon;
}
