import assert from 'node:assert/strict';
import { currentTask, interruptedTask, lastKnownTask } from '#core/kickoff/tasks';
import { kickoff } from '#test/support/builders';

const tasks = [{ position: 2, name: 'research', hasOutput: true }];

describe('The current task', () => {
  it('has the next position after the task count and all known tasks', () => {
    assert.deepEqual(lastKnownTask({ progress: { current: 'write', completed: 3 }, tasks }), { name: 'write', position: 4 });
    assert.deepEqual(lastKnownTask({ progress: { current: 'write', completed: 1 }, tasks }), { name: 'write', position: 3 });
    const first = lastKnownTask({ progress: { current: 'write', agent: 'Writer' }, tasks: [] });
    assert.deepEqual(first, { name: 'write', position: 1, agent: 'Writer' });
  });

  it("is undefined if the server doesn't send it", () => {
    assert.equal(lastKnownTask({ progress: { completed: 3 }, tasks }), undefined);
  });

  it('is defined only for a running or waiting run', () => {
    const progress = { current: 'write' };
    for (const kind of ['running', 'waiting'] as const) assert.equal(currentTask(kickoff({ phase: { kind }, progress }))?.name, 'write');
    for (const kind of ['queued', 'missing', 'failed'] as const)
      assert.equal(currentTask(kickoff({ phase: { kind }, progress })), undefined);
  });
});

describe('The interrupted task', () => {
  const ended = (kind: 'failed' | 'stopped' | 'succeeded' | 'running', current: string) =>
    interruptedTask(kickoff({ phase: { kind }, progress: { current }, tasks }))?.name;

  it('is the unfinished current task of a failed or stopped run, but undefined for other runs', () => {
    for (const kind of ['failed', 'stopped'] as const)
      assert.deepEqual([ended(kind, 'write'), ended(kind, 'research')], ['write', undefined]);
    for (const kind of ['succeeded', 'running'] as const) assert.equal(ended(kind, 'write'), undefined, kind);
  });
});
