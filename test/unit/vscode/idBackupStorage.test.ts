import assert from 'node:assert/strict';
import { idBackupKey, idBackupStorage } from '#vscode/idBackupStorage';

const [key, otherHost, otherFolder] = [idBackupKey('host', '/folder'), idBackupKey('other', '/folder'), idBackupKey('host', '/other')];

describe('The copy of the IDs in the global state of VS Code', () => {
  it('is separate for each machine and folder, is written only if it changed, and is deleted without other values', () => {
    const stored = new Map<string, unknown>([otherHost, otherFolder, 'another value'].map((name) => [name, { ids: ['other'] }]));
    const writes: string[] = [];
    const update = (name: string, value: unknown): Promise<void> => {
      writes.push(name);
      if (value === undefined) stored.delete(name);
      else stored.set(name, value);
      return Promise.resolve();
    };
    const memento = { keys: () => [...stored.keys()], get: (name: string) => stored.get(name), update };
    const storage = idBackupStorage(memento as never, key, { warn: assert.ifError });
    assert.equal(storage.read(), undefined);
    for (const ids of [['a'], ['a'], ['b']]) storage.write({ ids });
    assert.deepEqual([writes, storage.read(), stored.size], [[key, key], { ids: ['b'] }, 4]);
    storage.deleteAll();
    assert.deepEqual([...stored.keys()], ['another value']);
  });

  it('logs each write and deletion that fails', async () => {
    const logged: string[] = [];
    const memento = { keys: () => [key], get: () => undefined, update: () => Promise.reject(new Error('full')) };
    const storage = idBackupStorage(memento as never, key, { warn: (line) => logged.push(line) });
    storage.write({ ids: ['a'] });
    storage.deleteAll();
    await new Promise(setImmediate);
    assert.deepEqual(logged, Array(2).fill('Failed to update the copy of the IDs: Error: full'));
  });
});
