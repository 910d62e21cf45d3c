import assert from 'node:assert/strict';
import { addKickoff, deletesTokens } from '#test/support/builders';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { HealthRecord, Lease } from '#core/history/store';
import type { Deployment } from '#core/kickoff/deployment';
import { KickoffStore } from '#store/store';
import { clock, exec, idsOf, run, useHistory, type Folder } from '#test/unit/store/support';

let folder: Folder;
let one: KickoffStore;
let other: KickoffStore;
let deployment: Deployment;

/** Gives each test two windows on a history. */
function useTwoWindows(): void {
  useHistory((history) => ({ folder, store: one, deployment } = history));
  beforeEach(async () => (other = await folder.window()));
}

describe('The lease', () => {
  useTwoWindows();

  const leaseIn = async (store: KickoffStore): Promise<Lease> => (await store.load()).lease;
  const take = async (store: KickoffStore, holder: string, only?: Lease): Promise<Lease> =>
    (await store.takeLease(holder, 4_000, only)).lease;

  it('is only in memory until a run history exists', async () => {
    const path = join(folder.path, 'empty');
    const store = KickoffStore.inFolder(path, { clock });
    const { lease: mine, before } = await store.takeLease('one', 4_000);
    assert.deepEqual([mine.holder, mine.epoch, before.holder], ['one', 0, undefined]);
    assert.deepEqual(await store.renewLease(mine, 4_000), mine);
    await store.releaseLease(mine);
    assert.equal(existsSync(path), false);

    await store.addDeployment(deployment.url, 'crew');
    assert.equal((await store.renewLease(mine, 4_000)).holder, undefined);
    assert.equal((await take(store, 'one')).epoch, 1);
    store.close();
  });

  const comparable = ({ beatAt, ...lease }: Lease): object => ({ ...lease, isDated: beatAt > 0 });

  it('has a new epoch for each holder', async () => {
    const first = await one.takeLease('one', 4_000);
    assert.deepEqual(comparable(first.lease), { holder: 'one', epoch: 1, beat: 1, nextBeatMs: 4_000, isDated: true });
    assert.deepEqual(comparable(first.before), { epoch: 0, beat: 0, isDated: false });
    const second = await other.takeLease('other', 4_000);
    assert.deepEqual(comparable(second.lease), { holder: 'other', epoch: 2, beat: 2, nextBeatMs: 4_000, isDated: true });
    assert.deepEqual(second.before, first.lease);
    assert.deepEqual(await leaseIn(one), second.lease);
  });

  it('with a heartbeat in the future is free, unless the clocks may differ by so little', async () => {
    await take(one, 'one');
    for (const [aheadMs, holder] of [
      [50_000, 'one'],
      [70_000, undefined],
    ] as const) {
      exec(folder.file, `UPDATE lease SET at = ${Date.now() + aheadMs}`);
      assert.equal((await leaseIn(other)).holder, holder);
    }
    assert.equal((await take(other, 'other', await leaseIn(other))).holder, 'other');
  });

  it("is taken over only if its holder didn't renew the lease after the other window read the lease", async () => {
    const mine = await take(one, 'one');
    const seen = await leaseIn(other);
    assert.equal((await one.renewLease(mine, 4_000)).holder, 'one');
    assert.equal((await take(other, 'other', seen)).holder, 'one');
    assert.equal((await take(other, 'other', await leaseIn(other))).holder, 'other');
  });

  it('is taken over if its holder released the lease after the other window read the lease', async () => {
    const seen = await take(one, 'one');
    await one.releaseLease(seen);
    assert.equal((await leaseIn(other)).holder, undefined);
    assert.equal((await take(other, 'other', seen)).holder, 'other');
    assert.equal((await take(one, 'one', seen)).holder, 'other');
  });

  it("can't be changed by a former holder", async () => {
    const mine = await take(one, 'one');
    await take(other, 'other');
    assert.equal((await one.renewLease(mine, 4_000)).holder, 'other');
    await one.releaseLease(mine);
    assert.equal((await leaseIn(other)).holder, 'other');
  });

  it('contains the time until the next heartbeat only if the last renewal announced that time', async () => {
    const mine = await take(one, 'one');
    assert.equal((await one.renewLease(mine, 9_000)).nextBeatMs, 9_000);
    assert.equal((await leaseIn(other)).nextBeatMs, 9_000);
    assert.equal((await one.renewLease(mine, undefined)).nextBeatMs, undefined);
  });

  it('goes to only one of many windows that try to take it at the same moment', async () => {
    const windows = await Promise.all(Array.from({ length: 6 }, () => folder.window()));
    const seen = await leaseIn(one);
    const all = await Promise.all(windows.map((window, index) => take(window, `${index}`, seen)));
    assert.equal(new Set(all.map(({ holder }) => holder)).size, 1);
    assert.equal((await leaseIn(one)).epoch, 1);
  });

  it('has a higher epoch than the recovered active runs if the history file is new', async () => {
    await addKickoff(one, run(deployment, '1', { epoch: 41 }));
    assert.equal((await take(one, 'one')).epoch, 42);
  });
});

describe('Stored problems of hosts', () => {
  useTwoWindows();

  const records: readonly HealthRecord[] = [
    { subject: '', failures: 0, trouble: { kind: 'offline', since: 7 } },
    { subject: '3', failures: 0, trouble: { kind: 'moved', detail: 'https://other.example' } },
    { subject: 'https://crew.example', failures: 4, trouble: { kind: 'throttled', retryAt: 9_000 } },
  ];

  /** Stores the problems as the polling window. Returns its epoch. */
  async function storeRecords(): Promise<number> {
    const { epoch } = (await one.takeLease('one', 4_000)).lease;
    await one.saveHealthRecords(records, epoch);
    return epoch;
  }

  it('reach other windows unchanged', async () => {
    await storeRecords();
    assert.deepEqual((await other.load()).healthRecords, records);
  });

  it('are deleted when the polling window stores none', async () => {
    await one.saveHealthRecords([], await storeRecords());
    assert.deepEqual((await other.load()).healthRecords, []);
  });

  it('are deleted with all data', async () => {
    await storeRecords();
    await one.deleteAll([]);
    assert.deepEqual((await other.load()).healthRecords, []);
  });

  it("are left out if this version can't read them", async () => {
    await storeRecords();
    exec(folder.file, `UPDATE health SET record = '{' WHERE subject = ''`);
    exec(folder.file, `UPDATE health SET record = '{"trouble":{"kind":"tired"}}' WHERE subject = '3'`);
    assert.deepEqual((await one.load()).healthRecords, [records[2]]);
  });

  it('are accepted only from the window that polls', async () => {
    const { epoch } = (await one.takeLease('one', 4_000)).lease;
    await other.takeLease('other', 4_000);
    await one.saveHealthRecords(records, epoch);
    assert.deepEqual((await other.load()).healthRecords, []);
  });
});

describe('The changes of other windows', () => {
  useTwoWindows();

  it('contain exactly the changed and removed runs', async () => {
    const [first, second, third] = ['1', '2', '3'].map((id) => run(deployment, id));
    for (const kickoff of [first!, second!, third!]) await addKickoff(one, kickoff);
    const revision = (await other.load()).revision;
    assert.deepEqual((await other.load(revision)).kickoffs, []);

    await one.update(second!, (stored) => ({ kickoff: { ...stored, label: 'Second' } }));
    await one.remove([third!], 5_000);
    const changes = await other.load(revision);
    assert.deepEqual([changes.isFullReload, idsOf(changes.kickoffs)], [false, ['2', '3']]);
    assert.deepEqual([changes.kickoffs[0]?.label, changes.kickoffs[1]?.removedAt], ['Second', 5_000]);
    assert.deepEqual((await other.load(changes.revision)).kickoffs, []);
  });

  it('cause a full reload if the file was replaced by a file with fewer changes', async () => {
    const kickoff = await addKickoff(one, run(deployment, '1'));
    const { revision } = await other.load();
    const changes = await other.load(revision + 1);
    assert.deepEqual([changes.isFullReload, changes.kickoffs], [true, [kickoff]]);
  });

  it('cause only one full reload when new runs reuse the keys of deleted runs', async () => {
    for (const id of ['1', '2']) await addKickoff(one, run(deployment, id));
    const { revision } = await other.load();
    await one.deleteAll([]);
    const again = await one.addDeployment(deployment.url, 'Research');
    for (const id of ['3', '4']) await addKickoff(one, run(again, id));
    const changes = await other.load(revision);
    assert.deepEqual([changes.isFullReload, idsOf(changes.kickoffs)], [true, ['3', '4']]);

    await one.purge(0, deletesTokens);
    const none = await other.load(changes.revision);
    assert.deepEqual([none.isFullReload, none.kickoffs, none.revision], [false, [], changes.revision]);
  });
});
