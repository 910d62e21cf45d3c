import assert from 'node:assert/strict';
import { retryAt } from '#core/polling/retryAt';
import { answered, unanswered } from '#test/support/builders';
import { start } from '#test/support/manualClock';

const longest = () => 1;

describe('retryAt', () => {
  it('is the current time after a response, and after a problem of the host or deployment', () => {
    for (const seen of [answered('running'), unanswered('unreachable'), unanswered('tokenRefused')])
      assert.equal(retryAt(seen, 3, start, longest), start);
  });

  it('doubles the wait of a run with each server error in a row', () => {
    assert.deepEqual(
      [1, 2, 3].map((failures) => retryAt(unanswered('serverTrouble'), failures, start, longest)),
      [start + 5_000, start + 10_000, start + 20_000],
    );
  });

  it('is undefined for a problem of a run that only the user can solve', () => {
    for (const kind of ['notAllowed', 'tooLarge', 'refused'] as const)
      assert.equal(retryAt(unanswered(kind), 1, start, longest), undefined);
  });
});
