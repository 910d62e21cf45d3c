import type * as vscode from 'vscode';

/** VS Code stores the global state of remote windows on the local machine. But each machine has its own history. */
export function idBackupKey(host: string, folder: string): string {
  return `ids ${host} ${folder}`;
}

/** VS Code's global state survives the loss of the history's folder. Logs an error of a write instead of throwing it. */
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
