import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Deployment } from '#core/kickoff/deployment';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import { HistoryFailure } from '#core/lib/errors';
import { KickoffStore } from '#store/store';
import { addKickoff, answered, type Script } from '#test/support/builders';
import { figure } from '#test/support/fuzz';
import { shared, Window } from '#test/support/polling';
import { bytes, clock, Folder, hurried, integrity, noise, opened, run, url } from './support';

const folder = new Folder();
const disk = join(folder.path, 'disk');
mkdirSync(disk);
const tmpfs = ['-t', 'tmpfs', '-o', 'size=2m', 'kickoffs'];

function mount(...args: readonly string[]): boolean {
  return process.platform === 'linux' && spawnSync('mount', [...args, disk]).status === 0;
}

function unmount(): void {
  spawnSync('umount', ['--lazy', disk]);
}

/** Whether this process may mount small and read-only disks. */
const canMount = mount(...tmpfs);
if (canMount) unmount();

/** Fills the disk until only `free` bytes are left. */
function fill(free: number): void {
  const file = join(disk, 'others');
  for (let size = 2 ** 21; size > 0; size -= 4_096) {
    try {
      writeFileSync(file, new Uint8Array(size));
      writeFileSync(file, new Uint8Array(Math.max(0, size - free)));
      return;
    } catch {
      // The file was too large. Tries a smaller file.
    }
  }
}

function makeRoom(): void {
  rmSync(join(disk, 'others'));
}

/** Stores finished runs with large responses until a write fails. Returns the acknowledged runs with their bodies, and the error. */
async function storeUntilFailure(store: KickoffStore, deployment: Deployment, name: string) {
  const safe = new Map<string, Uint8Array | undefined>();
  for (let index = 0; ; index += 1) {
    try {
      const kickoff = await addKickoff(store, run(deployment, `${name}-${index}`));
      safe.set(kickoff.id, undefined);
      const body = noise(20_000 + index);
      await store.update(kickoff, (stored) => ({ kickoff: { ...stored, phase: { kind: 'succeeded' }, checkedAt: 1 }, body }));
      safe.set(kickoff.id, body);
    } catch (error) {
      return { safe, error };
    }
  }
}

/** Checks that each acknowledged run is stored, and that each finished run has its body. */
async function assertStored(store: KickoffStore, safe: ReadonlyMap<string, Uint8Array | undefined>): Promise<void> {
  const { kickoffs } = await store.load();
  const found = new Map<string, Kickoff>(kickoffs.map((kickoff) => [kickoff.id, kickoff]));
  for (const [id, body] of safe) {
    const kickoff = found.get(id);
    assert.ok(kickoff, id);
    if (body) assert.deepEqual([isSettled(kickoff.phase), Buffer.compare((await store.body(kickoff))!, body)], [true, 0], id);
  }
  for (const kickoff of kickoffs) if (isSettled(kickoff.phase)) assert.ok(await store.body(kickoff), kickoff.id);
}

const readOnlyMessage = "Can't save run history: its folder is read-only. Make the folder writable.";

describe('The run history', () => {
  afterEach(() => {
    if (canMount) unmount();
  });
  after(() => folder.remove());

  if (canMount) {
    it('on a full disk loses no acknowledged run, and accepts writes again once there is room', async () => {
      let promised = 0;
      for (const free of [0, 4_096, 30_000, 100_000, 400_000]) {
        assert.ok(mount(...tmpfs));
        const store = await opened(disk);
        const deployment = await store.addDeployment(url, 'Research');
        fill(free);
        const { safe, error } = await storeUntilFailure(store, deployment, 'a');
        assert.ok(error instanceof HistoryFailure, String(error));
        assert.deepEqual([error.kind, error.message], ['diskFull', "Can't save run history: the disk is full. Free up disk space."]);
        await assertStored(store, safe);
        const other = await opened(disk).catch(() => undefined);
        if (other) await assertStored(other, safe);
        other?.close();

        makeRoom();
        const { safe: later } = await storeUntilFailure(store, deployment, 'b');
        assert.ok(later.size > 2, `${later.size} more`);
        await assertStored(store, new Map([...safe, ...later]));
        promised += safe.size + later.size;
        store.close();
        assert.equal(integrity(join(disk, 'kickoffs.db')), 'ok');
        unmount();
      }
      figure(22, `a full disk: 0 of ${promised} acknowledged runs lost`);
    }).timeout(60_000);

    it('on a full disk delays the notification of a finished run until the run is stored', async () => {
      assert.ok(mount(...tmpfs));
      const store = await opened(disk);
      const deployment = await store.addDeployment(url, 'Research');
      await addKickoff(store, run(deployment, 'a'));
      const script: Script = ({ before }) => (before === 0 ? answered('running') : answered('succeeded', { body: noise(30_000) }));
      const parts = shared({ script });
      const window = new Window({ ...parts, store });
      await window.tracker.load();
      await parts.clock.advance(1_000);
      fill(0);
      await parts.clock.advance(60_000);
      assert.deepEqual([window.board.saveTrouble, window.ended], [{ kind: 'notSaved', detail: 'diskFull' }, []]);
      assert.equal(window.board.kickoffs[0]?.phase.kind, 'running');

      makeRoom();
      await parts.clock.advance(300_000);
      assert.deepEqual([window.board.saveTrouble, window.ended.map(({ id }) => id), window.notified.length], [undefined, ['a'], 1]);
      assert.deepEqual(new Uint8Array((await store.body(window.ended[0]!))!), noise(30_000));
      window.poller.dispose();
      store.close();
    });
  }

  // Root can write to a read-only folder, so root needs a read-only mount.
  if (canMount || (process.platform !== 'win32' && process.getuid?.() !== 0)) {
    it('on a read-only disk rejects every write until the disk is writable', async () => {
      if (canMount) assert.ok(mount(...tmpfs));
      const before = await opened(disk);
      const deployment = await before.addDeployment(url, 'Research');
      if (canMount) fill(300_000);
      const { safe } = canMount
        ? await storeUntilFailure(before, deployment, 'a')
        : { safe: new Map([[(await addKickoff(before, run(deployment, 'a'))).id, undefined]]) };
      before.close();
      const writable = (is: boolean): void => {
        if (canMount) assert.ok(mount('-o', `remount,${is ? 'rw' : 'ro'}`));
        else
          for (const name of ['.', ...readdirSync(disk)])
            chmodSync(join(disk, name), name === '.' ? (is ? 0o700 : 0o500) : is ? 0o600 : 0o400);
      };
      writable(false);
      // Reads may fail too, but no acknowledged run is lost.
      const store = KickoffStore.inFolder(disk, { clock });
      for (const trying of [() => store.load(), () => addKickoff(store, run(deployment, 'b'))]) {
        const tried: unknown = await trying().catch((error: unknown) => error);
        if (tried instanceof HistoryFailure) assert.deepEqual([tried.kind, tried.message], ['readOnly', readOnlyMessage]);
        else await assertStored(store, safe);
      }
      await assert.rejects(addKickoff(store, run(deployment, 'b')), { kind: 'readOnly' });
      writable(true);
      if (canMount) makeRoom();
      const kickoff = await addKickoff(store, run(deployment, 'b'));
      await assertStored(store, new Map([...safe, [kickoff.id, undefined]]));
      store.close();
    });
  }

  it('rejects writes, but not reads, until another program releases its lock', async () => {
    const place = new Folder();
    const store = await place.window({ clock: hurried });
    const deployment = await store.addDeployment(url, 'Research');
    const other = new DatabaseSync(place.file);
    other.exec('BEGIN EXCLUSIVE');
    await assert.rejects(addKickoff(store, run(deployment, 'a')), {
      kind: 'locked',
      message: "Can't use run history: another program has locked the file. Close that program.",
    });
    assert.deepEqual((await store.load()).kickoffs, []);
    other.exec('COMMIT');
    other.close();
    const kickoff = await addKickoff(store, run(deployment, 'a'));
    await store.update(kickoff, (stored) => ({ kickoff: { ...stored, phase: { kind: 'succeeded' } }, body: bytes('done') }));
    await assertStored(store, new Map([['a', bytes('done')]]));
    place.remove();
  });
});
