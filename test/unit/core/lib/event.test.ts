import assert from 'node:assert/strict';
import { Emitter } from '#core/lib/event';
import { addKickoff, answered, kickoff } from '#test/support/builders';
import { minute } from '#test/support/manualClock';
import { polling } from '#test/support/polling';

function cannotBeDrawn(): never {
  throw new Error('cannot be drawn');
}

describe('A listener that throws', () => {
  it("doesn't stop other listeners, and causes a call of the error callback", () => {
    const [received, thrown]: unknown[][] = [[], []];
    const emitter = new Emitter<number>((error) => thrown!.push(error));
    emitter.event(cannotBeDrawn);
    emitter.event((value) => received!.push(value));
    emitter.fire(1);
    assert.deepEqual([received, thrown], [[1], [new Error('cannot be drawn')]]);
  });

  it('makes fire() throw only after all listeners were called, if there is no error callback', () => {
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
    await addKickoff(store, kickoff());
    await window.tracker.load();
    await clock.advance(2 * minute);
    assert.deepEqual([notified.length, unsaved], [1, []]);
    assert.ok(window.thrown.length > 0);
  });
});
