import assert from 'node:assert/strict';
import { retryWhileBusy } from '#store/retryWhileBusy';
import { clock } from './support';

describe('Retrying a database operation', () => {
  const busy = Object.assign(new Error('database is locked'), { errcode: 5 });

  it('ends after about five seconds with the reason if another program has the lock', async () => {
    const waits: number[] = [];
    const hurried = { now: () => 0, after: (milliseconds: number, then: () => void) => (waits.push(milliseconds), clock.after(0, then)) };
    const attempt = () => {
      throw busy;
    };
    await assert.rejects(retryWhileBusy(attempt, { clock: hurried, random: () => 0.5 }), {
      kind: 'locked',
      message: "Can't use run history: another program has locked the file. Close that program.",
    });
    const total = waits.reduce((sum, wait) => sum + wait, 0);
    assert.ok(total > 4_000 && total < 6_000, `${total} ms`);
  });

  it('doesn’t happen if the disk is full', async () => {
    let attempts = 0;
    const attempt = () => {
      attempts += 1;
      throw Object.assign(new Error('database or disk is full'), { errcode: 13 });
    };
    await assert.rejects(retryWhileBusy(attempt, { clock, random: Math.random }), { kind: 'diskFull' });
    assert.equal(attempts, 1);
  });
});
