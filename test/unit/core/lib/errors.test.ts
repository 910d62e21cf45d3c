import assert from 'node:assert/strict';
import { HistoryFailure, historyFailures, UserFacingError } from '#core/lib/errors';

describe('A failure of the history', () => {
  it('says to the user what its kind is, and keeps for the log what caused it', () => {
    const cause = new Error('SQLITE_FULL');
    const failure = new HistoryFailure('diskFull', cause);
    assert.ok(failure instanceof UserFacingError);
    assert.deepEqual([failure.message, failure.kind, failure.cause], [historyFailures.diskFull, 'diskFull', cause]);
  });
});
