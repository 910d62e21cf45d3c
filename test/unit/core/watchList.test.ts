import assert from 'node:assert/strict';
import { Board } from '../../../src/core/board';
import { Health } from '../../../src/core/health';
import { nextDelay } from '../../../src/core/pace';
import { WatchList } from '../../../src/core/watchList';
import { hurry, inherited, plan, turnBack, watch } from '../../../src/core/watched';
import { deployment, id, kickoff } from '../../support/builders';
import { start } from '../../support/manualClock';

const now = start + 100_000;
const checked = kickoff({ checkedAt: now - 4_000 });

describe('A run that is watched', () => {
  it('is asked at once when it comes, and then in its time', () => {
    const watched = watch(kickoff(), now, 5_000);
    assert.deepEqual(watched, { ref: { deployment: 1, id: id() }, due: now, askedAt: 0, interval: 5_000, notBefore: now, failures: 0 });
    plan(watched, now, 7_000);
    assert.deepEqual([watched.due, watched.interval], [now + 7_000, 7_000]);
    plan(watched, now, undefined);
    assert.deepEqual([watched.due, watched.interval], [undefined, 60_000]);
    assert.equal(watch(kickoff(), now).interval, 60_000);
  });

  it('is left in peace for as long as the server asked', () => {
    const watched = { ...watch(kickoff(), now, 5_000), notBefore: now + 9_000 };
    plan(watched, now, 7_000);
    assert.equal(watched.due, now + 9_000);
    hurry(watched, 1_000);
    assert.equal(watched.due, now + 9_000);
  });

  it('waits for the rest of its time when another window has asked it until now', () => {
    assert.deepEqual(inherited(checked, now, 10_000), { ...watch(kickoff(), now, 10_000), due: now + 6_000, askedAt: now - 4_000 });
    assert.equal(inherited(checked, now, 3_000).due, now - 1_000, 'as late as it was');
    assert.equal(inherited(checked, now, undefined).due, undefined);
    assert.deepEqual(inherited(kickoff(), now, 10_000), watch(kickoff(), start, 10_000), 'late since it was tracked');
  });

  it('is late when the machine was asleep, also when it was missing: nobody asked for it meanwhile', () => {
    const later = now + 7 * 24 * 3_600_000;
    const missing = kickoff({ phase: { kind: 'missing' }, phaseSince: now - 600_000, checkedAt: now, hasRun: true });
    const pace = { minimumSeconds: 3, maximumSeconds: 60, isFocused: true };
    assert.equal(
      inherited(
        missing,
        later,
        nextDelay(missing, undefined, later, pace, () => 0.5),
      ).due,
      now + 30_000,
    );
  });

  it('waits for its next try when it was in trouble there', () => {
    const trouble = { kind: 'refused', retryAt: now + 30_000 } as const;
    const { due, failures, askedAt } = inherited({ ...checked, trouble }, now, 10_000);
    assert.deepEqual([due, failures, askedAt], [now + 30_000, 1, now - 4_000]);
    assert.deepEqual(inherited(kickoff({ trouble: { kind: 'refused' } }), now, 10_000), {
      ...watch(kickoff(), now, 10_000),
      due: undefined,
      failures: 1,
    });
  });

  it('does not wait for a clock that was ahead when another window asked it', () => {
    const ahead = now + 8 * 3_600_000;
    const { due, askedAt } = inherited({ ...checked, checkedAt: ahead }, now, 10_000);
    assert.deepEqual([due, askedAt], [now + 10_000, now]);
    assert.equal(inherited({ ...checked, trouble: { kind: 'refused', retryAt: ahead } }, now, 10_000).due, now + 300_000);
  });

  it('waits no longer than its pace is when somebody looks again, and no longer than it would have', () => {
    const watched = { ...inherited(checked, now, 50_000) };
    hurry(watched, 10_000);
    assert.deepEqual([watched.due, watched.interval], [now + 6_000, 10_000]);
    hurry(watched, 20_000);
    assert.deepEqual([watched.due, watched.interval], [now + 6_000, 20_000]);
  });

  it('is hurried neither in trouble nor when it is not asked by itself', () => {
    for (const left of [{ failures: 1 }, { due: undefined }]) {
      const watched = { ...inherited(checked, now, 50_000), ...left };
      const before = { ...watched };
      hurry(watched, 1_000);
      assert.deepEqual(watched, before);
    }
    const watched = inherited(checked, now, 50_000);
    hurry(watched, undefined);
    assert.deepEqual(watched, inherited(checked, now, 50_000));
  });

  it('is as far from its turn as before when the time of day is set back', () => {
    const watched = { ...inherited(checked, now, 50_000), notBefore: now + 1_000 };
    turnBack(watched, 1_000);
    assert.deepEqual([watched.askedAt, watched.due, watched.notBefore], [now - 5_000, now + 45_000, now]);
    const never = { ...watch(kickoff(), now), due: undefined };
    turnBack(never, 1_000);
    assert.deepEqual(Object.keys(never).sort(), ['askedAt', 'due', 'failures', 'interval', 'notBefore', 'ref']);
    assert.equal(never.due, undefined);
  });
});

describe('The list of runs that are watched', () => {
  function list() {
    const board = new Board(new Health(() => 1));
    const made = new WatchList(board, ({ label }) => (label === undefined ? 5_000 : undefined));
    const show = (...runs: readonly ReturnType<typeof kickoff>[]) => {
      board.show([deployment()], runs);
      return runs;
    };
    return { list: made, show };
  }

  it('holds the open runs, and ends what is under way for one that leaves', () => {
    const { list: watching, show } = list();
    const [one, other] = [kickoff({ id: id(1) }), kickoff({ id: id(2) })];
    watching.sync(show(one, other, kickoff({ id: id(3), phase: { kind: 'failed' } })), now, false);
    assert.equal([...watching].length, 2);
    let ended = 0;
    for (const watched of watching) watched.request = { dispose: () => ended++ };
    const kept = watching.get(other);
    watching.sync(show({ ...one, phase: { kind: 'succeeded' } }, other), now, false);
    assert.deepEqual([...watching], [kept]);
    assert.equal(ended, 1);
    watching.abort();
    assert.deepEqual([[...watching], ended], [[], 2]);
  });

  it('begins as a new run or as another window left it', () => {
    for (const isHeir of [false, true]) {
      const { list: watching, show } = list();
      watching.sync(show(checked), now, isHeir);
      assert.equal(watching.get(checked)?.due, isHeir ? now + 1_000 : now);
      assert.equal(watching.get(checked)?.interval, 5_000);
    }
  });

  it('plans, hurries and turns back each run by its own pace', () => {
    const { list: watching, show } = list();
    const rare = kickoff({ id: id(2), label: 'rare' });
    watching.sync(show(checked, rare), now, false);
    const watched = watching.get(checked)!;
    watching.plan(watched, checked, now);
    assert.equal(watched.due, now + 5_000);
    watched.due = now + 90_000;
    watched.askedAt = now;
    watching.hurry();
    assert.equal(watched.due, now + 5_000);
    watching.turnBack(1_000);
    assert.deepEqual(
      [...watching].map(({ due }) => due),
      [now + 4_000, now - 1_000],
    );
  });

  it('forgets a run only while it is the one that is watched', () => {
    const { list: watching, show } = list();
    watching.sync(show(checked), now, false);
    const before = watching.get(checked)!;
    watching.clear();
    watching.sync(show(checked), now, false);
    watching.delete(before);
    assert.equal([...watching].length, 1);
    watching.delete(watching.get(checked)!);
    assert.equal([...watching].length, 0);
  });
});
