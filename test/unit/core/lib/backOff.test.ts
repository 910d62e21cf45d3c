import assert from 'node:assert/strict';
import { backOffMs } from '#core/lib/backOff';

describe('The back-off', () => {
  const waits = (random: number) => [1, 2, 3, 4, 5, 6, 7, 8, 100_000].map((failures) => backOffMs(failures, () => random) / 1_000);

  it('doubles from 5 s to 5 min', () => {
    assert.deepEqual(waits(1), [5, 10, 20, 40, 80, 160, 300, 300, 300]);
  });

  it('is shortened at random by up to half', () => {
    assert.deepEqual(waits(0), [2.5, 5, 10, 20, 40, 80, 150, 150, 150]);
  });
});
