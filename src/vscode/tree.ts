import * as vscode from 'vscode';
import { commands } from '../contributions';
import { keyOf, type Board, type BoardChange } from '../core/board';
import type { Deployment } from '../core/deployment';
import { isSettled, type Kickoff } from '../core/kickoff';
import type { Disposable } from '../core/ports';
import { deploymentLook, kickoffLook, kickoffTooltip, taskLook, type Look } from '../present/look';
import { documentName } from '../present/documentName';
import { documentUri } from './documentUri';
import { currentSettings } from './settings';
import { DeploymentNode, KickoffNode, Nodes, TaskNode, type Node } from './nodes';

/** Copies the board into the sidebar; it never asks a server and shows no message. */
export class KickoffTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<Node[] | undefined>();
  readonly #nodes = new Nodes();
  readonly #listening: Disposable;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(private readonly board: Board) {
    this.#listening = board.onDidChange((change) => this.#show(change));
  }

  getChildren(node?: Node): Node[] {
    if (!node) return this.board.deployments.map((deployment) => this.#nodes.deployment(deployment.key));
    if (node instanceof DeploymentNode) {
      const deployment = this.board.deployment(node.key);
      return deployment ? this.board.kickoffsOf(deployment).map((kickoff) => this.#nodes.kickoff(kickoff)) : [];
    }
    if (node instanceof TaskNode) return [];
    return this.board.kickoff(node.ref)?.tasks.map(({ position }) => this.#nodes.task(node, position)) ?? [];
  }

  getParent(node: Node): Node | undefined {
    if (node instanceof TaskNode) return node.kickoff;
    return node instanceof KickoffNode ? this.#nodes.deployment(node.ref.deployment) : undefined;
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if (node instanceof DeploymentNode) return this.#deploymentItem(node);
    return node instanceof KickoffNode ? this.#kickoffItem(node) : this.#taskItem(node);
  }

  /** Computed when it is wanted: it is the only place that always says when a run was checked. */
  resolveTreeItem(item: vscode.TreeItem, node: Node): vscode.TreeItem {
    const kickoff = node instanceof KickoffNode ? this.board.kickoff(node.ref) : undefined;
    if (kickoff) item.tooltip = asText(kickoffTooltip(kickoff, this.board.deployment(kickoff.deployment), vscode.l10n.t));
    return item;
  }

  /** The row of a run, for `reveal`. */
  nodeOf(kickoff: Kickoff): Node {
    return this.#nodes.kickoff(kickoff);
  }

  /** Draws again the rows whose elapsed time moved on. */
  redraw(kickoffs: readonly Kickoff[]): void {
    if (kickoffs.length > 0) this.#changed.fire(kickoffs.map((kickoff) => this.#nodes.kickoff(kickoff)));
  }

  dispose(): void {
    this.#listening.dispose();
    this.#changed.dispose();
  }

  #show({ kickoffs, isStructural }: BoardChange): void {
    if (isStructural) {
      this.#changed.fire(undefined);
      return;
    }
    const deployments = new Set(kickoffs.map(({ deployment }) => deployment));
    const parents = [...deployments].map((key) => this.#nodes.deployment(key)).filter((node) => this.#hasNewLook(node));
    this.#changed.fire([...parents, ...kickoffs.map((kickoff) => this.#nodes.kickoff(kickoff))]);
  }

  /** A deployment's row is drawn again only when it says something else: with it go all its children. */
  #hasNewLook(node: DeploymentNode): boolean {
    const deployment = this.board.deployment(node.key);
    return deployment !== undefined && JSON.stringify(this.#lookOf(deployment)) !== node.shown;
  }

  #lookOf(deployment: Deployment): Look {
    return deploymentLook(deployment, this.board.kickoffsOf(deployment), this.board.troubleOfDeployment(deployment), vscode.l10n.t);
  }

  #deploymentItem(node: DeploymentNode): vscode.TreeItem {
    const deployment = this.board.deployment(node.key);
    if (!deployment) return new vscode.TreeItem('');
    const look = this.#lookOf(deployment);
    node.shown = JSON.stringify(look);
    const hasOpen = this.board.kickoffsOf(deployment).some(({ phase }) => !isSettled(phase));
    const item = itemOf(look, hasOpen ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed);
    item.id = `deployment ${node.key}`;
    item.tooltip = deployment.url;
    return item;
  }

  #kickoffItem(node: KickoffNode): vscode.TreeItem {
    const kickoff = this.board.kickoff(node.ref);
    if (!kickoff) return new vscode.TreeItem('');
    const look = kickoffLook(kickoff, this.board.troubleOf(kickoff), Date.now(), vscode.l10n.t);
    const item = itemOf(look, kickoff.tasks.length > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None);
    item.id = `kickoff ${keyOf(kickoff)}`;
    item.command = clickOn(kickoff, node);
    return item;
  }

  #taskItem(node: TaskNode): vscode.TreeItem {
    const kickoff = this.board.kickoff(node.kickoff.ref);
    const task = kickoff?.tasks.find(({ position }) => position === node.position);
    if (!kickoff || !task) return new vscode.TreeItem('');
    const item = itemOf(taskLook(task, vscode.l10n.t), vscode.TreeItemCollapsibleState.None);
    item.id = `task ${keyOf(kickoff)} ${node.position}`;
    const uri = documentUri(kickoff, documentName(kickoff, { task: node.position }));
    if (task.hasOutput) item.command = { command: 'vscode.open', title: '', arguments: [uri] };
    return item;
  }
}

/** A run that succeeded opens as the user set it; any other shows its report. */
function clickOn({ phase, output }: Kickoff, node: KickoffNode): vscode.Command {
  const isOutput = phase.kind === 'succeeded' && output !== undefined && currentSettings().openWith === 'output';
  return { command: isOutput ? commands.openOutput : commands.openReport, title: '', arguments: [node] };
}

function itemOf({ label, description, icon, context, spoken }: Look, state: vscode.TreeItemCollapsibleState): vscode.TreeItem {
  const item = new vscode.TreeItem(label, state);
  item.description = description;
  item.iconPath = new vscode.ThemeIcon(icon.id, icon.color === undefined ? undefined : new vscode.ThemeColor(icon.color));
  item.contextValue = context;
  item.accessibilityInformation = { label: spoken };
  return item;
}

/** Server text can do nothing in a tooltip: no links, no icons, no images. */
function asText(lines: readonly string[]): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString();
  lines.forEach((line, index) => (index === 0 ? markdown.appendText(line) : markdown.appendMarkdown('\n\n').appendText(line)));
  return markdown;
}
