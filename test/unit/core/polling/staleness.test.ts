import assert from 'node:assert/strict';
import type { Kickoff, Phase } from '#core/kickoff/kickoff';
import { RunDurations } from '#core/kickoff/durations';
import { createStaleAt } from '#core/polling/staleness';
import { kickoff } from '#test/support/builders';
import { minute, start } from '#test/support/manualClock';

const settings = { minimumSeconds: 3, maximumSeconds: 60, isFocused: true };

const board = { durationsOf: () => new RunDurations([]) };

function staleAfter(kind: Phase['kind'], fields: Partial<Kickoff> = {}, isFocused = true): number {
  const checkedAt = fields.checkedAt ?? start + 10 * minute;
  const run = kickoff({ phase: { kind }, checkedAt, phaseSince: checkedAt, hasRun: true, ...fields });
  return (createStaleAt(board, () => ({ ...settings, isFocused }))(run) - checkedAt) / 1_000;
}

describe('The last response of a run', () => {
  it('is stale after three poll intervals', () => {
    assert.equal(staleAfter('running', { checkedAt: start }), 3 * 3);
    assert.equal(staleAfter('running'), 3 * 30);
    assert.equal(staleAfter('running', { checkedAt: start + 600 * minute }), 3 * 60);
  });

  it('becomes stale later in an unfocused window than in a focused window', () => {
    assert.equal(staleAfter('running', { checkedAt: start }, false), 3 * 15);
  });

  it('becomes stale later for a run that waits for input than for a running run', () => {
    assert.equal(staleAfter('waiting', { checkedAt: start }), 3 * 15);
  });

  it("becomes stale later for a run that isn't found than for a running run", () => {
    assert.equal(staleAfter('missing', { checkedAt: start }), 3 * 15);
    assert.equal(staleAfter('missing', { phaseSince: start, checkedAt: start + 80_000, hasRun: false }), 3 * 300);
  });

  it('is stale immediately if the run is no longer polled automatically', () => {
    assert.equal(staleAfter('missing', { phaseSince: start - 30 * 24 * 60 * minute }), 0);
  });

  it("doesn't count as stale before there is a response", () => {
    assert.equal(createStaleAt(board, () => settings)(kickoff()), Infinity);
  });

  it('is never stale if the run is finished', () => {
    const staleAt = createStaleAt(board, () => settings);
    assert.equal(staleAt(kickoff({ phase: { kind: 'succeeded' }, checkedAt: start })), Infinity);
  });
});
