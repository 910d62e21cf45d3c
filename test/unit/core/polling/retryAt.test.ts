import assert from 'node:assert/strict';
import { retryAt } from '#core/polling/pollResults';
import { answered, unanswered } from '#test/support/builders';
import { start } from '#test/support/manualClock';

const longest = () => 1;

describe('When a run is asked again', () => {
  it('is its pace’s matter after an answer, and its host’s or deployment’s after their troubles', () => {
    for (const seen of [answered('running'), unanswered('unreachable'), unanswered('tokenRefused')])
      assert.equal(retryAt(seen, 3, start, longest), start);
  });

  it('is ever later while it has trouble of its own', () => {
    assert.deepEqual(
      [1, 2, 3].map((failures) => retryAt(unanswered('serverTrouble'), failures, start, longest)),
      [start + 5_000, start + 10_000, start + 20_000],
    );
  });

  it('is up to the user where another try would bring the same', () => {
    for (const kind of ['notAllowed', 'tooLarge', 'refused'] as const)
      assert.equal(retryAt(unanswered(kind), 1, start, longest), undefined);
  });
});
