import assert from 'node:assert/strict';
import type { Disposable } from 'vscode';
import type { KickoffInfo } from '#api';
import { Board } from '#core/history/board';
import { HostHealth } from '#core/polling/hostHealth';
import { KickoffInfoCache, publicApi } from '#vscode/publicApi';
import { addKickoff, deployment, id, kickoff, MemoryStore, unanswered, url } from '#test/support/builders';
import { start } from '#test/support/manualClock';
import { readingHere } from '#test/support/threads';

describe('The API', () => {
  const names = ({ deploymentLabel, deploymentUrl }: KickoffInfo) => [deploymentLabel, deploymentUrl];
  const moved = { ...deployment({ label: 'after' }), url: url('https://moved.example.com') };

  /** Returns an API with one run in a deployment that has the label “before”. */
  function withOneRun() {
    const board = new Board(new HostHealth(() => 0.5));
    const reader = { document: () => Promise.resolve(undefined) };
    const infos = new KickoffInfoCache(board, { now: () => 0 });
    board.show([deployment({ label: 'before' })], [kickoff({ phase: { kind: 'succeeded' } })]);
    return { board, api: publicApi(infos, new MemoryStore(), reader) };
  }

  it('lists runs with the current label and URL of their deployment', () => {
    const { board, api } = withOneRun();
    assert.deepEqual(api.kickoffs.map(names), [['before', deployment().url]]);
    board.putDeployment(moved);
    assert.deepEqual(api.kickoffs.map(names), [['after', moved.url]]);
  });

  it('calls each listener once with the new label and URL of a changed deployment', () => {
    const { board, api } = withOneRun();
    const changes: (readonly KickoffInfo[])[] = [];
    for (const _ of [1, 2]) api.onDidChangeKickoffs((changed) => changes.push(changed));
    board.putDeployment(moved);
    assert.deepEqual(
      changes.map((changed) => changed.map(names)),
      Array(2).fill([['after', moved.url]]),
    );
  });

  const health = new HostHealth(() => 0.5);
  const board = new Board(health);
  const store = new MemoryStore();
  const api = publicApi(new KickoffInfoCache(board, { now: () => start }), store, readingHere);

  it('lists each run with its label, status, tasks, and times', () => {
    const tasks = [{ position: 1, name: 'research_task', agent: 'Researcher', executionSeconds: 4, hasOutput: true, seenAt: start }];
    const times = { trackedAt: start, checkedAt: start + 1, startedAt: start + 2, finishedAt: start + 3 };
    const numbers = { executionSeconds: 7, totalTokens: 11, progress: { completed: 1, total: 3, current: 'report_task' } };
    const failed = kickoff({ label: 'Weekly', phase: { kind: 'failed', reason: 'No key' }, tasks, ...times, ...numbers });
    const running = kickoff({ id: id(2), phase: { kind: 'running', stateText: 'REHYDRATING' }, trackedAt: start - 1 });
    board.show([deployment()], [failed, running]);
    const where = { deploymentUrl: deployment().url, deploymentLabel: 'crew' };
    assert.deepEqual(api.kickoffs, [
      {
        ...where,
        ...{ kickoffId: failed.id, label: 'Weekly', phase: 'failed', reason: 'No key' },
        ...{ completedTasks: 1, totalTasks: 3, currentTask: 'report_task', executionSeconds: 7, totalTokens: 11 },
        tasks: [{ name: 'research_task', agent: 'Researcher', executionSeconds: 4 }],
        ...{ trackedAt: start, checkedAt: start + 1, finishedAt: start + 3 },
      },
      { ...where, kickoffId: running.id, phase: 'running', stateText: 'REHYDRATING', tasks: [], trackedAt: start - 1 },
    ]);
  });

  it('passes each change of a problem to a listener until the listener is disposed', () => {
    const troubles: KickoffInfo['trouble'][] = [];
    const owned: Disposable[] = [];
    api.onDidChangeKickoffs((infos) => troubles.push(...infos.map(({ trouble }) => trouble)), undefined, owned);
    health.recordToken(deployment(), false);
    health.recordToken(deployment(), true);
    health.record(deployment(), undefined, unanswered('unreachable'), start);
    assert.deepEqual(
      troubles.map((trouble) => trouble?.kind),
      ['noToken', undefined, 'unreachable'],
    );
    for (const one of owned) one.dispose();
    health.recordToken(deployment(), false);
    assert.equal(troubles.length, 3);
  });

  it('lists an active run with its current problem and the time of the next poll', () => {
    health.recordToken(deployment(), true);
    health.record(deployment(), undefined, unanswered('unreachable'), start);
    const { trouble } = api.kickoffs[1]!;
    assert.equal(trouble?.kind, 'unreachable');
    assert.ok((trouble.retryAt ?? 0) > start);
    health.recordToken(deployment(), false);
    assert.equal(api.kickoffs[1]?.trouble?.kind, 'noToken');
  });

  describe('with stored outputs', () => {
    const tasks = ['first', 'unseen', 'last'].map((name, index) => ({ position: index + 1, name, hasOutput: name !== 'unseen' }));
    const other = deployment({ key: 2, url: 'https://other.example.com' });
    const same = kickoff({ deployment: other.key, tasks, phase: { kind: 'succeeded' } });
    const named = (kickoffId: string, { url: deploymentUrl } = deployment()) => ({ deploymentUrl: `${deploymentUrl}/kickoff`, kickoffId });

    before(async () => {
      const outputs = [3, 1].map((position) => ({ position, output: `# Output ${position}` }));
      const body = new TextEncoder().encode('{"state":"SUCCESS","result":"# Done\\n"}');
      for (const one of [kickoff({ tasks }), kickoff({ id: id(2), tasks })]) {
        await addKickoff(store, one);
        await store.update(one, (stored) => ({ kickoff: { ...stored, checkedAt: start }, body, outputs }));
      }
      const running = kickoff({ id: id(2), tasks, phase: { kind: 'running' } });
      board.putAll([kickoff({ tasks, phase: { kind: 'succeeded' } }), running, same], [deployment(), other]);
    });

    it('returns the output of a finished run', async () => assert.equal(await api.output(named(id())), '# Done\n'));

    it('returns no output of an active run', async () => assert.equal(await api.output(named(id(2))), undefined));

    it('returns the outputs of all tasks in order, even of an active run', async () => {
      const expected = [{ name: 'first', output: '# Output 1' }, { name: 'unseen' }, { name: 'last', output: '# Output 3' }];
      for (const one of [id(), id(2)]) assert.deepEqual(await api.taskOutputs(named(one)), expected);
    });

    it('returns no outputs for an unknown run or deployment', async () => {
      assert.deepEqual([await api.output(named(id(3))), await api.taskOutputs(named(id(3)))], [undefined, []]);
      assert.equal(await api.output({ ...named(id()), deploymentUrl: 'https://unknown.example.com' }), undefined);
    });

    it('returns no output for a run if only the run with the same kickoff ID in another deployment has output', async () => {
      const ofOther = named(id(), other);
      assert.deepEqual([await api.output(ofOther), (await api.taskOutputs(ofOther))[0]], [undefined, { name: 'first' }]);
    });

    it('passes a renamed run to listeners, but an empty list when the run is removed', () => {
      const changes: string[][] = [];
      const listening = api.onDidChangeKickoffs((infos) => changes.push(infos.map(({ deploymentUrl }) => deploymentUrl)));
      board.putAll([{ ...same, label: 'renamed' }]);
      board.putAll([{ ...same, removedAt: start }]);
      listening.dispose();
      assert.deepEqual(changes, [[other.url], []], 'first the new label, then the removal');
    });

    it('returns no task outputs of a removed run', async () => {
      board.putAll([{ ...same, removedAt: start }]);
      assert.deepEqual(await api.taskOutputs(named(id(), other)), []);
    });
  });
});
