import assert from 'node:assert/strict';
import { advance } from '#core/kickoff/advance';
import type { FinishedTask } from '#core/kickoff/kickoff';
import { mergeTasks } from '#core/kickoff/tasks';
import { answer, answered, kickoff } from '#test/support/builders';
import { assertLinear } from '#test/support/growth';

type Task = ReturnType<typeof answer>['tasks'][number];

function list(length: number, task: (index: number) => Task) {
  return answer('running', { tasks: Array.from({ length }, (_, index) => task(index)), hasAllTasks: true });
}

function after(...answers: readonly ReturnType<typeof answer>[]): readonly FinishedTask[] {
  return answers.reduce<readonly FinishedTask[]>((seen, one) => mergeTasks(seen, one).tasks, []);
}

describe('A run with new tasks in every response', () => {
  const other = (poll: number) => list(1_000, (index) => ({ name: `${poll}-${index}`, output: `by ${poll}-${index}` }));

  it('gets at most 2,000 tasks', () => {
    const full = after(other(0), other(1));
    assert.equal(full.length, 2_000);
    for (const poll of [2, 3]) assert.deepEqual(mergeTasks(full, other(poll)), { tasks: full, outputs: [] });
    assert.equal(mergeTasks(full, other(9)).tasks, full);
  });

  it('updates a stored task but adds none at the maximum of 2,000 tasks', () => {
    const full = after(other(0), other(1), other(2));
    const { tasks, outputs } = mergeTasks(full, answer('running', { tasks: [{ name: '1-999', output: 'more of it' }] }));
    assert.deepEqual([tasks.length, outputs], [2_000, []]);
    const known = { name: '1-999', output: 'by 1-999', executionSeconds: 3 };
    assert.equal(mergeTasks(full, answer('running', { tasks: [known] })).tasks.at(-1)?.executionSeconds, 3);
  });
});

describe('A run with tens of thousands of tasks that finished between two polls', () => {
  it('still stores a task that a later response contains', () => {
    let run = kickoff();
    for (const completed of [50_000, 60_000, 70_000]) run = advance(run, answered('running', { progress: { completed } }), completed);
    const shown = [{ name: 'A', output: 'a' }];
    run = advance(run, answered('running', { progress: { completed: 80_000 }, tasks: shown }), 80_000);
    assert.equal(run.tasks.at(-1)?.name, 'A');
    assert.ok(run.tasks.length <= 2_000);
  });
});

describe('The tasks of a response are matched in linear time', () => {
  const named =
    (letter: string, hasOutput = false) =>
    (index: number) => {
      const name = `${letter}${index}`;
      return hasOutput ? { name, output: name } : { name };
    };
  const long = (letter: string, digits: number) => (index: number) => {
    return { name: 'a', output: letter.repeat(300) + String(index).padStart(digits) };
  };
  const cases: Record<string, readonly [seen: (index: number) => Task, shown: (index: number) => Task]> = {
    'if all tasks are new': [named('a'), named('b')],
    'if all tasks are new and have outputs': [named('a', true), named('b', true)],
    'if all tasks but the first are new and have other outputs': [named('a', true), (index) => named('a', true)(-index)],
    'if all tasks have the same name and changed outputs': [long('a', 9), long('b', 10)],
  };
  for (const [which, [seen, shown]] of Object.entries(cases))
    it(which, () => {
      assertLinear((length) => mergeTasks(after(list(length, seen)), list(length, shown)), 250);
    }).timeout(120_000);
});
