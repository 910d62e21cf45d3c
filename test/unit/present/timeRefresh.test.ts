import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { Board } from '#core/history/board';
import type { Kickoff } from '#core/kickoff/kickoff';
import { Emitter } from '#core/lib/event';
import { HostHealth } from '#core/polling/hostHealth';
import { deployment, id, kickoff, unanswered } from '#test/support/builders';
import { ManualClock, minute, second, start } from '#test/support/manualClock';
import { refreshTimes } from '#vscode/tree/timeRefresh';

/** Starts `refreshTimes`. Records the redrawn rows and the time of each redraw in `drawn`. */
function startRefresh(kickoffs: readonly Kickoff[]) {
  const clock = new ManualClock();
  const health = new HostHealth(() => 1);
  const board = new Board(health);
  board.show([deployment()], kickoffs);
  const shown = new Emitter<vscode.TreeViewVisibilityChangeEvent>();
  const view = { visible: true, onDidChangeVisibility: shown.event };
  const drawn: { readonly at: number; readonly ids: readonly string[] }[] = [];
  const redraw = (rows: readonly Kickoff[]) => void drawn.push({ at: clock.elapsed, ids: rows.map((row) => row.id) });
  const shownView = view as unknown as vscode.TreeView<unknown>;
  const part = refreshTimes({ view: shownView, redraw, board, clock });
  const show = (visible: boolean): void => {
    view.visible = visible;
    shown.fire({ visible });
  };
  return { clock, health, board, drawn, part, show };
}

/** Returns the times at which the row of a run was redrawn. */
function timesOf(drawn: ReturnType<typeof startRefresh>['drawn'], number: number): readonly number[] {
  return drawn.filter(({ ids }) => ids.includes(id(number))).map(({ at }) => at);
}

function running(number: number, ageMs: number): Kickoff {
  const since = start - ageMs;
  return kickoff({ id: id(number), phase: { kind: 'running' }, trackedAt: since, startedAt: since, checkedAt: start + 9 * minute });
}

describe('In rows, the times', () => {
  it('of active runs are updated every five seconds, even while another run changes every 100 ms', async () => {
    const { clock, board, drawn, part } = startRefresh([running(1, 2 * minute), running(2, 90 * minute), running(3, 0)]);
    for (let round = 0; round < 202; round++) {
      board.put({ ...running(3, 0), progress: { completed: round } });
      await clock.advance(100);
    }
    for (const number of [1, 2])
      assert.deepEqual(
        timesOf(drawn, number),
        [5, 10, 15, 20].map((at) => at * second),
      );
    part.dispose();
    assert.equal(clock.timers, 0);
  });

  it('of a run are updated within five seconds if the run becomes active again', async () => {
    const { clock, board, drawn } = startRefresh([kickoff({ phase: { kind: 'succeeded' }, finishedAt: start })]);
    await clock.advance(10 * second);
    board.put(running(2, 0));
    await clock.advance(5 * second);
    assert.deepEqual(timesOf(drawn, 2), [15 * second]);
  });

  it('of a finished run are updated every minute, and after an hour every hour', async () => {
    const { clock, drawn, part } = startRefresh([kickoff({ phase: { kind: 'succeeded' }, finishedAt: start - 58 * minute - 30 * second })]);
    await clock.advance(72 * 60 * minute);
    const [first, second_, ...later] = timesOf(drawn, 1);
    assert.deepEqual([first, second_], [minute, 2 * minute]);
    const hours = later.filter((at) => at <= 46 * 60 * minute).map((at) => at / (60 * minute));
    assert.deepEqual(
      hours.map((at) => Math.floor(at)),
      Array.from({ length: 45 }, (_, index) => index + 1),
      'each later hour once, until the row shows days',
    );
    assert.equal(later.length, 48, 'then the last hour, and each day once');
    part.dispose();
    assert.equal(clock.timers, 0);
  });

  it('of old runs are updated once an hour, and only if their text changed when the view is shown again', async () => {
    const old = Array.from({ length: 1_000 }, (_, index) =>
      kickoff({ id: id(index + 1), phase: { kind: 'succeeded' }, finishedAt: start - 60 * minute - 3 * second * index }),
    );
    const { clock, drawn, show } = startRefresh(old);
    await clock.advance(60 * minute);
    assert.equal(drawn.flatMap(({ ids }) => ids).length, 1_000, 'each row once in an hour');
    show(false);
    drawn.length = 0;
    await clock.advance(120 * minute);
    assert.equal(drawn.length, 0);
    show(true);
    assert.deepEqual([drawn.length, drawn[0]?.ids.length], [1, 1_000]);
    show(false);
    show(true);
    assert.deepEqual(drawn[1]?.ids, []);
  });

  it('of old runs are updated hourly, even while an active run is updated every few seconds', async () => {
    const old = kickoff({ id: id(2), phase: { kind: 'succeeded' }, finishedAt: start - 90 * minute - 7 * second });
    const { clock, drawn } = startRefresh([running(1, 0), old]);
    await clock.advance(60 * minute);
    assert.deepEqual(timesOf(drawn, 2), [29 * minute + 55 * second]);
  });

  it('are updated when a hidden view is shown again, even after the clock was set back', async () => {
    const { clock, drawn, show } = startRefresh([running(1, 2 * minute)]);
    show(false);
    assert.equal(clock.timers, 0);
    await clock.advance(minute);
    show(true);
    assert.deepEqual(drawn.at(-1), { at: minute, ids: [id(1)] });
    clock.setTimeOfDay(-60 * minute);
    show(false);
    show(true);
    drawn.length = 0;
    await clock.advance(11 * second);
    assert.equal(drawn.length, 2, 'one update every five seconds');
  });

  it('of a retry are updated when the retry is due, even before the first response', async () => {
    const waiting = [kickoff({ id: id(1) }), kickoff({ id: id(2), phase: { kind: 'missing' } })];
    const { clock, health, drawn } = startRefresh(waiting);
    health.record(deployment(), '1', unanswered('throttled', { retryAt: start + 5 * minute }), start);
    await clock.advance(10 * minute);
    for (const number of [1, 2]) assert.ok(timesOf(drawn, number).includes(5 * minute));
  });
});
