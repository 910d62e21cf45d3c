import type * as vscode from 'vscode';
import type { IdBackupStorage } from '#core/history/idBackupSync';

const prefix = 'ids ';

/** VS Code stores the global state of remote windows on the local machine. But each machine has its own history. */
export function idBackupKey(host: string, folder: string): string {
  return `${prefix}${host} ${folder}`;
}

/** Logs an error of a write instead of throwing it. */
export function idBackupStorage(memento: vscode.Memento, key: string, log: Pick<vscode.LogOutputChannel, 'warn'>): IdBackupStorage {
  const update = (name: string, value: object | undefined): void => {
    memento.update(name, value).then(undefined, (error: unknown) => log.warn(`Failed to update the copy of the IDs: ${String(error)}`));
  };
  return {
    read: () => memento.get(key),
    write: (value) => {
      if (JSON.stringify(value) !== JSON.stringify(memento.get(key))) update(key, value);
    },
    deleteAll: () => {
      for (const name of memento.keys()) if (name.startsWith(prefix)) update(name, undefined);
    },
  };
}
