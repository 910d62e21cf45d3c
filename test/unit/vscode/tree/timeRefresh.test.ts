import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { Board } from '#core/history/board';
import type { Kickoff } from '#core/kickoff/kickoff';
import { Emitter } from '#core/lib/event';
import { HostHealth } from '#core/polling/hostHealth';
import { deployment, id, kickoff, unanswered } from '#test/support/builders';
import { ManualClock, minute, second, start } from '#test/support/manualClock';
import { refreshTimes } from '#vscode/tree/timeRefresh';

/** Starts `refreshTimes`. Records the redrawn runs and the time of each redraw in `drawn`. */
function startRefresh(...kickoffs: readonly Kickoff[]) {
  const clock = new ManualClock();
  const health = new HostHealth(() => 1);
  const board = new Board(health);
  board.show([deployment()], kickoffs);
  const visibility = new Emitter<vscode.TreeViewVisibilityChangeEvent>();
  const view = { visible: true, onDidChangeVisibility: visibility.event } as unknown as vscode.TreeView<unknown>;
  const drawn: { readonly at: number; readonly ids: readonly string[] }[] = [];
  const redraw = (rows: readonly Kickoff[]) => void drawn.push({ at: clock.elapsed, ids: rows.map((row) => row.id) });
  const part = refreshTimes(view, redraw, { board, clock });
  const show = (visible: boolean): void => visibility.fire(Object.assign(view, { visible }));
  /** Returns the times at which the row of a run was redrawn. */
  const timesOf = (number: number) => drawn.filter(({ ids }) => ids.includes(id(number))).map(({ at }) => at);
  return { clock, health, board, drawn, part, show, timesOf };
}

function running(number: number, ageMs: number): Kickoff {
  const since = start - ageMs;
  return kickoff({ id: id(number), phase: { kind: 'running' }, trackedAt: since, startedAt: since, checkedAt: start + 9 * minute });
}

function ended(ageMs: number, number = 1): Kickoff {
  return kickoff({ id: id(number), phase: { kind: 'succeeded' }, finishedAt: start - ageMs });
}

describe('In rows, the times', () => {
  it('of active runs are updated every five seconds, even while another run changes every 100 ms', async () => {
    const { clock, board, part, timesOf } = startRefresh(running(1, 2 * minute), running(2, 90 * minute), running(3, 0));
    for (let round = 0; round < 202; round++) {
      board.putAll([{ ...running(3, 0), progress: { completed: round } }]);
      await clock.advance(100);
    }
    const expected = [5, 10, 15, 20].map((at) => at * second);
    for (const number of [1, 2]) assert.deepEqual(timesOf(number), expected);
    part.dispose();
  });

  it('need no timer after the refresh was disposed', async () => {
    for (const run of [running(1, 2 * minute), ended(58 * minute)]) {
      const { clock, part } = startRefresh(run);
      await clock.advance(6 * second);
      assert.notEqual(clock.timers, 0);
      part.dispose();
      assert.equal(clock.timers, 0);
    }
  });

  it('of a newly active run are updated after five seconds', async () => {
    const { clock, board, timesOf } = startRefresh(ended(0));
    await clock.advance(10 * second);
    board.putAll([running(2, 0)]);
    await clock.advance(5 * second);
    assert.deepEqual(timesOf(2), [15 * second]);
  });

  it('of a finished run are updated less often as the run gets older', async () => {
    const { clock, part, timesOf } = startRefresh(ended(58 * minute + 30 * second));
    await clock.advance(72 * 60 * minute);
    const [first, second_, ...later] = timesOf(1);
    assert.deepEqual([first, second_], [minute, 2 * minute]);
    const hours = later.map((at) => Math.floor(at / (60 * minute)));
    const firstHours = Array.from({ length: 45 }, (_, index) => index + 1);
    assert.deepEqual(hours.slice(0, 45), firstHours, 'each later hour once, until the row shows days');
    assert.equal(hours.length, 48, 'then the last hour, and each day once');
    part.dispose();
  });

  const oldRuns = Array.from({ length: 1_000 }, (_, index) => ended(60 * minute + 3 * second * index, index + 1));

  it('of 1,000 old runs are each updated once an hour', async () => {
    const { clock, drawn } = startRefresh(...oldRuns);
    await clock.advance(60 * minute);
    const ids = drawn.flatMap((one) => one.ids);
    assert.deepEqual([ids.length, new Set(ids).size], [1_000, 1_000]);
  });

  it('of old runs are updated when the view is shown again only if their texts changed', async () => {
    const { clock, drawn, show } = startRefresh(...oldRuns);
    show(false);
    await clock.advance(120 * minute);
    assert.equal(drawn.length, 0);
    show(true);
    assert.deepEqual([drawn.length, drawn[0]?.ids.length], [1, 1_000]);
    show(false);
    show(true);
    assert.deepEqual(drawn[1]?.ids, []);
  });

  it('of an old run are updated hourly, even while an active run is updated every few seconds', async () => {
    const { clock, timesOf } = startRefresh(running(1, 0), ended(90 * minute + 7 * second, 2));
    await clock.advance(60 * minute);
    assert.deepEqual(timesOf(2), [29 * minute + 55 * second]);
  });

  it('need no timer while the view is hidden', () => {
    const { clock, show } = startRefresh(running(1, 2 * minute));
    assert.notEqual(clock.timers, 0);
    show(false);
    assert.equal(clock.timers, 0);
  });

  it('of active runs are updated immediately when a hidden view is shown again', async () => {
    const { clock, drawn, show } = startRefresh(running(1, 2 * minute));
    show(false);
    await clock.advance(minute);
    show(true);
    assert.deepEqual(drawn.at(-1), { at: minute, ids: [id(1)] });
  });

  it('of an active run are updated every five seconds, even after the clock was set back', async () => {
    const { clock, drawn, show } = startRefresh(running(1, 2 * minute));
    await clock.advance(minute);
    clock.setTimeOfDay(-60 * minute);
    show(false);
    show(true);
    drawn.length = 0;
    await clock.advance(11 * second);
    assert.equal(drawn.length, 2);
  });

  it('of a planned retry are updated when the retry is due, even before the first response', async () => {
    const { clock, health, timesOf } = startRefresh(kickoff({ id: id(1) }), kickoff({ id: id(2), phase: { kind: 'missing' } }));
    health.record(deployment(), '1', unanswered('throttled', { retryAt: start + 5 * minute }), start);
    await clock.advance(10 * minute);
    for (const number of [1, 2]) assert.ok(timesOf(number).includes(5 * minute));
  });
});
