import assert from 'node:assert/strict';
import type { Kickoff, FinishedTask } from '#core/kickoff/kickoff';
import { taskPositions, taskRow } from '#present/rows/taskRow';
import { kickoff } from '#test/support/builders';
import { start } from '#test/support/manualClock';
import { assertClean, disguise, hostileTexts, t } from '#test/unit/present/documents/hostile';

/** Returns a run at its third task. The second task finished between two polls. */
function running(fields: Partial<Kickoff> = {}): Kickoff {
  return kickoff({
    phase: { kind: 'running' },
    checkedAt: start,
    progress: { completed: 2, total: 3, current: 'write', agent: 'Writer', tool: 'search', thought: 'Hm' },
    tasks: [
      { position: 1, name: 'research', hasOutput: true },
      { position: 2, name: '', hasOutput: false, isUnseen: true },
    ],
    ...fields,
  });
}

describe('Task rows', () => {
  const row = (of: Kickoff, position: number, isChecked = true) => taskRow(of, position, isChecked, t);
  const finished = (task: FinishedTask) => row(kickoff({ tasks: [task] }), task.position)!;

  it('show the duration and agent of a finished task', () => {
    const {
      label,
      description,
      contextValue: context,
      ariaLabel,
    } = finished({
      ...{ position: 2, name: 'write', agent: 'Writer', executionSeconds: 42, hasOutput: true },
    });
    assert.deepEqual([label, description, context], ['write', '42s · Writer', 'task hasTaskOutput']);
    assert.equal(ariaLabel, 'Task write, finished, 42s, Writer');
  });

  it('show the position of a task without a name', () => {
    for (const name of ['', '\u202e']) {
      const { label, ariaLabel } = finished({ position: 2, name, hasOutput: false });
      assert.deepEqual([label, ariaLabel], ['Task 2', 'Task 2, output not captured']);
    }
  });

  it('include the current task only if it is known and the run is running or waiting for human input', () => {
    assert.deepEqual(taskPositions(running()), [1, 2, 3]);
    assert.deepEqual(taskPositions(running({ phase: { kind: 'waiting' } })), [1, 2, 3]);
    for (const kind of ['succeeded', 'missing', 'queued'] as const)
      assert.deepEqual(taskPositions(running({ phase: { kind } })), [1, 2], kind);
    assert.deepEqual(taskPositions(running({ progress: { completed: 2 } })), [1, 2]);
    assert.deepEqual(taskPositions(running({ tasks: [] })), [3]);
  });

  it('include the task in which the run failed or was stopped, unless that task finished', () => {
    const rows = (['failed', 'stopped'] as const).map((kind) => row(running({ phase: { kind } }), 3));
    assert.deepEqual(rows, [
      {
        label: 'write',
        description: 'failed · Writer',
        icon: { id: 'error', color: 'testing.iconFailed' },
        contextValue: 'task',
        ariaLabel: 'Task write, failed, Writer',
      },
      {
        label: 'write',
        description: 'stopped · Writer',
        icon: { id: 'circle-slash' },
        contextValue: 'task',
        ariaLabel: 'Task write, stopped, Writer',
      },
    ]);
    const finished = [{ position: 1, name: 'write', hasOutput: true }];
    assert.deepEqual(taskPositions(running({ phase: { kind: 'failed' }, tasks: finished })), [1]);
  });

  it('show the agent and last tool of the current task', () => {
    assert.deepEqual(row(running(), 3), {
      label: 'write',
      description: 'Writer · search',
      icon: { id: 'loading~spin' },
      contextValue: 'task',
      ariaLabel: 'Task write, in progress',
    });
  });

  it("have no spinning icon for a run that isn't being checked or is waiting for human input", () => {
    assert.equal(row(running(), 3, false)?.icon.id, 'circle-outline');
    assert.equal(row(running({ phase: { kind: 'waiting' } }), 3)?.icon.id, 'person');
  });

  it('show the observed duration if AMP reports none', () => {
    const run = running({
      startedAt: start,
      tasks: [
        { position: 1, name: 'research', hasOutput: true, seenAt: start + 42_000 },
        { position: 2, name: 'write', agent: 'Writer', hasOutput: true, seenAt: start + 142_000 },
        { position: 3, name: 'check', hasOutput: true, executionSeconds: 108.5, seenAt: start + 150_000 },
      ],
    });
    const durations = [1, 2, 3].map((position) => row(run, position)?.description);
    assert.deepEqual(durations, ['~42s', '~1m 40s · Writer', '1m 48s']);
  });

  it("show that the output wasn't captured for a task that finished between two polls", () => {
    const unseen = row(running(), 2);
    assert.deepEqual([unseen?.label, unseen?.description, unseen?.contextValue], ['Task 2', 'output not captured', 'task']);
    assert.notEqual(unseen?.icon.id, row(running(), 1)?.icon.id);
  });

  const tasks = Array.from({ length: 6 }, (_, index) => ({ position: index + 1, name: '', hasOutput: false, isUnseen: true }));

  it('combine consecutive tasks without any information into one row', () => {
    const run = running({ tasks, progress: { completed: 6, current: 'write' } });
    assert.deepEqual(taskPositions(run), [1, 7]);
    const { label, description, ariaLabel, contextValue: context, icon } = row(run, 1)!;
    assert.deepEqual([label, description, context], ['Tasks 1–6', 'output not captured', 'task']);
    assert.deepEqual([ariaLabel, icon.id], ['Tasks 1–6, output not captured', row(running(), 2)?.icon.id]);
    assert.equal(row(run, 2), undefined);
  });

  it('never combine tasks across a gap in the positions or across a task with information', () => {
    for (const known of [{ name: 'research' }, { hasOutput: true }, { agent: 'Ann' }, { executionSeconds: 4 }]) {
      const mixed = running({ tasks: tasks.map((task) => (task.position === 3 ? { ...task, ...known } : task)), progress: {} });
      assert.deepEqual(taskPositions(mixed), [1, 3, 4]);
      assert.deepEqual([row(mixed, 1)?.label, row(mixed, 4)?.label], ['Tasks 1–2', 'Tasks 4–6']);
    }
    const gap = running({ tasks: tasks.filter(({ position }) => position !== 3), progress: {} });
    assert.deepEqual(taskPositions(gap), [1, 4]);
  });

  it('have only short texts without control characters, for any text from the server', () => {
    for (const text of hostileTexts) {
      const current = row(running({ progress: { completed: 2, current: text, agent: text, tool: text } }), 3)!;
      for (const { label, description, ariaLabel } of [current, finished({ position: 1, name: text, agent: text, hasOutput: false })]) {
        assertClean(120, label);
        assertClean(250, description);
        assert.doesNotMatch(ariaLabel, disguise);
      }
    }
  });
});
