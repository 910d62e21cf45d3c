import assert from 'node:assert/strict';
import { Board, keyOf, type BoardChange } from '#core/history/board';
import { changedRuns } from '#core/history/kickoffList';
import type { Kickoff } from '#core/kickoff/kickoff';
import { scopeOf } from '#core/kickoff/trouble';
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

  it('lists for a deployment only its own runs, the active runs first', () => {
    const other = showFiveRuns();
    assert.deepEqual(shown.kickoffsOf(deployment()), [run(3), run(1), run(4, done), run(2, done)]);
    assert.deepEqual([shown.kickoffsOf({ key: key(2) }), shown.kickoffsOf({ key: key(3) })], [[other], []]);
  });

  /** Puts two deployments, and then another label of the first one. */
  function putDeployments(): void {
    shown.putDeployment(deployment({ key: 2 }));
    shown.putDeployment(deployment({ key: 1 }));
    shown.putDeployment(deployment({ key: 2, label: 'other' }));
  }

  it('lists a changed deployment once, with its new label', () => {
    putDeployments();
    const labels = shown.deployments.map(({ label }) => label);
    assert.deepEqual(labels, ['crew', 'other']);
  });

  it('fires an event for each deployment that is added, changed, or removed', () => {
    putDeployments();
    shown.show([deployment({ key: 2, label: 'other' })], []);
    assert.deepEqual(
      changes,
      [2, 1, 2, 1].map((of) => ({ kickoffs: [], reorderedKeys: [], changedKeys: [key(of)] })),
    );
  });

  /** Applies several changes together: an unchanged, a removed, a changed, a new, and an unknown removed run, and a new deployment. */
  function applyTogether() {
    shown.show([deployment()], [run(1), run(2), run(3)]);
    const other = run(4, { deployment: key(2) });
    const removed = run(2, { removedAt: start });
    const changed = run(3, { label: 'other' });
    const read = [run(1), removed, changed, other, run(5, { removedAt: start })];
    const isReordered = shown.putAll(read, [deployment(), deployment({ key: 2 })]);
    return { read, removed, changed, other, isReordered };
  }

  it('shows new and changed runs, but not removed runs, if all are applied together', () => {
    const { changed, other } = applyTogether();
    assert.deepEqual(shown.kickoffs, [other, changed, run(1)]);
  });

  it('fires one event for changes that are applied together, and none when the same changes are read again', () => {
    const { read, removed, changed, other } = applyTogether();
    shown.putAll(read, shown.deployments);
    assert.deepEqual(changes.slice(1), [{ kickoffs: [removed, changed, other], reorderedKeys: [key(1), key(2)], changedKeys: [key(2)] }]);
  });

  it('returns from putAll() whether a change affects the order of runs or deployments', () => {
    assert.equal(applyTogether().isReordered, true);
    shown.show([deployment()], [run(1)]);
    for (const _ of ['changed', 'unchanged']) assert.equal(shown.putAll([run(1, { label: 'first' })], shown.deployments), false);
    assert.equal(shown.putAll([], [deployment(), deployment({ key: 2, label: 'other' })]), true);
    assert.equal(shown.putAll([run(1, done)]), true);
  });

  it('finds starts by their deployment or by their request ID', () => {
    const [first, second, third] = [1, 2, 1].map((of, index) => ({ deployment: key(of), requestId: id(index), sentAt: start }));
    shown.showStarts([first!, second!, third!]);
    assert.deepEqual([shown.startsOf(deployment()), shown.startOf(id(1))], [[first, third], second]);
  });

  it('keeps a temporary text about a run, such as “stopping”, until a response is stored', () => {
    shown.show([deployment()], [run(1)]);
    shown.showNote(run(1), 'stopping');
    assert.deepEqual([shown.noteOf(run(1)), shown.noteOf(run(2))], ['stopping', undefined]);
    shown.markSaved(run(1));
    assert.equal(shown.noteOf(run(1)), undefined);
  });

  it('fires an event when a temporary text about a run appears or disappears', () => {
    shown.show([deployment()], [run(1)]);
    shown.showNote(run(1), 'stopping');
    shown.markSaved(run(1));
    assert.deepEqual(
      changes.slice(1).map(({ kickoffs }) => kickoffs),
      [[run(1)], [run(1)]],
    );
  });

  /** Puts a run as queued twice, then as running, finished, and removed. Returns the different runs. */
  function putInTurn() {
    const [running, removed] = [run(1, { phase: { kind: 'running' } }), run(1, { ...done, removedAt: start })];
    for (const next of [run(1), run(1), running, run(1, done), removed]) shown.putAll([next]);
    return [run(1), running, run(1, done), removed] as const;
  }

  it('fires an event for a run only if the run differs from the shown state', () => {
    const different = putInTurn();
    assert.deepEqual(
      changes.map(({ kickoffs, changedKeys }) => [kickoffs, changedKeys]),
      different.map((one) => [[one], []]),
    );
  });

  it('reorders the runs of a deployment only after a run is added, finished, or removed', () => {
    putInTurn();
    assert.deepEqual(
      changes.map(({ reorderedKeys }) => reorderedKeys),
      [[key(1)], [], [key(1)], [key(1)]],
    );
  });

  it("doesn't list a removed run or fire an event when the removal is read again", () => {
    const [, , , removed] = putInTurn();
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

  it('no longer shows a finished run after its removal is read, even if the removed run has an older, active status', () => {
    shown.show([], [run(1, done)]);
    assert.equal(shown.putAll([run(1, { removedAt: start })]), true);
    assert.deepEqual(shown.kickoffs, []);
  });

  it('fires no event when an unchanged history is loaded again', () => {
    for (const _ of ['once', 'again']) shown.show([deployment()], [run(1)]);
    assert.deepEqual(changes, [{ kickoffs: [run(1)], reorderedKeys: [key(1)], changedKeys: [key(1)] }]);
  });

  it('shows a history that is loaded again, but fires events only for changed runs and deployments', () => {
    const running = run(1, { phase: { kind: 'running' } });
    shown.show([deployment()], [run(1), run(2)]);
    shown.show([deployment({ label: 'other' })], [run(1), run(2)]);
    shown.show([deployment({ label: 'other' })], [running, run(2)]);
    shown.show([deployment({ label: 'other' })], [running]);
    assert.deepEqual(shown.kickoffs, [running]);
    assert.deepEqual(changes.slice(1), [
      { kickoffs: [], reorderedKeys: [], changedKeys: [key(1)] },
      { kickoffs: [running], reorderedKeys: [], changedKeys: [] },
      { kickoffs: [run(2, { removedAt: 0 })], reorderedKeys: [key(1)], changedKeys: [] },
    ]);
  });

  it('maps an event to the changed runs and all runs of changed deployments, except removed runs', () => {
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

  it("caches the durations of a deployment's runs until a run is loaded, finished, or removed", () => {
    const durations = (of = 1) => shown.durationsOf(key(of)).remainingSeconds(0);
    const ended = (of: number, fields: Partial<Kickoff> = {}) => run(of, { ...done, executionSeconds: of * 10, ...fields });
    assert.deepEqual([durations(), shown.kickoffsOf(deployment())], [[], []]);
    shown.show([], [ended(1), run(3), ended(2, { deployment: key(2) })]);
    assert.deepEqual([durations(1), durations(2)], [[10], [20]]);
    const before = shown.durationsOf(key(1));
    shown.putAll([run(3, { progress: { completed: 1 } })]);
    assert.equal(shown.durationsOf(key(1)), before);
    shown.putAll([ended(3)]);
    assert.deepEqual(durations(), [30, 10]);
    shown.putAll([ended(1, { removedAt: start })]);
    assert.deepEqual(durations(), [30]);
  });
});

describe('The problem of a run', () => {
  beforeEach(openBoard);

  it("is hidden by a problem of the run's host or deployment", () => {
    shown.show([deployment()], [run(1)]);
    const refused = run(1, { trouble: { kind: 'refused' } });
    assert.deepEqual([shown.troubleOf(refused), shown.troubleOf(run(1))], [{ kind: 'refused' }, undefined]);
    health.record(deployment(), keyOf(run(1)), unanswered('unreachable'), start);
    assert.deepEqual(shown.troubleOf(refused), { kind: 'unreachable', retryAt: start + 5_000 });
    health.record(deployment(), keyOf(run(1)), unanswered('tokenRefused'), start);
    assert.equal(shown.troubleOf(run(1))?.kind, 'tokenRefused');
    assert.equal(shown.troubleOfDeployment(deployment())?.kind, 'tokenRefused');
  });

  it("isn't shown after the run has finished", () => {
    shown.show([deployment()], []);
    health.record(deployment(), keyOf(run(1)), unanswered('tokenRefused'), start);
    assert.equal(shown.troubleOf(run(1, { ...done, trouble: { kind: 'refused' } })), undefined);
  });

  for (const kind of troubleKinds) {
    const isOwn = ['run', 'none'].includes(scopeOf(kind));
    it(`${isOwn ? "is shown in the run's row only while the run is active" : "isn't shown in the run's row"} (kind: ${kind})`, () => {
      shown.show([deployment()], []);
      assert.deepEqual(shown.ownTroubleOf(run(1, { trouble: { kind } })), isOwn ? { kind } : undefined);
      assert.equal(shown.ownTroubleOf(run(1, { ...done, trouble: { kind } })), undefined);
    });
  }

  function failHost(): void {
    shown.show([deployment()], []);
    for (const name of ['a', 'b', 'c']) health.record(deployment(), name, unanswered('serverTrouble'), start);
  }

  it("is shown only in the deployment's row if the host has the same problem", () => {
    failHost();
    assert.equal(shown.troubleOfDeployment(deployment())?.kind, 'serverTrouble');
    assert.equal(shown.ownTroubleOf(run(1, { trouble: { kind: 'serverTrouble' } })), undefined);
  });

  it("is shown in the run's row if the host has a different problem", () => {
    failHost();
    assert.deepEqual(shown.ownTroubleOf(run(1, { trouble: { kind: 'notAllowed' } })), { kind: 'notAllowed' });
  });
});

describe("The problem that a response can't be stored", () => {
  beforeEach(openBoard);

  it('is shown for the run until a response is stored', () => {
    shown.show([deployment()], [run(1)]);
    shown.markUnsaved(run(1), new Error('locked'));
    assert.equal(shown.troubleOf(run(1))?.kind, 'notSaved');
    shown.markSaved(run(1));
    assert.equal(shown.troubleOf(run(1)), undefined);
  });
});

describe('An event of the board', () => {
  beforeEach(openBoard);

  it('contains only the active runs of a host that starts to fail', () => {
    const elsewhere = deployment({ key: 2, url: 'https://other.example.com' });
    shown.show([deployment(), elsewhere], [run(1), run(2, done), run(3, { deployment: key(2) })]);
    health.record(deployment(), 'x', unanswered('unreachable'), start);
    assert.deepEqual(changes.at(-1), { kickoffs: [run(1)], reorderedKeys: [], changedKeys: [] });
  });

  it('is fired for a deployment without runs if the deployment lacks a token', () => {
    shown.show([deployment()], []);
    health.recordToken(deployment(), false);
    assert.deepEqual(changes.at(-1), { kickoffs: [], reorderedKeys: [deployment().key], changedKeys: [] });
  });

  it("is fired for a response that can't be stored only if its run is shown", () => {
    shown.show([deployment()], [run(1)]);
    shown.markUnsaved(run(2), new Error('locked'));
    assert.equal(changes.length, 1);
    shown.markUnsaved(run(1), new Error('locked'));
    assert.deepEqual(changes.slice(1), [{ kickoffs: [run(1)], reorderedKeys: [], changedKeys: [] }]);
  });

  it('is fired only once when responses can be stored again after a failure', () => {
    shown.show([deployment()], [run(1)]);
    shown.markUnsaved(run(1), new Error('locked'));
    for (const _ of ['once', 'again']) shown.markSaved(run(1));
    assert.deepEqual(changes.slice(1), Array(2).fill({ kickoffs: [run(1)], reorderedKeys: [], changedKeys: [] }));
  });
});
