import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { mock } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import vscode = require('vscode');
import { commandId } from '#contributions';
import { HistoryFailure, UnloggedError } from '#core/lib/errors';
import { id } from '#test/support/builders';
import { day } from '#test/support/manualClock';
import { createShowFailure, ErrorWithButton } from '#vscode/commands/guard';
import { registerCommands } from '#vscode/commands/lazyCommands';
import { documentUri, reportEditorId } from '#vscode/documents/documentUri';
import { openInputsFile } from '#vscode/starts/inputsDocument';
import { linksIn } from '#vscode/commands/links';
import { KickoffNode, StartNode, TaskNode, type DeploymentNode } from '#present/outline/nodes';
import { CommandRig } from './commandRig';
import { nothing } from './secondInstance';

const page = 'https://app.crewai.com/crewai_plus/deployments/7';
const active = { phase: { kind: 'running' } } as const;
const tasksOf = (...names: readonly string[]) => names.map((name, index) => ({ position: index + 1, name, hasOutput: true }));
const withOutput = { output: 'markdown', checkedAt: 1 } as const;

describe('With two deployments,', () => {
  let rig: CommandRig;
  let crew: DeploymentNode;
  let other: DeploymentNode;
  beforeEach(async () => {
    rig = new CommandRig();
    [crew, other] = [await rig.deployment('Crew'), await rig.deployment('Other')];
  });
  afterEach(() => rig.close());

  const muted = () => rig.runs(({ isMuted }) => isMuted);
  const unread = () => rig.runs(({ isUnread }) => isUnread);
  const copied = () => vscode.env.clipboard.readText();
  const labels = () => rig.board.deployments.map(({ label }) => label);

  it('a command for runs applies to all selected runs only if the clicked run is one of them', async () => {
    const [a, b, c] = await rig.kickoffs(crew, ['a', 'b', 'c'], { ...active, isUnread: true });
    const both = [crew, a, b];
    rig.selection = both;
    await rig.run('copyId', a, both);
    assert.equal(await copied(), 'a\nb');
    await rig.run('copyId', c);
    assert.equal(await copied(), 'c');
    await rig.run('mute', a, both);
    assert.deepEqual(muted(), ['Crew/b', 'Crew/a']);
    await rig.run('mute', c);
    await rig.run('unmute', a, both);
    assert.deepEqual(muted(), ['Crew/c']);
    await rig.run('markRead', a, both);
    assert.deepEqual(unread(), ['Crew/c']);
    await rig.run('refresh', a, both);
    assert.deepEqual(rig.polled.splice(0), ['Crew/a', 'Crew/b']);
    await rig.run('refresh', c);
    assert.deepEqual(rig.polled, ['Crew/c']);
    await rig.run('remove', a, both);
    assert.deepEqual(rig.runs(), ['Crew/c']);
    await rig.run('remove', c);
    assert.deepEqual(rig.runs(), []);
  });

  it('a command shows the number of runs in its message only for several runs', async () => {
    const [a, b, c] = await rig.kickoffs(crew, ['a', 'b', 'c'], { isUnread: true });
    for (const name of ['copyId', 'markRead', 'remove'] as const) {
      await rig.run(name, a, [a, b]);
      await rig.run(name, c, [c]);
    }
    assert.deepEqual(rig.said(), [
      ...['status: Kickoff IDs copied: 2.', 'status: Kickoff ID copied.'],
      ...['status: Runs marked as read: 2.', 'status: Run marked as read.'],
      ...['info: Runs removed: 2. [Undo]', 'info: c removed. [Undo]'],
    ]);
  });

  it('Remove Run shows that an active run continues in AMP', async () => {
    await rig.run('remove', await rig.kickoff(crew, 'c', active));
    assert.deepEqual(rig.said(), ['info: c removed. The run continues in AMP. [Undo]']);
  });

  it('Remove Run moves the focus to a row near the removed runs', async () => {
    const [a, b, c] = await rig.kickoffs(crew, ['a', 'b', 'c'], {});
    await rig.run('remove', a, [a, b]);
    await rig.run('remove', c);
    assert.deepEqual(rig.highlighted, ['after 2', 'after 1']);
  });

  it('Copy Kickoff ID skips selected runs that were removed, and shows a warning if no run is left', async () => {
    const [a, c] = await rig.kickoffs(crew, ['a', 'c'], {});
    await rig.run('remove', a);
    rig.said();
    await rig.run('copyId', a, [a, c]);
    await rig.run('copyId', a, [a]);
    assert.deepEqual([await copied(), rig.said()], ['c', ['status: Kickoff ID copied.', "warning: This run isn't tracked."]]);
  });

  /** Adds an active, unread run to each deployment. */
  async function oneRunEach(): Promise<void> {
    await rig.kickoff(crew, 'here', { ...active, isUnread: true });
    await rig.kickoff(other, 'there', { ...active, isUnread: true });
  }

  it('a command applies only to the runs of the clicked deployment, unless it is for all runs', async () => {
    await oneRunEach();
    await rig.run('refresh', other);
    assert.deepEqual(rig.polled.splice(0), ['Other/there']);
    await rig.run('refreshAll', crew);
    assert.deepEqual(rig.polled.splice(0).toSorted(), ['Crew/here', 'Other/there']);
    await rig.run('markDeploymentRead', other);
    assert.deepEqual([unread(), rig.said()], [['Crew/here'], ['status: Run marked as read.']]);
    await rig.run('removeDeployment', other);
    assert.deepEqual([rig.runs(), rig.said()], [['Crew/here'], ['info: Deployment Other and its runs removed. [Undo]']]);
    assert.deepEqual(rig.highlighted, ['after 1']);
  });

  it('Mark All as Read for a deployment without unread runs shows a warning', async () => {
    await rig.kickoff(crew, 'here', { isUnread: true });
    await rig.run('markDeploymentRead', other);
    assert.deepEqual(rig.said(), ['warning: No unread runs.']);
  });

  it('Copy All Kickoff IDs copies the status URLs of all runs, oldest first', async () => {
    await oneRunEach();
    await rig.run('copyAllIds');
    assert.deepEqual(rig.said(), ['status: Kickoff IDs copied as status URLs: 2.']);
    assert.equal(await copied(), 'https://crew.example.com/status/here\nhttps://other.example.com/status/there');
  });

  it('Track Kickoff Here tracks a run in the clicked deployment, and highlights the run', async () => {
    rig.answers = ['new-run'];
    await rig.run('trackHere', other);
    assert.deepEqual([rig.runs(), rig.highlighted], [['Other/new-run'], ['Other/new-run']]);
  });

  it('Track Kickoff Here asks for a new deployment if the text is a status URL of an unknown one', async () => {
    rig.answers = [`https://new.example.com/status/${id(1)}`, true, true];
    await rig.run('trackHere', other);
    assert.deepEqual([rig.runs(), rig.boxes.length], [[`new/${id(1)}`], 4]);
  });

  it('the keys for Remove Run and Rename have no effect without a focused row', async () => {
    await oneRunEach();
    for (const name of ['remove', 'rename'] as const) await rig.run(name, { selected: true });
    assert.deepEqual([rig.runs(), rig.said(), rig.boxes], [['Crew/here', 'Other/there'], [], []]);
  });

  it('Remove Run has no effect on a deployment that was already removed', async () => {
    await oneRunEach();
    await rig.run('removeDeployment', other);
    rig.said();
    await rig.run('remove', other);
    assert.deepEqual([rig.runs(), rig.said(), rig.boxes], [['Crew/here'], [], []]);
  });

  const key = { selected: true };

  /** Adds an unconfirmed start to each deployment. */
  async function oneStartEach(): Promise<readonly StartNode[]> {
    const starts = [crew, other].map(({ key: deployment }) => new StartNode(deployment, id(`start-${deployment}`)));
    for (const { deployment, requestId } of starts) await rig.store.addStart({ deployment, requestId, sentAt: 0 });
    await rig.tracker.loadChanges();
    return starts;
  }

  it('the Delete key removes all selected runs only if the focused run is one of them', async () => {
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

  it('the key for Rename applies only to the focused run, whichever runs are selected', async () => {
    const [a, b, c] = await rig.kickoffs(crew, ['a', 'b', 'c'], {});
    rig.selection = [a, b];
    for (const focused of [c, b]) {
      rig.focused = focused;
      await rig.run('rename', key);
    }
    assert.deepEqual(rig.boxes, ['Rename: c | ', 'Rename: b | ']);
  });

  it('the key for Rename has no effect on a start', async () => {
    const d = await rig.kickoff(crew, 'd');
    [rig.selection, rig.focused] = [[d], (await oneStartEach())[0]];
    await rig.run('rename', key);
    assert.deepEqual([rig.boxes, rig.said()], [[], []]);
  });

  it('the Delete key has no effect on a task, even if a run is selected', async () => {
    const d = await rig.kickoff(crew, 'd');
    [rig.selection, rig.focused] = [[d], new TaskNode(d, 1)];
    await rig.run('remove', key);
    assert.deepEqual([rig.runs(), rig.said()], [['Crew/d'], []]);
  });

  it('the Delete key removes selected deployments, runs, and starts together', async () => {
    const d = await rig.kickoff(crew, 'd');
    const there = await rig.kickoff(other, 'there');
    const starts = await oneStartEach();
    [rig.selection, rig.focused] = [[d, crew, starts[0], there, starts[1]], d];
    await rig.run('remove', key);
    assert.deepEqual([rig.runs(), labels(), rig.board.starts, rig.highlighted.pop()], [[], ['Other'], [], 'after 3']);
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
    assert.deepEqual([labels(), rig.highlighted], [[], ['after 2']]);
    assert.deepEqual(rig.said(), ['info: Deployment Crew and its runs removed. [Undo]', 'info: Deployment Other removed. [Undo]']);
  });

  it('the key for Undo Remove restores only the last of several removed deployments', async () => {
    await removeAll();
    rig.said();
    await rig.run('undoRemove', key);
    assert.deepEqual([labels(), rig.said(), rig.highlighted.at(-1)], [['Other'], ['status: Restored.'], 'Other']);
  });

  it('Undo in the notification of a removal undoes only that removal, even after later removals', async () => {
    await rig.kickoff(crew, 'one');
    const [two, three] = await rig.kickoffs(other, ['two', 'three'], {});
    await rig.run('removeDeployment', crew);
    for (const row of [two, three]) await rig.run('remove', row);
    await rig.run('removeDeployment', other);
    rig.said();
    await rig.press('Undo', 'Crew');
    assert.deepEqual([rig.runs(), labels(), rig.highlighted.at(-1), rig.said()], [['Crew/one'], ['Crew'], 'Crew', ['status: Restored.']]);
    await rig.press('Undo', 'two');
    assert.equal([...rig.runs(), ...labels()].join(), 'Crew/one,Other/two,Crew,Other');
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

  it('Refresh for deployments without a problem shows a warning only if none of the runs can be polled yet', async () => {
    const throttled = { ...active, notBefore: Date.now() + day };
    await rig.kickoff(other, 'first', throttled);
    await rig.kickoff(crew, 'here', { ...active, notBefore: 1 });
    await rig.kickoff(other, 'last', throttled);
    await rig.run('refreshAll');
    assert.deepEqual(rig.said(), []);
    await rig.run('refresh', other);
    assert.match(rig.said().join(), /^warning: Other is throttling requests until /);
  });

  it('Refresh shows a warning about a throttled deployment even if it also polls runs of another deployment', async () => {
    await rig.kickoff(other, 'there', active);
    await rig.kickoff(crew, 'here', { ...active, notBefore: 1 });
    const trouble = { kind: 'throttled', retryAt: Date.now() + day } as const;
    rig.health.replaceWith([{ subject: 'https://other.example.com', failures: 1, trouble }], rig.board.deployments);
    await rig.run('refreshAll');
    assert.match(rig.said().join(), /^warning: Other is throttling/);
    assert.deepEqual(rig.polled.toSorted(), ['Crew/here', 'Other/there']);
  });

  it('Refresh shows a warning instead of polling if a newer version of the extension wrote the history', async () => {
    await rig.kickoff(crew, 'here', active);
    mock.getter(rig.tracker, 'isReadOnly', () => true);
    await rig.run('refreshAll');
    assert.match(rig.said().join(), /^warning: A newer version of this extension wrote the run history/);
    assert.deepEqual(rig.polled, []);
  });

  it('a command that asks for a run offers only runs that it applies to', async () => {
    await rig.kickoff(crew, 'found', { ...active, checkedAt: 1 });
    await rig.kickoff(other, 'new', active);
    await rig.kickoff(crew, 'lost', { phase: { kind: 'missing' }, checkedAt: 1 });
    await rig.kickoff(crew, 'muted', { ...active, isMuted: true, checkedAt: 1 });
    await rig.kickoff(crew, 'done', { ...withOutput, label: 'Weekly' });
    for (const [name, offered] of [
      ['openReport', 'Open Report: Select a run | muted,lost,found,Weekly,new'],
      ['moveToDeployment', 'Move to Deployment…: Select a run | lost,new'],
      ['openRawStatus', 'Open Raw Response: Select a run | muted,lost,found,Weekly'],
      ['mute', 'Mute Run: Select a run | lost,found,new'],
      ['unmute', 'Unmute Run: Select a run | muted'],
    ] as const) {
      await rig.run(name);
      assert.deepEqual(rig.boxes.splice(0), [offered]);
    }
  });

  it('a command that asks for a run applies to the selected run', async () => {
    await oneRunEach();
    rig.answers = [['there']];
    await rig.run('openReport');
    assert.match(rig.calls.join(), /^vscode\.openWith crewai-kickoff:\/crewai-kickoff\/2\/there\/there\.report\.md/);
  });

  it("a command that asks for a run shows each run's deployment only if there are several deployments", async () => {
    await oneRunEach();
    const details = async () => {
      await rig.run('openReport');
      return rig.items.map(({ detail }) => detail);
    };
    assert.deepEqual((await details()).toSorted(), ['Crew', 'Other']);
    await rig.run('removeDeployment', other);
    assert.deepEqual(await details(), ['']);
  });

  it("a command that can't apply to any run or deployment shows the reason", async () => {
    await rig.kickoff(crew, 'done', { isMuted: true, checkedAt: 1 });
    for (const name of ['moveToDeployment', 'mute', 'copyError', 'saveAnswer', 'deleteToken', 'copyOutput'] as const) await rig.run(name);
    assert.deepEqual(rig.said(), [
      'warning: No runs to move. AMP found every run in its deployment.',
      'warning: No active runs to mute.',
      'warning: No failed runs with an error message.',
      "warning: No run has a response that's too large to store.",
      'warning: No deployment has a saved token.',
      'warning: No output available.',
    ]);
  });

  it('Undo Remove shows a message if there is nothing to undo', async () => {
    await rig.run('undoRemove');
    await rig.run('undoRemove', key);
    assert.deepEqual(rig.said(), ['warning: Nothing to undo.', 'status: Nothing to undo.']);
  });

  /** Adds a run with output at the deployment Other, and makes its report the active document. */
  async function showReport() {
    await rig.kickoff(other, 'done', withOutput);
    const [done] = rig.board.kickoffs;
    const activeTab = { input: new vscode.TabInputCustom(documentUri(done!, 'report'), reportEditorId) };
    mock.getter(vscode.window, 'tabGroups', () => ({ activeTabGroup: { activeTab } }));
    return documentUri(done!, 'report');
  }

  it('Copy Error asks for a run if the run of the active document has no error', async () => {
    await rig.kickoff(crew, 'failed', { phase: { kind: 'failed', reason: 'It broke.' } });
    await showReport();
    rig.answers = [['failed']];
    await rig.run('copyError');
    assert.deepEqual([rig.boxes, rig.said()], [['Copy Error: Select a run | failed'], ['status: Error copied.']]);
    assert.equal(await copied(), 'It broke.');
  });

  it('Copy Error copies the error without color codes', async () => {
    await rig.run('copyError', await rig.kickoff(crew, 'failed', { phase: { kind: 'failed', reason: '\u001b[31mIt broke.\u001b[0m' } }));
    assert.equal(await copied(), 'It broke.');
  });

  it("the button Copy Error in a report's title shows a warning instead of a question if the run has no error", async () => {
    await rig.kickoff(crew, 'failed', { phase: { kind: 'failed', reason: 'It broke.' } });
    await rig.run('copyError', await showReport());
    assert.deepEqual([rig.boxes, rig.said()], [[], ['warning: No failed runs with an error message.']]);
  });

  it('Delete Token deletes a token only after a confirmation', async () => {
    await rig.kickoff(crew, 'failed', { phase: { kind: 'failed' } });
    rig.secrets.set('token:https://crew.example.com', 'tok-good');
    const question = 'warning: Delete the token for Crew? [Delete Token]';
    await rig.run('deleteToken', crew);
    assert.deepEqual([rig.said(), rig.secrets.size], [[question], 1]);
    rig.button = 'Delete Token';
    await rig.run('deleteToken', crew);
    assert.deepEqual([rig.said(), rig.secrets.size, rig.runs().length], [[question, 'status: Token for Crew deleted.'], 0, 1]);
  });

  it("Delete Token applies to the only saved token, even if another deployment's document is active", async () => {
    await showReport();
    rig.secrets.set('token:https://crew.example.com', 'tok-good');
    rig.button = 'Delete Token';
    await rig.run('deleteToken');
    assert.deepEqual([rig.secrets.size, rig.boxes, rig.said().at(-1)], [0, [], 'status: Token for Crew deleted.']);
  });

  it('Set Token applies to the deployment of the active document', async () => {
    await showReport();
    rig.answers = ['tok-good'];
    await rig.run('setToken');
    assert.deepEqual(rig.boxes, ['Set Token: Bearer token | ']);
    assert.deepEqual([...rig.secrets.keys()], ['token:https://other.example.com']);
  });

  it('Remove Deployment asks for a deployment even if a document of a deployment is active', async () => {
    await showReport();
    await rig.run('removeDeployment');
    assert.deepEqual([rig.boxes, labels()], [['Remove Deployment: Select a deployment | Other,Crew'], ['Crew', 'Other']]);
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

  it('Remove Old Runs offers an age only if there are older read runs, and shows their number', async () => {
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

  it('Remove Old Runs shows a warning if all remaining runs are unread', async () => {
    await rig.kickoff(other, 'unread', { finishedAt: Date.now() - 40 * day, isUnread: true });
    await rig.run('deleteOldRuns');
    assert.match(rig.said().at(-1) ?? '', /^warning: No runs to remove\./);
  });

  it('Compare Selected Runs and Compare Selected Tasks show the earlier run on the left', async () => {
    const rows = await rig.kickoffs(crew, ['one', 'two', 'three'], { ...withOutput, tasks: tasksOf('write') });
    await rig.run('compareSelected', rows[2], [rows[2], rows[0]]);
    assert.match(rig.calls.splice(0).join(), /^vscode\.diff \S+one\.md\.output \S+three\.md\.output one ↔ three$/);
    const tasks = [2, 0].map((index) => new TaskNode(rows[index]!, 1));
    await rig.run('compareSelectedTasks', tasks[0], tasks);
    assert.match(rig.calls.join(), /^vscode\.diff \S+\/one\/tasks\/\S+ \S+\/three\/tasks\/\S+ one › 1\. write ↔ three › 1\. write$/);
    assert.deepEqual(rig.said(), []);
  });

  it('Compare Selected Runs without a selection asks for two runs with output, and compares them', async () => {
    await rig.kickoffs(crew, ['one', 'two', 'three'], withOutput);
    await rig.kickoff(crew, 'without-output');
    rig.answers = [['three'], ['one']];
    await rig.run('compareSelected');
    assert.deepEqual(rig.boxes, [
      'Compare Selected Runs: Select a run | three,two,one',
      'Compare Selected Runs: Select the second run to compare | two,one',
    ]);
    assert.match(rig.calls.join(), /^vscode\.diff \S+one\.md\.output \S+three\.md\.output one ↔ three$/);
  });

  it('Compare Selected Runs rejects a selection other than two runs', async () => {
    const rows = await rig.kickoffs(crew, ['one', 'two', 'three'], { ...withOutput, tasks: tasksOf('write') });
    const task = new TaskNode(rows[0]!, 1);
    for (const selection of [rows, [rows[0], task], [rows[0]]]) {
      rig.selection = selection;
      await rig.run('compareSelected', rows[0], selection);
    }
    assert.deepEqual(rig.said(), Array(3).fill('warning: Select exactly two runs that have output.'));
  });

  it('Compare Selected Tasks rejects a selection other than two tasks', async () => {
    const rows = await rig.kickoffs(crew, ['one', 'two'], { ...withOutput, tasks: tasksOf('write') });
    const task = new TaskNode(rows[0]!, 1);
    await rig.run('compareSelectedTasks', task, [task, rows[1]]);
    assert.deepEqual(rig.said(), ['warning: Select exactly two tasks that have output.']);
  });

  /** Adds earlier runs with and without output. Returns the first and the last run. Only the last run has output for the task `else`. */
  async function earlierRuns() {
    const first = await rig.kickoff(crew, 'first', { ...withOutput, output: 'json', tasks: tasksOf('write', 'read', '') });
    await rig.kickoff(other, 'elsewhere', { ...withOutput, output: 'json' });
    const withoutOutput = tasksOf('write', 'else', '').map((task) => ({ ...task, hasOutput: false }));
    await rig.kickoff(crew, 'failed', { phase: { kind: 'failed' }, tasks: withoutOutput });
    const last = await rig.kickoff(crew, 'last', { ...withOutput, output: 'json', tasks: tasksOf('read', 'else', '', 'write') });
    return { first, last };
  }

  const comparedFiles = () => rig.calls.map((call) => /\w+\/first\/(\S+) \S+\/last\/(\S+)/.exec(call)?.slice(1).join(' ↔ '));

  it('Compare with Previous Run skips earlier runs without output and runs of other deployments', async () => {
    const { last } = await earlierRuns();
    await rig.run('compareWithPrevious', last);
    assert.deepEqual(comparedFiles(), ['first.sorted.json.output ↔ last.sorted.json.output']);
  });

  it('Compare with Previous Run finds the earlier task by its name, or by its position if it has no name', async () => {
    const { last } = await earlierRuns();
    for (const position of [1, 3, 4]) await rig.run('compareWithPrevious', new TaskNode(last, position));
    assert.deepEqual(comparedFiles(), [
      'tasks/02-read.md.output ↔ tasks/01-read.md.output',
      'tasks/03-kickoff.md.output ↔ tasks/03-kickoff.md.output',
      'tasks/01-write.md.output ↔ tasks/04-write.md.output',
    ]);
    assert.deepEqual(rig.said(), []);
  });

  it('Compare with Previous Run shows a warning if no earlier run has output for the run or task', async () => {
    const { first, last } = await earlierRuns();
    await rig.run('compareWithPrevious', new TaskNode(last, 2));
    await rig.run('compareWithPrevious', first);
    assert.deepEqual(rig.calls, []);
    assert.deepEqual(rig.said(), [
      'warning: No earlier run in this deployment has output for this task.',
      'warning: No earlier run in the same deployment has output to compare with.',
    ]);
  });

  it('Rename changes the label of a run or deployment', async () => {
    const row = await rig.kickoff(crew, 'one', { label: 'Weekly' });
    rig.answers = ['  Daily \n', 'Renamed'];
    await rig.run('rename', row);
    await rig.run('rename', crew);
    assert.deepEqual(rig.boxes, ['Rename: one | Weekly', 'Rename: For example, Research Crew | Crew']);
    assert.deepEqual([labels(), rig.board.kickoffs[0]?.label], [['Renamed', 'Other'], 'Daily']);
  });

  it("Rename removes a run's label if the user enters only spaces", async () => {
    const row = await rig.kickoff(crew, 'one', { label: 'Weekly' });
    rig.answers = [' '];
    await rig.run('rename', row);
    assert.equal(rig.board.kickoffs[0]?.label, undefined);
  });

  it("Rename rejects another deployment's label, but accepts the unchanged label", async () => {
    rig.answers = ['Other'];
    await rig.run('rename', crew);
    assert.deepEqual(rig.boxes.splice(0), ['Rename: For example, Research Crew | Crew', 'Rename: For example, Research Crew | Other']);
    rig.answers = [true];
    await rig.run('rename', crew);
    assert.deepEqual([rig.boxes, labels()], [['Rename: For example, Research Crew | Crew'], ['Crew', 'Other']]);
  });

  it('Rename can be called with the label or URL of a deployment, and with a kickoff ID for a run', async () => {
    await rig.kickoff(crew, 'one', { label: 'Weekly' });
    for (const target of [
      'Other',
      'https://crew.example.com',
      { deploymentUrl: 'https://crew.example.com', kickoffId: 'one' },
      { deployment: 'Crew', kickoffId: 'one' },
    ])
      await rig.run('rename', target);
    assert.deepEqual(
      rig.boxes.map((box) => box.split(' | ')[1]),
      ['Other', 'Crew', 'Weekly', 'Weekly'],
    );
  });

  it('Rename for a task renames its run', async () => {
    const row = await rig.kickoff(crew, 'one', { label: 'Weekly' });
    rig.answers = ['Again'];
    await rig.run('rename', new TaskNode(row, 1));
    assert.equal(rig.board.kickoffs[0]?.label, 'Again');
  });

  it('a command shows a warning and changes nothing if another window deletes its deployment while a box is open', async () => {
    const deleteThen = (answer: string) => async () => {
      await rig.store.deleteAll([]);
      return answer;
    };
    rig.secrets.set('token:https://crew.example.com', 'tok-good');
    for (const [name, ...answers] of [
      ['editDeployment', 'https://crew.example.com/v2', deleteThen('Edited')],
      ['editDeployment', 'https://moved.example.com', deleteThen('Edited'), 'tok-good'],
      ['rename', deleteThen('Edited')],
      ['openInBrowser', deleteThen(page)],
    ] as const) {
      rig.answers = [...answers];
      await rig.run(name, await rig.deployment('Crew'));
      assert.deepEqual(rig.said(), ["warning: This deployment isn't in your list. To add it, run Add Deployment."], name);
      assert.deepEqual([[...rig.secrets], rig.calls], [[['token:https://crew.example.com', 'tok-good']], []]);
    }
  });

  const pageBox = 'Open in Browser: https://app.crewai.com/crewai_plus/deployments/12345 | ';

  it('Open in Browser asks for the unknown page of a deployment only once', async () => {
    const row = await rig.kickoff(other, 'one');
    rig.answers = ['https://amp.example.com/7'];
    for (const target of [row, other]) await rig.run('openInBrowser', target);
    assert.equal(rig.board.deployment(other.key)?.page, 'https://amp.example.com/7');
    assert.deepEqual(rig.boxes, [pageBox]);
    assert.deepEqual(rig.calls, Array(2).fill('vscode.open https://amp.example.com/7'));
  });

  it('Open in Browser rejects an invalid URL for the page', async () => {
    rig.answers = ['no page'];
    await rig.run('openInBrowser', other);
    assert.deepEqual([rig.boxes, rig.calls], [[pageBox, `${pageBox}no page`], []]);
    assert.equal(rig.board.deployment(other.key)?.page, undefined);
  });

  it('Track Kickoff keeps the known page of a deployment if the user enters another page', async () => {
    rig.answers = ['https://amp.example.com/7'];
    await rig.run('openInBrowser', other);
    rig.answers = [page, 'two', ['Other']];
    await rig.run('track');
    assert.deepEqual([rig.board.deployment(other.key)?.page, rig.runs()], ['https://amp.example.com/7', ['Other/two']]);
  });

  it("Open Settings shows only the extension's settings", async () => {
    await rig.run('openSettings');
    assert.match(rig.calls.join(), /openSettings @ext:kickoffs\.crewai-kickoffs$/);
  });

  it('Open Network Settings shows only the settings for certificates and proxies', async () => {
    await rig.run('openNetworkSettings');
    assert.match(rig.calls.join(), /openSettings @id:http\.systemCertificates @id:http\.proxy$/);
  });

  it('Edit Deployment keeps the token if the origin stays the same', async () => {
    rig.secrets.set('token:https://crew.example.com', 'tok-good');
    rig.answers = ['https://crew.example.com/v2', true];
    await rig.run('editDeployment', crew);
    assert.deepEqual([rig.board.deployment(crew.key)?.url, rig.boxes.length], ['https://crew.example.com/v2', 2]);
    assert.deepEqual([...rig.secrets], [['token:https://crew.example.com/v2', 'tok-good']]);
  });

  it('Edit Deployment changes the URL, the label, and the page', async () => {
    rig.answers = [page, 'https://crew.example.com/v2', 'Edited'];
    await rig.run('editDeployment', crew);
    const edited = rig.board.deployment(crew.key);
    assert.deepEqual([edited?.url, edited?.label, edited?.page], ['https://crew.example.com/v2', 'Edited', page]);
    await rig.run('openInBrowser', crew);
    assert.deepEqual(rig.calls, [`vscode.open ${page}`]);
  });

  it('Edit Deployment deletes the token and asks for another one if the origin changes', async () => {
    rig.secrets.set('token:https://crew.example.com', 'tok-good');
    rig.answers = ['https://moved.example.com', true];
    await rig.run('editDeployment', crew);
    assert.match(rig.boxes.at(-1) ?? '', /^Edit Deployment: Bearer token/);
    assert.deepEqual([rig.board.deployment(crew.key)?.url, rig.secrets.size, rig.said()], ['https://moved.example.com', 0, []]);
    rig.answers = ['https://again.example.com', true, 'tok-good'];
    await rig.run('editDeployment', crew);
    assert.deepEqual([...rig.secrets], [['token:https://again.example.com', 'tok-good']]);
  });

  it('Move to Deployment can add the deployment and its token before it moves the run', async () => {
    const row = await rig.kickoff(crew, 'lost', { phase: { kind: 'missing' }, label: 'Lost' });
    rig.answers = [['Add Deployment…'], 'https://new.example.com', 'New', 'tok-good'];
    await rig.run('moveToDeployment', row);
    assert.deepEqual(rig.boxes, [
      'Move to Deployment: lost: Select the deployment to move this run to | Other,Add Deployment…',
      'Move to Deployment: lost: https://my-crew-1a2b3c4d.crewai.com | ',
      'Move to Deployment: lost: For example, Research Crew | new',
      'Move to Deployment: Bearer token | ',
    ]);
    assert.deepEqual([...rig.secrets], [['token:https://new.example.com', 'tok-good']]);
    assert.deepEqual([rig.runs(), rig.said()], [['New/lost'], ['info: Lost moved to New. [Undo]']]);
  });

  it('Undo of a move moves the run back, and highlights the run', async () => {
    const row = await rig.kickoff(crew, 'lost', { phase: { kind: 'missing' } });
    rig.answers = [['Other']];
    await rig.run('moveToDeployment', row);
    await rig.press('Undo');
    assert.deepEqual([rig.runs(), rig.highlighted], [['Crew/lost'], ['Other/lost', 'Crew/lost']]);
  });

  it('Move to Deployment leaves a run in its deployment if the user enters the URL of that deployment', async () => {
    const row = await rig.kickoff(crew, 'lost', { phase: { kind: 'missing' } });
    rig.answers = [['Add Deployment…'], 'https://crew.example.com'];
    await rig.run('moveToDeployment', row);
    assert.deepEqual([rig.runs(), rig.highlighted.length, rig.said()], [['Crew/lost'], 1, []]);
  });

  it('Move to Deployment moves the run even if the user cancels the token box', async () => {
    const row = await rig.kickoff(crew, 'lost', { phase: { kind: 'missing' } });
    rig.answers = [['Add Deployment…'], 'https://late.example.com', 'Late', undefined];
    await rig.run('moveToDeployment', row);
    assert.deepEqual([rig.runs(), rig.highlighted.at(-1)], [['Late/lost'], 'Late/lost']);
  });

  it('Undo of a move keeps the run in the other deployment, too, if it was there before the move', async () => {
    const row = await rig.kickoff(crew, 'both', { phase: { kind: 'missing' }, label: 'Both' });
    await rig.kickoff(other, 'both');
    rig.answers = [['Other']];
    await rig.run('moveToDeployment', row);
    assert.deepEqual([rig.runs(), rig.boxes.length, rig.said()], [['Other/both'], 1, ['info: both moved to Other. [Undo]']]);
    await rig.press('Undo');
    assert.deepEqual([rig.runs(), rig.highlighted.at(-1)], [['Crew/both', 'Other/both'], 'Crew/both']);
  });

  it('Undo of a move undoes only the latest move of the run', async () => {
    const row = await rig.kickoff(crew, 'lost', { phase: { kind: 'missing' } });
    rig.answers = [['Other'], ['Add Deployment…'], 'https://late.example.com', 'Late', undefined];
    await rig.run('moveToDeployment', row);
    await rig.run('moveToDeployment', new KickoffNode({ deployment: other.key, id: id('lost') }));
    rig.said();
    await rig.press('Undo', 'Other');
    assert.deepEqual([rig.runs(), rig.said()], [['Late/lost'], ['status: Nothing to undo.']]);
    await rig.press('Undo', 'Late');
    assert.deepEqual(rig.runs(), ['Other/lost']);
  });

  it("Add Deployment saves the token for a deployment that is already in the list, and shows the deployment's label", async () => {
    rig.answers = ['https://other.example.com', 'tok-good'];
    await rig.run('addDeployment');
    assert.deepEqual([...rig.secrets], [['token:https://other.example.com', 'tok-good']]);
    assert.deepEqual(rig.said(), ['info: This deployment is already in your list as Other.']);
  });

  it('Add Deployment for another extension adds a deployment without HTTPS only after a confirmation', async () => {
    await rig.run('addDeployment', { url: 'http://plain.example.com', label: 'Plain' });
    assert.equal(rig.board.deployments.length, 2);
    rig.button = 'Send Unencrypted';
    await rig.run('addDeployment', { url: 'http://plain.example.com', label: 'Plain' });
    assert.equal(rig.board.deployments.length, 3);
    const question = 'warning: Send the token unencrypted? [Send Unencrypted]';
    assert.deepEqual(rig.said(), [
      ...[question, question],
      'info: Plain added. Start a run, or track one that was started elsewhere. [Start Run,Track Kickoff]',
    ]);
  });

  it('Add Deployment rejects a label that another deployment uses', async () => {
    await assert.rejects(rig.run('addDeployment', { url: 'https://new.example.com', label: 'Crew' }), /already uses this label/);
    assert.equal(rig.board.deployments.length, 2);
  });

  it('Track Kickoff in the notification of an added deployment tracks a run in that deployment', async () => {
    await rig.run('addDeployment', { url: 'https://new.example.com', label: 'New' });
    rig.boxes.length = 0;
    rig.answers = ['new-run'];
    await rig.press('Track Kickoff');
    assert.deepEqual([rig.runs(), rig.boxes.length], [['New/new-run'], 1]);
  });

  it('Track Kickoff adds the deployment whose URL is entered instead of a kickoff ID', async () => {
    const typed = 'https://typed.example.com';
    rig.answers = [typed, typed, 'Typed', undefined];
    await rig.run('track', new StartNode(crew.key, 'focused'));
    assert.deepEqual([labels().at(-1), rig.runs(), rig.boxes.length], ['Typed', [], 4]);
    assert.match(rig.said().join(), /^info: Typed added\./);
  });

  const statusUrl = (label: string, n: number): string => `https://${label}.example.com/status/${id(n)}`;

  it('Track Kickoff offers the token in a pasted text if the deployment has no token', async () => {
    rig.answers = [`curl -H "Authorization: Bearer tok-good" ${statusUrl('crew', 1)}`, true];
    await rig.run('track');
    assert.deepEqual(rig.boxes.slice(1), ['Track Kickoff: Bearer token | tok-good']);
    assert.deepEqual([...rig.secrets], [['token:https://crew.example.com', 'tok-good']]);
    assert.deepEqual([rig.runs(), rig.highlighted], [[`Crew/${id(1)}`], [`Crew/${id(1)}`]]);
  });

  it("Track Kickoff saves the URL of the deployment's page if the user enters it before a status URL", async () => {
    rig.answers = [page, statusUrl('crew', 1)];
    await rig.run('track');
    assert.deepEqual([rig.board.deployment(crew.key)?.page, rig.runs()], [page, [`Crew/${id(1)}`]]);
  });

  it('Track Kickoff tracks runs of known deployments in a pasted text even if the user cancels adding a new deployment', async () => {
    const hosts = { 2: 'crew', 4: 'new', 3: 'crew', 7: 'new', 8: 'other' };
    rig.answers = [[2, 4, 3, 7, 8].map((n) => statusUrl(hosts[n as keyof typeof hosts], n)).join(' ')];
    await rig.run('track');
    const tracked = [...[2, 3].map((n) => `Crew/${id(n)}`), `Other/${id(8)}`];
    assert.deepEqual([rig.runs().toSorted(), rig.highlighted], [tracked, [`Crew/${id(2)}`]]);
    assert.deepEqual(rig.said(), ['warning: Runs not tracked: 2. To track the rest, paste the text again.']);
    assert.match(rig.boxes.at(-1) ?? '', /^Track Kickoff: 0{8}-.*4: https:.* \| https:\/\/new\.example\.com$/);
  });

  it('Track Kickoff keeps a saved token if a pasted text contains another token', async () => {
    rig.secrets.set('token:https://crew.example.com', 'tok-good');
    rig.answers = [`curl -H "Authorization: Bearer tok-else" ${statusUrl('crew', 1)}`];
    await rig.run('track');
    assert.equal(rig.boxes.length, 1, 'no box for the token');
    assert.deepEqual([rig.runs(), [...rig.secrets.values()]], [[`Crew/${id(1)}`], ['tok-good']]);
  });

  it('Track Kickoff tracks no run of a pasted text if the ID of one run is a saved token', async () => {
    rig.secrets.set('token:https://other.example.com', id(6));
    for (const n of [5, 6]) {
      rig.answers = [`${statusUrl('crew', n)} ${statusUrl('crew', 11 - n)}`];
      await rig.run('track');
      assert.match(rig.said().join(), /^warning: This is a deployment's saved token/);
    }
    assert.deepEqual(rig.runs(), []);
  });

  it('Track Kickoff tracks nothing if another window deletes the selected deployment while a box is open', async () => {
    const deleteAll = async () => {
      await rig.store.deleteAll([]);
      await rig.tracker.loadChanges();
      return ['Crew'];
    };
    rig.answers = [id(1), deleteAll];
    await rig.run('track');
    assert.deepEqual([rig.runs(), rig.said()], [[], ["warning: This deployment isn't in your list. To add it, run Add Deployment."]]);
  });

  it("a command that asks for a run shows the command's translated title in the box", async () => {
    const title = { value: '停止运行', original: 'Stop Run' };
    const packageJSON = { contributes: { commands: [{ command: commandId('stop'), title }] } };
    mock.method(vscode.extensions, 'getExtension', () => ({ packageJSON }));
    await rig.kickoff(crew, 'one', active);
    await rig.kickoff(other, 'two', active);
    await rig.run('stop');
    assert.match(rig.boxes[0] ?? '', /^停止运行: /);
  });

  it('Track Kickoff stores each run and token in a pasted text for its own deployment', async () => {
    const at = (n: number) => `curl -H "Authorization: Bearer tok-good${n}" https://new${n}.example.com/status/${id(n)}`;
    rig.amp.checkToken = () => Promise.resolve('good');
    rig.answers = [`${at(1)}\n${at(2)}`, true, true, true, true, true, true];
    await rig.run('track');
    assert.deepEqual(rig.runs(), [`new1/${id(1)}`, `new2/${id(2)}`]);
    const tokens = [1, 2].map((n) => [`token:https://new${n}.example.com`, `tok-good${n}`]);
    assert.deepEqual([[...rig.secrets], rig.highlighted], [tokens, [`new1/${id(1)}`]]);
  });

  const linked = vscode.Uri.parse('code-oss://kickoffs.crewai-kickoffs/track?url=https://other.example.com&id=linked');

  it('a link to a run tracks and highlights the run', async () => {
    await rig.run('track', { isLink: true, uri: linked });
    assert.deepEqual([rig.runs(), rig.highlighted, rig.said()], [['Other/linked'], ['Other/linked'], []]);
  });

  it('a link to a tracked run highlights the run, and shows a message', async () => {
    await rig.kickoff(other, 'linked');
    await rig.run('track', { isLink: true, uri: linked });
    const message = 'status: This run is already tracked.';
    assert.deepEqual([rig.runs(), rig.highlighted, rig.said()], [['Other/linked'], ['Other/linked'], [message]]);
  });

  it('Track Kickoff for another extension neither highlights a tracked run nor shows a message', async () => {
    await rig.kickoff(other, 'linked');
    await rig.run('track', { kickoffId: 'linked', deployment: 'Other' });
    assert.deepEqual([rig.highlighted, rig.said()], [[], []]);
  });

  const link = (at: string) => ({
    isLink: true,
    uri: vscode.Uri.parse(`code-oss://kickoffs.crewai-kickoffs/track?url=${at}&id=linked`),
  });
  const linkQuestions = [
    'warning: Add the deployment from this link? [Add Deployment]',
    'warning: Send the token unencrypted? [Send Unencrypted]',
  ];

  it('a link to an unknown deployment adds nothing if the user declines a required confirmation', async () => {
    for (const [at, buttons, asked] of [
      ['https://new.example.com', [], 1],
      ['https://new.example.com', ['Send Unencrypted'], 1],
      ['http://new.example.com', ['Add Deployment'], 2],
    ] as const) {
      rig.button = buttons;
      await rig.run('track', link(at));
      assert.deepEqual(rig.said(), linkQuestions.slice(0, asked));
      assert.deepEqual([rig.boxes, labels(), rig.runs()], [[], ['Crew', 'Other'], []]);
    }
  });

  it('a link to an unknown deployment adds it after the user confirms the deployment and the unencrypted token', async () => {
    rig.button = ['Add Deployment', 'Send Unencrypted'];
    rig.answers = ['Linked', undefined];
    await rig.run('track', link('http://plain.example.com'));
    assert.deepEqual([rig.runs(), rig.boxes.length, rig.said(), rig.highlighted], [['Linked/linked'], 2, linkQuestions, ['Linked/linked']]);
    assert.match(rig.details[1] ?? '', /^http:\/\/plain\.example\.com doesn't use HTTPS/);
  });

  it('a link to an unknown deployment causes a confirmation that shows the origin in ASCII', async () => {
    for (const scheme of ['http', 'https']) await rig.run('track', link(`${scheme}://my-cr\u0435w.example.com`));
    assert.match(rig.details[0] ?? '', /^http:\/\/xn--my-crw-\S+\.example\.com\n/);
    assert.match(rig.details[1] ?? '', /^https:\/\/xn--my-crw-\S+\.example\.com\n/);
  });

  it('a link with an AMP dashboard URL or unknown parameters is rejected', async () => {
    await rig.run('track', link('https://app.crewai.com'));
    await rig.run('track', link('https://plain.example.com&token=tok-good'));
    assert.match(rig.said().join('\n'), /^warning: This is an AMP dashboard URL.*\nwarning: Can't open the link: it contains more than/);
    assert.deepEqual([labels(), rig.runs()], [['Crew', 'Other'], []]);
  });

  it('a terminal link tracks the run in the deployment whose URL is in the line, without opening a box', async () => {
    const line = `curl -X POST https://other.example.com/kickoff → {"kickoff_id": "${id(1)}"}`;
    await rig.run('track', linksIn(line)[0]);
    assert.deepEqual([rig.runs(), rig.boxes], [[`Other/${id(1)}`], []]);
  });

  it('a terminal link tracks nothing if the ID is a saved token', async () => {
    rig.secrets.set('token:https://other.example.com', id(1));
    await rig.run('track', linksIn(`curl -X POST https://other.example.com/kickoff → {"kickoff_id": "${id(1)}"}`)[0]);
    assert.match(rig.said().join(), /^warning: This is a deployment's saved token/);
    assert.deepEqual([rig.runs(), rig.boxes], [[], []]);
  });

  it("Track Kickoff saves the ID separately if the history can't be written", async () => {
    mock.method(rig.tracker, 'trackAll', () => Promise.reject(new HistoryFailure('diskFull')));
    rig.answers = ['lost', ['Other']];
    await rig.run('track');
    assert.deepEqual(rig.pending, [{ url: 'https://other.example.com', label: 'Other', ids: ['lost'] }]);
    assert.match(rig.said().join(), /^error: Can't save .* disk space\. The kickoff ID is saved separately\. .* \[Show Log\]$/);
    await rig.press('Show Log');
    assert.deepEqual(rig.calls, ['log']);
  });

  it("Track Kickoff saves the ID separately with the URL and label of a deployment that can't be added", async () => {
    mock.method(rig.tracker, 'addDeployment', () => Promise.reject(new HistoryFailure('diskFull')));
    rig.answers = ['lost', ['Add Deployment…'], 'https://new.example.com', 'New'];
    await rig.run('track');
    assert.deepEqual(rig.pending, [{ url: 'https://new.example.com', label: 'New', ids: ['lost'] }]);
  });

  it('Track Kickoff saves no ID separately if a newer version of the extension wrote the history', async () => {
    mock.method(rig.tracker, 'trackAll', () => Promise.reject(new HistoryFailure('newer')));
    await assert.rejects(rig.run('track', { kickoffId: 'lost', deployment: 'Crew' }), /newer version/);
    assert.deepEqual(rig.pending, []);
  });

  it("Track Kickoff saves all IDs in a pasted text separately if the history can't be written", async () => {
    const hosts = ['crew', 'crew', 'other', 'new', 'newest'];
    const text = hosts.map((host, index) => `https://${host}.example.com/status/${id(index + 1)}`).join('\n');
    mock.method(rig.tracker, 'trackAll', () => Promise.reject(new HistoryFailure('locked')));
    rig.answers = [text];
    await rig.run('track');
    assert.match(rig.said().join(), /^error: .* The kickoff IDs are saved separately\./);
    assert.deepEqual(rig.pending, [
      { url: 'https://crew.example.com', label: 'Crew', ids: [id(1), id(2)] },
      { url: 'https://other.example.com', label: 'Other', ids: [id(3)] },
      { url: 'https://new.example.com', label: 'new', ids: [id(4)] },
      { url: 'https://newest.example.com', label: 'newest', ids: [id(5)] },
    ]);
  });

  it('Track Kickoff neither tracks nor saves the IDs in a pasted text if one of them is a saved token', async () => {
    const text = ['crew', 'other', 'new'].map((host, index) => `https://${host}.example.com/status/${id(index + 1)}`).join('\n');
    rig.secrets.set('token:https://crew.example.com', id(3));
    for (const isLocked of [false, true]) {
      if (isLocked) mock.method(rig.tracker, 'trackAll', () => Promise.reject(new HistoryFailure('locked')));
      rig.answers = [text];
      await rig.run('track');
      assert.match(rig.said().join(), /^warning: This is a deployment's saved token/);
      assert.deepEqual([rig.runs(), rig.pending], [[], []]);
    }
  });

  /** Writes a `.env` file with these tokens by host name, and opens its folder. Returns the path of the file. */
  function writeEnv(tokens: Readonly<Record<string, string>>): string {
    const lines = Object.entries(tokens).map(([name, token]) => {
      const url = `${name === 'plain' ? 'http' : 'https'}://${name}.example.com`;
      return `${name.toUpperCase()}_CREW_URL=${url}\n${name.toUpperCase()}_CREW_TOKEN=tok-${token}\n`;
    });
    const file = path.join(rig.folder, '.env');
    writeFileSync(file, lines.join(''));
    mock.getter(vscode.workspace, 'workspaceFolders', () => [{ uri: vscode.Uri.file(rig.folder) }]);
    return file;
  }

  it("Import Deployments from .env shows a warning if the selected file can't be read, but not if none is selected", async () => {
    await rig.run('importEnv');
    assert.deepEqual(rig.said(), [], 'after Escape in the dialog');
    rig.file = vscode.Uri.file(path.join(rig.folder, '.env'));
    await rig.run('importEnv');
    assert.deepEqual(rig.said(), ["warning: Couldn't read this file. Select another file."]);
  });

  it('Import Deployments from .env offers the .env file in the workspace folder, but not a subfolder named .env.d', async () => {
    const file = writeEnv({ new: 'good' });
    mkdirSync(path.join(rig.folder, '.env.d'));
    await rig.run('importEnv');
    assert.deepEqual(rig.boxes, [`Import Deployments from .env: Select a .env file | ${file},Select Another File…`]);
  });

  it('Import Deployments from .env imports the selected deployments without the tokens that they reject', async () => {
    rig.file = vscode.Uri.file(writeEnv({ new: 'good', bad: 'refused', crew: 'good' }));
    rig.answers = [['Select Another File…'], true];
    await rig.run('importEnv');
    assert.deepEqual(rig.boxes.slice(1), ['Import Deployments from .env: Select the deployments to import | new,bad,Crew']);
    assert.deepEqual(labels().toSorted(), ['Crew', 'Other', 'bad', 'new']);
    assert.deepEqual(
      [...rig.secrets.keys()].toSorted(),
      ['crew', 'new'].map((name) => `token:https://${name}.example.com`),
    );
    assert.deepEqual(rig.said(), [
      'status: Deployments imported or updated: 3.',
      'warning: Tokens rejected and not saved for these deployments: bad. To enter new tokens, run Set Token.',
    ]);
  });

  it("Import Deployments from .env saves a token that the extension couldn't verify, and shows a message", async () => {
    writeEnv({ slow: 'notChecked' });
    rig.answers = [true, true];
    await rig.run('importEnv');
    assert.deepEqual([...rig.secrets.keys()], ['token:https://slow.example.com']);
    assert.deepEqual(rig.said(), [
      "status: Token saved, but the extension couldn't verify it with the deployment.",
      'status: Deployment imported or updated.',
    ]);
  });

  it('Import Deployments from .env shows no message if the user imports the same deployment and token again', async () => {
    writeEnv({ new: 'good' });
    rig.answers = [true, true];
    await rig.run('importEnv');
    assert.deepEqual(rig.said(), ['status: Deployment imported or updated.']);
    rig.answers = [true, ['new']];
    await rig.run('importEnv');
    assert.deepEqual(rig.said(), []);
  });

  it('Import Deployments from .env imports a deployment without HTTPS only after a confirmation', async () => {
    writeEnv({ plain: 'good', new: 'good' });
    const question = 'warning: Send the token unencrypted? [Send Unencrypted]';
    const one = 'status: Deployment imported or updated.';
    rig.answers = [true, ['plain', 'new']];
    await rig.run('importEnv');
    assert.deepEqual([labels().includes('plain'), labels().includes('new'), rig.said()], [false, true, [question, one]]);
    rig.button = 'Send Unencrypted';
    rig.answers = [true, ['plain', 'new']];
    await rig.run('importEnv');
    assert.equal(rig.secrets.get('token:http://plain.example.com'), 'tok-good');
    assert.deepEqual(rig.said(), [question, one]);
  });

  it("Import Deployments from .env doesn't read a device, because reading a device may never end", async () => {
    const device = { type: vscode.FileType.Unknown, size: 0, ctime: 0, mtime: 0 };
    rig.fileSystem = { stat: () => Promise.resolve(device) };
    rig.file = vscode.Uri.file(path.join(rig.folder, '.env'));
    writeFileSync(rig.file.fsPath, '');
    await rig.run('importEnv');
    assert.deepEqual(rig.said(), ["warning: Couldn't read this file. Select another file."]);
  });

  /** Adds a run whose response is too large to store, and a file that the user selects in the dialog. */
  async function largeResponse() {
    const row = await rig.kickoff(crew, 'large', { ...active, trouble: { kind: 'tooLarge' } });
    const file = path.join(rig.folder, 'saved.json');
    rig.file = vscode.Uri.file(file);
    writeFileSync(file, 'before');
    rig.amp.save = (_, run, { path: part, onProgress }) => {
      writeFileSync(part, run);
      for (const mebibytes of [0.5, 1, 1.5, 2.5]) onProgress(mebibytes * 1_048_576);
      return Promise.resolve(undefined);
    };
    return { row, file, content: () => readFileSync(file, 'utf8') };
  }

  it('Save Response As shows no message if the user cancels the dialog', async () => {
    const { row, content } = await largeResponse();
    rig.file = undefined;
    await rig.run('saveAnswer', row);
    assert.deepEqual([rig.said(), content()], [[], 'before']);
  });

  it('Save Response As replaces the selected file, and shows the progress in whole MiB', async () => {
    const { row, file, content } = await largeResponse();
    await rig.run('saveAnswer', row);
    assert.equal(content(), 'large');
    assert.deepEqual(rig.said(), ['1 MiB', '2 MiB', 'info: Response saved (2 MiB). [Open File]']);
    await rig.press('Open File');
    assert.deepEqual(rig.calls, [`vscode.open file://${file}`]);
  });

  it('Save Response As replaces no file for a run that is unknown or has a small response', async () => {
    const { content } = await largeResponse();
    await assert.rejects(rig.run('saveAnswer', { deployment: 'Crew', kickoffId: 'unknown' }), /isn't tracked/);
    await rig.run('saveAnswer', await rig.kickoff(crew, 'small', active));
    assert.equal(content(), 'before');
    assert.deepEqual(rig.said(), [
      "warning: This command saves only responses over 64 MiB. To see this run's response, run Open Raw Response.",
    ]);
  });

  for (const [what, save, message] of [
    [
      "AMP doesn't find the run",
      () => Promise.resolve('missing'),
      "warning: Couldn't save the response. Problem: not found or waiting for human input. Try again after the problem is resolved.",
    ],
    [
      'the disk is full',
      () => Promise.reject(Object.assign(new Error(), { code: 'ENOSPC' })),
      "warning: Couldn't write the file (ENOSPC). Save the response to a different folder or disk.",
    ],
  ] as const)
    it(`Save Response As shows a warning instead of replacing the file if ${what}`, async () => {
      const { row, content } = await largeResponse();
      rig.amp.save = save;
      await rig.run('saveAnswer', row);
      assert.deepEqual([rig.said(), content()], [[message], 'before']);
    });

  it("Save Response As leaves no unfinished file if the selected file can't be replaced", async () => {
    const { row, content } = await largeResponse();
    rig.fileSystem = { rename: () => Promise.reject(Object.assign(new Error(), { code: 'NoPermissions' })) };
    await rig.run('saveAnswer', row);
    assert.match(rig.said().at(-1) ?? '', /^warning: Couldn't write the file \(NoPermissions\)/);
    const names = readdirSync(rig.folder).filter((name) => name.startsWith('saved'));
    assert.deepEqual([names, content()], [['saved.json'], 'before']);
  });

  it("Copy Output, Save Output As, and Open Output for a task use the task's own output", async () => {
    const tasks = tasksOf('first', 'second');
    const row = await rig.kickoff(crew, 'one', { ...withOutput, tasks });
    await rig.store.update(row.ref, (stored) => ({
      kickoff: { ...stored, isMuted: true },
      outputs: tasks.map(({ position, name }) => ({ position, output: `# ${name}` })),
    }));
    const task = new TaskNode(row, 2);
    rig.file = vscode.Uri.file(path.join(rig.folder, 'task.md'));
    await rig.run('copyOutput', task);
    await rig.run('saveOutput', task);
    await rig.run('openOutput', task);
    assert.deepEqual([await copied(), readFileSync(rig.file.fsPath, 'utf8')], ['# second', '# second']);
    assert.match(rig.calls.join(), /^vscode\.open \S+\/one\/tasks\/02-second\.md\.output$/);
    assert.deepEqual(rig.said(), ['status: Output copied.']);
  });

  it('Copy Output copies the exact output of a run, including a byte order mark', async () => {
    mock.method(rig.store, 'body', () => Promise.resolve(Buffer.from('\ufeffwhole')));
    await rig.run('copyOutput', await rig.kickoff(crew, 'one', withOutput));
    assert.deepEqual([await copied(), rig.said()], ['\ufeffwhole', ['status: Output copied.']]);
  });

  it("Copy Output shows a warning if the run's response was lost", async () => {
    mock.method(rig.store, 'body', () => Promise.resolve(undefined));
    await rig.run('copyOutput', await rig.kickoff(crew, 'lost', withOutput));
    assert.deepEqual(rig.said(), ["warning: This run's response was lost when an earlier history file was damaged or deleted."]);
  });

  it("Copy Diagnostics copies the run's URL and problem, and the settings", async () => {
    const failing = await rig.kickoff(other, 'failing', { ...active, trouble: { kind: 'refused' } });
    await rig.run('copyDiagnostics', failing);
    assert.match(await copied(), /Run: https:\/\/other\.example\.com\/status\/failing\n[^]*Problem: refused[^]*Settings: keepDays 7/);
  });

  it("Copy Diagnostics copies the run's URL even if the history is damaged", async () => {
    const row = await rig.kickoff(crew, 'one');
    mock.method(rig.store, 'inputs', () => Promise.reject(new HistoryFailure('damaged')));
    await rig.run('copyDiagnostics', row);
    assert.match(await copied(), /Run: https:\/\/crew\.example\.com\/status\/one\n/);
  });

  it('a command that fails unexpectedly logs its error, and shows a message with the button Show Log', async () => {
    const row = await rig.kickoff(crew, 'one', active);
    mock.method(rig.tracker, 'mute', () => Promise.reject(new TypeError('a bug')));
    const logged = mock.method(rig.log, 'error');
    await rig.run('mute', row);
    assert.deepEqual(rig.said(), ['error: Something went wrong. See the log for details. [Show Log]']);
    await rig.press('Show Log');
    assert.deepEqual(rig.calls, ['log']);
    assert.match(logged.mock.calls.map((call) => call.arguments as readonly unknown[]).join(), /^Command mute failed: TypeError: a bug/);
  });

  /** Runs a command for another extension. The command fails unexpectedly. Returns the log. */
  async function failForExtension(): Promise<string> {
    await rig.kickoff(crew, 'one', active);
    mock.method(rig.tracker, 'mute', () => Promise.reject(new TypeError('a bug')));
    const logged = mock.method(rig.log, 'error');
    await assert.rejects(rig.run('mute', { deployment: 'Crew', kickoffId: 'one' }), /a bug/);
    return logged.mock.calls.map((call) => call.arguments as readonly unknown[]).join();
  }

  it('a command that fails unexpectedly for another extension returns its error to that extension instead of showing a message', async () => {
    await failForExtension();
    assert.deepEqual(rig.said(), []);
  });

  it('a command that fails unexpectedly logs its error even if another extension ran it', async () => {
    assert.match(await failForExtension(), /^Command mute/);
  });

  it('an error message that may contain inputs is shown only to the user, without links', async () => {
    await rig.kickoff(crew, 'one', active);
    mock.method(rig.tracker, 'mute', () => Promise.reject(new UnloggedError('The [topic](command:a) is banned.')));
    const logged = mock.method(rig.log, 'warn');
    await assert.rejects(rig.run('mute', { deployment: 'Crew', kickoffId: 'one' }), /^Error: Command mute failed\. Only the user sees/);
    assert.deepEqual(rig.said(), ['warning: The (topic)(command:a) is banned.'], 'without a link');
    const [line] = logged.mock.calls.flatMap((call) => call.arguments as readonly string[]);
    assert.doesNotMatch(line ?? 'banned', /banned/);
  });

  it('a command gets the clicked and the selected rows, or the clicked link, as arguments', () => {
    const calls: (readonly unknown[])[] = [];
    const registered = (['registerTerminalLinkProvider', 'registerUriHandler'] as const).map((name) =>
      mock.method(vscode.window, name, nothing),
    );
    const handlers = mock.method(vscode.commands, 'registerCommand', nothing);
    registerCommands((...call) => calls.push(call));
    const stop = handlers.mock.calls.map((call) => call.arguments as readonly unknown[]).find(([name]) => name === 'crewaiKickoffs.stop');
    (stop?.[1] as (...of: readonly unknown[]) => unknown)('row', ['rows']);
    const [terminal, links] = registered.map((one) => (one.mock.calls[0]?.arguments as readonly unknown[])[0]);
    (terminal as vscode.TerminalLinkProvider).handleTerminalLink('link' as never);
    (links as vscode.UriHandler).handleUri('uri' as never);
    assert.deepEqual(calls, [
      ['stop', 'row', ['rows']],
      ['track', 'link'],
      ['track', { isLink: true, uri: 'uri' }],
    ]);
  });

  it("Set Token saves a token even if the extension can't check it", async () => {
    rig.amp.checkToken = () => Promise.reject(new Error('not loaded'));
    rig.answers = ['tok-good'];
    await rig.run('setToken', { deployment: 'Other' });
    assert.deepEqual([...rig.secrets], [['token:https://other.example.com', 'tok-good']]);
    assert.match(rig.said().join(), /^status: Token saved, but /);
  });

  it('Stop Run applies only to active runs', async () => {
    const [running, done] = [await rig.kickoff(crew, 'running', active), await rig.kickoff(crew, 'done')];
    await rig.run('stop', running, [running, done]);
    assert.deepEqual(rig.said(), ['warning: Stop the run running? [Stop Run]']);
    await rig.run('stop', done, [done]);
    assert.deepEqual(rig.said(), ['warning: No active runs to stop.']);
  });

  /** Adds three starts. The last start is waiting for its response. Returns the starts, and a function for the IDs in the list. */
  async function threeStarts() {
    const starts = [1, 2, 3].map((number) => new StartNode(crew.key, id(`start-${number}`)));
    for (const { deployment, requestId } of starts)
      await rig.store.addStart({ deployment, requestId, sentAt: requestId === starts[2]?.requestId ? Date.now() : 0 });
    await rig.tracker.loadChanges();
    return { starts, all: starts.map(({ requestId }) => requestId), left: () => rig.board.starts.map(({ requestId }) => requestId) };
  }

  it('Remove Run removes all selected rows except a start that is waiting for its response', async () => {
    const run = await rig.kickoff(crew, 'one');
    const { starts, all, left } = await threeStarts();
    await rig.run('remove', starts[0], [starts[0], run, starts[1], starts[2]]);
    assert.deepEqual([rig.runs(), left(), rig.said()], [[], [all[2]], ['info: Runs removed: 3. [Undo]']]);
    await rig.run('remove', starts[2], [starts[2]]);
    assert.deepEqual([left(), rig.said()], [[all[2]], []]);
  });

  it('Undo in the notification of a removal restores both runs and starts', async () => {
    const run = await rig.kickoff(crew, 'one');
    const { starts, all, left } = await threeStarts();
    await rig.run('remove', starts[0], [starts[0], run, starts[1]]);
    await rig.press('Undo');
    assert.deepEqual([rig.runs(), left()], [['Crew/one'], all]);
  });

  it('Remove Run for a start shows that the start was removed from the list', async () => {
    const { starts, all, left } = await threeStarts();
    await rig.run('remove', starts[1]);
    assert.deepEqual(left(), [all[0], all[2]]);
    assert.match(rig.said().join(), /^info: Start removed from the list\..* \[Undo\]$/);
  });

  it('Undo Remove restores a removed start', async () => {
    const { starts, all, left } = await threeStarts();
    await rig.run('remove', starts[1]);
    await rig.run('undoRemove');
    assert.deepEqual(left(), all);
  });

  it('Import Deployments from .env offers the .env files of all workspace folders', async () => {
    const folders = ['one', 'two'].map((name) => path.join(rig.folder, name));
    for (const folder of folders) {
      mkdirSync(folder);
      writeFileSync(path.join(folder, '.env'), '');
    }
    mock.getter(vscode.workspace, 'workspaceFolders', () => folders.map((folder) => ({ uri: vscode.Uri.file(folder) })));
    rig.answers = [undefined];
    await rig.run('importEnv');
    for (const name of ['one', 'two']) assert.match(rig.boxes.join(), new RegExp(name));
  });

  it('the button in an error message runs its command for the deployment with the error', async () => {
    const showFailure = createShowFailure(rig.log);
    showFailure(new ErrorWithButton('No token.', 'Set Token', 'setToken', other));
    rig.answers = ['tok-good'];
    await rig.press('Set Token');
    for (let tries = 0; tries < 500 && rig.secrets.size === 0; tries++) await setTimeout(10);
    assert.deepEqual([...rig.secrets], [['token:https://other.example.com', 'tok-good']]);
  });

  /** Opens a form with a value as a file in the workspace folder, which already contains a file with that name. */
  async function openForms(...topics: readonly string[]): Promise<readonly vscode.TextEditor[]> {
    const deployment = rig.board.deployment(crew.key);
    assert.ok(deployment);
    mock.getter(vscode.workspace, 'workspaceFolders', () => [{ uri: vscode.Uri.file(rig.folder) }]);
    writeFileSync(path.join(rig.folder, 'Crew.inputs.jsonc'), '');
    const editors: vscode.TextEditor[] = [];
    for (const topic of topics) {
      await openInputsFile(deployment, { inputs: { topic } });
      editors.push(vscode.window.activeTextEditor!);
    }
    mock.restoreAll();
    return editors;
  }

  async function closeForms(editors: readonly vscode.TextEditor[]): Promise<void> {
    for (const _ of editors) await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }

  it('Start Run opens each form as a new file in the workspace folder', async () => {
    const editors = await openForms('cats', 'dogs');
    const names = editors.map(({ document: { uri } }) => path.relative(vscode.Uri.file(rig.folder).path, uri.path));
    assert.deepEqual(names, ['Crew 2.inputs.jsonc', 'Crew 3.inputs.jsonc']);
    const topics = editors.map(({ document }) =>
      document
        .getText()
        .match(/"topic": ".*"/g)
        ?.join(),
    );
    assert.deepEqual(topics, ['"topic": "cats"', '"topic": "dogs"']);
    await closeForms(editors);
  });

  it('Start Run selects the first value in a new file only if the value has at most 60 characters', async () => {
    const selected: string[] = [];
    for (const length of [60, 61]) {
      const editors = await openForms('x'.repeat(length));
      selected.push(...editors.map(({ document, selection }) => document.getText(selection)));
      await closeForms(editors);
    }
    assert.deepEqual(selected, ['x'.repeat(60), '']);
  });
});
