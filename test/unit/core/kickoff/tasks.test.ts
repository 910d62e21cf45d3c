import fc from 'fast-check';
import assert from 'node:assert/strict';
import type { TaskSeen } from '#core/kickoff/kickoff';
import { mergeTasks } from '#core/kickoff/tasks';
import { answer } from '#test/support/builders';
import { tries } from '#test/support/fuzz';

type Task = ReturnType<typeof answer>['tasks'][number];

/** Returns a response of the live dialect, which contains only the last executed task. */
function last(task: Task, completed?: number) {
  return answer('running', { tasks: [task], progress: completed === undefined ? {} : { completed } });
}

function list(...tasks: readonly Task[]) {
  return answer('running', { tasks, hasAllTasks: true });
}

function task(name: string): Task {
  return { name, output: `output of ${name}` };
}

/** Merges the responses in order, as the poller and the store do. */
function afterAll(answers: readonly ReturnType<typeof answer>[]) {
  let tasks: readonly TaskSeen[] = [];
  const outputs = new Map<number, string>();
  for (const one of answers) {
    const added = mergeTasks(tasks, one);
    tasks = added.tasks;
    for (const { position, output } of added.outputs) outputs.set(position, output);
  }
  return { tasks, outputs };
}

function places(tasks: readonly TaskSeen[]): readonly (readonly [number, string])[] {
  return tasks.map(({ position, name }) => [position, name]);
}

describe('The tasks of a run', () => {
  it('have each output written once, and written again if it changed', () => {
    const [one, grown] = [list(task('A'), task('B')), list(task('A'), { name: 'B', output: 'output of B and more' })];
    const { tasks } = mergeTasks([], one);
    assert.deepEqual(mergeTasks(tasks, one), { tasks, outputs: [] });
    assert.deepEqual(mergeTasks(tasks, grown).outputs, [{ position: 2, output: 'output of B and more' }]);
  });

  it('are collected from responses with only the last task, at the position of the task count', () => {
    const { tasks, outputs } = afterAll([last(task('A'), 1), last(task('A'), 1), last(task('B'), 2), last(task('C'), 3)]);
    assert.deepEqual(places(tasks), [
      [1, 'A'],
      [2, 'B'],
      [3, 'C'],
    ]);
    assert.deepEqual(
      [...outputs],
      [
        [1, 'output of A'],
        [2, 'output of B'],
        [3, 'output of C'],
      ],
    );
  });

  it('do not change when a response repeats the last known task after a higher count', () => {
    const [seen] = mergeTasks([], last(task('A'), 1)).tasks;
    assert.ok(seen);
    const passed = { position: 2, name: '', hasOutput: false, isUnseen: true };
    assert.deepEqual(mergeTasks([seen, passed], last(task('A'))).tasks, [seen, passed]);
  });

  it('are recognized by their output first, and then by their name', () => {
    const { tasks } = afterAll([list(task('X'), { name: 'A', output: 'y' }), list({ output: 'y' }, { name: 'A' })]);
    assert.deepEqual(places(tasks), [
      [1, 'X'],
      [2, 'A'],
      [3, 'A'],
    ]);
  });

  it('are recognized by name and output if another task has the position of the count', () => {
    const seen = mergeTasks([], list(task('A'), task('B'))).tasks;
    assert.equal(mergeTasks(seen, last(task('A'), 2)).tasks, seen);
  });

  it('count as two if only one of two responses names the task, and as one if neither response names the task', () => {
    const unnamed = { output: 'x' };
    assert.deepEqual(places(afterAll([last(unnamed), last({ name: 'B' })]).tasks), [
      [1, ''],
      [2, 'B'],
    ]);
    assert.deepEqual(places(afterAll([last({ name: 'A' }), last({ agent: 'Ann' })]).tasks), [
      [1, 'A'],
      [2, ''],
    ]);
    assert.deepEqual(places(afterAll([last(unnamed), last({ agent: 'Ann' })]).tasks), [[1, '']]);
  });

  it('have the position of the task count only up to 100,000', () => {
    assert.deepEqual(places(afterAll([last(task('A'), 100_000)]).tasks), [[100_000, 'A']]);
    assert.deepEqual(places(afterAll([last(task('A'), 100_001)]).tasks), [[1, 'A']]);
  });

  it('are updated with every changed field of a response', () => {
    const known = { name: 'A', agent: 'Ann', executionSeconds: 1, output: 'x', language: 'plain' } as const;
    for (const other of [{ agent: 'Bob' }, { executionSeconds: 2 }, { output: 'xy' }, { language: 'json' }] as const) {
      const seen = mergeTasks([], list(known)).tasks;
      const { tasks } = mergeTasks(seen, list({ ...known, ...other }));
      assert.notEqual(tasks, seen);
      assert.deepEqual(tasks, mergeTasks([], list({ ...known, ...other })).tasks);
    }
    const named = mergeTasks(mergeTasks([], list({ output: 'x' })).tasks, list({ name: 'A', output: 'x' })).tasks;
    assert.deepEqual(places(named), [[1, 'A']]);
    const passed = { position: 1, name: 'A', hasOutput: false, isUnseen: true };
    assert.deepEqual(mergeTasks([passed], list({ name: 'A' })).tasks, [{ position: 1, name: 'A', hasOutput: false }]);
  });

  it('have an output language only if they have an output and the response contains the language', () => {
    const [one, other] = afterAll([list({ name: 'A', output: '{}', language: 'json' }, { name: 'B', language: 'json' })]).tasks;
    assert.deepEqual([one?.language, one?.hasOutput, other?.hasOutput], ['json', true, false]);
    assert.equal(other && 'language' in other, false);
    const [plain] = afterAll([list({ name: 'A', output: '{}' })]).tasks;
    assert.equal(plain && 'language' in plain, false);
  });

  it('leave a gap for a task that finished between two polls, which a later response can fill', () => {
    assert.deepEqual(places(afterAll([last(task('A'), 1), last(task('C'), 3)]).tasks), [
      [1, 'A'],
      [3, 'C'],
    ]);
    assert.deepEqual(places(afterAll([last(task('A'), 1), last(task('C'), 3), last(task('B'), 2)]).tasks), [
      [1, 'A'],
      [2, 'B'],
      [3, 'C'],
    ]);
  });

  it('have consecutive positions if a flow has no task count', () => {
    assert.deepEqual(places(afterAll([last(task('A')), last(task('B')), last(task('B')), last(task('C'))]).tasks), [
      [1, 'A'],
      [2, 'B'],
      [3, 'C'],
    ]);
  });

  it('never replace each other if the count is too low', () => {
    assert.deepEqual(places(afterAll([last(task('A'), 1), last(task('B'), 1), last(task('A'), 1), last(task('B'), 1)]).tasks), [
      [1, 'A'],
      [2, 'B'],
    ]);
  });

  it('can have the same name if their count or output differs', () => {
    const twice = [
      [1, 'A'],
      [2, 'A'],
    ];
    assert.deepEqual(places(afterAll([last(task('A'), 1), last({ name: 'A', output: 'other' }, 2)]).tasks), twice);
    assert.deepEqual(places(afterAll([last({ name: 'A' }, 1), last({ name: 'A' }, 2)]).tasks), twice);
    assert.deepEqual(places(afterAll([last(task('A')), last({ name: 'A', output: 'other' })]).tasks), twice);
    assert.deepEqual(places(afterAll([last(task('A'), 1), last({ name: 'A', output: 'other' }, 1)]).tasks), twice);
    assert.deepEqual(places(afterAll([list(task('A')), list({ name: 'A', output: 'other' })]).tasks), twice);
  });

  it('are recognized by name and output if no task has the position of the count yet', () => {
    assert.deepEqual(places(afterAll([last(task('A'), 1), last(task('A'), 2), last(task('B'), 2)]).tasks), [
      [1, 'A'],
      [2, 'B'],
    ]);
  });

  it('are different if they have no names and their outputs differ', () => {
    const { tasks, outputs } = afterAll([
      last({ output: 'x' }),
      last({ output: 'x' }),
      last({ output: 'y' }),
      last({ output: 'y', name: 'B' }),
    ]);
    assert.deepEqual(places(tasks), [
      [1, ''],
      [2, 'B'],
    ]);
    assert.deepEqual([...outputs.values()], ['x', 'y']);
  });

  it('have an output replaced by its continuation only if both responses have the same task name', () => {
    const grown = afterAll([last({ name: 'A', output: 'one' }, 1), last({ name: 'A', output: 'one two' }, 1)]);
    assert.deepEqual([...grown.outputs], [[1, 'one two']]);
    const unnamed = afterAll([last({ output: 'one' }), last({ output: 'one two' })]);
    assert.deepEqual([...unnamed.outputs.values()], ['one', 'one two']);
  });

  for (const completed of [0, -1]) {
    it(`have position 1 instead of ${completed} if the count is ${completed}`, () => {
      assert.deepEqual(places(afterAll([last(task('A'), completed)]).tasks), [[1, 'A']]);
    });
  }

  it('keep an output that a later response does not contain', () => {
    const { tasks } = mergeTasks(afterAll([last(task('A'), 1)]).tasks, last({ name: 'A' }, 1));
    assert.equal(tasks[0]?.hasOutput, true);
  });

  it('keep the agent and the duration that a later response does not contain', () => {
    const { tasks } = afterAll([last({ name: 'A', agent: 'Ann', executionSeconds: 3 }, 1), last({ name: 'A' }, 1)]);
    assert.deepEqual(tasks, [{ position: 1, name: 'A', agent: 'Ann', executionSeconds: 3, hasOutput: false }]);
  });

  it('treat an empty output as no output', () => {
    assert.deepEqual(mergeTasks([], last({ name: 'A', output: '' }, 1)), {
      tasks: [{ position: 1, name: 'A', hasOutput: false }],
      outputs: [],
    });
  });

  it('get back an output from a later response if the output was lost with a damaged history', () => {
    const answer = last({ name: 'A', output: 'found' }, 1);
    const { tasks } = mergeTasks([], answer);
    const lost = tasks.map((one) => ({ ...one, hasOutput: false }));
    assert.deepEqual(mergeTasks(lost, answer), { tasks, outputs: [{ position: 1, output: 'found' }] });
  });

  it('are all added in order if the response lists them all', () => {
    assert.deepEqual(places(afterAll([list(task('A')), list(task('A'), task('B'), task('C'))]).tasks), [
      [1, 'A'],
      [2, 'B'],
      [3, 'C'],
    ]);
  });

  it('get a name that an earlier response did not contain', () => {
    assert.deepEqual(places(afterAll([list({ output: 'output of A' }), list(task('A'))]).tasks), [[1, 'A']]);
  });

  it('do not become fewer after a response with a shorter list', () => {
    assert.deepEqual(places(afterAll([list(task('A'), task('B')), list(task('A')), list()]).tasks), [
      [1, 'A'],
      [2, 'B'],
    ]);
  });

  it('never give their agent, duration, or output to another task at the same position', () => {
    const { tasks, outputs } = afterAll([last({ name: 'B', agent: 'Bob', executionSeconds: 9, output: 'b' }), list({ name: 'A' })]);
    const a = tasks.find(({ name }) => name === 'A');
    assert.deepEqual([a?.agent, a?.executionSeconds, a?.hasOutput], [undefined, undefined, false]);
    const b = tasks.find(({ name }) => name === 'B');
    assert.equal(b && outputs.get(b.position), 'b');
  });

  it('stay the same object if a response adds nothing', () => {
    const areApart = (texts: readonly string[]) => new Set(texts).size === texts.length;
    const isClear = ({ tasks }: ReturnType<typeof answer>) =>
      areApart(tasks.map(({ name = '' }) => name)) && areApart(tasks.flatMap(({ output }) => output || []));
    const clear = anyAnswer().filter(isClear);
    fc.assert(
      fc.property(fc.array(clear, { maxLength: 8 }), clear, (before, repeated) => {
        const { tasks } = afterAll([...before, repeated]);
        assert.equal(mergeTasks(tasks, repeated).tasks, tasks);
      }),
      tries(5_000),
    );
  }).timeout(20_000);

  it('do not become more with a repeated response, for any responses before', () => {
    fc.assert(
      fc.property(fc.array(anyAnswer(), { maxLength: 8 }), anyAnswer(), (before, repeated) => {
        const { tasks } = afterAll([...before, repeated]);
        assert.equal(afterAll([...before, repeated, repeated, repeated]).tasks.length, tasks.length);
      }),
      tries(5_000),
    );
  }).timeout(20_000);

  it('have ascending and unique positions for any responses', () => {
    fc.assert(
      fc.property(fc.array(anyAnswer(), { maxLength: 12 }), (answers) => {
        const positions = afterAll(answers).tasks.map(({ position }) => position);
        assert.deepEqual(
          positions,
          [...new Set(positions)].sort((a, b) => a - b),
        );
        assert.ok(positions.every((position) => position >= 1));
      }),
      tries(5_000),
    );
  }).timeout(20_000);

  const plans = fc.uniqueArray(fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F'), { minLength: 1 });

  /** Generates responses of one run, some lost, some late, some twice. */
  function responsesOf(plan: readonly string[], show: (index: number) => ReturnType<typeof answer>) {
    return fc.array(fc.nat({ max: plan.length - 1 }).map(show), { maxLength: 12 });
  }

  const dialects: Record<string, (plan: readonly string[]) => (index: number) => ReturnType<typeof answer>> = {
    'only the last task and the count': (plan) => (index) => last(task(plan[index]!), index + 1),
    'only the last task and no count': (plan) => (index) => last(task(plan[index]!)),
    'all tasks so far': (plan) => (index) => list(...plan.slice(0, index + 1).map(task)),
    'in turn the last task with the count and all tasks so far': (plan) => (index) =>
      index % 2 === 0 ? last(task(plan[index]!), index + 1) : list(...plan.slice(0, index + 1).map(task)),
    'in turn the last task without a count and all tasks so far': (plan) => (index) =>
      index % 2 === 0 ? last(task(plan[index]!)) : list(...plan.slice(0, index + 1).map(task)),
  };
  for (const [dialect, showing] of Object.entries(dialects)) {
    it(`are never lost or overwritten if responses contain ${dialect}`, () => {
      const runs = plans.chain((plan) => responsesOf(plan, showing(plan)));
      fc.assert(
        fc.property(runs, (answers) => {
          const { tasks, outputs } = afterAll(answers);
          for (const { name } of answers.flatMap((one) => one.tasks)) assert.ok(tasks.some((seen) => seen.name === name && seen.hasOutput));
          for (const { position, name } of tasks) assert.equal(outputs.get(position), `output of ${name}`);
        }),
        tries(5_000),
      );
    });
  }

  it('never lose an output, for any responses', () => {
    fc.assert(
      fc.property(fc.array(anyAnswer(), { maxLength: 12 }), (answers) => {
        let tasks: readonly TaskSeen[] = [];
        const outputs = new Map<number, string>();
        for (const one of answers) {
          const added = mergeTasks(tasks, one);
          for (const { position, output } of added.outputs) {
            const before = outputs.get(position);
            const name = tasks.find((seen) => seen.position === position)?.name;
            assert.ok(
              before === undefined || output === before || (name !== '' && output.startsWith(before)),
              `${before} became ${output}`,
            );
            outputs.set(position, output);
          }
          tasks = added.tasks;
        }
        const stored = [...outputs.values()];
        for (const { output = '' } of answers.flatMap((one) => one.tasks))
          assert.ok(output === '' || stored.some((one) => one.startsWith(output)), output);
      }),
      tries(5_000),
    );
  }).timeout(20_000);

  it('keep their position, known name, and output, for any responses', () => {
    fc.assert(
      fc.property(fc.array(anyAnswer(), { maxLength: 12 }), (answers) => {
        let tasks: readonly TaskSeen[] = [];
        for (const one of answers) {
          const next = mergeTasks(tasks, one).tasks;
          for (const before of tasks) {
            const after = next.find(({ position }) => position === before.position);
            assert.ok(after && (after.name === before.name || before.name === ''));
            assert.ok(after.hasOutput || !before.hasOutput);
          }
          tasks = next;
        }
      }),
      tries(5_000),
    );
  }).timeout(20_000);
});

function anyAnswer() {
  const tasks = fc.record({
    name: fc.option(fc.constantFrom('A', 'B', 'C', ''), { nil: undefined }),
    output: fc.option(fc.constantFrom('', 'x', 'xx', 'y'), { nil: undefined }),
    agent: fc.option(fc.constantFrom('Ann', 'Bob'), { nil: undefined }),
  });
  const tidy = tasks.map(({ name, output, agent }): Task => ({
    ...(name !== undefined && { name }),
    ...(output !== undefined && { output }),
    ...(agent !== undefined && { agent }),
  }));
  const completed = fc.option(fc.integer({ min: -1, max: 5 }), { nil: undefined });
  return fc.oneof(
    fc.tuple(tidy, completed).map(([one, count]) => last(one, count)),
    fc.array(tidy, { maxLength: 4 }).map((all) => list(...all)),
  );
}
