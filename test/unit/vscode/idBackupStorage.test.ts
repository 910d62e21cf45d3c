import assert from 'node:assert/strict';
import { idBackupKey, idBackupStorage } from '#vscode/idBackupStorage';

const [key, otherHost, otherFolder] = [idBackupKey('host', '/folder'), idBackupKey('other', '/folder'), idBackupKey('host', '/other')];

describe("The copy of the IDs in VS Code's global state", () => {
  /** Returns a storage beside other values in the global state. `writes` contains the names of the written values. */
  function storageBesideOthers() {
    const stored = new Map<string, unknown>([otherHost, otherFolder, 'another value'].map((name) => [name, { ids: ['other'] }]));
    const writes: string[] = [];
    const update = (name: string, value: unknown): Promise<void> => {
      writes.push(name);
      if (value === undefined) stored.delete(name);
      else stored.set(name, value);
      return Promise.resolve();
    };
    const memento = { keys: () => [...stored.keys()], get: (name: string) => stored.get(name), update };
    return { storage: idBackupStorage(memento as never, key, { warn: assert.ifError }), stored, writes };
  }

  it('is separate for each machine and folder', () => {
    const { storage, stored } = storageBesideOthers();
    assert.equal(storage.read(), undefined);
    storage.write({ ids: ['b'] });
    assert.deepEqual([storage.read(), stored.size], [{ ids: ['b'] }, 4]);
  });

  it('is written only if it changed', () => {
    const { storage, writes } = storageBesideOthers();
    for (const ids of [['a'], ['a'], ['b']]) storage.write({ ids });
    assert.deepEqual([writes, storage.read()], [[key, key], { ids: ['b'] }]);
  });

  it('is deleted with the copies of other machines and folders', () => {
    const { storage, stored } = storageBesideOthers();
    storage.write({ ids: ['a'] });
    storage.deleteAll();
    assert.deepEqual([...stored.keys()], ['another value']);
  });

  it('causes a log line for each write or deletion that fails', async () => {
    const logged: string[] = [];
    const memento = { keys: () => [key], get: () => undefined, update: () => Promise.reject(new Error('full')) };
    const storage = idBackupStorage(memento as never, key, { warn: (line) => logged.push(line) });
    storage.write({ ids: ['a'] });
    storage.deleteAll();
    await new Promise(setImmediate);
    assert.deepEqual(logged, Array(2).fill('Failed to update the copy of the IDs: Error: full'));
  });
});
