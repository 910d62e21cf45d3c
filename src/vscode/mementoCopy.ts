import type * as vscode from 'vscode';

const key = 'ids';

/** The second copy of the ids in the editor's own storage: a place that a lost folder or a full database does not touch. */
export function mementoCopy(memento: vscode.Memento, log: vscode.LogOutputChannel): { read(): unknown; write(value: object): void } {
  return {
    read: () => memento.get(key),
    write: (value) => {
      if (JSON.stringify(value) === JSON.stringify(memento.get(key))) return;
      memento.update(key, value).then(undefined, (error: unknown) => log.warn(`no copy of the ids: ${String(error)}`));
    },
  };
}
