import assert from 'node:assert/strict';
import { day } from '#test/support/manualClock';
import { TaskNode, type DeploymentNode } from '#present/outline/nodes';
import { rigWithTwoDeployments, type CommandRig } from './commandRig';

const active = { phase: { kind: 'running' } } as const;

describe('With two deployments,', () => {
  let rig: CommandRig;
  let crew: DeploymentNode;
  let other: DeploymentNode;
  beforeEach(async () => {
    [rig, crew, other] = await rigWithTwoDeployments();
  });
  afterEach(() => rig.close());

  it('Remove Run for an active run shows that the run continues in AMP', async () => {
    await rig.run('remove', await rig.kickoff(crew, 'c', active));
    assert.deepEqual(rig.said(), ['info: c removed. The run continues in AMP. [Undo]']);
  });

  it('Remove Run does nothing if it is called for a deployment that was already removed', async () => {
    await rig.kickoff(crew, 'here');
    await rig.run('removeDeployment', other);
    rig.said();
    await rig.run('remove', other);
    assert.deepEqual([rig.runs(), rig.said(), rig.boxes], [['Crew/here'], [], []]);
  });

  const key = { selected: true };

  it('the Delete key removes all selected runs if the focused run is one of them, or else only the focused run', async () => {
    const [a, b, c] = await rig.kickoffs(crew, ['a', 'b', 'c', 'd'], {});
    [rig.selection, rig.focused] = [[a, b], c];
    await rig.run('remove', key);
    assert.deepEqual(
      [rig.runs(), rig.selection],
      [
        ['Crew/d', 'Crew/b', 'Crew/a'],
        [a, b],
      ],
    );
    rig.focused = b;
    await rig.run('remove', key);
    assert.deepEqual([rig.runs(), rig.highlighted], [['Crew/d'], ['after 1', 'after 2']]);
    assert.deepEqual(rig.said(), ['info: c removed. [Undo]', 'info: Runs removed: 2. [Undo]']);
  });

  it('the Delete key removes nothing if the focused run was already removed, even if other runs are selected', async () => {
    const [a, b, c] = await rig.kickoffs(crew, ['a', 'b', 'c'], {});
    [rig.selection, rig.focused] = [[a, b], c];
    await rig.run('remove', key);
    await Promise.all([1, 2].map(() => rig.run('remove', key)));
    assert.deepEqual([rig.runs(), rig.said()], [['Crew/b', 'Crew/a'], ['info: c removed. [Undo]']]);
  });

  it('the Delete key removes nothing if a task has the focus, even if a run is selected', async () => {
    const d = await rig.kickoff(crew, 'd');
    [rig.selection, rig.focused] = [[d], new TaskNode(d, 1)];
    await rig.run('remove', key);
    assert.deepEqual([rig.runs(), rig.said()], [['Crew/d'], []]);
  });

  it('the Delete key removes selected deployments, runs, and starts together', async () => {
    const d = await rig.kickoff(crew, 'd');
    const there = await rig.kickoff(other, 'there');
    const starts = [await rig.start(crew, 'start-1'), await rig.start(other, 'start-2')] as const;
    [rig.selection, rig.focused] = [[d, crew, starts[0], there, starts[1]], d];
    await rig.run('remove', key);
    assert.deepEqual([rig.runs(), rig.labels(), rig.board.starts, rig.highlighted.pop()], [[], ['Other'], [], 'after 3']);
    assert.deepEqual(rig.said(), ['info: Deployment Crew and its runs removed. [Undo]', 'info: Runs removed: 2. [Undo]']);
  });

  /** Removes both deployments and the runs of one of them with the Delete key. */
  async function removeAll(): Promise<void> {
    const rows = await rig.kickoffs(crew, ['a', 'b'], {});
    [rig.selection, rig.focused] = [[...rows, crew, other], rows[0]];
    await rig.run('remove', key);
  }

  it('the Delete key on deployments and their runs shows notifications only for the deployments', async () => {
    await removeAll();
    assert.deepEqual([rig.labels(), rig.highlighted], [[], ['after 2']]);
    assert.deepEqual(rig.said(), ['info: Deployment Crew and its runs removed. [Undo]', 'info: Deployment Other removed. [Undo]']);
  });

  it('the key for Undo Remove restores only the last of several removed deployments', async () => {
    await removeAll();
    rig.said();
    await rig.run('undoRemove', key);
    assert.deepEqual([rig.labels(), rig.said(), rig.highlighted.at(-1)], [['Other'], ['status: Restored.'], 'Other']);
  });

  it('Undo in the notification of a removal undoes only that removal, even after later removals', async () => {
    await rig.kickoff(crew, 'one');
    const [two, three] = await rig.kickoffs(other, ['two', 'three'], {});
    await rig.run('removeDeployment', crew);
    for (const row of [two, three]) await rig.run('remove', row);
    await rig.run('removeDeployment', other);
    rig.said();
    await rig.press('Undo', 'Crew');
    assert.deepEqual(
      [rig.runs(), rig.labels(), rig.highlighted.at(-1), rig.said()],
      [['Crew/one'], ['Crew'], 'Crew', ['status: Restored.']],
    );
    await rig.press('Undo', 'two');
    assert.equal([...rig.runs(), ...rig.labels()].join(), 'Crew/one,Other/two,Crew,Other');
  });

  it('Undo in the notification of a removal shows a message if the run or deployment was already restored', async () => {
    await rig.run('remove', await rig.kickoff(other, 'three'));
    await rig.run('track', { kickoffId: 'three', deployment: 'Other' });
    rig.said();
    await rig.press('Undo', 'three');
    await rig.run('removeDeployment', crew);
    await rig.run('undoRemove');
    await rig.press('Undo', 'Crew');
    const [already, removed] = ['status: Already restored.', 'info: Deployment Crew removed. [Undo]'];
    assert.deepEqual(rig.said(), [already, removed, 'status: Restored.', already]);
  });

  it('Undo in the notification of a removal shows that there is nothing to undo after all data was deleted', async () => {
    await rig.run('removeDeployment', crew);
    await rig.tracker.deleteAll((urls) => Promise.resolve(urls));
    await rig.tracker.load();
    rig.said();
    await rig.press('Undo', 'Crew');
    assert.deepEqual(rig.said(), ['status: Nothing to undo.']);
  });

  it('Undo Remove shows a message if there is nothing to undo', async () => {
    await rig.run('undoRemove');
    await rig.run('undoRemove', key);
    assert.deepEqual(rig.said(), ['warning: Nothing to undo.', 'status: Nothing to undo.']);
  });

  it('Delete All Data deletes nothing if the user cancels', async () => {
    await rig.kickoff(crew, 'done');
    rig.secrets.set('token:https://crew.example.com', 'tok-good');
    await rig.run('deleteAllData');
    assert.deepEqual([rig.runs(), rig.secrets.size], [['Crew/done'], 1]);
    assert.match(rig.said().join(), /^warning: Delete all runs, deployments, outputs, and tokens\?/);
  });

  /** Adds three read runs, and an unread run. */
  async function oldRuns(): Promise<void> {
    for (const days of [2, 8, 31]) await rig.kickoff(crew, `${days}-days`, { finishedAt: Date.now() - days * day });
    await rig.kickoff(other, 'unread', { finishedAt: Date.now() - 40 * day, isUnread: true });
  }

  it('Remove Old Runs removes only runs that are read and older than the selected age', async () => {
    await oldRuns();
    rig.answers = [['Older than 7 days']];
    await rig.run('deleteOldRuns');
    assert.deepEqual([rig.runs(), rig.said()], [['Crew/2-days', 'Other/unread'], ['info: Runs removed: 2. [Undo]']]);
  });

  it('Remove Old Runs offers only ages for which there are older read runs, and shows the number of those runs', async () => {
    await oldRuns();
    await rig.run('deleteOldRuns');
    assert.deepEqual(
      rig.items.map(({ label, description }) => `${label}, ${description}`),
      ['Older than 30 days, Runs: 1', 'Older than 7 days, Runs: 2', 'Older than 1 day, Runs: 3'],
    );
  });

  it('Remove Old Runs removes nothing if the user cancels', async () => {
    await oldRuns();
    await rig.run('deleteOldRuns');
    assert.deepEqual([rig.runs().length, rig.said()], [4, []]);
  });

  it('Undo Remove restores all runs that Remove Old Runs removed, and highlights one of them', async () => {
    await oldRuns();
    rig.answers = [['Older than 7 days']];
    await rig.run('deleteOldRuns');
    rig.said();
    await rig.run('undoRemove');
    assert.deepEqual([rig.runs().length, rig.highlighted.length, rig.said()], [4, 1, ['status: Restored.']]);
  });

  it('Remove Old Runs shows a warning if all old runs are unread', async () => {
    await rig.kickoff(other, 'unread', { finishedAt: Date.now() - 40 * day, isUnread: true });
    await rig.run('deleteOldRuns');
    assert.match(rig.said().at(-1) ?? '', /^warning: No runs to remove\./);
  });

  const idsOfStarts = () => rig.board.starts.map(({ requestId }) => requestId);

  it('Remove Run removes all selected rows except a start that is waiting for its response', async () => {
    const run = await rig.kickoff(crew, 'one');
    const starts = [await rig.start(crew, 'start-1'), await rig.start(crew, 'start-2')] as const;
    const waiting = await rig.start(crew, 'waiting', { sentAt: Date.now() });
    await rig.run('remove', starts[0], [starts[0], run, starts[1], waiting]);
    assert.deepEqual([rig.runs(), idsOfStarts(), rig.said()], [[], ['waiting'], ['info: Runs removed: 3. [Undo]']]);
    await rig.run('remove', waiting, [waiting]);
    assert.deepEqual([idsOfStarts(), rig.said()], [['waiting'], []]);
  });

  it('Undo in the notification of a removal restores both runs and starts', async () => {
    const run = await rig.kickoff(crew, 'one');
    const starts = [await rig.start(crew, 'start-1'), await rig.start(crew, 'start-2')] as const;
    await rig.run('remove', starts[0], [starts[0], run]);
    await rig.press('Undo');
    assert.deepEqual([rig.runs(), idsOfStarts()], [['Crew/one'], ['start-1', 'start-2']]);
  });

  it('Remove Run for a start shows that the start was removed from the list', async () => {
    const first = await rig.start(crew, 'start-1');
    await rig.start(crew, 'start-2');
    await rig.run('remove', first);
    assert.deepEqual(idsOfStarts(), ['start-2']);
    assert.match(rig.said().join(), /^info: The unconfirmed start was removed from the list\..* \[Undo\]$/);
  });

  it('Undo Remove restores a removed start', async () => {
    const first = await rig.start(crew, 'start-1');
    await rig.start(crew, 'start-2');
    await rig.run('remove', first);
    await rig.run('undoRemove');
    assert.deepEqual(idsOfStarts(), ['start-1', 'start-2']);
  });
});
