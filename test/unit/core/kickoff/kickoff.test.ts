import assert from 'node:assert/strict';
import { endTime, hasBody } from '#core/kickoff/kickoff';
import { kickoff } from '#test/support/builders';
import { start } from '#test/support/manualClock';

describe('The end of a run', () => {
  const ended = { startedAt: start, executionSeconds: 60, checkedAt: start + 90_000 };

  it('is the time of the poll that found the end, or else the start plus the duration from the server', () => {
    assert.equal(endTime(kickoff({ ...ended, finishedAt: start + 70_000 })), start + 70_000);
    assert.equal(endTime(kickoff(ended)), start + 60_000);
  });

  it('is never after the last response', () => {
    assert.equal(endTime(kickoff({ ...ended, checkedAt: start + 50_000 })), start + 50_000);
  });

  it('is unknown if no poll found it and the start or the duration is missing', () => {
    for (const known of [{ startedAt: start }, { executionSeconds: 60 }, {}]) assert.equal(endTime(kickoff(known)), undefined);
  });
});

describe('A run', () => {
  it('has a stored response only after a status or a rejected request', () => {
    for (const known of [{ checkedAt: start }, { trouble: { kind: 'refused' } }] as const) assert.equal(hasBody(kickoff(known)), true);
    for (const known of [{}, { trouble: { kind: 'unreachable' } }, { trouble: { kind: 'tooLarge' } }] as const)
      assert.equal(hasBody(kickoff(known)), false);
  });
});
