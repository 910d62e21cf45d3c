import fc from 'fast-check';
import assert from 'node:assert/strict';
import { always } from '#test/support/checks';
import type { Kickoff } from '#core/kickoff/kickoff';
import { ago, dateFormat, duration, elapsed, elapsedMovesIn, startAndEnd } from '#present/times';
import { kickoff } from '#test/support/builders';
import { start } from '#test/support/manualClock';
import { arbitraryKickoff } from '#test/unit/store/arbitraryKickoff';
import { formatDate, t } from './documents/hostile';

const minute = 60_000;
const hour = 60 * minute;

describe('A duration', () => {
  for (const [seconds, text] of [
    [-5, '0s'],
    [0, '0s'],
    [0.9, '0s'],
    [42, '42s'],
    [59.99, '59s'],
    [60, '1m'],
    [69, '1m'],
    [70, '1m 10s'],
    [250, '4m 10s'],
    [259, '4m 10s'],
    [3_599, '59m 50s'],
    [3_600, '1h 00m'],
    [3_840, '1h 04m'],
    [90_061, '25h 01m'],
  ] as const) {
    it(`of ${seconds} seconds reads ${text}`, () => assert.equal(duration(seconds), text));
  }

  always(
    'changes every second up to a minute, every ten seconds up to an hour, and then every minute',
    100,
    [fc.integer({ min: 0, max: 200_000 })],
    (seconds) => {
      const step = seconds < 60 ? 1 : seconds < 3_600 ? 10 : 60;
      assert.equal(duration(seconds), duration(seconds - (seconds % step)));
    },
  );
});

describe('The elapsed time of a run', () => {
  const running = kickoff({ phase: { kind: 'running' }, checkedAt: start });

  it('counts from the start of the run', () => {
    assert.equal(elapsed({ ...running, trackedAt: start + minute, startedAt: start }, start + 250_000), '4m 10s');
  });

  it('is a lower bound if the run was already running when tracked', () => {
    assert.equal(elapsed(running, start + 4 * minute), '> 4m');
    assert.equal(elapsed({ ...running, phase: { kind: 'waiting' } }, start + 4 * minute), '> 4m');
  });

  it('counts from tracking, and is not a lower bound, while the run is queued', () => {
    assert.equal(elapsed({ ...running, phase: { kind: 'queued' } }, start + 42_000), '40s');
  });

  it('is unknown before the first response', () => {
    assert.equal(elapsed(kickoff(), start + minute), undefined);
  });

  it('is never negative, even when the clocks of server and machine differ', () => {
    assert.equal(elapsed({ ...running, startedAt: start + hour }, start), '0s');
  });

  it('is the reported duration of a finished run, else the observed duration', () => {
    const ended = kickoff({ phase: { kind: 'succeeded' }, checkedAt: start, startedAt: start, finishedAt: start + 250_000 });
    assert.equal(elapsed({ ...ended, executionSeconds: 42 }, start + hour), '42s');
    assert.equal(elapsed({ ...ended, executionSeconds: 0 }, start + hour), '0s');
    assert.equal(elapsed(ended, start + hour), '~4m 10s');
  });

  it('is unknown if the clock was set back, unless the server sent a duration', () => {
    const ended = kickoff({ phase: { kind: 'succeeded' }, checkedAt: start, startedAt: start, finishedAt: start - hour });
    assert.equal(elapsed(ended, start), undefined);
    assert.equal(elapsed({ ...ended, executionSeconds: 42 }, start), '42s');
  });

  it('counts from tracking if the start of an active or finished run is unknown', () => {
    const { startedAt: _, ...ran } = { ...running, startedAt: 0 };
    assert.equal(elapsed({ ...ran, trackedAt: start }, start + 4 * minute), '> 4m');
    const ended = kickoff({ phase: { kind: 'stopped' }, checkedAt: start, trackedAt: start, finishedAt: start + 4 * minute });
    assert.equal(elapsed(ended, start + hour), '~4m');
  });

  it('is unknown if the run finished before tracking', () => {
    assert.equal(elapsed(kickoff({ phase: { kind: 'failed' }, checkedAt: start }), start + hour), undefined);
  });

  always('changes exactly after the delay that elapsedMovesIn returns', 100, [fc.integer({ min: 0, max: 5 * hour })], (age) => {
    const now = start + age;
    const next = elapsedMovesIn(running, now);
    assert.ok(next > 0);
    assert.equal(elapsed(running, now + next - 1), elapsed(running, now));
    assert.notEqual(elapsed(running, now + next), elapsed(running, now));
  });
});

describe('A relative time', () => {
  for (const [passed, text] of [
    [-hour, 'just now'],
    [0, 'just now'],
    [minute - 1, 'just now'],
    [minute, '1 min ago'],
    [59 * minute, '59 min ago'],
    [hour, '1 h ago'],
    [2 * hour, '2 h ago'],
    [48 * hour - 1, '47 h ago'],
    [48 * hour, '2 d ago'],
    [400 * 24 * hour, '400 d ago'],
  ] as const) {
    it(`reads ${text} after ${passed} ms`, () => assert.equal(ago(start, start + passed, t), text));
  }
});

describe('A date', () => {
  const at = Date.UTC(2026, 10, 27, 13, 2);
  // Some versions of ICU put a narrow space before PM.
  const text = (language: string) => dateFormat(language, 'Europe/Berlin')(at).replace(/\s/g, ' ');

  it('has time and zone, in the language of the user', () => {
    assert.equal(text('en'), 'Nov 27, 2026, 2:02 PM GMT+1');
    assert.match(text('de'), /^27\. Nov\. 2026, 14:02 MEZ$/);
    assert.match(text('zh-cn'), /^2026年11月27日 (?:GMT\+1 )?14:02/);
  });

  it('is in the default language if the language of VS Code is unknown', () => {
    for (const language of ['', 'x', 'no language', 'qps-ploc']) assert.match(text(language), /2026/);
  });
});

describe('A run’s start and end', () => {
  const at = (minutes: number) => formatDate(start + minutes * minute);
  const done = kickoff({ phase: { kind: 'succeeded' }, checkedAt: start + 10 * minute, finishedAt: start + 10 * minute });
  const { finishedAt: _, ...doneBefore } = done;
  const texts = (run: Kickoff) => startAndEnd(run, formatDate, t);

  it('are exact with a reported start and duration, even if the run finished before tracking', () => {
    for (const run of [done, doneBefore])
      assert.deepEqual(texts({ ...run, startedAt: start, executionSeconds: 240 }), [`Started: ${at(0)}`, `Finished: ${at(4)}`]);
  });

  it('are marked as approximate if they come from polls', () => {
    assert.deepEqual(texts(done), [`Finished: ~${at(10)}`]);
    assert.deepEqual(texts({ ...done, executionSeconds: 240 }), [`Started: ~${at(6)}`, `Finished: ~${at(10)}`]);
    assert.deepEqual(texts({ ...done, startedAt: start }), [`Started: ${at(0)}`, `Finished: ~${at(10)}`]);
    const observed = { ...done, startedAt: start, isStartObserved: true };
    assert.deepEqual(texts({ ...observed, executionSeconds: 240 }), [`Started: ~${at(0)}`, `Finished: ~${at(10)}`]);
  });

  it('show the end as “before” if the run finished before tracking and start or duration is unknown', () => {
    assert.deepEqual(texts(doneBefore), [`Finished: before ${at(10)}`]);
    assert.deepEqual(texts({ ...doneBefore, executionSeconds: 240 }), [`Finished: before ${at(10)}`]);
    assert.deepEqual(texts({ ...doneBefore, startedAt: start }), [`Started: ${at(0)}`, `Finished: before ${at(10)}`]);
  });

  it('include neither the end of an active run nor an unknown start', () => {
    for (const kind of ['queued', 'running', 'waiting', 'missing'] as const) {
      const run = kickoff({ phase: { kind }, checkedAt: start });
      assert.deepEqual(texts(run), []);
      assert.deepEqual(texts({ ...run, startedAt: start }), [`Started: ${at(0)}`]);
      assert.deepEqual(texts({ ...run, startedAt: start, isStartObserved: true }), [`Started: ~${at(0)}`]);
    }
    assert.deepEqual(texts(kickoff()), []);
  });

  always('are in order, with the end at most 5 s after the last response', 2_000, [arbitraryKickoff(kickoff().deployment)], (run) => {
    const moments: number[] = [];
    startAndEnd(run, (moment) => formatDate((moments.push(moment), moment)), t);
    const [first = 0, last = first] = moments;
    assert.ok(first <= last);
    if (moments.length === 2) assert.ok(last <= (run.finishedAt ?? run.checkedAt ?? 0) + 5_000);
  });
});
