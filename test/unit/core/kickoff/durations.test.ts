import assert from 'node:assert/strict';
import { advance } from '#core/kickoff/advance';
import type { Kickoff } from '#core/kickoff/kickoff';
import { durationsOf, shortestTaskSeconds, stageOf } from '#core/kickoff/durations';
import { answered, id, kickoff } from '#test/support/builders';
import { second, start } from '#test/support/manualClock';

/** Returns the n-th finished run of a deployment, with this duration in seconds. */
function ended(n: number, seconds: number, of: Partial<Kickoff> = {}): Kickoff {
  const startedAt = start + n * 10_000 * second;
  const finishedAt = startedAt + seconds * second;
  return kickoff({ id: id(n), phase: { kind: 'succeeded' }, trackedAt: startedAt, startedAt, finishedAt, ...of });
}

/** Returns a task that finished that many seconds after the start of the n-th run. */
function task(position: number, n: number, seconds?: number) {
  const at = start + (n * 10_000 + (seconds ?? 0)) * second;
  return { position, name: `task ${position}`, hasOutput: true, ...(seconds !== undefined && { seenAt: at }) };
}

describe("The list of a deployment's durations", () => {
  it('contains the durations of the newest ten runs, newest first', () => {
    const runs = Array.from({ length: 14 }, (_, n) => ended(n, n + 1));
    assert.deepEqual(durationsOf(runs.toReversed()).remainingSeconds(0), [14, 13, 12, 11, 10, 9, 8, 7, 6, 5]);
  });

  it("contains only the known durations of succeeded and failed runs, preferably the server's", () => {
    const { finishedAt: _, ...unseen } = ended(6, 60);
    const runs = [
      ended(1, 10),
      ended(2, 20, { phase: { kind: 'failed' } }),
      ended(3, 30, { phase: { kind: 'stopped' } }),
      ended(4, 40, { phase: { kind: 'running' } }),
      ended(5, 50, { executionSeconds: NaN }),
      unseen,
      { ...unseen, id: id(7), executionSeconds: 70, checkedAt: unseen.trackedAt + 100 * second },
      ended(8, 60, { executionSeconds: 55 }),
    ];
    assert.deepEqual(durationsOf(runs).remainingSeconds(0), [55, 70, 20, 10], "the server's duration counts, not the times of polls");
  });

  /** Returns the durations of three runs with two, one, and two finished tasks. */
  const ofThree = () =>
    durationsOf([
      ended(1, 100, { tasks: [task(1, 1, 30), task(2, 1, 60)] }),
      ended(2, 40, { phase: { kind: 'failed' }, tasks: [task(1, 2, 35)] }),
      ended(3, 200, { tasks: [task(1, 3, 50), task(2, 3, 120)] }),
    ]);

  it('has the remaining time after each number of finished tasks, from the runs that got that far', () => {
    const history = ofThree();
    assert.deepEqual([history.remainingSeconds(1), history.remainingSeconds(2), history.remainingSeconds(3)], [[150, 5, 70], [80, 40], []]);
  });

  it('has the median time from the start until each number of tasks has finished', () => {
    const history = ofThree();
    assert.deepEqual([history.usualSecondsUntil(1), history.usualSecondsUntil(2)], [35, 90]);
  });

  /** Returns the durations of one run of 100 s with these tasks. */
  const ofTasks = (...tasks: Kickoff['tasks']) => durationsOf([ended(1, 100, { tasks })]);

  it('interpolates the unknown end time of a task from the tasks before and after', () => {
    assert.deepEqual(ofTasks(task(1, 1, 30), task(3, 1, 70)).remainingSeconds(2), [50]);
    assert.deepEqual(ofTasks(task(1, 1, 30), task(4, 1, 90)).remainingSeconds(3), [30]);
  });

  it('adds up the task durations that the server sent with the final response', () => {
    const history = ofTasks(...[20, 30, 50].map((executionSeconds, index) => ({ ...task(index + 1, 1), executionSeconds })));
    assert.deepEqual([history.remainingSeconds(1), history.remainingSeconds(2), history.remainingSeconds(3)], [[80], [50], [0]]);
  });

  it('has the usual duration of the next task only if at least three runs got that far', () => {
    const runs = [1, 2, 3].map((n) => ended(n, 100, { tasks: [task(1, n, 10 * n), task(2, n, 60)] }));
    assert.equal(durationsOf(runs).usualTaskSeconds(1), 40);
    assert.equal(durationsOf([...runs, ended(4, 5)]).usualTaskSeconds(1), 40);
    assert.equal(durationsOf([...runs.slice(1), ended(4, 5)]).usualTaskSeconds(1), undefined);
    assert.equal(durationsOf(runs).usualTaskSeconds(2), 40, 'the last task ends with the run');
  });

  it('is sorted by estimated end times if the end times are unknown', () => {
    const unseen = (n: number, executionSeconds: number, of: Partial<Kickoff> = {}) => {
      const { startedAt: _, finishedAt: __, ...run } = ended(n, 0);
      return { ...run, executionSeconds, checkedAt: start + 1_000 * second, ...of };
    };
    const runs = [
      unseen(1, 500, { startedAt: start }),
      unseen(2, 100, { startedAt: start + 100 * second }),
      unseen(3, 7, { trackedAt: start + 300 * second }),
    ];
    assert.deepEqual(durationsOf(runs).remainingSeconds(0), [500, 7, 100]);
  });

  it('computes an unknown start from the end and the duration', () => {
    const { startedAt: _, ...unseen } = ended(1, 100, { executionSeconds: 100, tasks: [task(1, 1, 30)] });
    assert.deepEqual(durationsOf([unseen]).remainingSeconds(1), [70]);
  });

  it('ignores tasks whose end time is out of order or after the end of the run', () => {
    const history = ofTasks(task(1, 1, 60), task(2, 1, 50), task(3, 1, 500));
    assert.deepEqual([history.remainingSeconds(1), history.remainingSeconds(2)], [[40], []]);
    const late = ofTasks(task(1, 1, 30), task(2, 1, 60), task(3, 1, 45));
    assert.deepEqual([late.remainingSeconds(2), late.remainingSeconds(3)], [[40], []]);
  });

  it('ignores runs with an impossible duration', () => {
    const never = [ended(1, -5), ended(2, 0, { executionSeconds: Infinity }), ended(3, 0)];
    assert.deepEqual(durationsOf(never).remainingSeconds(0), [0]);
  });

  it('has the remaining time after two tasks that finished at the same time', () => {
    assert.deepEqual(ofTasks(task(1, 1, 30), task(2, 1, 30)).remainingSeconds(2), [70]);
  });

  it('adds up no task durations after a missing task', () => {
    const gap = ofTasks(...[1, 3].map((position) => ({ ...task(position, 1), executionSeconds: 20 })));
    assert.deepEqual([gap.remainingSeconds(1), gap.remainingSeconds(3)], [[80], []]);
  });
});

describe('The stage of a run', () => {
  const running: Partial<Kickoff> = { phase: { kind: 'running' }, startedAt: start + 10 * second };

  /** Returns the stage 70 s after the start of the clock. */
  const stage = (fields: Partial<Kickoff>) => stageOf(kickoff(fields), start + 70 * second);

  it('contains the number of finished tasks, the time from the start to the last task end, and the time since then', () => {
    const fields = { ...running, progress: { completed: 2 }, tasks: [task(1, 0, 30), task(2, 0, 50)] };
    assert.deepEqual(stage(fields), { taskCount: 2, ageSeconds: 20, secondsToStage: 40 });
  });

  it('contains the time since the start, or else since tracking, if no task has an end time', () => {
    for (const fields of [running, { ...running, progress: { completed: 2 } }])
      assert.deepEqual(stage(fields), { taskCount: 0, ageSeconds: 60 });
    assert.deepEqual(stage({ phase: { kind: 'running' } }), { taskCount: 0, ageSeconds: 70 });
  });

  it('contains the number of known tasks if the server sends no task count', () => {
    const tasks = [task(1, 0, 20), task(2, 0, 30), task(3, 0, 50)];
    assert.deepEqual(stage({ ...running, tasks }), { taskCount: 3, ageSeconds: 20, secondsToStage: 40 });
  });

  it('has no time from the start to the last finished task if the start is unknown', () => {
    const fields = { phase: { kind: 'running' }, progress: { completed: 1 }, tasks: [task(1, 0, 30)] } as const;
    assert.deepEqual(stage(fields), { taskCount: 1, ageSeconds: 40 });
  });

  it('contains 0 s as the time since the start while the run is queued', () => {
    assert.deepEqual(stage({}), { taskCount: 0, ageSeconds: 0 });
  });

  it('never has a negative time', () => {
    assert.deepEqual(stageOf(kickoff(running), start), { taskCount: 0, ageSeconds: 0 });
  });
});

describe('The shortest task duration of a run', () => {
  const of = (...tasks: Kickoff['tasks']) => shortestTaskSeconds(kickoff({ startedAt: start, tasks }));

  it("is the shortest time from the start to the first task's end, or between consecutive task ends", () => {
    assert.equal(of(task(1, 0, 30), task(2, 0, 50), task(3, 0, 90)), 20);
    assert.equal(of(task(1, 0, 10), task(2, 0, 50)), 10, 'the first task began with the run');
    assert.equal(shortestTaskSeconds(kickoff({ tasks: [task(1, 0, 10), task(2, 0, 50)] })), 40, 'the start of the run is unknown');
  });

  it('is never negative, even if the end of a task is before the previous end', () => {
    assert.equal(of(task(1, 0, 30), task(2, 0, 20)), 30);
  });

  it('is computed with the mean duration of tasks that finished between the same two polls', () => {
    assert.equal(of(task(1, 0, 30), task(4, 0, 60)), 10);
    assert.equal(of(task(1, 0, 30), task(2, 0), task(3, 0, 70)), 20);
    assert.equal(of(task(1, 0, 30), task(2, 0, 60), task(3, 0, 60), task(4, 0, 60)), 10);
  });

  it('is unknown while fewer than two start and end times are known', () => {
    assert.deepEqual([of(), of(task(1, 0)), shortestTaskSeconds(kickoff({ tasks: [task(1, 0, 5)] }))], [undefined, undefined, undefined]);
  });
});

describe('The end time of a task', () => {
  const done = (count: number) => answered('running', { startedAt: start, progress: { completed: count }, tasks: [{ name: `${count}` }] });
  const endTimes = ({ tasks }: Kickoff) => tasks.map(({ seenAt }) => seenAt);

  it('is halfway between the first response with the task and the previous response', () => {
    const before = advance(kickoff(), answered('running', { startedAt: start }), start + 4 * second);
    const finished = advance(before, done(1), start + 10 * second);
    assert.deepEqual(endTimes(finished), [start + 7 * second]);
    assert.equal(advance(finished, done(1), start + 20 * second).tasks, finished.tasks);
  });

  it('is never before the start of the run', () => {
    const queued = advance(kickoff(), answered('queued'), start - 100 * second);
    assert.equal(advance(queued, done(1), start + 10 * second).tasks[0]?.seenAt, start + 5 * second);
  });

  it('is unknown for a task that is new in the first or the final response', () => {
    const first = advance(kickoff(), done(1), start + 4 * second);
    const last = advance(first, answered('succeeded', { tasks: [{ name: '1' }, { name: '2' }], hasAllTasks: true }), start + 9 * second);
    assert.deepEqual(endTimes(last), [undefined, undefined]);
  });
});
