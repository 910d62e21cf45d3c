import assert from 'node:assert/strict';
import { Emitter } from '#core/lib/event';
import { answered, kickoff } from '#test/support/builders';
import { minute } from '#test/support/manualClock';
import { polling } from '#test/support/polling';

function cannotBeDrawn(): never {
  throw new Error('cannot be drawn');
}

describe('A listener that throws', () => {
  it("doesn't stop other listeners, and its error is passed to the error callback", () => {
    const [received, thrown] = [[] as number[], [] as unknown[]];
    const emitter = new Emitter<number>((error) => thrown.push(error));
    emitter.event(cannotBeDrawn);
    emitter.event((value) => received.push(value));
    emitter.fire(1);
    assert.deepEqual([received, thrown], [[1], [new Error('cannot be drawn')]]);
  });

  it('makes fire() throw if there is no error callback, but only after all listeners were called', () => {
    const received: number[] = [];
    const emitter = new Emitter<number>();
    emitter.event(cannotBeDrawn);
    emitter.event((value) => received.push(value));
    assert.throws(() => emitter.fire(1), /cannot be drawn/);
    assert.deepEqual(received, [1]);
  });

  it("doesn't stop polling or notifications", async () => {
    const { clock, store, window, notified, unsaved } = await polling({
      script: ({ at }) => answered(at < minute ? 'running' : 'succeeded'),
      kickoffs: [],
    });
    window.board.onDidChange(cannotBeDrawn);
    await store.addKickoff(kickoff());
    await window.tracker.load();
    await clock.advance(2 * minute);
    assert.deepEqual([notified.length, unsaved], [1, []]);
    assert.ok(window.thrown.length > 0);
  });
});
