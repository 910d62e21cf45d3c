import type * as vscode from 'vscode';

/** Returns the key of the ID backup for this machine and folder. VS Code syncs its storage to other machines, which have other histories. */
export function idBackupKey(host: string, folder: string): string {
  return `ids ${host} ${folder}`;
}

/**
 * The second copy of the ids in the editor's own storage: a place that a lost folder or a full database does not touch.
 *
 * That storage goes with the user to other machines, where the history is another one: the copy is that of this folder on this machine.
 */
export function idBackupStorage(
  memento: vscode.Memento,
  key: string,
  log: vscode.LogOutputChannel,
): { read(): unknown; write(value: object): void } {
  return {
    read: () => memento.get(key),
    write: (value) => {
      if (JSON.stringify(value) === JSON.stringify(memento.get(key, {}))) return;
      memento.update(key, value).then(undefined, (error: unknown) => log.warn(`Failed to update the copy of the IDs: ${String(error)}`));
    },
  };
}
