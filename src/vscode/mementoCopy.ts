import type * as vscode from 'vscode';

/**
 * The second copy of the ids in the editor's own storage: a place that a lost folder or a full database does not touch.
 *
 * That storage goes with the user to other machines, where the history is another one: the copy is that of this folder on this machine.
 */
export function mementoCopy(
  memento: vscode.Memento,
  /** Names the machine and its folder. */
  history: string,
  log: vscode.LogOutputChannel,
): { read(): unknown; write(value: object): void } {
  const key = `ids ${history}`;
  return {
    read: () => memento.get(key),
    write: (value) => {
      if (JSON.stringify(value) === JSON.stringify(memento.get(key, {}))) return;
      memento.update(key, value).then(undefined, (error: unknown) => log.warn(`no copy of the ids: ${String(error)}`));
    },
  };
}
