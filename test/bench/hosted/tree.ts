import vscode = require('vscode');

/** Activates a minimal extension with a tree. The benchmarks compare the costs of the tested extension with the costs of this extension. */
export function activate({ subscriptions }: vscode.ExtensionContext): void {
  const treeDataProvider: vscode.TreeDataProvider<string> = {
    getChildren: (row) => (row === undefined ? ['one', 'two', 'three'] : []),
    getTreeItem: (row) => new vscode.TreeItem(row),
  };
  subscriptions.push(vscode.window.createTreeView('crewaiKickoffs.kickoffs', { treeDataProvider }));
}
