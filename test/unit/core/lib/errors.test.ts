import assert from 'node:assert/strict';
import { HistoryFailure, historyFailures, UserFacingError } from '#core/lib/errors';

describe('A failure of the history', () => {
  const cause = new Error('SQLITE_FULL');
  const failure = new HistoryFailure('diskFull', cause);

  it('has the message of its kind for the user', () => {
    assert.ok(failure instanceof UserFacingError);
    assert.deepEqual([failure.message, failure.kind], [historyFailures.diskFull, 'diskFull']);
  });

  it('has its cause for the log', () => {
    assert.equal(failure.cause, cause);
  });
});
