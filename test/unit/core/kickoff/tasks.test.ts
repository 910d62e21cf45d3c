import fc from 'fast-check';
import assert from 'node:assert/strict';
import type { FinishedTask } from '#core/kickoff/kickoff';
import { mergeTasks } from '#core/kickoff/tasks';
import { answer } from '#test/support/builders';
import { always } from '#test/support/checks';

type Response = ReturnType<typeof answer>;
type Task = Response['tasks'][number];

/** Returns a response of the live dialect, which contains only the last executed task. */
function last(task: Task, completed?: number): Response {
  return answer('running', { tasks: [task], progress: completed === undefined ? {} : { completed } });
}

function list(...tasks: readonly Task[]): Response {
  return answer('running', { tasks, hasAllTasks: true });
}

function task(name: string): Task {
  return { name, output: `output of ${name}` };
}

/** Merges the responses in order, as the poller and the store do. */
function afterAll(answers: readonly Response[]) {
  let tasks: readonly FinishedTask[] = [];
  const outputs = new Map<number, string>();
  for (const one of answers) {
    const added = mergeTasks(tasks, one);
    tasks = added.tasks;
    for (const { position, output } of added.outputs) outputs.set(position, output);
  }
  return { tasks, outputs };
}

/** Returns the position and the name of each task after the responses. */
function placed(...answers: readonly Response[]): string {
  const { tasks } = afterAll(answers);
  return tasks.map(({ position, name }) => `${position} ${name}`.trim()).join(', ');
}

const [a, b, c] = [task('A'), task('B'), task('C')] as const;
const otherA: Task = { name: 'A', output: 'other' };
const unnamed: Task = { output: 'x' };

const anyTask = fc.record(
  {
    name: fc.constantFrom('A', 'B', 'C', ''),
    output: fc.constantFrom('', 'x', 'xx', 'y'),
    agent: fc.constantFrom('Ann', 'Bob'),
  },
  { requiredKeys: [] },
);
const anyAnswer = fc.oneof(
  fc.tuple(anyTask, fc.option(fc.integer({ min: -1, max: 5 }), { nil: undefined })).map(([one, count]) => last(one, count)),
  fc.array(anyTask, { maxLength: 4 }).map((all) => list(...all)),
);

describe('The tasks of a run', () => {
  it('have their outputs stored again only if the outputs changed', () => {
    const [one, grown] = [list(a, b), list(a, { name: 'B', output: 'output of B and more' })];
    const { tasks } = mergeTasks([], one);
    assert.deepEqual(mergeTasks(tasks, one), { tasks, outputs: [] });
    assert.deepEqual(mergeTasks(tasks, grown).outputs, [{ position: 2, output: 'output of B and more' }]);
    assert.deepEqual([...afterAll([last(a, 1), last(a, 1), last(b, 2)]).outputs.values()], [a.output, b.output]);
  });

  const cases: Readonly<Record<string, readonly (readonly [places: string, ...responses: readonly Response[]])[]>> = {
    'are collected from responses with only the last task, with the task count as the position': [
      ['1 A, 2 B, 3 C', last(a, 1), last(a, 1), last(b, 2), last(c, 3)],
    ],
    'are recognized by their output rather than by their name': [
      ['1 X, 2 A, 3 A', list(task('X'), { name: 'A', output: 'y' }), list({ output: 'y' }, { name: 'A' })],
      ['1 A, 2 B', list(unnamed, b), list(b, { name: 'A', output: 'x' })],
    ],
    "are recognized by name and output if the task count isn't the position of a task yet": [
      ['1 A, 2 B', last(a, 1), last(a, 2), last(b, 2)],
    ],
    "aren't merged if only one of two has a name, unless both have the same output": [
      ['1, 2 B', last(unnamed), last({ name: 'B' })],
      ['1 A, 2', last({ name: 'A' }), last({ agent: 'Ann' })],
    ],
    'are merged if neither of two has a name and only one has an output': [['1', last(unnamed), last({ agent: 'Ann' })]],
    'have the task count as their position only if the count is from 1 to 100,000': [
      ['100000 A', last(a, 100_000)],
      ['1 A', last(a, 100_001)],
      ['1 A', last(a, 0)],
      ['1 A', last(a, -1)],
    ],
    'leave a gap for a task that finished between two polls': [['1 A, 3 C', last(a, 1), last(c, 3)]],
    'fill a gap with a task from a later response': [['1 A, 2 B, 3 C', last(a, 1), last(c, 3), last(b, 2)]],
    'have consecutive positions if the responses contain no task count': [['1 A, 2 B, 3 C', last(a), last(b), last(b), last(c)]],
    'never replace each other if the task count is too low': [['1 A, 2 B', last(a, 1), last(b, 1), last(a, 1), last(b, 1)]],
    'can have the same name if the task counts or the outputs differ': [
      ['1 A, 2 A', last(a, 1), last(otherA, 2)],
      ['1 A, 2 A', last({ name: 'A' }, 1), last({ name: 'A' }, 2)],
      ['1 A, 2 A', last(a), last(otherA)],
      ['1 A, 2 A', last(a, 1), last(otherA, 1)],
      ['1 A, 2 A', list(a), list(otherA)],
    ],
    'are all added in order if the response lists them all': [['1 A, 2 B, 3 C', list(a), list(a, b, c)]],
    "get a name that an earlier response didn't contain": [['1 A', list({ output: 'output of A' }), list(a)]],
    "don't become fewer after a response with a shorter list": [['1 A, 2 B', list(a, b), list(a), list()]],
  };
  for (const [title, rows] of Object.entries(cases))
    it(title, () => {
      for (const [expected, ...responses] of rows) assert.equal(placed(...responses), expected);
    });

  it("don't change when a response repeats the last seen task, even if an unseen task follows", () => {
    const [seen] = mergeTasks([], last(a, 1)).tasks;
    assert.ok(seen);
    const passed = { position: 2, name: '', hasOutput: false, isUnseen: true };
    assert.deepEqual(mergeTasks([seen, passed], last(a)).tasks, [seen, passed]);
  });

  it('are recognized by name and output if the task count is the position of another task', () => {
    const seen = mergeTasks([], list(a, b)).tasks;
    assert.equal(mergeTasks(seen, last(a, 2)).tasks, seen);
  });

  it('are updated with every changed field of a response', () => {
    const known = { name: 'A', agent: 'Ann', executionSeconds: 1, output: 'x', language: 'plain' } as const;
    for (const other of [{ agent: 'Bob' }, { executionSeconds: 2 }, { output: 'xy' }, { language: 'json' }] as const) {
      const seen = mergeTasks([], list(known)).tasks;
      const { tasks } = mergeTasks(seen, list({ ...known, ...other }));
      assert.notEqual(tasks, seen);
      assert.deepEqual(tasks, mergeTasks([], list({ ...known, ...other })).tasks);
    }
  });

  it('are no longer marked as unseen after a response contains them', () => {
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

  it('are different tasks if they have no names and their outputs differ', () => {
    const responses = [last(unnamed), last(unnamed), last({ output: 'y' }), last({ output: 'y', name: 'B' })];
    assert.equal(placed(...responses), '1, 2 B');
    assert.deepEqual([...afterAll(responses).outputs.values()], ['x', 'y']);
  });

  it('have an output replaced by its continuation only if both responses name the same task', () => {
    const grown = afterAll([last({ name: 'A', output: 'one' }, 1), last({ name: 'A', output: 'one two' }, 1)]);
    assert.deepEqual([...grown.outputs], [[1, 'one two']]);
    const unnamed = afterAll([last({ output: 'one' }), last({ output: 'one two' })]);
    assert.deepEqual([...unnamed.outputs.values()], ['one', 'one two']);
  });

  it("keep the fields that a later response doesn't contain", () => {
    const { tasks } = afterAll([last({ ...unnamed, name: 'A', agent: 'Ann', executionSeconds: 3 }, 1), last({ name: 'A' }, 1)]);
    const [{ outputHash: _, ...seen } = {}] = tasks;
    assert.deepEqual(seen, { position: 1, name: 'A', agent: 'Ann', executionSeconds: 3, hasOutput: true });
  });

  it('have no output if the response contains an empty output', () => {
    const tasks = [{ position: 1, name: 'A', hasOutput: false }];
    assert.deepEqual(mergeTasks([], last({ name: 'A', output: '' }, 1)), { tasks, outputs: [] });
  });

  it('get back an output from a later response if the output was lost with a damaged history', () => {
    const answer = last({ name: 'A', output: 'found' }, 1);
    const { tasks } = mergeTasks([], answer);
    const lost = tasks.map((one) => ({ ...one, hasOutput: false }));
    assert.deepEqual(mergeTasks(lost, answer), { tasks, outputs: [{ position: 1, output: 'found' }] });
  });

  it('never give their data to another task at the same position', () => {
    const { tasks, outputs } = afterAll([last({ name: 'B', agent: 'Bob', executionSeconds: 9, output: 'b' }), list({ name: 'A' })]);
    const [one, other] = ['A', 'B'].map((wanted) => tasks.find(({ name }) => name === wanted));
    assert.deepEqual([one?.agent, one?.executionSeconds, one?.hasOutput], [undefined, undefined, false]);
    assert.equal(other && outputs.get(other.position), 'b');
  });

  const responses = (maxLength: number) => fc.array(anyAnswer, { maxLength });
  const areApart = (texts: readonly string[]) => new Set(texts).size === texts.length;
  const clear = anyAnswer.filter(
    ({ tasks }) => areApart(tasks.map(({ name = '' }) => name)) && areApart(tasks.flatMap(({ output }) => output || [])),
  );

  always(
    'stay the same list after a repeated response with distinct names and outputs',
    5_000,
    [fc.array(clear, { maxLength: 8 }), clear],
    (before, repeated) => {
      const { tasks } = afterAll([...before, repeated]);
      assert.equal(mergeTasks(tasks, repeated).tasks, tasks);
    },
  );

  always("don't increase in number after a repeated response, for any responses", 5_000, [responses(8), anyAnswer], (before, repeated) => {
    const { tasks } = afterAll([...before, repeated]);
    assert.equal(afterAll([...before, repeated, repeated, repeated]).tasks.length, tasks.length);
  });

  always('have strictly ascending positions for any responses', 5_000, [responses(12)], (answers) => {
    const positions = afterAll(answers).tasks.map(({ position }) => position);
    for (const [index, position] of positions.entries()) assert.ok(position > (positions[index - 1] ?? 0), String(positions));
  });

  const plans = fc.uniqueArray(fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F'), { minLength: 1 });

  const withCount = (done: readonly Task[]) => last(done.at(-1)!, done.length);
  const withoutCount = (done: readonly Task[]) => last(done.at(-1)!);
  const whole = (done: readonly Task[]) => list(...done);
  const dialects: Record<string, (done: readonly Task[]) => Response> = {
    'only the last task and the count': withCount,
    'only the last task and no count': withoutCount,
    'all tasks so far': whole,
    'in turn the last task with the count and all tasks so far': (done) => (done.length % 2 === 1 ? withCount : whole)(done),
    'in turn the last task without a count and all tasks so far': (done) => (done.length % 2 === 1 ? withoutCount : whole)(done),
  };
  for (const [dialect, response] of Object.entries(dialects)) {
    // The responses of one run: some lost, some late, some twice.
    const runs = plans.chain((plan) =>
      fc.array(
        fc.integer({ min: 1, max: plan.length }).map((count) => response(plan.slice(0, count).map(task))),
        { maxLength: 12 },
      ),
    );
    always(`are never lost or overwritten if responses contain ${dialect}`, 5_000, [runs], (answers) => {
      const { tasks, outputs } = afterAll(answers);
      for (const { name } of answers.flatMap((one) => one.tasks)) assert.ok(tasks.some((seen) => seen.name === name && seen.hasOutput));
      for (const { position, name } of tasks) assert.equal(outputs.get(position), `output of ${name}`);
    });
  }

  always('never lose an output, for any responses', 5_000, [responses(12)], (answers) => {
    let tasks: readonly FinishedTask[] = [];
    const outputs = new Map<number, string>();
    for (const one of answers) {
      const added = mergeTasks(tasks, one);
      for (const { position, output } of added.outputs) {
        const before = outputs.get(position);
        const name = tasks.find((seen) => seen.position === position)?.name;
        assert.ok(before === undefined || output === before || (name !== '' && output.startsWith(before)), `${before} became ${output}`);
        outputs.set(position, output);
      }
      tasks = added.tasks;
    }
    const stored = [...outputs.values()];
    for (const { output = '' } of answers.flatMap((one) => one.tasks))
      assert.ok(output === '' || stored.some((one) => one.startsWith(output)), output);
  });

  always('keep their names and stay marked as having an output, for any responses', 5_000, [responses(12)], (answers) => {
    let tasks: readonly FinishedTask[] = [];
    for (const one of answers) {
      const next = mergeTasks(tasks, one).tasks;
      for (const before of tasks) {
        const after = next.find(({ position }) => position === before.position);
        assert.ok(after && (after.name === before.name || before.name === ''));
        assert.ok(after.hasOutput || !before.hasOutput);
      }
      tasks = next;
    }
  });
});
