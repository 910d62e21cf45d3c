import fc from 'fast-check';
import assert from 'node:assert/strict';
import { advance } from '#core/kickoff/advance';
import type { Kickoff, FinishedTask } from '#core/kickoff/kickoff';
import { currentTask } from '#core/kickoff/tasks';
import { answered, kickoff } from '#test/support/builders';
import { always } from '#test/support/checks';
import { second, start } from '#test/support/manualClock';

type Said = Parameters<typeof answered>[1];

/** Returns a run after these responses, ten seconds apart. */
function after(...fields: readonly Said[]): Kickoff {
  return fields.reduce<Kickoff>((run, fields, index) => advance(run, answered('running', fields), start + index * 10 * second), kickoff());
}

function rows({ tasks }: Kickoff): readonly string[] {
  return tasks.map(({ position, name, hasOutput, isUnseen }) => `${position} ${name}${hasOutput ? '!' : ''}${isUnseen ? '?' : ''}`);
}

describe('Tasks that finished between two polls', () => {
  it('are listed at each position up to the task count, unless the count is negative or above 100,000', () => {
    const run = after({ progress: { completed: 0 } }, { progress: { completed: 3 }, tasks: [{ name: 'C', output: 'c' }] });
    assert.deepEqual(rows(run), ['1 ?', '2 ?', '3 C!']);
    assert.deepEqual(rows(after({ progress: { completed: 2 } })), ['1 ?', '2 ?']);
    for (const completed of [0, -1, 100_001]) assert.deepEqual(rows(after({ progress: { completed } })), []);
  });

  it('have the name and the agent of the task that was current at their position', () => {
    const run = after({ progress: { completed: 0, current: 'A', agent: 'Ann' } }, { progress: { completed: 2, current: 'C' } });
    assert.deepEqual(rows(run), ['1 A?', '2 ?']);
    assert.equal(run.tasks[0]?.agent, 'Ann');
    assert.deepEqual(currentTask(run), { position: 3, name: 'C' });
  });

  it('get their name and output from a later response, even if the name differs', () => {
    const run = after({ progress: { completed: 0, current: 'Research' } }, { progress: { completed: 2, current: 'Write' } });
    const list = ['research_task', 'write_task', 'check_task'].map((name) => ({ name, output: `by ${name}` }));
    const done = advance(run, answered('succeeded', { tasks: list, hasAllTasks: true }), start + 60 * second);
    assert.deepEqual(rows(done), ['1 research_task!', '2 write_task!', '3 check_task!']);
    const late = advance(run, answered('running', { progress: { completed: 2 }, tasks: [{ name: 'write_task', output: 'x' }] }), start);
    assert.deepEqual(rows(late), ['1 Research?', '2 write_task!']);
  });

  it('have no end time, except for the last one if an earlier response exists', () => {
    const endTimes = (...said: readonly Said[]) => after(...said).tasks.map(({ seenAt }) => seenAt);
    const later = endTimes({ progress: { completed: 0 } }, { progress: { completed: 3 } });
    assert.deepEqual(later, [undefined, undefined, start + 5 * second]);
    assert.deepEqual(endTimes({ progress: { completed: 1 } }), [undefined]);
  });

  it('are at most 1,000, for any task count', () => {
    const counts = [50_000, 40_000, 99_999, 70_000];
    const run = after(...counts.map((completed) => ({ progress: { completed } })));
    assert.ok(run.tasks.length <= 1_000);
  });

  const names = fc.record({ current: fc.constantFrom('A', 'B', 'C'), output: fc.constantFrom('x', 'y', 'z') }, { requiredKeys: [] });
  const said = fc.tuple(fc.nat(6), names).map(([completed, { current, output }]): Said => ({
    progress: { completed, ...(current !== undefined && { current }) },
    tasks: output === undefined ? [] : [{ name: `made ${output}`, output }],
  }));

  const responses = fc.array(said, { maxLength: 12 });
  /** Returns the run after each of these responses. */
  const life = (all: readonly Said[]) => all.map((_, index) => after(...all.slice(0, index + 1)));

  always('are listed at each position up to the task count, for any sequence of responses', 500, [responses], (all) => {
    for (const { tasks, progress } of life(all)) {
      const places = new Set(tasks.map(({ position }) => position));
      for (let place = 1; place <= (progress.completed ?? 0); place++) assert.ok(places.has(place));
    }
  });

  always('are the only tasks without an output, if each task of a response has an output', 500, [responses], (all) => {
    for (const { tasks } of life(all)) assert.ok(tasks.every(({ hasOutput, isUnseen }) => hasOutput !== (isUnseen === true)));
  });

  always('never replace a task of a response, for any sequence of responses', 2_000, [responses], (all) => {
    let before: readonly FinishedTask[] = [];
    for (const { tasks } of life(all)) {
      for (const task of before) {
        const now = tasks.find(({ position }) => position === task.position);
        assert.ok(now && (task.isUnseen === true || (now.name === task.name && now.outputHash === task.outputHash)));
      }
      before = tasks;
    }
    for (const { output } of all.flatMap((one) => one?.tasks ?? [])) assert.ok(before.some(({ name }) => name === `made ${output}`));
  });
});
