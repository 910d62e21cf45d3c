import vscode = require('vscode');
import { views } from '#contributions';
import type { Node } from '#vscode/tree/nodes';

/** The view in the sidebar, empty until it is given a tree; made once, for the editor goes on asking for one that was taken away, and never lets it go. */
export class List implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<Node | Node[] | null | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly view = vscode.window.createTreeView(views.kickoffs, { treeDataProvider: this, showCollapseAll: true, canSelectMany: true });
  #tree: vscode.TreeDataProvider<Node> | undefined;

  /** Shows that tree from now on. */
  show(tree: vscode.TreeDataProvider<Node>): void {
    this.#tree = tree;
    tree.onDidChangeTreeData?.((nodes) => this.#changed.fire(nodes ?? undefined));
  }

  getChildren(node?: Node): vscode.ProviderResult<Node[]> {
    return this.#tree?.getChildren(node) ?? [];
  }

  getTreeItem(node: Node): vscode.TreeItem | Thenable<vscode.TreeItem> {
    return this.#tree?.getTreeItem(node) ?? new vscode.TreeItem('');
  }

  getParent(node: Node): vscode.ProviderResult<Node> {
    return this.#tree?.getParent?.(node);
  }

  resolveTreeItem(item: vscode.TreeItem, node: Node, token: vscode.CancellationToken): vscode.ProviderResult<vscode.TreeItem> {
    return this.#tree?.resolveTreeItem?.(item, node, token);
  }

  dispose(): void {
    this.#tree = undefined;
    this.view.dispose();
    this.#changed.dispose();
  }
}
