import assert from 'node:assert/strict';
import type { Kickoff, Phase } from '#core/kickoff/kickoff';
import { RunDurations } from '#core/kickoff/durations';
import { createStaleAt } from '#core/polling/staleness';
import { kickoff } from '#test/support/builders';
import { minute, start } from '#test/support/manualClock';

const settings = { minimumSeconds: 3, maximumSeconds: 60, isFocused: true, isReportVisible: () => true };

const board = { durationsOf: () => new RunDurations([]) };

function staleAfter(kind: Phase['kind'], fields: Partial<Kickoff> = {}, isFocused = true): number {
  const checkedAt = fields.checkedAt ?? start + 10 * minute;
  const run = kickoff({ phase: { kind }, checkedAt, phaseSince: checkedAt, hasRun: true, ...fields });
  return (createStaleAt(board, () => ({ ...settings, isFocused }))(run) - checkedAt) / 1_000;
}

describe('The status of a run', () => {
  it('is stale after three usual poll intervals, even if a visible report shortens the intervals', () => {
    assert.equal(staleAfter('running', { checkedAt: start }), 3 * 3);
    assert.equal(staleAfter('running'), 3 * 30);
    assert.equal(staleAfter('running', { checkedAt: start + 600 * minute }), 3 * 60);
  });

  it('becomes stale later in an unfocused window than in a focused window', () => {
    assert.equal(staleAfter('running', { checkedAt: start }, false), 3 * 15);
  });

  it('is stale immediately if the run is no longer polled automatically', () => {
    assert.equal(staleAfter('missing', { phaseSince: start - 30 * 24 * 60 * minute }), 0);
  });

  it("isn't stale before the first response", () => {
    assert.equal(createStaleAt(board, () => settings)(kickoff()), Infinity);
  });

  it('is never stale if the run is finished', () => {
    const staleAt = createStaleAt(board, () => settings);
    assert.equal(staleAt(kickoff({ phase: { kind: 'succeeded' }, checkedAt: start })), Infinity);
  });
});
