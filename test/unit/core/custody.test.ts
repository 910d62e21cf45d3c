import assert from 'node:assert/strict';
import { Custody } from '../../../src/core/custody';
import { HistoryFailure } from '../../../src/core/errors';
import { Emitter } from '../../../src/core/event';
import type { KickoffRef } from '../../../src/core/kickoff';
import type { KickoffId } from '../../../src/core/kickoffId';
import type { Mended } from '../../../src/core/ports';
import { type KnownId, type SecondCopy } from '../../../src/core/secondCopy';
import { answered, id, key, MemoryStore, url } from '../../support/builders';
import { settled } from '../../support/manualClock';
import { shared, Window } from '../../support/polling';

const crew = url('https://crew.example.com');
const other = url('https://other.example.com');

/** A store that knows what custody asks for. */
class WholeStore extends MemoryStore {
  readonly #mended = new Emitter<Mended>();
  readonly onDidMend = this.#mended.event;
  isReadOnly = false;
  /** While set, it cannot be opened. */
  fails: Error | undefined;
  backups = 0;
  checkUps = 0;
  salvages = 0;
  broughtBack = 0;
  readonly #removed: KickoffId[] = [];

  mend(mended: Mended): void {
    this.#mended.fire(mended);
  }

  override load() {
    return this.fails ? Promise.reject(this.fails) : super.load();
  }

  override remove(what: readonly KickoffRef[], now: number): Promise<number> {
    this.#removed.push(...what.map((ref) => ref.id));
    return super.remove(what, now);
  }

  async knownIds(): Promise<readonly KnownId[]> {
    const { deployments, kickoffs } = await this.load();
    const shown = new Set(kickoffs.map((one) => one.id));
    const removed = this.#removed.filter((one) => !shown.has(one)).map((one) => ({ url: crew, label: '', id: one, isRemoved: true }));
    const live = deployments.flatMap(({ key: of, url: at, label }) => {
      const runs = kickoffs.filter(({ deployment }) => deployment === of);
      const row = { url: at, label, isRemoved: false };
      return runs.length === 0 ? [row] : runs.map((one) => ({ ...row, id: one.id }));
    });
    return [...live, ...removed];
  }

  async bringBack(lost: SecondCopy, now: number): Promise<void> {
    this.broughtBack += 1;
    for (const { url: at, label, ids } of lost) {
      const { key: deployment } = await this.addDeployment(at, label);
      for (const one of ids)
        await this.addKickoff({ deployment, id: one, phase: { kind: 'queued' }, phaseSince: now, progress: {}, tasks: [], trackedAt: now });
    }
  }

  async salvage(): Promise<boolean> {
    await Promise.resolve();
    this.salvages += 1;
    return true;
  }

  async checkUp(): Promise<void> {
    await Promise.resolve();
    this.checkUps += 1;
  }

  async backUp(): Promise<void> {
    await Promise.resolve();
    this.backups += 1;
  }
}

/** One window in custody of a store; windows that are given the same `memento` share it. */
function custodian(memento: { value?: unknown } = {}, store = new WholeStore()) {
  const parts = { ...shared({ script: answered('running') }), store };
  const window = new Window(parts);
  const told: (Mended & { count: number })[] = [];
  const failures: unknown[] = [];
  const custody = new Custody({
    store,
    tracking: window.tracking,
    board: window.board,
    copy: { read: () => memento.value, write: (value) => (memento.value = value) },
    clock: parts.clock,
    random: () => 1,
    tell: (mended, count) => told.push({ ...mended, count }),
    failed: (error) => failures.push(error),
    log: { warn: (message) => failures.push(message) },
  });
  const idsShown = () => window.board.kickoffs.map((kickoff) => kickoff.id).sort();
  const { board, tracking } = window;
  return { ...parts, board, tracking, custody, memento, told, failures, idsShown };
}

describe('Custody', () => {
  const copied = (...ids: number[]) => ({ [crew]: { label: 'crew', ids: ids.map((one) => id(one)) } });

  it('writes the ids to the second copy after each change of the list', async () => {
    const { custody, tracking, memento } = custodian();
    await custody.catchUp();
    const deployment = await tracking.addDeployment(crew, 'crew');
    await tracking.track({ deployment: deployment.key, id: id(1) });
    await tracking.track({ deployment: deployment.key, id: id(2) });
    await settled();
    assert.deepEqual(memento.value, copied(1, 2));
    await tracking.remove([{ deployment: deployment.key, id: id(1) }]);
    await settled();
    assert.deepEqual(memento.value, copied(2));
  });

  it('looks again after a second, because another window may have written over it', async () => {
    const { custody, tracking, memento, clock } = custodian();
    await custody.catchUp();
    const deployment = await tracking.addDeployment(crew, 'crew');
    await tracking.track({ deployment: deployment.key, id: id(1) });
    await settled();
    memento.value = {};
    await clock.advance(1_000);
    assert.deepEqual(memento.value, copied(1));
  });

  it('tracks at the start what the history lost, and asks for it', async () => {
    const value = { ...copied(1, 2), [other]: { label: 'mine', ids: [] } };
    const { custody, idsShown, clock, source, told, board, memento, store } = custodian({ value });
    await custody.catchUp();
    assert.deepEqual(memento.value, value);
    await clock.advance(10);
    await custody.catchUp();
    assert.equal(store.broughtBack, 1);
    assert.deepEqual(idsShown(), [id(1), id(2)]);
    assert.deepEqual(
      board.deployments.map(({ label }) => label),
      ['crew', 'mine'],
    );
    assert.equal(source.asked.length, 2);
    assert.deepEqual(told, []);
  });

  it('says once what became of a file, when all that is left is back', async () => {
    const { custody, store, told } = custodian({ value: copied(1, 2) });
    store.mend({ isNew: true, setAside: 'aside.db' });
    await custody.catchUp();
    await custody.catchUp();
    assert.deepEqual(told, [{ isNew: true, setAside: 'aside.db', count: 2 }]);
    assert.equal(store.salvages, 1);
  });

  it('has the answers in files that were set aside earlier taken over at the start, and where one is set aside later', async () => {
    const { custody, store } = custodian();
    await custody.catchUp();
    await custody.catchUp();
    assert.equal(store.salvages, 1);
    store.mend({ isNew: true, setAside: 'aside.db' });
    await custody.catchUp();
    assert.equal(store.salvages, 2);
  });

  it('brings nothing back that is to be forgotten for good', async () => {
    const { custody, tracking, memento, clock, idsShown } = custodian({ value: copied(1) });
    await custody.catchUp();
    await tracking.deleteAll();
    await tracking.sweep();
    await clock.advance(5_000);
    assert.deepEqual(idsShown(), []);
    assert.equal(JSON.stringify(memento.value).includes(id(1)), false);
  });

  it('keeps no address that a deployment without runs had before', async () => {
    const { custody, tracking, memento, clock, board } = custodian();
    await custody.catchUp();
    const deployment = await tracking.addDeployment(crew, 'crew');
    await settled();
    await tracking.changeDeployment(deployment, { url: other });
    await clock.advance(5_000);
    await custody.catchUp();
    assert.deepEqual(memento.value, { [other]: { label: 'crew', ids: [] } });
    assert.equal(board.deployments.length, 1);
  });

  it('shows a deployment as it was changed, also while the list cannot be read', async () => {
    const { custody, tracking, board, store } = custodian();
    await custody.catchUp();
    const deployment = await tracking.addDeployment(crew, 'crew');
    await settled();
    store.fails = new Error('locked');
    assert.equal(await tracking.changeDeployment(deployment, { url: other }), true);
    assert.equal(board.deployment(deployment.key)?.url, other);
  });

  it('makes a backup after a removal, so that it does not come back from the last one', async () => {
    const { custody, tracking, store, clock } = custodian({ value: copied(1) });
    await custody.catchUp();
    assert.equal(store.backups, 0);
    await tracking.remove([{ deployment: key(), id: id(1) }]);
    await clock.advance(1_000);
    assert.equal(store.backups, 1);
  });

  it('makes no backup when something is added, nor one for each later change', async () => {
    const { custody, tracking, store, clock } = custodian();
    await custody.catchUp();
    const deployment = await tracking.addDeployment(crew, 'crew');
    const run = await tracking.track({ deployment: deployment.key, id: id(1) });
    await clock.advance(1_000);
    assert.equal(store.backups, 0);
    await tracking.remove([run]);
    await clock.advance(1_000);
    await tracking.track({ deployment: deployment.key, id: id(2) });
    await clock.advance(1_000);
    assert.equal(store.backups, 1);
  });

  it('makes a backup after a deployment has another address, and still knows what is to come back', async () => {
    const { custody, tracking, store, clock, idsShown } = custodian({ value: copied(1) });
    await custody.catchUp();
    custody.keep({ url: other, label: 'other', ids: [id(3)] });
    const [deployment] = (await store.load()).deployments;
    assert.ok(deployment);
    await tracking.changeDeployment(deployment, { url: url('https://third.example.com') });
    await clock.advance(10_000);
    assert.equal(store.backups, 1);
    assert.deepEqual(idsShown(), [id(1), id(3)]);
  });

  it('says in the log where no backup could be made', async () => {
    const { custody, tracking, store, clock, failures } = custodian({ value: copied(1) });
    await custody.catchUp();
    store.backUp = () => Promise.reject(new Error('full'));
    await tracking.remove([{ deployment: key(), id: id(1) }]);
    await clock.advance(1_000);
    assert.deepEqual(failures, ['no copy of the history: Error: full']);
  });

  it('writes nothing when a window goes that owes no backup', async () => {
    const { custody, memento } = custodian({ value: copied(1) });
    await custody.catchUp();
    memento.value = {};
    await custody.flush();
    assert.deepEqual(memento.value, {});
  });

  it('says nothing and tries nothing again once the history is closed', async () => {
    const { custody, store, clock, failures } = custodian();
    const { timers } = clock;
    store.fails = new HistoryFailure('closed');
    await custody.catchUp();
    assert.deepEqual([failures, clock.timers], [[], timers]);
    store.fails = new HistoryFailure('locked');
    await custody.catchUp();
    assert.deepEqual([failures, clock.timers], [[store.fails], timers + 1]);
  });

  it('makes that backup before a window goes that is closed at once', async () => {
    const { custody, tracking, store } = custodian({ value: copied(1) });
    await custody.catchUp();
    await custody.flush();
    assert.equal(store.backups, 0);
    await tracking.remove([{ deployment: key(), id: id(1) }]);
    const flushed = custody.flush();
    custody.dispose();
    await flushed;
    assert.equal(store.backups, 1);
  });

  it('has the file checked when the editor has started, and each hour for whom a day is over', async () => {
    const { custody, store, clock } = custodian();
    await custody.catchUp();
    await clock.advance(59_000);
    assert.equal(store.checkUps, 0);
    await clock.advance(2_000);
    assert.equal(store.checkUps, 1);
    await clock.advance(24 * 3_600_000);
    assert.equal(store.checkUps, 25);
    custody.dispose();
    assert.equal(clock.timers, 0);
  });

  it('tries to read the history again, ever more seldom and at least once a minute, and says why once', async () => {
    const { custody, store, clock, failures, idsShown } = custodian({ value: copied(1) });
    const tries: number[] = [];
    const load = store.load.bind(store);
    store.load = () => (tries.push(clock.elapsed / 1_000), load());
    store.fails = new Error('locked');
    await custody.catchUp();
    await clock.advance(200_000);
    assert.deepEqual(tries, [0, 5, 15, 35, 75, 135, 195]);
    assert.deepEqual(failures, [store.fails]);

    store.fails = undefined;
    await clock.advance(60_000);
    assert.deepEqual(idsShown(), [id(1)]);
    const { length } = tries;
    await clock.advance(600_000);
    assert.equal(tries.length, length);
  });

  it('keeps an id aside that cannot be stored, and tracks it as soon as it can', async () => {
    const { custody, store, clock, idsShown } = custodian({ value: copied(1) });
    store.fails = new Error('locked');
    await custody.catchUp();
    custody.keep({ url: crew, label: 'crew', ids: [id(2)] });
    custody.keep({ url: other, label: 'other', ids: [id(3)] });
    store.fails = undefined;
    await clock.advance(60_000);
    assert.deepEqual(idsShown(), [id(1), id(2), id(3)]);
    custody.keep({ url: crew, label: 'crew', ids: [id(4)] });
    await clock.advance(60_000);
    assert.deepEqual(idsShown(), [id(1), id(2), id(3), id(4)]);
  });

  it('tracks what was put aside though its id is known: of another deployment, or as removed', async () => {
    const { custody, store, tracking, board, clock, memento } = custodian({ value: copied(1, 2) });
    await custody.catchUp();
    await tracking.remove([{ deployment: key(), id: id(1) }]);
    await settled();
    custody.keep({ url: crew, label: 'crew', ids: [id(1)] });
    custody.keep({ url: other, label: 'other', ids: [id(2)] });
    await clock.advance(60_000);
    const places = board.kickoffs.map((one) => `${board.deployment(one.deployment)?.url ?? ''} ${one.id}`).sort();
    assert.deepEqual(places, [`${crew} ${id(1)}`, `${crew} ${id(2)}`, `${other} ${id(2)}`]);
    assert.deepEqual(memento.value, { ...copied(1, 2), [other]: { label: 'other', ids: [id(2)] } });
    assert.equal(store.stored({ deployment: key(), id: id(1) }).removedAt, undefined);
  });

  it('keeps aside what comes while the last of it is tracked, and what is of an address that cannot be changed', async () => {
    const { custody, store, tracking, clock, idsShown } = custodian({ value: copied(1) });
    await custody.catchUp();
    const bringBack = store.bringBack.bind(store);
    store.bringBack = async (...lost) => {
      await bringBack(...lost);
      store.bringBack = bringBack;
      custody.keep({ url: crew, label: 'crew', ids: [id(3)] });
    };
    custody.keep({ url: crew, label: 'crew', ids: [id(2)] });
    store.isFull = true;
    const deployment = (await store.load()).deployments[0]!;
    await assert.rejects(tracking.changeDeployment(deployment, { url: other }), HistoryFailure);
    store.isFull = false;
    await clock.advance(180_000);
    assert.deepEqual(idsShown(), [id(1), id(2), id(3)]);
  });

  it('shows the history of a newer version, says so once, and asks and writes nothing', async () => {
    const { custody, tracking, store, memento, failures, source, clock, idsShown } = custodian({ value: copied(1) });
    await tracking.track({ deployment: (await store.addDeployment(crew, 'crew')).key, id: id(2) });
    await clock.advance(2_000);
    memento.value = copied(1);
    const { length } = source.asked;
    store.isReadOnly = true;
    for (const _ of ['once', 'twice', 'again']) await custody.catchUp();
    await tracking.deleteAll();
    await tracking.sweep();
    await clock.advance(600_000);
    assert.deepEqual(memento.value, copied(1));
    assert.deepEqual(
      failures.map((error) => error instanceof HistoryFailure && error.kind),
      ['newer'],
    );
    assert.equal(source.asked.length, length);
    assert.deepEqual(idsShown(), []);
  });
});
