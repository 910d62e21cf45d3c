import fc from 'fast-check';
import assert from 'node:assert/strict';
import { advance } from '#core/kickoff/advance';
import { isSettled, newKickoff, type Kickoff, type Observation, type Phase } from '#core/kickoff/kickoff';
import { answered, id, key, kickoff, phaseKinds, troubleKinds, unanswered } from '#test/support/builders';
import { always } from '#test/support/checks';
import { second, start } from '#test/support/manualClock';

const ends = ['succeeded', 'failed', 'stopped'] as const satisfies readonly Phase['kind'][];

/** Returns a run after one response with this status. */
function withResponse(kind: Phase['kind'], fields: Partial<Kickoff> = {}): Kickoff {
  return { ...advance(kickoff(), answered(kind), start), ...fields };
}

describe('A new run', () => {
  it('is queued from the time of tracking, without progress or tasks', () => {
    assert.deepEqual(newKickoff({ deployment: key(), id: id() }, start), {
      deployment: key(),
      id: id(),
      phase: { kind: 'queued' },
      phaseSince: start,
      progress: {},
      tasks: [],
      trackedAt: start,
    });
  });

  it('copies only the deployment and the ID of another run', () => {
    assert.deepEqual(newKickoff(kickoff({ isUnread: true, label: 'nightly' }), start), kickoff());
  });
});

describe('A run', () => {
  for (const kind of phaseKinds)
    it(`has the status and the time of its last response: ${kind}`, () => {
      const { phase, phaseSince, checkedAt } = advance(kickoff(), answered(kind), start + second);
      assert.deepEqual([phase, phaseSince, checkedAt], [{ kind }, kind === 'queued' ? start : start + second, start + second]);
    });

  it('keeps the time of the first response with its current status', () => {
    const running = advance(withResponse('running'), answered('running'), start + second);
    assert.deepEqual([running.phaseSince, running.checkedAt], [start, start + second]);
  });

  for (const [what, phase] of [
    ['the text of an unknown status', { kind: 'running', stateText: 'MUSING' }],
    ['the failure reason', { kind: 'failed', reason: 'No key.' }],
  ] as const)
    it(`has ${what} from the response`, () => {
      const { phase: found, phaseSince } = advance(withResponse('running'), answered(phase), start + second);
      assert.deepEqual([found, phaseSince], [phase, start + second]);
    });

  it("has no problem after a response, even if AMP doesn't find the run", () => {
    const troubled = advance(withResponse('running'), unanswered('serverTrouble'), start + second);
    assert.deepEqual(troubled.trouble, { kind: 'serverTrouble' });
    for (const phase of ['running', 'missing'] as const) assert.ok(!('trouble' in advance(troubled, answered(phase), start + 2 * second)));
  });

  it('is a new object after a failed poll only if the problem differs', () => {
    const troubled = advance(withResponse('running'), unanswered('serverTrouble', { retryAt: start }), start);
    assert.equal(advance(troubled, unanswered('serverTrouble', { retryAt: start }), start + second), troubled);
    for (const other of [unanswered('serverTrouble', { retryAt: start + 1 }), unanswered('refused', { retryAt: start })])
      assert.notEqual(advance(troubled, other, start + second), troubled);
  });

  it('that AMP no longer finds counts as having run only if an earlier response had a later status than “queued”', () => {
    assert.equal(advance(withResponse('running'), answered('missing'), start).hasRun, true);
    assert.equal(advance(withResponse('queued'), answered('missing'), start).hasRun, undefined);
  });

  const progress = { completed: 2, total: 3, current: 'Write' };
  const now = { progress: { completed: 3 } };

  it('keeps its progress if the final response contains no progress', () => {
    const running = advance(kickoff(), answered('running', { progress }), start);
    assert.deepEqual(advance(running, answered('failed'), start).progress, progress);
  });

  it('loses progress fields that a running response omits', () => {
    const running = advance(kickoff(), answered('running', { progress }), start);
    assert.deepEqual(advance(running, answered('running', now), start).progress, { completed: 3 });
  });

  it('loses its current task, but keeps its task total, when the final response reports another finished task', () => {
    const running = advance(
      kickoff(),
      answered('running', { progress: { completed: 0, total: 3, current: 'Plan', agent: 'Lead' } }),
      start,
    );
    const ended = answered('failed', { tasks: [{ name: 'Write', output: 'x' }] });
    assert.deepEqual(advance(running, ended, start + second).progress, { completed: 0, total: 3 });
    const before = advance(kickoff(), answered('running', { progress }), start);
    assert.deepEqual(advance(before, answered('succeeded', now), start).progress, { completed: 3, total: 3 });
  });

  it('has the duration, token count, and output language of the response', () => {
    const response = { executionSeconds: 12, totalTokens: 345, output: { text: '# Hi', format: 'markdown' } } as const;
    const done = advance(withResponse('running'), answered('succeeded', response), start + second);
    assert.deepEqual([done.executionSeconds, done.totalTokens, done.output], [12, 345, 'markdown']);
  });
});

describe('The start of a run', () => {
  it('is the time of the first running or waiting response after “queued” if the server sends no start time', () => {
    for (const kind of ['running', 'waiting'] as const)
      assert.equal(advance(withResponse('queued'), answered(kind), start + 5 * second).startedAt, start + 5 * second);
  });

  it('is marked as observed by polls until the server sends a start time', () => {
    const observed = advance(withResponse('queued'), answered('running'), start + 5 * second);
    assert.equal(observed.isStartObserved, true);
    for (const phase of ['running', 'missing', 'succeeded'] as const)
      assert.equal(advance(observed, answered(phase), start + 10 * second).isStartObserved, true, phase);
    const sent = advance(observed, answered('running', { startedAt: start + 6 * second }), start + 10 * second);
    assert.deepEqual([sent.startedAt, sent.isStartObserved], [start + 6 * second, false]);
    assert.equal(advance(sent, answered('succeeded'), start + 20 * second).isStartObserved, false);
    assert.equal(advance(kickoff(), answered('running', { startedAt: start }), start).isStartObserved, undefined);
  });

  it("doesn't change when a response contains a later start time than an earlier response", () => {
    const running = advance(kickoff(), answered('running', { startedAt: start }), start);
    assert.equal(advance(running, answered('running', { startedAt: start + second }), start + second).startedAt, start);
  });

  it('is unknown if the server sends no start time and the run was running at its first poll', () => {
    assert.equal(advance(kickoff(), answered('running'), start).startedAt, undefined);
  });

  it('is unknown if the server sends no start time and the run started and finished between polls', () => {
    for (const end of ends) assert.equal(advance(withResponse('queued'), answered(end), start + 60 * second).startedAt, undefined, end);
  });
});

describe('A finished run', () => {
  for (const end of ends) {
    it(`has no end time or unread mark if its first response is final and has no times: ${end}`, () => {
      const { phase, finishedAt, isUnread, startedAt, executionSeconds } = advance(kickoff(), answered(end), start + 3_600 * second);
      assert.deepEqual([phase.kind, finishedAt, isUnread, startedAt, executionSeconds], [end, undefined, undefined, undefined, undefined]);
    });

    it(`is unread and has an end time if an earlier response found the run active: ${end}`, () => {
      const { finishedAt, isUnread } = advance(withResponse('queued'), answered(end), start + second);
      assert.deepEqual([finishedAt, isUnread], [start + second, true]);
    });
  }

  it('has no end time if its first response is final and has no times, even after a failed poll', () => {
    const troubled = advance(kickoff(), unanswered('unreachable'), start);
    assert.equal(advance(troubled, answered('succeeded'), start + 10 * second).finishedAt, undefined);
  });

  it("whose first response is final has an end time only if the response's times show an end after tracking", () => {
    const response = (startedAt: number) => answered('succeeded', { startedAt: start + startedAt * second, executionSeconds: 60 });
    assert.equal(advance(kickoff(), response(-60), start + 600 * second).finishedAt, undefined);
    assert.equal(advance(kickoff(), response(-59), start + 600 * second).finishedAt, start + 600 * second);
    assert.equal(advance(kickoff(), response(-30), start + second).finishedAt, start + second);
    for (const [times, finishedAt] of [
      [{ startedAt: start }, undefined],
      [{ executionSeconds: 60 }, undefined],
      [{ startedAt: start + second }, start + 600 * second],
    ] as const)
      assert.equal(advance(kickoff(), answered('succeeded', times), start + 600 * second).finishedAt, finishedAt);
  });
});

describe('For any sequence of observations,', () => {
  const phases: fc.Arbitrary<Phase> = fc.oneof(
    fc.constantFrom(...phaseKinds).map((kind): Phase => ({ kind })),
    fc.constantFrom('MUSING', 'PAUSED').map((stateText): Phase => ({ kind: 'running', stateText })),
    fc.string().map((reason): Phase => ({ kind: 'failed', reason })),
  );
  const numbers = fc.option(fc.integer({ min: -1, max: 6 }), { nil: undefined });
  const names = fc.constantFrom('A', 'B', 'C');
  const answers = fc
    .tuple(phases, numbers, numbers, fc.array(names, { maxLength: 3 }), fc.boolean())
    .map(([phase, completed, startedAt, tasks, isWhole]) =>
      answered(phase, {
        progress: completed === undefined ? {} : { completed },
        ...(startedAt !== undefined && { startedAt: start + startedAt }),
        tasks: (isWhole ? tasks : tasks.slice(0, 1)).map((name) => ({ name, output: name })),
        hasAllTasks: isWhole,
      }),
    );
  const failures = fc
    .tuple(fc.constantFrom(...troubleKinds), numbers, fc.option(fc.string(), { nil: undefined }))
    .map(([kind, retryAt, detail]) =>
      unanswered(kind, { ...(retryAt !== undefined && { retryAt: start + retryAt }), ...(detail !== undefined && { detail }) }),
    );
  const observations = fc.oneof({ weight: 3, arbitrary: answers }, { weight: 2, arbitrary: failures });
  const steps = fc.array(fc.tuple(observations, fc.integer({ min: -1_000, max: 100_000 })), { maxLength: 20 });

  /** Returns every state of a run, including the first and the last. */
  function life(seen: readonly (readonly [Observation, number])[]): readonly Kickoff[] {
    let now = start;
    const states = [kickoff()];
    for (const [observation, later] of seen) {
      now += later;
      states.push(advance(states.at(-1)!, observation, now));
    }
    return states;
  }

  always('a failed poll changes only the problem of a run', 5_000, [steps, failures, fc.nat()], (before, failure, later) => {
    const reached = life(before).at(-1)!;
    const { trouble: _, ...after } = advance(reached, failure, start + later);
    const { trouble: __, ...expected } = reached;
    assert.deepEqual(after, expected);
    assert.equal(after.phase, reached.phase);
  });

  always('a finished run stays the same object', 5_000, [steps, fc.constantFrom(...ends), steps], (before, end, after) => {
    const settledRun = advance(life(before).at(-1)!, answered(end), start);
    assert.ok(isSettled(settledRun.phase));
    let now = start;
    for (const [observation, later] of after) assert.equal(advance(settledRun, observation, (now += later)), settledRun);
  });

  always('a run has the status of the first final response, or else of the last response', 5_000, [steps], (seen) => {
    const said = seen.flatMap(([one]) => (one.kind === 'answered' ? [one.answer.phase] : []));
    const expected = said.find((phase) => isSettled(phase)) ?? said.at(-1) ?? { kind: 'queued' };
    assert.deepEqual(life(seen).at(-1)!.phase, expected);
  });

  always('a repeated observation changes nothing', 5_000, [steps, observations, fc.nat()], (before, observation, later) => {
    const once = advance(life(before).at(-1)!, observation, start + later);
    assert.deepEqual(advance(once, observation, start + later), once);
  });

  always("an active run has no end time and isn't unread", 5_000, [steps], (seen) => {
    for (const { phase, finishedAt, isUnread } of life(seen))
      if (!isSettled(phase)) assert.deepEqual([finishedAt, isUnread], [undefined, undefined]);
  });

  always('a run has the field isUnread if and only if it has an end time', 5_000, [steps], (seen) => {
    for (const { finishedAt, isUnread } of life(seen)) assert.equal(finishedAt === undefined, isUnread === undefined);
  });

  const bad = fc.array(fc.oneof(fc.constant(answered('missing')), failures), { maxLength: 12 });
  always('failed polls and not-found responses change no known data of a run', 5_000, [steps, bad], (before, after) => {
    const known = life(before).at(-1)!;
    let lost = known;
    for (const observation of after) lost = advance(lost, observation, start);
    assert.equal(isSettled(lost.phase), isSettled(known.phase));
    for (const field of ['tasks', 'progress', 'startedAt', 'hasRun', 'output', 'finishedAt', 'trackedAt'] as const)
      assert.equal(lost[field], known[field]);
  });

  always('no known task disappears or becomes another task', 5_000, [steps], (seen) => {
    let before: Kickoff['tasks'] = [];
    for (const { tasks } of life(seen)) {
      for (const { position, name, hasOutput, isUnseen } of before) {
        const after = tasks.find((one) => one.position === position);
        assert.ok(after);
        if (isUnseen !== true) assert.deepEqual([after.name, after.hasOutput], [name, hasOutput]);
      }
      before = tasks;
    }
  });

  always('the deployment, the ID, and the tracking time never change', 5_000, [steps], (seen) => {
    const { deployment, id: of, trackedAt } = life(seen).at(-1)!;
    assert.deepEqual({ deployment, id: of, trackedAt }, { deployment: key(), id: id(), trackedAt: start });
  });
});
