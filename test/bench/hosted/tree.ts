import vscode = require('vscode');

/** The least that shows a list: what every figure is put beside. */
export function activate({ subscriptions }: vscode.ExtensionContext): void {
  const treeDataProvider: vscode.TreeDataProvider<string> = {
    getChildren: (row) => (row === undefined ? ['one', 'two', 'three'] : []),
    getTreeItem: (row) => new vscode.TreeItem(row),
  };
  subscriptions.push(vscode.window.createTreeView('crewaiKickoffs.kickoffs', { treeDataProvider }));
}
