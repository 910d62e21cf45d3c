import assert from 'node:assert/strict';
import { HistoryFailure, historyFailureMessages, UserFacingError } from '#core/lib/errors';

describe('A failure of the history', () => {
  it('has the message of its kind for the user, and its cause for the log', () => {
    const cause = new Error('SQLITE_FULL');
    const failure = new HistoryFailure('diskFull', cause);
    assert.ok(failure instanceof UserFacingError);
    assert.deepEqual([failure.message, failure.kind, failure.cause], [historyFailureMessages.diskFull, 'diskFull', cause]);
  });
});
