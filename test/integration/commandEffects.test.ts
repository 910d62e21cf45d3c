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
import { documentUri, reportEditor } from '#vscode/documents/documentUri';
import { openInputsFile } from '#vscode/starts/inputsDocument';
import { linksIn } from '#vscode/commands/links';
import { KickoffNode, StartNode, TaskNode, type DeploymentNode } from '#present/outline/nodes';
import { CommandRig } from './commandRig';
import { nothing } from './secondInstance';

const page = 'https://app.crewai.com/crewai_plus/deployments/7';
const active = { phase: { kind: 'running' } } as const;
const tasksOf = (...names: readonly string[]) => names.map((name, index) => ({ position: index + 1, name, hasOutput: true }));
const withOutput = { output: 'markdown', checkedAt: 1 } as const;

describe('With runs at two deployments,', () => {
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

  it('a command applies to all selected rows only if the clicked row is one of them', async () => {
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
    await rig.run('markRead', c);
    const texts = ['Kickoff IDs copied: 2.', 'Kickoff ID copied.', 'Runs marked as read: 2.', 'Run marked as read.'];
    assert.deepEqual(rig.said().join(), texts.map((text) => `status: ${text}`).join());
    await rig.run('remove', a, both);
    assert.deepEqual([rig.runs(), rig.said()], [['Crew/c'], ['info: Runs removed: 2. [Undo]']]);
    for (const rows of [[a, c], [a]]) await rig.run('copyId', a, rows);
    assert.deepEqual([await copied(), rig.said()], ['c', ['status: Kickoff ID copied.', "warning: This run isn't tracked."]]);
    await rig.run('remove', c);
    assert.deepEqual(
      [rig.runs(), rig.highlighted, rig.said()],
      [[], ['after 2', 'after 1'], ['info: c removed. The run continues in AMP. [Undo]']],
    );
  });

  it('a command applies only to the runs of the clicked deployment, unless it is for all runs', async () => {
    await rig.kickoff(crew, 'here', { ...active, isUnread: true });
    await rig.kickoff(other, 'there', { ...active, isUnread: true });
    await rig.run('refresh', other);
    assert.deepEqual(rig.polled.splice(0), ['Other/there']);
    await rig.run('refreshAll', crew);
    assert.deepEqual(rig.polled.splice(0).toSorted(), ['Crew/here', 'Other/there']);
    await rig.run('markDeploymentRead', other);
    assert.deepEqual(unread(), ['Crew/here']);
    await rig.run('markDeploymentRead', other);
    await rig.run('copyAllIds');
    const ids = 'status: Kickoff IDs copied as status URLs: 2.';
    assert.deepEqual(rig.said(), ['status: Run marked as read.', 'warning: No unread runs.', ids]);
    assert.equal(await copied(), 'https://crew.example.com/status/here\nhttps://other.example.com/status/there', 'oldest first');
    rig.answers = ['new-run'];
    await rig.run('trackHere', other);
    assert.deepEqual(rig.runs(), ['Crew/here', 'Other/new-run', 'Other/there']);
    await rig.run('removeDeployment', other);
    assert.deepEqual([rig.runs(), rig.said()], [['Crew/here'], ['info: Deployment Other and its runs removed. [Undo]']]);
    assert.deepEqual(rig.highlighted, ['Other/new-run', 'after 1']);
    await rig.run('remove', { selected: true });
    await rig.run('rename', { selected: true });
    await rig.run('remove', other);
    assert.deepEqual([rig.runs(), rig.said(), rig.boxes.length], [['Crew/here'], [], 1]);
  });

  it('the Delete key removes all selected rows only if the focused row is one of them', async () => {
    const key = { selected: true };
    const [a, b, c, d] = await rig.kickoffs(crew, ['a', 'b', 'c', 'd'], {});
    const there = await rig.kickoff(other, 'there');
    const starts = [crew, other].map(({ key: deployment }) => new StartNode(deployment, id(`start-${deployment}`)));
    for (const { deployment, requestId } of starts) await rig.store.addStart({ deployment, requestId, sentAt: 0 });
    await rig.tracker.loadChanges();
    [rig.selection, rig.focused] = [[a, b], c];
    await rig.run('rename', key);
    await rig.run('remove', key);
    assert.deepEqual([rig.runs().join(), rig.selection], ['Crew/d,Crew/b,Crew/a,Other/there', [a, b]]);
    await Promise.all([1, 2].map(() => rig.run('remove', key)));
    rig.focused = b;
    await rig.run('rename', key);
    await rig.run('remove', key);
    assert.deepEqual([rig.runs().join(), rig.highlighted.join()], ['Crew/d,Other/there', 'after 1,after 2']);
    [rig.selection, rig.focused] = [[d], starts[0]];
    await rig.run('rename', key);
    rig.focused = new TaskNode(d!, 1);
    await rig.run('remove', key);
    assert.deepEqual(rig.boxes, ['Rename: c | ', 'Rename: b | ']);
    assert.deepEqual(rig.said(), ['info: c removed. [Undo]', 'info: Runs removed: 2. [Undo]']);
    [rig.selection, rig.focused] = [[d, crew, starts[0], there, starts[1]], d];
    await rig.run('remove', key);
    assert.deepEqual([rig.runs(), labels(), rig.board.starts, rig.highlighted.pop()], [[], ['Other'], [], 'after 3']);
    assert.deepEqual(rig.said(), ['info: Deployment Crew and its runs removed. [Undo]', 'info: Runs removed: 2. [Undo]']);
  });

  it('Remove Run for selected deployments and their runs shows notifications only for the deployments', async () => {
    const rows = await rig.kickoffs(crew, ['a', 'b'], {});
    [rig.selection, rig.focused] = [[...rows, crew, other], rows[0]];
    await rig.run('remove', { selected: true });
    assert.deepEqual([labels(), rig.highlighted], [[], ['after 2']]);
    assert.deepEqual(rig.said(), ['info: Deployment Crew and its runs removed. [Undo]', 'info: Deployment Other removed. [Undo]']);
    await rig.run('undoRemove', { selected: true });
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
    await rig.run('track', { kickoffId: 'three', deployment: 'Other' });
    rig.said();
    await rig.press('Undo', 'three');
    await rig.run('removeDeployment', crew);
    await rig.run('undoRemove');
    await rig.press('Undo', 'Crew');
    await rig.run('removeDeployment', crew);
    await rig.tracker.deleteAll((urls) => Promise.resolve(urls));
    await rig.tracker.load();
    await rig.press('Undo', 'Crew');
    const removed = 'info: Deployment Crew and its runs removed. [Undo]';
    const [already, undone] = ['status: Already restored.', 'status: Restored.'];
    assert.deepEqual(rig.said(), [already, removed, undone, already, removed, 'status: Nothing to undo.']);
  });

  it('Refresh shows which deployment throttles requests', async () => {
    const throttled = { ...active, notBefore: Date.now() + day };
    await rig.kickoff(other, 'first', throttled);
    await rig.kickoff(crew, 'here', { ...active, notBefore: 1 });
    await rig.kickoff(other, 'last', throttled);
    await rig.run('refreshAll');
    assert.deepEqual(rig.said(), []);
    await rig.run('refresh', other);
    assert.match(rig.said().join(), /^warning: Other is throttling requests until /);
    rig.polled.length = 0;
    const trouble = { kind: 'throttled', retryAt: Date.now() + day } as const;
    rig.health.replaceWith([{ subject: 'https://other.example.com', failures: 1, trouble }], rig.board.deployments);
    await rig.run('refreshAll');
    assert.match(rig.said().join(), /^warning: Other is throttling/, 'also if other runs were polled');
    assert.equal(rig.polled.splice(0).length, 3);
  });

  it('Refresh polls nothing if a newer version of the extension wrote the history', async () => {
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
      if (name === 'openReport') assert.deepEqual([...new Set(rig.items.map(({ detail }) => detail))], ['Crew', 'Other']);
    }
    rig.answers = [['new']];
    await rig.run('openReport');
    assert.match(rig.calls.join(), /^vscode\.openWith crewai-kickoff:\/crewai-kickoff\/2\/new\/new\.report\.md/);
    await rig.run('removeDeployment', other);
    await rig.run('openReport');
    assert.deepEqual([...new Set(rig.items.map(({ detail }) => detail))], [''], 'the only deployment is not named');
  });

  it("a command that can't apply to any run or deployment shows the reason", async () => {
    await rig.kickoff(crew, 'done', { isMuted: true, checkedAt: 1 });
    for (const name of ['moveToDeployment', 'mute', 'copyError', 'saveAnswer', 'deleteToken', 'undoRemove', 'copyOutput'] as const)
      await rig.run(name);
    await rig.run('undoRemove', { selected: true });
    assert.deepEqual(rig.said(), [
      'warning: No runs to move. AMP found every run in its deployment.',
      'warning: No active runs to mute.',
      'warning: No failed runs with an error message.',
      "warning: No run has a response that's too large to store.",
      'warning: No deployment has a saved token.',
      'warning: Nothing to undo.',
      'warning: No output available.',
      'status: Nothing to undo.',
    ]);
  });

  /** Adds a run with output at the deployment Other, and makes its report the active document. */
  async function showReport() {
    await rig.kickoff(other, 'done', withOutput);
    const [done] = rig.board.kickoffs;
    const activeTab = { input: new vscode.TabInputCustom(documentUri(done!, 'report'), reportEditor) };
    mock.getter(vscode.window, 'tabGroups', () => ({ activeTabGroup: { activeTab } }));
    return documentUri(done!, 'report');
  }

  it('Copy Error asks for a run if the run of the active document has no error', async () => {
    await rig.kickoff(crew, 'failed', { phase: { kind: 'failed', reason: '\u001b[31mIt broke.\u001b[0m' } });
    const report = await showReport();
    rig.answers = [['failed']];
    await rig.run('copyError');
    assert.deepEqual([rig.boxes, rig.said()], [['Copy Error: Select a run | failed'], ['status: Error copied.']]);
    assert.equal(await copied(), 'It broke.', 'without color codes');
    await rig.run('copyError', report);
    assert.deepEqual(rig.said(), ['warning: No failed runs with an error message.'], 'the user sees the error of a button in the title');
  });

  it('Delete Token deletes a token only after a confirmation', async () => {
    await rig.kickoff(crew, 'failed', { phase: { kind: 'failed' } });
    await showReport();
    rig.secrets.set('token:https://crew.example.com', 'tok-good');
    const question = 'warning: Delete the token for Crew? [Delete Token]';
    await rig.run('deleteToken');
    assert.deepEqual([rig.said(), rig.secrets.size], [[question], 1]);
    rig.button = 'Delete Token';
    await rig.run('deleteToken');
    assert.deepEqual([rig.said(), rig.secrets.size, rig.runs().length], [[question, 'status: Token for Crew deleted.'], 0, 2]);
  });

  it('Set Token applies to the deployment of the active document, but Remove Deployment asks for a deployment', async () => {
    await showReport();
    rig.answers = [undefined, 'tok-good'];
    await rig.run('removeDeployment');
    await rig.run('setToken');
    assert.deepEqual(rig.boxes.slice(-2), ['Remove Deployment: Select a deployment | Other,Crew', 'Set Token: Bearer token | ']);
    assert.deepEqual([labels(), [...rig.secrets.keys()]], [['Crew', 'Other'], ['token:https://other.example.com']]);
  });

  it('Delete All Data deletes nothing if the user cancels', async () => {
    await rig.kickoff(crew, 'done');
    rig.secrets.set('token:https://crew.example.com', 'tok-good');
    await rig.run('deleteAllData');
    assert.deepEqual([rig.runs(), rig.secrets.size], [['Crew/done'], 1]);
    assert.match(rig.said().join(), /^warning: Delete all runs, deployments, outputs, and tokens\?/);
  });

  it('Remove Old Runs removes only runs that are read and older than the selected age', async () => {
    for (const days of [2, 8, 31]) await rig.kickoff(crew, `${days}-days`, { finishedAt: Date.now() - days * day });
    await rig.kickoff(other, 'unread', { finishedAt: Date.now() - 40 * day, isUnread: true });
    rig.answers = [['Older than 7 days']];
    await rig.run('deleteOldRuns');
    assert.deepEqual(
      rig.items.map(({ label, description }) => `${label}, ${description}`),
      ['Older than 30 days, Runs: 1', 'Older than 7 days, Runs: 2', 'Older than 1 day, Runs: 3'],
    );
    assert.deepEqual([rig.runs(), rig.said()], [['Crew/2-days', 'Other/unread'], ['info: Runs removed: 2. [Undo]']]);
    await rig.run('deleteOldRuns');
    assert.equal(rig.runs().length, 2, 'Escape');
    await rig.run('undoRemove');
    assert.deepEqual([rig.runs().length, rig.highlighted.length, rig.said()], [4, 1, ['status: Restored.']]);
    await rig.run('removeDeployment', crew);
    await rig.run('deleteOldRuns');
    assert.match(rig.said().at(-1) ?? '', /^warning: No runs to remove\./);
  });

  it('Compare Selected Runs and Compare Selected Tasks show the earlier run on the left', async () => {
    const rows = await rig.kickoffs(crew, ['one', 'two', 'three'], { ...withOutput, tasks: tasksOf('write') });
    await rig.kickoff(crew, 'without-output');
    rig.answers = [['three'], ['one']];
    await rig.run('compareSelected');
    assert.equal(rig.boxes[0], 'Compare Selected Runs: Select a run | three,two,one');
    assert.equal(rig.boxes[1], 'Compare Selected Runs: Select the second run to compare | two,one');
    assert.match(rig.calls.splice(0).join(), /^vscode\.diff \S+one\.md\.output \S+three\.md\.output one ↔ three$/);
    const tasks = [2, 0].map((index) => new TaskNode(rows[index]!, 1));
    await rig.run('compareSelectedTasks', tasks[0], tasks);
    assert.match(rig.calls.join(), /^vscode\.diff \S+\/one\/tasks\/\S+ \S+\/three\/tasks\/\S+ one › 1\. write ↔ three › 1\. write$/);
    assert.deepEqual(rig.said(), []);
  });

  it('Compare Selected Runs and Compare Selected Tasks reject a selection other than two runs or two tasks', async () => {
    const rows = await rig.kickoffs(crew, ['one', 'two', 'three'], { ...withOutput, tasks: tasksOf('write') });
    const task = new TaskNode(rows[0]!, 1);
    for (const selection of [rows, [rows[0], task], [rows[0]]]) {
      rig.selection = selection;
      await rig.run('compareSelected', rows[0], selection);
    }
    await rig.run('compareSelectedTasks', task, [task, rows[1]]);
    const two = 'warning: Select exactly two runs that have output.';
    assert.deepEqual(rig.said(), [two, two, two, 'warning: Select exactly two tasks that have output.']);
  });

  it("Compare with Previous Run uses the deployment's latest earlier run that has output for the run or task", async () => {
    const first = await rig.kickoff(crew, 'first', { ...withOutput, output: 'json', tasks: tasksOf('write', 'read', '') });
    await rig.kickoff(other, 'elsewhere', { ...withOutput, output: 'json' });
    const withoutOutput = tasksOf('write', 'else', '').map((task) => ({ ...task, hasOutput: false }));
    await rig.kickoff(crew, 'failed', { phase: { kind: 'failed' }, tasks: withoutOutput });
    const row = await rig.kickoff(crew, 'last', { ...withOutput, output: 'json', tasks: tasksOf('read', 'else', '', 'write') });
    await rig.run('compareWithPrevious', row);
    for (const position of [1, 3, 4, 2]) await rig.run('compareWithPrevious', new TaskNode(row, position));
    assert.deepEqual(
      rig.calls.map((call) => /\w+\/first\/(\S+) \S+\/last\/(\S+)/.exec(call)?.slice(1).join(' ↔ ')),
      [
        'first.sorted.json.output ↔ last.sorted.json.output',
        'tasks/02-read.md.output ↔ tasks/01-read.md.output',
        'tasks/03-kickoff.md.output ↔ tasks/03-kickoff.md.output',
        'tasks/01-write.md.output ↔ tasks/04-write.md.output',
      ],
    );
    assert.deepEqual(rig.said(), ['warning: No earlier run in this deployment has output for this task.']);
    await rig.run('compareWithPrevious', first);
    assert.deepEqual(rig.said(), ['warning: No earlier run in the same deployment has output to compare with.']);
  });

  it('Rename changes the label of a run or deployment', async () => {
    const row = await rig.kickoff(crew, 'one', { label: 'Weekly' });
    rig.answers = ['  Daily \n'];
    await rig.run('rename', row);
    rig.answers = [true];
    await rig.run('rename', crew);
    rig.answers = ['Other'];
    await rig.run('rename', crew);
    await rig.run('rename', 'Other');
    rig.answers = ['Renamed'];
    await rig.run('rename', 'https://crew.example.com');
    rig.answers = ['Again'];
    await rig.run('rename', { deploymentUrl: 'https://crew.example.com', kickoffId: 'one' });
    await rig.run('rename', new TaskNode(row, 1));
    await rig.run('rename', { deployment: 'Renamed', kickoffId: 'one' });
    const shown = rig.boxes.map((box) => box.replace('For example, Research Crew', 'label').replace('Rename: ', '')).join();
    assert.equal(
      shown,
      'one | Weekly,label | Crew,label | Crew,label | Other,label | Other,label | Crew,one | Daily,one | Again,one | Again',
    );
    assert.deepEqual([labels(), rig.board.kickoffs[0]?.label], [['Renamed', 'Other'], 'Again']);
    rig.answers = [' '];
    await rig.run('rename', row);
    assert.equal(rig.board.kickoffs[0]?.label, undefined);
  });

  it('a command changes nothing if another window deletes the deployment while a box is open', async () => {
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

  it('Open in Browser asks for the unknown page of a deployment only once', async () => {
    const row = await rig.kickoff(other, 'one');
    rig.answers = ['no page', 'https://amp.example.com/7'];
    for (const target of [row, other]) await rig.run('openInBrowser', target);
    assert.equal(rig.board.deployment(other.key)?.page, 'https://amp.example.com/7');
    const prompt = 'Open in Browser: https://app.crewai.com/crewai_plus/deployments/12345 | ';
    assert.deepEqual(rig.boxes.slice(0, 2), [prompt, `${prompt}no page`]);
    assert.deepEqual(rig.calls, Array(2).fill('vscode.open https://amp.example.com/7'));
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
    rig.answers = [page, 'https://crew.example.com/v2', 'Edited'];
    await rig.run('editDeployment', crew);
    const edited = rig.board.deployment(crew.key);
    assert.deepEqual([edited?.url, edited?.label, edited?.page], ['https://crew.example.com/v2', 'Edited', page]);
    assert.deepEqual([...rig.secrets], [['token:https://crew.example.com/v2', 'tok-good']]);
    await rig.run('openInBrowser', crew);
    assert.deepEqual(rig.calls, [`vscode.open ${page}`]);
    assert.equal(rig.boxes.length, 3);
  });

  it('Edit Deployment asks for a token if the origin changes', async () => {
    rig.secrets.set('token:https://crew.example.com', 'tok-good');
    rig.answers = ['https://moved.example.com', true];
    await rig.run('editDeployment', crew);
    assert.match(rig.boxes.at(-1) ?? '', /^Edit Deployment: Bearer token/);
    assert.deepEqual([rig.board.deployment(crew.key)?.url, rig.secrets.size, rig.said()], ['https://moved.example.com', 0, []]);
    rig.answers = ['https://again.example.com', true, 'tok-good'];
    await rig.run('editDeployment', crew);
    assert.deepEqual([...rig.secrets], [['token:https://again.example.com', 'tok-good']]);
  });

  it('Move to Deployment moves a run to a new deployment, and Undo moves it back', async () => {
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
    await rig.press('Undo');
    assert.deepEqual([rig.runs(), rig.highlighted], [['Crew/lost'], ['New/lost', 'Crew/lost']]);
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

  it('Undo of a move keeps a run that the other deployment already had', async () => {
    const row = await rig.kickoff(crew, 'both', { phase: { kind: 'missing' }, label: 'Both' });
    await rig.kickoff(other, 'both');
    rig.answers = [['Other']];
    await rig.run('moveToDeployment', row);
    assert.deepEqual([rig.runs(), rig.boxes.length, rig.said()], [['Other/both'], 1, ['info: both moved to Other. [Undo]']]);
    await rig.press('Undo');
    assert.deepEqual([rig.runs(), rig.highlighted.at(-1)], [['Crew/both', 'Other/both'], 'Crew/both']);
  });

  it('Undo of a move does nothing after the run was moved again', async () => {
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

  it('Add Deployment saves the token for a deployment that was already added', async () => {
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
    rig.answers = [page, `curl -H "Authorization: Bearer tok-good" ${statusUrl('crew', 1)}`, true];
    await rig.run('track');
    assert.deepEqual(rig.boxes.slice(2), ['Track Kickoff: Bearer token | tok-good']);
    assert.deepEqual([rig.board.deployment(crew.key)?.page, [...rig.secrets]], [page, [['token:https://crew.example.com', 'tok-good']]]);
    assert.deepEqual([rig.runs(), rig.highlighted], [[`Crew/${id(1)}`], [`Crew/${id(1)}`]]);
  });

  it('Track Kickoff tracks the runs of known deployments in a pasted text even if the user adds no new deployment', async () => {
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

  it('a command that asks for a run shows its translated title in the box', async () => {
    const title = { value: '停止运行', original: 'Stop Run' };
    const packageJSON = { contributes: { commands: [{ command: commandId('stop'), title }] } };
    mock.method(vscode.extensions, 'getExtension', () => ({ packageJSON }));
    await rig.kickoff(crew, 'one', active);
    await rig.kickoff(other, 'two', active);
    await rig.run('stop');
    assert.match(rig.boxes[0] ?? '', /^停止运行: /);
  });

  it('Track Kickoff stores each run and token of a text for its own deployment', async () => {
    const at = (n: number) => `curl -H "Authorization: Bearer tok-good${n}" https://new${n}.example.com/status/${id(n)}`;
    rig.amp.checkToken = () => Promise.resolve('good');
    rig.answers = [`${at(1)}\n${at(2)}`, true, true, true, true, true, true];
    await rig.run('track');
    assert.deepEqual(rig.runs(), [`new1/${id(1)}`, `new2/${id(2)}`]);
    const tokens = [1, 2].map((n) => [`token:https://new${n}.example.com`, `tok-good${n}`]);
    assert.deepEqual([[...rig.secrets], rig.highlighted], [tokens, [`new1/${id(1)}`]]);
  });

  it('Track Kickoff of a link highlights the run, even if the run is already tracked', async () => {
    const uri = vscode.Uri.parse('code-oss://kickoffs.crewai-kickoffs/track?url=https://other.example.com&id=linked');
    for (const _ of ['new', 'known']) await rig.run('track', { isLink: true, uri });
    assert.deepEqual(
      [rig.runs(), rig.highlighted, rig.said()],
      [['Other/linked'], ['Other/linked', 'Other/linked'], ['status: This run is already tracked.']],
    );
    await rig.run('track', { kickoffId: 'linked', deployment: 'Other' });
    assert.deepEqual([rig.highlighted.length, rig.said()], [2, []]);
  });

  it('Track Kickoff of a link adds an unknown deployment only after the user agrees to each question', async () => {
    const base = 'code-oss://kickoffs.crewai-kickoffs/track';
    const link = (url: string) => ({ isLink: true, uri: vscode.Uri.parse(`${base}?url=${url}&id=linked`) });
    const first = 'warning: Add the deployment from this link? [Add Deployment]';
    const questions = [first, 'warning: Send the token unencrypted? [Send Unencrypted]'];
    const host = 'my-cr\u0435w.example.com';
    for (const [url, buttons, asked] of [
      [`https://${host}`, [], 1],
      [`https://${host}`, ['Send Unencrypted'], 1],
      [`http://${host}`, ['Add Deployment'], 2],
    ] as const) {
      rig.button = buttons;
      await rig.run('track', link(url));
      assert.deepEqual(rig.said(), questions.slice(0, asked));
      assert.match(rig.details[0] ?? '', /^https?:\/\/xn--my-crw-\S+\.example\.com\n/, 'the origin in ASCII');
      assert.deepEqual([rig.boxes, labels()], [[], ['Crew', 'Other']]);
      rig.details.length = 0;
    }
    rig.button = ['Add Deployment', 'Send Unencrypted'];
    await rig.run('track', link('https://app.crewai.com'));
    await rig.run('track', link('https://plain.example.com&token=tok-good'));
    assert.match(rig.said().join('\n'), /^warning: This is an AMP dashboard URL.*\nwarning: Can't open the link: it contains more than/);
    rig.answers = ['Linked', undefined];
    await rig.run('track', link('http://plain.example.com'));
    assert.deepEqual([rig.runs(), rig.boxes.length, rig.said(), rig.highlighted], [['Linked/linked'], 2, questions, ['Linked/linked']]);
    assert.match(rig.details[1] ?? '', /^http:\/\/plain\.example\.com doesn't use HTTPS/);
  });

  it('Track Kickoff of a terminal link tracks the run in the deployment of the line without a box', async () => {
    const line = `curl -X POST https://other.example.com/kickoff → {"kickoff_id": "${id(1)}"}`;
    await rig.run('track', linksIn(line)[0]);
    assert.deepEqual([rig.runs(), rig.boxes], [[`Other/${id(1)}`], []]);
  });

  it('Track Kickoff of a terminal link tracks nothing if the ID is a saved token', async () => {
    rig.secrets.set('token:https://other.example.com', id(1));
    await rig.run('track', linksIn(`curl -X POST https://other.example.com/kickoff → {"kickoff_id": "${id(1)}"}`)[0]);
    assert.match(rig.said().join(), /^warning: This is a deployment's saved token/);
    assert.deepEqual([rig.runs(), rig.boxes], [[], []]);
  });

  it("Track Kickoff saves the ID separately if the history can't be written, unless a newer version wrote the history", async () => {
    const failing = mock.method(rig.tracker, 'trackAll', () => Promise.reject(new HistoryFailure('diskFull')));
    rig.answers = ['lost', ['Other']];
    await rig.run('track');
    assert.deepEqual(rig.pending.splice(0), [{ url: 'https://other.example.com', label: 'Other', ids: ['lost'] }]);
    assert.match(rig.said().join(), /^error: Can't save .* disk space\. The kickoff ID is saved separately\. .* \[Show Log\]$/);
    await rig.press('Show Log');
    assert.deepEqual(rig.calls, ['log']);
    const adding = mock.method(rig.tracker, 'addDeployment', () => Promise.reject(new HistoryFailure('diskFull')));
    rig.answers = ['lost', ['Add Deployment…'], 'https://new.example.com', 'New'];
    await rig.run('track');
    adding.mock.restore();
    assert.deepEqual(rig.pending.splice(0), [{ url: 'https://new.example.com', label: 'New', ids: ['lost'] }]);
    failing.mock.mockImplementation(() => Promise.reject(new HistoryFailure('newer')));
    await assert.rejects(rig.run('track', { kickoffId: 'lost', deployment: 'Crew' }), /newer version/);
    assert.deepEqual(rig.pending, []);
  });

  it("Track Kickoff saves all IDs of a text separately if the history can't be written", async () => {
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

  it('Track Kickoff neither tracks nor saves the IDs of a text if one of them is a saved token', async () => {
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

  it('Import Deployments from .env offers the .env files of the workspace folder, but no subfolders', async () => {
    const file = writeEnv({ new: 'good' });
    mkdirSync(path.join(rig.folder, '.env.d'));
    await rig.run('importEnv');
    assert.deepEqual(rig.boxes, [`Import Deployments from .env: Select a .env file | ${file},Select Another File…`]);
  });

  it('Import Deployments from .env imports the selected deployments without the tokens that they reject', async () => {
    rig.file = vscode.Uri.file(writeEnv({ new: 'good', bad: 'refused', crew: 'good', slow: 'notChecked' }));
    rig.answers = [['Select Another File…'], true];
    await rig.run('importEnv');
    assert.deepEqual(rig.boxes.slice(1), ['Import Deployments from .env: Select the deployments to import | new,bad,Crew,slow']);
    assert.deepEqual(labels().toSorted(), ['Crew', 'Other', 'bad', 'new', 'slow']);
    assert.deepEqual(
      [...rig.secrets.keys()].toSorted(),
      ['crew', 'new', 'slow'].map((name) => `token:https://${name}.example.com`),
    );
    rig.answers = [true, ['new']];
    await rig.run('importEnv');
    assert.deepEqual(rig.said(), [
      "status: Token saved, but the extension couldn't verify it with the deployment.",
      'status: Deployments imported or updated: 4.',
      'warning: Tokens rejected and not saved for these deployments: bad. To enter new tokens, run Set Token.',
    ]);
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

  it('Save Response As replaces a file only with a complete response', async () => {
    const row = await rig.kickoff(crew, 'large', { ...active, trouble: { kind: 'tooLarge' } });
    const file = path.join(rig.folder, 'saved.json');
    await rig.run('saveAnswer', row);
    assert.deepEqual(rig.said(), [], 'after Escape in the dialog');
    rig.file = vscode.Uri.file(file);
    writeFileSync(file, 'before');
    await assert.rejects(rig.run('saveAnswer', { deployment: 'Crew', kickoffId: 'unknown' }), /isn't tracked/);
    await rig.run('saveAnswer', await rig.kickoff(crew, 'small', active));
    rig.amp.save = () => Promise.resolve('missing');
    await rig.run('saveAnswer', row);
    assert.equal(readFileSync(file, 'utf8'), 'before');
    rig.amp.save = () => Promise.reject(Object.assign(new Error(), { code: 'ENOSPC' }));
    await rig.run('saveAnswer', row);
    rig.amp.save = (_, run, { path: part, onProgress }) => {
      writeFileSync(part, run);
      for (const mebibytes of [0.5, 1, 1.5, 2.5]) onProgress(mebibytes * 1_048_576);
      return Promise.resolve(undefined);
    };
    await rig.run('saveAnswer', row);
    assert.equal(readFileSync(file, 'utf8'), 'large');
    assert.deepEqual(rig.said(), [
      "warning: This command saves only responses over 64 MiB. To see this run's response, run Open Raw Response.",
      "warning: Couldn't save the response. Problem: not found or waiting for human input. Try again after the problem is resolved.",
      "warning: Couldn't write the file (ENOSPC). Save the response to a different folder or disk.",
      ...['1 MiB', '2 MiB', 'info: Response saved (2 MiB). [Open File]'],
    ]);
    await rig.press('Open File');
    assert.deepEqual(rig.calls, [`vscode.open file://${file}`]);
    rig.fileSystem = { rename: () => Promise.reject(Object.assign(new Error(), { code: 'NoPermissions' })) };
    await rig.run('saveAnswer', row);
    assert.match(rig.said().at(-1) ?? '', /^warning: Couldn't write the file \(NoPermissions\)/);
    assert.deepEqual(
      readdirSync(rig.folder).filter((name) => name.startsWith('saved')),
      ['saved.json'],
      'no unfinished file',
    );
  });

  it("Copy Output, Save Output As, or Open Output for a task uses the task's own output", async () => {
    const tasks = tasksOf('first', 'second');
    const row = await rig.kickoff(crew, 'one', { ...withOutput, tasks });
    await rig.store.update(row.ref, (stored) => ({
      kickoff: { ...stored, isMuted: true },
      outputs: tasks.map(({ position, name }) => ({ position, output: `# ${name}` })),
    }));
    mock.method(rig.store, 'body', () => Promise.resolve(Buffer.from('\ufeffwhole')));
    const task = new TaskNode(row, 2);
    rig.file = vscode.Uri.file(path.join(rig.folder, 'task.md'));
    await rig.run('copyOutput', task);
    await rig.run('saveOutput', task);
    await rig.run('openOutput', task);
    const texts = [await copied(), readFileSync(rig.file.fsPath, 'utf8')];
    await rig.run('copyOutput', row);
    assert.deepEqual([...texts, await copied()], ['# second', '# second', '\ufeffwhole']);
    assert.match(rig.calls.join(), /^vscode\.open \S+\/one\/tasks\/02-second\.md\.output$/);
    assert.deepEqual(rig.said(), ['status: Output copied.', 'status: Output copied.']);
  });

  it('Copy Output shows that the response of a run was lost', async () => {
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

  it('a command that fails unexpectedly shows an error with the button Show Log', async () => {
    const row = await rig.kickoff(crew, 'one', active);
    mock.method(rig.tracker, 'mute', () => Promise.reject(new TypeError('a bug')));
    const logged = mock.method(rig.log, 'error');
    await rig.run('mute', row);
    assert.deepEqual(rig.said(), ['error: Something went wrong. See the log for details. [Show Log]']);
    await rig.press('Show Log');
    assert.deepEqual(rig.calls, ['log']);
    assert.match(logged.mock.calls.map((call) => call.arguments as readonly unknown[]).join(), /^Command mute failed: TypeError: a bug/);
  });

  it('a command that fails unexpectedly rejects with its error, without a message, if another extension ran it', async () => {
    await rig.kickoff(crew, 'one', active);
    mock.method(rig.tracker, 'mute', () => Promise.reject(new TypeError('a bug')));
    const logged = mock.method(rig.log, 'error');
    await assert.rejects(rig.run('mute', { deployment: 'Crew', kickoffId: 'one' }), /a bug/);
    assert.deepEqual(rig.said(), []);
    assert.match(logged.mock.calls.map((call) => call.arguments as readonly unknown[]).join(), /^Command mute/);
  });

  it('an error message that may contain inputs is shown to the user, but neither logged nor passed to the calling extension', async () => {
    await rig.kickoff(crew, 'one', active);
    mock.method(rig.tracker, 'mute', () => Promise.reject(new UnloggedError('The [topic](command:a) is banned.')));
    const logged = mock.method(rig.log, 'warn');
    await assert.rejects(rig.run('mute', { deployment: 'Crew', kickoffId: 'one' }), /^Error: Command mute failed\. Only the user sees/);
    assert.deepEqual(rig.said(), ['warning: The (topic)(command:a) is banned.'], 'without a link');
    const [line] = logged.mock.calls.flatMap((call) => call.arguments as readonly string[]);
    assert.doesNotMatch(line ?? 'banned', /banned/);
  });

  it('a command gets its rows or its link from VS Code as arguments', () => {
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

  it('Remove Run removes all selected rows except a start that is waiting for its response', async () => {
    const run = await rig.kickoff(crew, 'one');
    const starts = [1, 2, 3].map((number) => new StartNode(crew.key, id(`start-${number}`)));
    for (const { deployment, requestId } of starts)
      await rig.store.addStart({ deployment, requestId, sentAt: requestId === starts[2]?.requestId ? Date.now() : 0 });
    await rig.tracker.loadChanges();
    const left = () => rig.board.starts.map(({ requestId }) => requestId);
    await rig.run('remove', starts[0], [starts[0], run, starts[1], starts[2]]);
    assert.deepEqual([rig.runs(), left(), rig.said()], [[], [starts[2]?.requestId], ['info: Runs removed: 3. [Undo]']]);
    await rig.press('Undo');
    assert.deepEqual([rig.runs(), left()], [['Crew/one'], starts.map(({ requestId }) => requestId)]);
    rig.said();
    await rig.run('remove', starts[2], [starts[2]]);
    assert.deepEqual([left().length, rig.said()], [3, []]);
    await rig.run('remove', starts[1]);
    assert.match(rig.said().join(), /^info: Start removed from the list\..* \[Undo\]$/);
    await rig.run('undoRemove');
    assert.equal(left().length, 3);
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

  it('the button of an error runs its command for the row of the error', async () => {
    const showFailure = createShowFailure(rig.log);
    showFailure(new ErrorWithButton('No token.', 'Set Token', 'setToken', other));
    rig.answers = ['tok-good'];
    await rig.press('Set Token');
    for (let tries = 0; tries < 500 && rig.secrets.size === 0; tries++) await setTimeout(10);
    assert.deepEqual([...rig.secrets], [['token:https://other.example.com', 'tok-good']]);
  });

  it('Start Run opens each form as a new file in the workspace folder', async () => {
    const deployment = rig.board.deployment(crew.key);
    assert.ok(deployment);
    mock.getter(vscode.workspace, 'workspaceFolders', () => [{ uri: vscode.Uri.file(rig.folder) }]);
    writeFileSync(path.join(rig.folder, 'Crew.inputs.jsonc'), '');
    const opened: vscode.TextDocument[] = [];
    for (const topic of ['x'.repeat(61), 'dogs']) {
      await openInputsFile(deployment, { inputs: { topic } });
      opened.push(vscode.window.activeTextEditor!.document);
      if (topic !== 'dogs') assert.ok(vscode.window.activeTextEditor!.selection.isEmpty, 'a long value stays in view');
    }
    const contents = opened.map((document) => document.getText());
    const names = opened.map(({ uri }) => path.relative(vscode.Uri.file(rig.folder).path, uri.path));
    assert.deepEqual(names, ['Crew 2.inputs.jsonc', 'Crew 3.inputs.jsonc']);
    for (const [index, topic] of ['x'.repeat(61), 'dogs'].entries())
      assert.equal(contents[index]?.match(/"topic": ".*"/g)?.join(), `"topic": "${topic}"`);
    const [{ selection, document }] = [vscode.window.activeTextEditor!];
    assert.equal(document.getText(selection), 'dogs', 'typing replaces the first value');
    mock.restoreAll();
    for (const _ of opened) await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
});
