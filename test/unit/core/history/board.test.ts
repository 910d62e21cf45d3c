import assert from 'node:assert/strict';
import { Board, keyOf, type BoardChange } from '#core/history/board';
import { changedRuns } from '#core/history/kickoffList';
import type { Kickoff } from '#core/kickoff/kickoff';
import { durationsOf } from '#core/kickoff/durations';
import { reachOf } from '#core/kickoff/trouble';
import { HostHealth } from '#core/polling/hostHealth';
import { deployment, id, key, kickoff, troubleKinds, unanswered } from '#test/support/builders';
import { start } from '#test/support/manualClock';

let shown: Board;
let health: HostHealth;
let changes: BoardChange[];

function openBoard(): void {
  health = new HostHealth(() => 1);
  shown = new Board(health);
  changes = [];
  shown.onDidChange((change) => changes.push(change));
}

function run(of: number, fields: Partial<Kickoff> = {}): Kickoff {
  return kickoff({ id: id(of), trackedAt: start + of, ...fields });
}

const done = { phase: { kind: 'succeeded' } } as const satisfies Partial<Kickoff>;

describe('The board of a window', () => {
  beforeEach(openBoard);

  function showFiveRuns(): Kickoff {
    const other = run(5, { deployment: key(2) });
    shown.show([deployment(), deployment({ key: 2 })], [run(1), run(2, done), run(3), run(4, done), other]);
    return other;
  }

  it('lists all runs newest first', () => {
    const other = showFiveRuns();
    assert.deepEqual(shown.kickoffs, [other, run(4, done), run(3), run(2, done), run(1)]);
  });

  it('lists the active runs of a deployment before its finished runs', () => {
    const other = showFiveRuns();
    assert.deepEqual(shown.kickoffsOf(deployment()), [run(3), run(1), run(4, done), run(2, done)]);
    assert.deepEqual([shown.kickoffsOf({ key: key(2) }), shown.kickoffsOf({ key: key(3) })], [[other], []]);
  });

  it('fires an event with the deployment for each change of a deployment', () => {
    shown.putDeployment(deployment({ key: 2 }));
    shown.putDeployment(deployment({ key: 1 }));
    shown.putDeployment(deployment({ key: 2, label: 'other' }));
    const labels = shown.deployments.map(({ label }) => label);
    assert.deepEqual(labels, ['crew', 'other']);
    shown.show([deployment({ key: 2, label: 'other' })], []);
    assert.deepEqual(
      changes,
      [2, 1, 2, 1].map((of) => ({ kickoffs: [], reordered: [], changedDeployments: [key(of)] })),
    );
  });

  it('fires one event for several changes that are applied together', () => {
    shown.show([deployment()], [run(1), run(2), run(3)]);
    const other = run(4, { deployment: key(2) });
    const read = [run(1), run(2, { removedAt: start }), run(3, { label: 'other' }), other, run(5, { removedAt: start })];
    assert.equal(shown.putAll(read, [deployment(), deployment({ key: 2 })]), true);
    assert.deepEqual(changes.slice(1), [
      { kickoffs: [read[1], read[2], other], reordered: [key(1), key(2)], changedDeployments: [key(2)] },
    ]);
    assert.deepEqual(shown.kickoffs, [other, read[2], run(1)]);
  });

  it('returns whether a change affects the order of runs or deployments', () => {
    shown.show([deployment()], [run(1)]);
    assert.equal(shown.putAll([run(1, { label: 'first' })], shown.deployments), false);
    assert.deepEqual(changes[1], { kickoffs: [run(1, { label: 'first' })], reordered: [], changedDeployments: [] });
    assert.equal(shown.putAll([run(1, { label: 'first' })], shown.deployments), false);
    assert.equal(changes.length, 2);
    assert.equal(shown.putAll([], [deployment(), deployment({ key: 2, label: 'other' })]), true);
    assert.equal(shown.putAll([run(1, done)]), true);
  });

  it('finds starts by their deployment or request ID', () => {
    const [first, second, third] = [1, 2, 1].map((of, index) => ({ deployment: key(of), requestId: id(index), sentAt: start }));
    shown.showStarts([first!, second!, third!]);
    assert.deepEqual([shown.startsOf(deployment()), shown.startOf(id(1))], [[first, third], second]);
  });

  it('keeps a temporary text about a run, such as “stopping”, until a response is stored', () => {
    shown.show([deployment()], [run(1)]);
    shown.note(run(1), 'stopping');
    assert.deepEqual([shown.noteOf(run(1)), shown.noteOf(run(2))], ['stopping', undefined]);
    shown.markSaved(run(1));
    assert.equal(shown.noteOf(run(1)), undefined);
    assert.deepEqual(
      changes.slice(1).map(({ kickoffs }) => kickoffs),
      [[run(1)], [run(1)]],
    );
  });

  it('fires an event for a run only if it differs from the shown run', () => {
    const [running, removed] = [run(1, { phase: { kind: 'running' } }), run(1, { ...done, removedAt: start })];
    for (const next of [run(1), run(1), running, run(1, done), removed]) shown.putAll([next]);
    assert.deepEqual(changes, [
      { kickoffs: [run(1)], reordered: [key(1)], changedDeployments: [] },
      { kickoffs: [running], reordered: [], changedDeployments: [] },
      { kickoffs: [run(1, done)], reordered: [key(1)], changedDeployments: [] },
      { kickoffs: [removed], reordered: [key(1)], changedDeployments: [] },
    ]);
    assert.deepEqual(shown.kickoffs, []);
    assert.equal(shown.putAll([removed]), false);
    assert.deepEqual([shown.kickoffs, changes.length], [[], 4]);
  });

  it('keeps a run finished even if an older, active state of the run is read afterward', () => {
    shown.show([], [run(1)]);
    shown.putAll([run(1, done)]);
    shown.show([], [run(1)]);
    assert.deepEqual(shown.kickoff(run(1))?.phase, { kind: 'succeeded' });
    shown.putAll([run(1)]);
    assert.deepEqual(shown.kickoff(run(1))?.phase, { kind: 'succeeded' });
  });

  it('removes a finished run even if the removed run has an older, active status', () => {
    shown.show([], [run(1, done)]);
    assert.equal(shown.putAll([run(1, { removedAt: start })]), true);
    assert.deepEqual(shown.kickoffs, []);
  });

  it('fires no event when an unchanged history is loaded again', () => {
    for (const _ of ['once', 'again']) shown.show([deployment()], [run(1)]);
    assert.deepEqual(changes, [{ kickoffs: [run(1)], reordered: [key(1)], changedDeployments: [key(1)] }]);
  });

  it('fires an event when a reloaded history differs from the shown history', () => {
    const running = run(1, { phase: { kind: 'running' } });
    shown.show([deployment()], [run(1), run(2)]);
    shown.show([deployment({ label: 'other' })], [run(1), run(2)]);
    shown.show([deployment({ label: 'other' })], [running, run(2)]);
    shown.show([deployment({ label: 'other' })], [running]);
    assert.deepEqual(changes.slice(1), [
      { kickoffs: [], reordered: [], changedDeployments: [key(1)] },
      { kickoffs: [running], reordered: [], changedDeployments: [] },
      { kickoffs: [run(2, { removedAt: 0 })], reordered: [key(1)], changedDeployments: [] },
    ]);
    assert.deepEqual(shown.kickoffs, [running]);
  });

  it('lists the remaining runs that a change affects', () => {
    const [crew, other] = [deployment(), deployment({ key: 2 })];
    const runs = [run(1), run(2), run(3, { deployment: key(2) })] as const;
    const found: string[][] = [];
    shown.onDidChange((change) => found.push(changedRuns(shown, change).map(({ id }) => id.slice(-1))));
    shown.show([crew, other], runs);
    shown.putDeployment({ ...crew, label: 'Renamed' });
    shown.putDeployment(deployment({ key: 3 }));
    shown.putAll([{ ...runs[2], label: 'Nightly' }]);
    shown.putAll([{ ...runs[1], removedAt: start }]);
    shown.show([{ ...crew, label: 'Renamed' }, deployment({ key: 3 })], runs.slice(0, 1));
    assert.deepEqual(found, [['2', '1', '3'], ['2', '1'], [], ['3'], [], []]);
  });

  it('returns the durations of the finished runs of a deployment once the runs are loaded', () => {
    const ended = run(1, { ...done, executionSeconds: 60 });
    assert.deepEqual(shown.durationsOf(key(1)), durationsOf([]));
    assert.deepEqual(shown.kickoffsOf(deployment()), []);
    shown.show([deployment()], [ended]);
    assert.deepEqual(shown.durationsOf(key(1)), durationsOf([ended]));
    assert.notDeepEqual(durationsOf([ended]), durationsOf([]));
  });
});

describe('The problem of a run', () => {
  beforeEach(openBoard);

  it('is hidden by a problem of its host or deployment', () => {
    shown.show([deployment()], [run(1)]);
    const refused = run(1, { trouble: { kind: 'refused' } });
    assert.deepEqual([shown.troubleOf(refused), shown.troubleOf(run(1))], [{ kind: 'refused' }, undefined]);
    health.record(deployment(), keyOf(run(1)), unanswered('unreachable'), start);
    assert.deepEqual(shown.troubleOf(refused), { kind: 'unreachable', retryAt: start + 5_000 });
    health.record(deployment(), keyOf(run(1)), unanswered('tokenRefused'), start);
    assert.equal(shown.troubleOf(run(1))?.kind, 'tokenRefused');
    assert.equal(shown.troubleOfDeployment(deployment())?.kind, 'tokenRefused');
  });

  it("doesn't exist for a finished run", () => {
    shown.show([deployment()], []);
    health.record(deployment(), keyOf(run(1)), unanswered('tokenRefused'), start);
    assert.equal(shown.troubleOf(run(1, { ...done, trouble: { kind: 'refused' } })), undefined);
  });

  for (const kind of troubleKinds) {
    const isOwn = ['run', 'none'].includes(reachOf(kind));
    it(`${isOwn ? "is shown by the run's row only while the run is active" : "isn't shown by the run's row"} if the problem is ${kind}`, () => {
      shown.show([deployment()], []);
      assert.deepEqual(shown.ownTroubleOf(run(1, { trouble: { kind } })), isOwn ? { kind } : undefined);
      assert.equal(shown.ownTroubleOf(run(1, { ...done, trouble: { kind } })), undefined);
    });
  }

  it("is shown only by the deployment's row if the host has the same problem", () => {
    shown.show([deployment()], []);
    for (const name of ['a', 'b', 'c']) health.record(deployment(), name, unanswered('serverTrouble'), start);
    assert.equal(shown.troubleOfDeployment(deployment())?.kind, 'serverTrouble');
    assert.equal(shown.ownTroubleOf(run(1, { trouble: { kind: 'serverTrouble' } })), undefined);
    assert.deepEqual(shown.ownTroubleOf(run(1, { trouble: { kind: 'notAllowed' } })), { kind: 'notAllowed' });
  });
});

describe('An event of the board', () => {
  beforeEach(openBoard);

  it('contains the active runs of a host that starts to fail', () => {
    const elsewhere = deployment({ key: 2, url: 'https://other.example.com' });
    shown.show([deployment(), elsewhere], [run(1), run(2, done), run(3, { deployment: key(2) })]);
    health.record(deployment(), 'x', unanswered('unreachable'), start);
    assert.deepEqual(changes.at(-1), { kickoffs: [run(1)], reordered: [], changedDeployments: [] });
  });

  it('is fired for a deployment without runs if the deployment lacks a token', () => {
    shown.show([deployment()], []);
    health.recordToken(deployment(), false);
    assert.deepEqual(changes.at(-1), { kickoffs: [], reordered: [deployment().key], changedDeployments: [] });
  });

  it("is fired when the response of a shown run can't be stored", () => {
    shown.show([deployment()], [run(1)]);
    shown.markUnsaved(run(2), new Error('locked'));
    assert.equal(changes.length, 1);
    shown.markUnsaved(run(1), new Error('locked'));
    assert.equal(shown.troubleOf(run(1))?.kind, 'notSaved');
    assert.deepEqual(changes.slice(1), [{ kickoffs: [run(1)], reordered: [], changedDeployments: [] }]);
  });

  it('is fired when a response can be stored again after a failure', () => {
    shown.show([deployment()], [run(1)]);
    shown.markUnsaved(run(1), new Error('locked'));
    for (const _ of ['once', 'again']) shown.markSaved(run(1));
    assert.equal(shown.troubleOf(run(1)), undefined);
    assert.deepEqual(changes.slice(1), Array(2).fill({ kickoffs: [run(1)], reordered: [], changedDeployments: [] }));
  });
});
