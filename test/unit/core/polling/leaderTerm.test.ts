import assert from 'node:assert/strict';
import type { LeaderTerm } from '#core/windows/leaderElection';
import { answered, type Script } from '#test/support/builders';
import { minute, second, start } from '#test/support/manualClock';
import { runs, shared, Window } from '#test/support/polling';

function term(epoch: number): LeaderTerm {
  return { epoch, previousBeatAt: start, isTakeover: epoch > 1 };
}

/** Opens the polling window with ten runs, and waits until four requests are in flight. The window polls while it has a term. */
async function polling(latency: number, script: Script = answered('running')) {
  const parts = shared({ script, kickoffs: runs(10), latency });
  const leader = { term: term(1) as LeaderTerm | undefined, take: () => Promise.resolve(), renewSooner: () => undefined };
  const window = new Window({ ...parts, leader });
  await window.tracker.load();
  const change = async (to: LeaderTerm | undefined) => {
    leader.term = to;
    window.poller.sync();
    await parts.clock.advance(5 * second);
  };
  await parts.clock.advance(5 * second);
  assert.equal(parts.source.inFlight, 4);
  return { ...parts, change };
}

describe('A window that takes over polling again', () => {
  it('counts its earlier requests toward the limit of four requests in flight', async () => {
    const { clock, source, change } = await polling(minute);
    await change(undefined);
    await change(term(3));
    await clock.advance(45 * second - 1);
    assert.equal(source.requests.length, 4);
    await clock.advance(2 * minute);
    assert.equal(source.mostInFlight, 4);
  });

  it('polls every run once before any run twice', async () => {
    const { clock, source, change } = await polling(minute);
    await change(undefined);
    await change(term(3));
    await clock.advance(3 * minute);
    assert.equal(new Set(source.requests.slice(0, 10).map(({ id }) => id)).size, 10);
  });

  it("polls the runs that it hadn't polled in its earlier term", async () => {
    const { clock, source, change } = await polling(10 * second);
    await change(undefined);
    await clock.advance(10 * minute);
    await change(term(3));
    await clock.advance(minute);
    assert.equal(new Set(source.requests.map(({ id }) => id)).size, 10);
  });
});

describe('A window that stopped polling', () => {
  it('stores the responses to its pending requests, but sends no more requests', async () => {
    const { clock, source, store, change } = await polling(10 * second);
    await change(undefined);
    await clock.advance(10 * minute);
    assert.equal(runs(10).filter((run) => store.stored(run).checkedAt !== undefined).length, 4);
    assert.deepEqual([source.requests.length, source.inFlight, clock.timers], [4, 0, 0]);
  });
});
