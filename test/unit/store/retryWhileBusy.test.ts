import assert from 'node:assert/strict';
import { HistoryFailure } from '#core/lib/errors';
import { retryWhileBusy } from '#store/database';
import { ManualClock } from '#test/support/manualClock';

describe('Retrying a database operation', () => {
  const busy = Object.assign(new Error('database is locked'), { errcode: 5 });

  /** Returns the result or error after a minute, and the time of the last attempt. Returns `still retrying` if there is neither. */
  async function outcomeOf(attempt: (count: number) => string) {
    const clock = new ManualClock();
    let outcome: unknown = 'still retrying';
    let [attempts, lastAt] = [0, 0];
    const attempted = () => {
      [attempts, lastAt] = [attempts + 1, clock.elapsed];
      return attempt(attempts);
    };
    const done = (result: unknown) => (outcome = result);
    void retryWhileBusy(attempted, { clock, random: () => 0.5 }).then(done, done);
    await clock.advance(60_000);
    return { outcome, attempts, lastAt };
  }

  it('fails with the kind locked after about five seconds if another program keeps the lock', async () => {
    const { outcome, lastAt } = await outcomeOf(() => {
      throw busy;
    });
    assert.ok(outcome instanceof HistoryFailure, String(outcome));
    assert.equal(outcome.kind, 'locked');
    assert.ok(lastAt > 4_000 && lastAt < 6_000, `${lastAt} ms`);
  });

  it('returns the result as soon as the lock is released', async () => {
    const free = (count: number) => {
      if (count === 1) throw busy;
      if (count === 2) throw new HistoryFailure('locked');
      return 'done';
    };
    const { outcome, attempts, lastAt } = await outcomeOf(free);
    assert.deepEqual([outcome, attempts], ['done', 3]);
    assert.ok(lastAt < 10, `${lastAt} ms`);
  });

  it("doesn't happen if the disk is full", async () => {
    const { outcome, attempts } = await outcomeOf(() => {
      throw Object.assign(new Error('database or disk is full'), { errcode: 13 });
    });
    assert.ok(outcome instanceof HistoryFailure, String(outcome));
    assert.deepEqual([outcome.kind, attempts], ['diskFull', 1]);
  });
});
