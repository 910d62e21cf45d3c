import assert from 'node:assert/strict';
import { Emitter } from '#core/lib/event';
import { answered, kickoff } from '#test/support/builders';
import { polling } from '#test/support/polling';

const minute = 60_000;

function cannotBeDrawn(): never {
  throw new Error('cannot be drawn');
}

describe('A listener that throws', () => {
  it('keeps no other from being told, and what it threw is told of', () => {
    const [told, thrown] = [[] as number[], [] as unknown[]];
    const emitter = new Emitter<number>((error) => thrown.push(error));
    emitter.event(cannotBeDrawn);
    emitter.event((value) => told.push(value));
    emitter.fire(1);
    assert.deepEqual([told, thrown], [[1], [new Error('cannot be drawn')]]);
  });

  it('is heard by the one who fires where nobody else is, after the others', () => {
    const told: number[] = [];
    const emitter = new Emitter<number>();
    emitter.event(cannotBeDrawn);
    emitter.event((value) => told.push(value));
    assert.throws(() => emitter.fire(1), /cannot be drawn/);
    assert.deepEqual(told, [1]);
  });

  it('keeps no run from being asked, and no end from being told', async () => {
    const { clock, store, window, told, unsaved } = await polling({
      script: ({ at }) => answered(at < minute ? 'running' : 'succeeded'),
      kickoffs: [],
    });
    window.board.onDidChange(cannotBeDrawn);
    await store.addKickoff(kickoff());
    await window.tracker.load();
    await clock.advance(2 * minute);
    assert.deepEqual([told.length, unsaved], [1, []]);
    assert.ok(window.thrown.length > 0);
  });
});
