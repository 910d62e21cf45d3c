import assert from 'node:assert/strict';
import { advance } from '#core/kickoff/advance';
import { newKickoff, type TaskSeen } from '#core/kickoff/kickoff';
import { mergeTasks } from '#core/kickoff/tasks';
import { answer, answered, id, key } from '#test/support/builders';
import { growth, linear } from '#test/support/growth';

type Task = ReturnType<typeof answer>['tasks'][number];

function list(length: number, task: (index: number) => Task) {
  return answer('running', { tasks: Array.from({ length }, (_, index) => task(index)), hasAllTasks: true });
}

function after(...answers: readonly ReturnType<typeof answer>[]): readonly TaskSeen[] {
  return answers.reduce<readonly TaskSeen[]>((seen, one) => mergeTasks(seen, one).tasks, []);
}

describe('A run with new tasks in every response', () => {
  const other = (poll: number) => list(1_000, (index) => ({ name: `${poll}-${index}`, output: `by ${poll}-${index}` }));

  it('gets at most 2,000 tasks, and no outputs of further tasks', () => {
    let tasks: readonly TaskSeen[] = [];
    for (let poll = 0; poll < 5; poll++) {
      const { tasks: next, outputs } = mergeTasks(tasks, other(poll));
      assert.equal(outputs.length, poll < 2 ? 1_000 : 0);
      tasks = next;
    }
    assert.equal(tasks.length, 2_000);
    assert.equal(mergeTasks(tasks, other(9)).tasks, tasks);
  });

  it('gets updates of its stored tasks at the maximum of 2,000 tasks', () => {
    const full = after(other(0), other(1), other(2));
    const { tasks, outputs } = mergeTasks(full, answer('running', { tasks: [{ name: '1-999', output: 'more of it' }] }));
    assert.deepEqual([tasks.length, outputs], [2_000, []]);
    const known = { name: '1-999', output: 'by 1-999', executionSeconds: 3 };
    assert.equal(mergeTasks(full, answer('running', { tasks: [known] })).tasks.at(-1)?.executionSeconds, 3);
  });

  it('keeps room for tasks that responses contain, for any task count', () => {
    let run = newKickoff({ deployment: key(), id: id() }, 0);
    for (const completed of [50_000, 60_000, 70_000]) run = advance(run, answered('running', { progress: { completed } }), completed);
    const shown = [{ name: 'A', output: 'a' }];
    run = advance(run, answered('running', { progress: { completed: 80_000 }, tasks: shown }), 80_000);
    assert.equal(run.tasks.at(-1)?.name, 'A');
    assert.ok(run.tasks.length <= 2_000);
  });
});

describe('The tasks of a response are matched in linear time', () => {
  const placing = (seen: (index: number) => Task, shown: (index: number) => Task) => (length: number) =>
    mergeTasks(after(list(length, seen)), list(length, shown));
  const cases: Record<string, ReturnType<typeof placing>> = {
    'if all tasks are new': placing(
      (index) => ({ name: `a${index}` }),
      (index) => ({ name: `b${index}` }),
    ),
    'if all tasks are new and have outputs': placing(
      (index) => ({ name: `a${index}`, output: `a${index}` }),
      (index) => ({ name: `b${index}`, output: `b${index}` }),
    ),
    'if all tasks but the first are new and have other outputs': placing(
      (index) => ({ name: `a${index}`, output: `a${index}` }),
      (index) => ({ name: `a${-index}`, output: `a${-index}` }),
    ),
    'if all tasks have the same name and changed outputs': placing(
      (index) => ({ name: 'a', output: 'a'.repeat(300) + String(index).padStart(9) }),
      (index) => ({ name: 'a', output: 'b'.repeat(300) + String(index).padStart(10) }),
    ),
  };
  for (const [which, run] of Object.entries(cases))
    it(which, () => {
      const times = growth(run, 250);
      assert.ok(times < linear, `${times}`);
    }).timeout(120_000);
});
