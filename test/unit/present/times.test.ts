import fc from 'fast-check';
import assert from 'node:assert/strict';
import type { Kickoff } from '#core/kickoff/kickoff';
import { ageText, durationText, runDurationText, observedDurationText, startAndEndLines } from '#present/times';
import type { Moment, Translate } from '#present/words/words';
import { kickoff } from '#test/support/builders';
import { always } from '#test/support/checks';
import { hour, minute, start } from '#test/support/manualClock';
import { arbitraryKickoff } from '#test/unit/store/arbitraryKickoff';
import koreanTexts from '../../../l10n/ko.json';
import { formatDate, t } from './documents/hostile';

describe('A duration', () => {
  for (const [seconds, exact, rough] of [
    [-5, '0s', '0s'],
    [0.9, '0s', '0s'],
    [59.99, '59s', '59s'],
    [60, '1m', '1m'],
    [69, '1m 9s', '1m'],
    [108.5, '1m 48s', '1m 40s'],
    [3_599, '59m 59s', '59m 50s'],
    [3_600, '1h 00m', '1h 00m'],
    [90_061, '25h 01m', '25h 01m'],
  ] as const) {
    it(`of ${seconds} seconds reads ${exact}`, () => assert.equal(durationText(seconds, t), exact));

    it(`of ${seconds} observed seconds reads ~${rough}`, () => assert.equal(observedDurationText(seconds * 1_000, t), `~${rough}`));
  }

  it('is translated, even if it is approximate or a minimum', () => {
    const korean: Readonly<Record<string, string>> = koreanTexts;
    const translate: Translate = (text, ...values) => t(korean[text] ?? text, ...values);
    const run = kickoff({ phase: { kind: 'running' }, checkedAt: start });
    const ended = kickoff({ phase: { kind: 'failed' }, checkedAt: start, startedAt: start, finishedAt: start + 42_000 });
    const texts = [durationText(250, translate), durationText(7_440, translate), runDurationText(run, start + 4 * minute, translate)];
    assert.deepEqual([...texts, runDurationText(ended, start, translate)], ['4분 10초', '2시간 04분', '4분 이상', '약 42초']);
  });

  always('that is observed is shown less precisely the longer it is', 100, [fc.integer({ min: 0, max: 200_000 })], (seconds) => {
    const step = seconds < 60 ? 1 : seconds < 3_600 ? 10 : 60;
    assert.equal(observedDurationText(seconds * 1_000, t), observedDurationText((seconds - (seconds % step)) * 1_000, t));
  });
});

describe('The elapsed time of a run', () => {
  const running = kickoff({ phase: { kind: 'running' }, checkedAt: start });

  const ended = kickoff({ phase: { kind: 'succeeded' }, checkedAt: start, startedAt: start, finishedAt: start + 250_000 });
  const { startedAt: _, ...endedWithoutStart } = ended;
  const setBack = { ...ended, finishedAt: start - hour };

  const cases: Readonly<Record<string, readonly (readonly [run: Kickoff, minutesLater: number, text: string | undefined])[]>> = {
    'counts from the start of the run': [[{ ...running, trackedAt: start + minute, startedAt: start }, 4, '4m']],
    'is a lower bound if the run was already running when tracked': [
      [running, 4, '> 4m'],
      [{ ...running, phase: { kind: 'waiting' } }, 4, '> 4m'],
    ],
    'counts from tracking while the run is queued': [[{ ...running, phase: { kind: 'queued' } }, 0.7, '40s']],
    'is unknown before the first response': [[kickoff(), 1, undefined]],
    'is never negative, even when the clocks of server and machine differ': [[{ ...running, startedAt: start + hour }, 0, '0s']],
    'is the reported duration of a finished run, or the observed duration if AMP reports none': [
      [{ ...ended, executionSeconds: 42 }, 60, '42s'],
      [{ ...ended, executionSeconds: 108.5 }, 60, '1m 48s'],
      [{ ...ended, executionSeconds: 0 }, 60, '0s'],
      [ended, 60, '~4m 10s'],
    ],
    'is unknown if the clock was set back, unless the server sent a duration': [
      [setBack, 0, undefined],
      [{ ...setBack, executionSeconds: 42 }, 0, '42s'],
    ],
    'counts from tracking if the start of a finished run is unknown': [[endedWithoutStart, 60, '~4m 10s']],
    'is unknown if the run finished before tracking': [[kickoff({ phase: { kind: 'failed' }, checkedAt: start }), 60, undefined]],
  };
  for (const [title, rows] of Object.entries(cases))
    it(title, () => {
      for (const [run, minutes, text] of rows) assert.equal(runDurationText(run, start + minutes * minute, t), text);
    });
});

describe('A relative time', () => {
  for (const [passed, text] of [
    [-hour, 'now'],
    [minute - 1, 'now'],
    [minute, '1m ago'],
    [59 * minute, '59m ago'],
    [hour, '1h ago'],
    [48 * hour - 1, '47h ago'],
    [48 * hour, '2d ago'],
  ] as const) {
    it(`reads ${text} after ${passed} ms`, () => assert.equal(ageText(start, start + passed, t), text));
  }
});

describe("A run's start and end", () => {
  const at = (minutes: number) => formatDate(start + minutes * minute);
  const done = kickoff({ phase: { kind: 'succeeded' }, checkedAt: start + 10 * minute, finishedAt: start + 10 * minute });
  const { finishedAt: _, ...doneBefore } = done;
  const texts = (run: Kickoff) => startAndEndLines(run, t);

  it('are exact with a reported start and duration, even if the run finished before tracking', () => {
    for (const run of [done, doneBefore])
      assert.deepEqual(texts({ ...run, startedAt: start, executionSeconds: 240 }), [`Started: ${at(0)}`, `Finished: ${at(4)}`]);
  });

  it('are marked as approximate if they come from polls', () => {
    assert.deepEqual(texts(done), [`Finished: about ${at(10)}`]);
    assert.deepEqual(texts({ ...done, executionSeconds: 240 }), [`Started: about ${at(6)}`, `Finished: about ${at(10)}`]);
    assert.deepEqual(texts({ ...done, startedAt: start }), [`Started: ${at(0)}`, `Finished: about ${at(10)}`]);
    const observed = { ...done, startedAt: start, isStartObserved: true };
    assert.deepEqual(texts({ ...observed, executionSeconds: 240 }), [`Started: about ${at(0)}`, `Finished: about ${at(10)}`]);
  });

  it("include “Finished before” and the first response's time if the end is unknown", () => {
    assert.deepEqual(texts(doneBefore), [`Finished before ${at(10)}`]);
    assert.deepEqual(texts({ ...doneBefore, executionSeconds: 240 }), [`Finished before ${at(10)}`]);
    assert.deepEqual(texts({ ...doneBefore, startedAt: start }), [`Started: ${at(0)}`, `Finished before ${at(10)}`]);
  });

  it('contain no text for unknown times', () => {
    for (const kind of ['queued', 'running', 'waiting', 'missing'] as const) {
      const run = kickoff({ phase: { kind }, checkedAt: start });
      assert.deepEqual(texts(run), []);
      assert.deepEqual(texts({ ...run, startedAt: start }), [`Started: ${at(0)}`]);
      assert.deepEqual(texts({ ...run, startedAt: start, isStartObserved: true }), [`Started: about ${at(0)}`]);
    }
    assert.deepEqual(texts(kickoff()), []);
  });

  const momentsOf = (run: Kickoff): readonly number[] => {
    const moments: number[] = [];
    startAndEndLines(run, (text, ...values) => {
      moments.push(...values.map((value) => (value as Moment).at));
      return t(text, ...values);
    });
    return moments;
  };

  always('are in chronological order', 2_000, [arbitraryKickoff(kickoff().deployment)], (run) => {
    const [first = 0, last = first] = momentsOf(run);
    assert.ok(first <= last);
  });

  always(
    'never include an end over 5 s after the stored end, or after the last response if no end is stored',
    2_000,
    [arbitraryKickoff(kickoff().deployment)],
    (run) => {
      const [, last] = momentsOf(run);
      if (last !== undefined) assert.ok(last <= (run.finishedAt ?? run.checkedAt ?? 0) + 5_000);
    },
  );
});
