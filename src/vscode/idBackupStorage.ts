import type * as vscode from 'vscode';
import type { IdBackupStorage } from '#core/history/idBackupSync';

const keyPrefix = 'ids ';

/** Returns a backup's key. Contains the machine's name, because the local machine also stores the global state of remote windows. */
export function idBackupKey(hostName: string, historyFolder: string): string {
  return `${keyPrefix}${hostName} ${historyFolder}`;
}

/** Returns the storage of an ID backup in the global state. Failed writes are logged and not thrown. */
export function idBackupStorage(memento: vscode.Memento, key: string, log: Pick<vscode.LogOutputChannel, 'warn'>): IdBackupStorage {
  const update = (entryKey: string, value: object | undefined): void => {
    memento.update(entryKey, value).then(undefined, (error: unknown) => log.warn(`Failed to update the copy of the IDs: ${String(error)}`));
  };
  return {
    read: () => memento.get(key),
    write: (value) => {
      if (JSON.stringify(value) !== JSON.stringify(memento.get(key))) update(key, value);
    },
    deleteAll: () => {
      for (const entryKey of memento.keys()) if (entryKey.startsWith(keyPrefix)) update(entryKey, undefined);
    },
  };
}
