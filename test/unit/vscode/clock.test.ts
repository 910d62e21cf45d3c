import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock, utcText } from '#vscode/clock';

describe('The system clock', () => {
  it("fires only due timers that weren't disposed", async () => {
    const fired: number[] = [];
    const timers = [-1, 1, 2 ** 31].map((wait) => systemClock.after(wait, () => fired.push(wait)));
    systemClock.after(1, () => fired.push(0)).dispose();
    await sleep(20);
    for (const timer of timers) timer.dispose();
    assert.deepEqual(fired.sort(), [-1, 1]);
  });
});

describe('A time in UTC', () => {
  it('is shown as a number only if no date can represent it', () => {
    assert.deepEqual([utcText(0), utcText(1e20)], ['1970-01-01T00:00:00.000Z', '100000000000000000000']);
  });
});
