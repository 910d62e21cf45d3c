import assert from 'node:assert/strict';
import { currentTask, lastKnownTask } from '#core/kickoff/tasks';
import { kickoff } from '#test/support/builders';

const tasks = [{ position: 2, name: 'research', hasOutput: true }];

describe('The task under way', () => {
  it('follows on those that are done, by the count or by what was seen', () => {
    assert.deepEqual(lastKnownTask({ progress: { current: 'write', completed: 3 }, tasks }), { name: 'write', position: 4 });
    assert.deepEqual(lastKnownTask({ progress: { current: 'write', completed: 1 }, tasks }), { name: 'write', position: 3 });
    assert.deepEqual(lastKnownTask({ progress: { current: 'write', agent: 'Writer' }, tasks: [] }), {
      name: 'write',
      position: 1,
      agent: 'Writer',
    });
  });

  it('is none where the server does not say', () => {
    assert.equal(lastKnownTask({ progress: { completed: 3 }, tasks }), undefined);
  });

  it('is that of a run that runs or waits', () => {
    const progress = { current: 'write' };
    for (const kind of ['running', 'waiting'] as const) assert.equal(currentTask(kickoff({ phase: { kind }, progress }))?.name, 'write');
    for (const kind of ['queued', 'missing', 'failed'] as const)
      assert.equal(currentTask(kickoff({ phase: { kind }, progress })), undefined);
  });
});
