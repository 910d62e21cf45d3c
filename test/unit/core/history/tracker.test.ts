import assert from 'node:assert/strict';
import { earlierRuns } from '#core/history/kickoffList';
import type { ListChange } from '#core/history/tracker';
import type { Deployment } from '#core/kickoff/deployment';
import { answered, deletesTokens, deployment, id, key, kickoff, url } from '#test/support/builders';
import { day, second, start } from '#test/support/manualClock';
import { polling } from '#test/support/polling';

const crew = deployment().url;
const other = url('https://other.example.com');

describe('The tracker', () => {
  let { board, clock, source, store, tracker: list } = {} as Awaited<ReturnType<typeof polling>>;
  let changes: ListChange[];
  let shown: Deployment;

  beforeEach(async () => {
    ({ board, clock, source, store, tracker: list } = await polling({ script: answered('running') }));
    changes = [];
    list.onDidChangeList((change) => changes.push(change));
    shown = board.deployments[0]!;
  });

  it('shows a new run with its label and tracking time', async () => {
    const [run] = await list.trackAll([{ deployment: key(), id: id(2) }], { label: 'nightly' });
    assert.deepEqual([run?.trackedAt, run?.label, board.kickoff(run!)], [start, 'nightly', run]);
  });

  it('polls a new run immediately', async () => {
    await list.trackAll([{ deployment: key(), id: id(2) }]);
    await clock.advance(0);
    assert.equal(source.times(id(2)).length, 1);
  });

  const trackThree = () => list.trackAll([2, 3, 4].map((number) => ({ deployment: key(), id: id(number) })));

  it('fires one board event and one onDidChangeList event for runs that are tracked together', async () => {
    let events = 0;
    await clock.advance(0);
    board.onDidChange(() => events++);
    await trackThree();
    assert.deepEqual([events, changes], [1, ['changed']]);
  });

  it('shows runs that are tracked together in reverse order, because the last one counts as the newest', async () => {
    await clock.advance(1);
    await trackThree();
    const ids = board.kickoffs.map((one) => one.id);
    assert.deepEqual(ids, [id(4), id(3), id(2), id(1)]);
    const earlier = earlierRuns(board, board.kickoffs[0]!).map((one) => one.id);
    assert.deepEqual(earlier, [id(3), id(2), id(1)]);
  });

  it('polls each of several runs within a second after they are tracked together', async () => {
    await clock.advance(0);
    await trackThree();
    await clock.advance(second);
    for (const number of [2, 3, 4]) assert.equal(source.times(id(number)).length, 1);
  });

  it('shows an added deployment, and fires onDidChangeList', async () => {
    const added = await list.addDeployment(other, 'other');
    assert.deepEqual([board.deployment(added.key), changes], [added, ['changed']]);
  });

  it('shows and polls a moved run only in its new deployment', async () => {
    const { key: there } = await list.addDeployment(other, 'other');
    changes.length = 0;
    await clock.advance(60_000);
    const polled: unknown[] = [];
    source.script = ({ deployment: at }) => (polled.push(at.key), answered('running'));
    const moved = await list.move(kickoff(), there);
    assert.deepEqual([board.kickoffs, moved.deployment, changes], [[moved], there, ['changed']]);
    await clock.advance(0);
    assert.deepEqual(polled, [there]);
  });

  for (const [what, change, title, requests] of [
    ['URL', { url: other }, 'polls the runs of a deployment at its new URL immediately', 2],
    ['label', { url: crew, label: 'other' }, 'polls nothing when only a label changes', 1],
  ] as const)
    for (const isLocked of [false, true]) {
      const even = isLocked ? ", even if the history can't be loaded" : '';
      const changeShown = async () => {
        await clock.advance(0);
        assert.equal(source.requests.length, 1);
        if (isLocked) store.load = () => Promise.reject(new Error('locked'));
        assert.equal(await list.changeDeployment(shown, change), true);
      };

      it(`shows the new ${what} of a deployment, and fires onDidChangeList${even}`, async () => {
        await changeShown();
        assert.deepEqual(board.deployments, [{ ...shown, ...change, ...(change.url === other && { urlSince: clock.now() }) }]);
        assert.deepEqual(changes, ['changed']);
      });

      it(`${title}${even}`, async () => {
        await changeShown();
        await clock.advance(0);
        assert.equal(source.requests.length, requests);
      });
    }

  it('returns false for a change of an unknown deployment, but fires onDidChangeList', async () => {
    assert.equal(await list.changeDeployment(deployment({ key: 9 }), { label: 'x' }), false);
    assert.deepEqual(changes, ['changed']);
  });

  it('fires onDidChangeList even if the change of a deployment fails', async () => {
    store.isFull = true;
    await assert.rejects(list.changeDeployment(shown, { url: other }));
    assert.deepEqual(changes, ['changed']);
  });

  it('no longer shows removed runs, and returns their number', async () => {
    assert.equal(await list.remove([kickoff()]), 1);
    assert.deepEqual(board.kickoffs, []);
  });

  it('restores a removed run only once', async () => {
    await list.remove([kickoff()]);
    assert.equal(await list.undoRemove(), true);
    assert.equal(board.kickoffs.length, 1);
    assert.equal(await list.undoRemove(), false);
  });

  it('fires onDidChangeList for a removal and for each Undo, even for one that restores nothing', async () => {
    await list.remove([kickoff()]);
    for (const _ of ['once', 'again']) await list.undoRemove();
    assert.deepEqual(changes, ['changed', 'changed', 'changed']);
  });

  it("doesn't load the whole history after a run is removed, restored, or moved", async () => {
    const { key: there } = await list.addDeployment(other, 'other');
    const load = store.load.bind(store);
    store.load = (since) => load(since ?? assert.fail('reads the whole history'));
    await list.remove([kickoff()]);
    await list.undoRemove();
    await list.move(board.kickoff(kickoff())!, there);
    assert.deepEqual(
      board.kickoffs.map(({ deployment: at }) => at),
      [there],
    );
  });

  it("doesn't automatically remove an old run again after the user restored the run", async () => {
    assert.equal(await list.removeOld([kickoff()]), 1);
    assert.deepEqual(board.kickoffs, []);
    await list.undoRemove();
    assert.equal(await list.removeOld([kickoff()]), 0);
    assert.deepEqual(changes, ['changed', 'changed'], 'for the first removal and Undo');
  });

  it('deletes a removed run only more than seven days after its removal', async () => {
    await list.remove([kickoff()]);
    await clock.advance(7 * day);
    await list.purge(deletesTokens);
    assert.equal(await list.undoRemove(), true);
    await list.remove([kickoff()]);
    await clock.advance(7 * day + 1);
    await list.purge(deletesTokens);
    assert.equal(await store.kickoff(kickoff()), undefined);
  });

  it('fires onDidChangeList before and after all data is deleted, and then shows no run', async () => {
    let vacuums = 0;
    store.vacuum = () => Promise.resolve(void (vacuums += 1));
    await list.deleteAll(deletesTokens);
    await list.vacuum();
    assert.deepEqual([board.kickoffs, changes, vacuums], [[], ['forgetting', 'changed'], 1]);
  });

  it('deletes deployments only together with their tokens when all data is deleted', async () => {
    // One token can't be deleted, and one deployment is added meanwhile.
    const [kept, gone, late] = [crew, other, url('https://late.example.com')];
    const steps: unknown[] = [];
    store.urls = () => Promise.resolve([kept, gone]);
    store.deleteAll = (urls) => (steps.push(['deployments except', urls]), Promise.resolve([gone, late]));
    const left = await list.deleteAll((urls) => (steps.push(['tokens', urls]), Promise.resolve(urls.filter((one) => one !== kept))));
    assert.deepEqual(steps, [
      ['tokens', [kept, gone]],
      ['deployments except', [kept]],
      ['tokens', [late]],
    ]);
    assert.deepEqual(left, [kept]);
  });

  it('shows and stores the label of a run until the label is deleted', async () => {
    await list.rename(kickoff(), 'nightly');
    for (const { label } of [board.kickoff(kickoff())!, store.stored(kickoff())]) assert.equal(label, 'nightly');
    await list.rename(kickoff(), '');
    for (const one of [board.kickoff(kickoff())!, store.stored(kickoff())]) assert.equal('label' in one, false);
  });

  it('shows and stores that a run is muted until the run is unmuted', async () => {
    await list.setMuted([kickoff()], true);
    for (const { isMuted } of [board.kickoff(kickoff())!, store.stored(kickoff())]) assert.equal(isMuted, true);
    await list.setMuted([kickoff()], false);
    for (const one of [board.kickoff(kickoff())!, store.stored(kickoff())]) assert.equal('isMuted' in one, false);
  });

  it('shows and stores that a run is read, with a single write even if it is marked as read twice', async () => {
    source.script = answered('succeeded');
    await clock.advance(60_000);
    assert.equal(store.stored(kickoff()).isUnread, true);
    const { length } = store.written;
    for (const _ of ['once', 'again']) await list.markRead([kickoff()]);
    for (const one of [store.stored(kickoff()), board.kickoff(kickoff())!]) assert.equal('isUnread' in one, false);
    assert.equal(store.written.length, length + 1);
  });

  /** Mutes three runs. Counts the muted runs, and the change events of the board. */
  async function muteThree() {
    const runs = [kickoff(), ...(await list.trackAll([2, 3].map((of) => ({ deployment: key(), id: id(of) }))))];
    await clock.advance(0);
    const muted = () => board.kickoffs.filter(({ isMuted }) => isMuted).length;
    let shown = 0;
    board.onDidChange(() => shown++);
    await list.setMuted(runs, true);
    return { runs, counts: () => [muted(), shown] };
  }

  it('mutes many runs with a single change event', async () => {
    const { counts } = await muteThree();
    assert.deepEqual(counts(), [3, 1]);
  });

  it("unmutes no run if the change can't be stored", async () => {
    const { runs, counts } = await muteThree();
    store.isFull = true;
    await assert.rejects(list.setMuted(runs, false));
    assert.deepEqual(counts(), [3, 1]);
  });

  it('ignores an unknown run that is renamed or marked as read', async () => {
    const unknown = kickoff({ id: id(9) });
    await list.rename(unknown, 'x');
    await list.markRead([unknown]);
    assert.deepEqual([board.kickoff(unknown), await store.kickoff(unknown)], [undefined, undefined]);
  });

  it('is read-only if and only if the store is read-only', () => {
    assert.equal(list.isReadOnly, false);
    Object.assign(store, { isReadOnly: true });
    assert.equal(list.isReadOnly, true);
  });
});
