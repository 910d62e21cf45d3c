import assert from 'node:assert/strict';
import type { Kickoff, Phase } from '#core/kickoff/kickoff';
import { RunHistory } from '#core/kickoff/runHistory';
import { Staleness } from '#core/polling/staleness';
import { kickoff } from '#test/support/builders';
import { start } from '#test/support/manualClock';

const minute = 60_000;
const nothingKnown = new RunHistory([]);

function board(history = nothingKnown) {
  let asked = 0;
  return { historyOf: () => (asked++, history), times: () => asked };
}

function staleAfter(kind: Phase['kind'], fields: Partial<Kickoff> = {}, isFocused = true): number {
  const checkedAt = fields.checkedAt ?? start + 10 * minute;
  const run = kickoff({ phase: { kind }, checkedAt, phaseSince: checkedAt, hasRun: true, ...fields });
  const pace = () => ({ minimumSeconds: 3, maximumSeconds: 60, isFocused });
  return (new Staleness(board(), pace).staleAt(run) - checkedAt) / 1_000;
}

describe('An answer is old', () => {
  it('after three intervals of its run', () => {
    assert.equal(staleAfter('running', { checkedAt: start }), 3 * 3);
    assert.equal(staleAfter('running'), 3 * 30);
    assert.equal(staleAfter('running', { checkedAt: start + 600 * minute }), 3 * 60);
  });

  it('later in a window without focus, and for a run that waits or is not found: they are asked more seldom', () => {
    assert.equal(staleAfter('running', { checkedAt: start }, false), 3 * 15);
    assert.equal(staleAfter('waiting', { checkedAt: start }), 3 * 15);
    assert.equal(staleAfter('missing', { checkedAt: start }), 3 * 15);
    const { hasRun: _, ...never } = kickoff({ phase: { kind: 'missing' }, phaseSince: start, checkedAt: start + 80_000 });
    const pace = () => ({ minimumSeconds: 3, maximumSeconds: 60, isFocused: true });
    assert.equal(new Staleness(board(), pace).staleAt(never) - start - 80_000, 3 * 300_000);
  });

  it('at once when the run is not asked by itself any more', () => {
    assert.equal(staleAfter('missing', { phaseSince: start - 30 * 24 * 60 * minute }), 0);
  });

  it('never when the run has ended, or was never heard', () => {
    const pace = () => ({ minimumSeconds: 3, maximumSeconds: 60, isFocused: true });
    const { staleAt } = new Staleness(board(), pace);
    assert.equal(staleAt(kickoff()), Infinity);
    assert.equal(staleAt(kickoff({ phase: { kind: 'succeeded' }, checkedAt: start })), Infinity);
  });

  it('by what its pace is now, which is computed once for an answer', () => {
    let isFocused = true;
    const asked = board();
    const { staleAt } = new Staleness(asked, () => ({ minimumSeconds: 3, maximumSeconds: 60, isFocused }));
    const run = kickoff({ phase: { kind: 'running' }, checkedAt: start });
    assert.deepEqual([staleAt(run), staleAt(run), asked.times()], [start + 9_000, start + 9_000, 1]);
    isFocused = false;
    assert.deepEqual([staleAt(run), staleAt(run), asked.times()], [start + 45_000, start + 45_000, 2]);
  });
});
