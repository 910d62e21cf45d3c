import type * as vscode from 'vscode';

/**
 * Returns the key of the ID backup for this machine and folder. VS Code syncs its storage to other machines, which have other histories.
 */
export function idBackupKey(host: string, folder: string): string {
  return `ids ${host} ${folder}`;
}

/**
 * Returns the storage of the ID backup. The storage is VS Code's global state, which survives a lost folder and a full disk.
 *
 * The key contains machine and folder, because VS Code syncs this state to other machines with other histories.
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
