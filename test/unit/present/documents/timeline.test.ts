import fc from 'fast-check';
import assert from 'node:assert/strict';
import type { Kickoff, FinishedTask } from '#core/kickoff/kickoff';
import { clean } from '#present/cleanText';
import { taskTimes } from '#present/rows/taskRow';
import { timeline } from '#present/documents/timeline';
import { kickoff } from '#test/support/builders';
import { always } from '#test/support/checks';
import { start } from '#test/support/manualClock';
import { hostileTexts, onlyValues, t } from './hostile';
import { page } from './preview';

function task(position: number, fields: Partial<FinishedTask> = {}): FinishedTask {
  return { position, name: `task ${position}`, hasOutput: true, ...fields };
}

function seconds(...of: readonly number[]): readonly FinishedTask[] {
  return of.map((executionSeconds, index) => task(index + 1, { executionSeconds }));
}

function watched(...at: readonly (number | undefined)[]): readonly FinishedTask[] {
  return at.map((second, index) => task(index + 1, second === undefined ? {} : { seenAt: start + second * 1_000 }));
}

const going: Partial<Kickoff> = { phase: { kind: 'running' }, startedAt: start, checkedAt: start };
const over: Partial<Kickoff> = { phase: { kind: 'succeeded' }, startedAt: start, checkedAt: start };

/** Returns the times in seconds from the start of the run. `?` marks a task whose time is unknown. */
function placed(fields: Partial<Kickoff>, now = start, base = start): readonly string[] {
  const second = (at: number | undefined) => (at === undefined ? '' : `${(at - base) / 1_000}`);
  return taskTimes(kickoff(fields), now).map((time) =>
    time.kind === 'unknown'
      ? `${time.position} ?${second(time.markAt)}`
      : `${time.position} ${time.kind} ${second(time.startAt)}-${second(time.endAt)}`,
  );
}

function drawn(fields: Partial<Kickoff>, now = start): string {
  return timeline(kickoff(fields), now, t) ?? '';
}

describe("The times of a run's tasks", () => {
  it('follow one another when only the durations are known', () => {
    assert.deepEqual(placed({ ...over, tasks: seconds(4, 6) }), ['1 done 0-4', '2 done 4-10']);
    assert.deepEqual(placed({ phase: { kind: 'succeeded' }, tasks: seconds(4, 6) }, start, 0), ['1 done 0-4', '2 done 4-10']);
  });

  it('are unknown for an unobserved task and the next task, unless their durations are known', () => {
    assert.deepEqual(placed({ ...going, tasks: watched(10, undefined, 30, 40) }), ['1 done 0-10', '2 ?10', '3 ?30', '4 done 30-40']);
    const [first, , third] = watched(10, 20, 30);
    assert.deepEqual(placed({ ...going, tasks: [first, third].flatMap((one) => one ?? []) }), ['1 done 0-10', '3 ?30']);
    const known = { ...task(3, { seenAt: start + 30_000, executionSeconds: 8 }) };
    assert.deepEqual(placed({ ...going, tasks: [known] }), ['3 done 22-30']);
  });

  it('are unknown for the first task of an active run if the start of the run is unknown', () => {
    assert.deepEqual(placed({ phase: { kind: 'running' }, tasks: watched(10, 20) }), ['1 ?10', '2 done 10-20']);
    assert.deepEqual(placed({ phase: { kind: 'running' }, tasks: [task(1, { executionSeconds: 5 })] }), ['1 ?']);
  });

  it("include the end of the run as the last task's end only if the run succeeded", () => {
    assert.deepEqual(placed({ ...over, finishedAt: start + 50_000, tasks: watched(10, undefined) }), ['1 done 0-10', '2 done 10-50']);
    const byServer = { ...over, finishedAt: start + 50_000, executionSeconds: 45 };
    assert.deepEqual(placed({ ...byServer, tasks: watched(10, undefined) }), ['1 done 0-10', '2 done 10-45']);
    assert.deepEqual(placed({ ...byServer, phase: { kind: 'stopped' }, tasks: watched(10, undefined) }), ['1 done 0-10', '2 ?10']);
  });

  it("include the current time as the current task's end only if the previous task was observed", () => {
    const run = { ...going, tasks: watched(10), progress: { current: 'b', completed: 1 } };
    assert.deepEqual(placed(run, start + 30_000), ['1 done 0-10', '2 active 10-30']);
    assert.deepEqual(placed({ ...run, phase: { kind: 'missing' } }, start + 30_000), ['1 done 0-10']);
    assert.deepEqual(placed({ ...run, progress: { current: 'b', completed: 3 } }, start + 30_000), ['1 done 0-10', '4 ?10']);
  });

  it("include a failed run's end as the end of its current task only if that task didn't finish", () => {
    const run = { ...going, phase: { kind: 'failed' }, finishedAt: start + 30_000, tasks: watched(10) } as const;
    assert.deepEqual(placed({ ...run, progress: { current: 'b' } }), ['1 done 0-10', '2 failed 10-30']);
    assert.deepEqual(placed({ ...run, progress: { current: 'task 1' } }), ['1 done 0-10']);
  });

  it('never go backward, even if the clock was set back', () => {
    assert.deepEqual(placed({ ...going, tasks: watched(10, 5, 20) }), ['1 done 0-10', '2 done 10-10', '3 done 10-20']);
    assert.deepEqual(placed({ ...going, tasks: watched(10), progress: { current: 'b' } }, start), ['1 done 0-10', '2 active 10-10']);
  });
});

describe('The timeline of a run', () => {
  it('exists only for 2 to 100 tasks with known times', () => {
    assert.equal(timeline(kickoff(), start, t), undefined);
    assert.equal(timeline(kickoff({ ...over, tasks: seconds(4) }), start, t), undefined);
    assert.equal(timeline(kickoff({ phase: { kind: 'succeeded' }, tasks: [task(1), task(2)] }), start, t), undefined);
    assert.notEqual(drawn({ ...over, tasks: seconds(4, 6) }), '');
    assert.notEqual(drawn({ ...over, tasks: seconds(...Array<number>(100).fill(1)) }), '');
    assert.equal(drawn({ ...over, tasks: seconds(...Array<number>(101).fill(1)) }), '');
  });

  it('stays after the run finishes, even if no poll observed the last tasks', () => {
    assert.notEqual(drawn({ ...going, tasks: watched(10), progress: { completed: 1, total: 3, current: 'write' } }), '');
    assert.notEqual(drawn({ ...over, finishedAt: start + 50_000, tasks: watched(10, undefined, undefined) }), '');
  });

  it('has the name, the duration, and a bar in proportion to the duration for each task', () => {
    const picture = drawn({ ...over, tasks: seconds(10, 30) });
    const bars = picture.matchAll(/<rect (x="[\d.]+" y="\d+" width="[\d.]+")[^>]*fill="var\(--vscode-charts-blue, #3794ff\)"/g);
    const places = [...bars].map(([, place]) => place);
    assert.deepEqual(places, ['x="200" y="6" width="67.5"', 'x="267.5" y="30" width="202.5"']);
    assert.match(picture, />1\. task 1<\/text>.*>10s<\/text>/);
    assert.match(picture, />2\. task 2<\/text>.*>30s<\/text>/);
  });

  const mixed: Partial<Kickoff> = {
    ...going,
    tasks: [...watched(10).map((one) => ({ ...one, agent: 'Researcher' })), ...watched(10, undefined, 25, 30).slice(1)],
    progress: { current: 'five' },
  };

  it('has a text description for screen readers', () => {
    const picture = drawn(mixed, start + 42_000);
    assert.match(picture, /^<div [^>]*>\n<svg role="img" /);
    assert.match(picture, /<title>Task timeline<\/title>/);
    const descriptions = ['1. task 1 · Researcher · ~10s', '2. task 2 · time unknown', '3. task 3 · time unknown', '4. task 4 · ~5s'];
    assert.ok(decoded(picture).includes(`<desc>${[...descriptions, '5. five · ~12s so far'].join('; ')}</desc>`), picture);
  });

  it('has a dashed mark for each task whose time is unknown', () => {
    assert.equal(drawn(mixed, start + 42_000).match(/stroke-dasharray/g)?.length, 2);
  });

  it('has a bar with an open end only for the current task', () => {
    assert.equal(drawn(mixed, start + 42_000).match(/<path /g)?.length, 1);
  });

  it('contains no hard-coded text, except units of time', () => {
    const words = timeline(kickoff({ ...going, tasks: watched(10, 20) }), start, onlyValues) ?? '';
    assert.doesNotMatch(words.replace(/<[^>]*>|\d+s|task \d/g, ''), /\p{L}/u);
  });

  it('shows long names in full only in tooltips', () => {
    const shown = (name: string) => {
      const picture = drawn({ ...over, tasks: seconds(1, 2).map((one) => ({ ...one, name })) });
      assert.ok(picture.includes(`<title>2. ${name} · 2s</title>`));
      return /<text y="\d+">1\. ([^<]*)</.exec(picture)?.[1];
    };
    assert.equal(shown('a'.repeat(21)), 'a'.repeat(21));
    assert.equal(shown('a'.repeat(22)), `${'a'.repeat(20)}…`);
    assert.equal(shown('撰'.repeat(11)), '撰'.repeat(11));
    assert.equal(shown('撰'.repeat(12)), `${'撰'.repeat(10)}…`);
  });

  const withNames = (name: string, agent: string) =>
    drawn({ ...going, tasks: seconds(1, 2).map((one) => ({ ...one, name, agent })), progress: { current: name, agent } }, start + 9_000);
  const tags = (picture: string) => picture.replace(/>[^<>]*(?=<)/g, '>');
  const signs = fc.constantFrom('<', '>', '"', "'", '&', '-->', ']]>', '</svg>', '\n', '\n\n', '&lt;', '\r', ' ');
  const names = fc.oneof(
    fc.constantFrom(...hostileTexts.filter(({ length }) => length < 10_000)),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.array(signs, { maxLength: 12 }).map((all) => all.join('')),
  );

  always('escapes the names of tasks and agents', 500, [names, names], (name, agent) => {
    const picture = withNames(name, agent);
    if (clean(agent) !== '' && clean(name) !== '') assert.equal(tags(picture), tags(withNames('x', 'x')));
    assert.doesNotMatch(picture, /\n\s*\n|[\r\u2028\u2029]/);
    const shown = [...picture.matchAll(/<text y="\d+">([^<]*)<\/text>/g)].map(([, text = '']) => decoded(text));
    assert.equal(shown.length, 3);
    shown.forEach((text, index) => {
      const whole = clean(name) === '' ? `Task ${index + 1}` : `${index + 1}. ${clean(name)}`;
      assert.ok(text === whole || (text.endsWith('…') && whole.startsWith(text.slice(0, -1))), `${text} of ${whole}`);
    });
    assert.deepEqual(
      page(picture)
        .top()
        .map(({ tagName }) => tagName),
      ['div'],
    );
  });

  it('takes less than 20,000 characters, for any names', () => {
    for (const text of hostileTexts) assert.ok(withNames(text, text).length < 20_000);
  });

  const times = fc.oneof(fc.double({ min: 0, max: 1e15, noNaN: true }), fc.integer({ min: start - 1_000, max: start + 1e6 }));
  const step = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.record({ seenAt: times, executionSeconds: times }, { requiredKeys: [] }));
  const ends = fc.record({ startedAt: times, finishedAt: times }, { requiredKeys: [] });
  const kinds = fc.constantFrom('running', 'succeeded', 'failed', 'stopped');

  always('draws bars only inside its frame, for any times', 500, [fc.array(step, { maxLength: 12 }), ends, kinds], (steps, run, kind) => {
    let position = 0;
    const tasks = steps.map(([passed, fields]) => task((position += passed), fields));
    const picture = drawn({ ...run, phase: { kind }, tasks, progress: { current: 'x' } }, start + 5_000);
    assert.doesNotMatch(picture, /NaN|Infinity|undefined|="-|e\+/);
    for (const [, x, width] of picture.matchAll(/<rect x="([\d.]+)" y="\d+" width="([\d.]+)"/g))
      assert.ok(Number(x) >= 200 && Number(x) + Number(width) <= 510, `${x} ${width}`);
  });
});

function decoded(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
}
