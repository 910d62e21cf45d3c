import assert from 'node:assert/strict';
import { mock } from 'node:test';
import vscode = require('vscode');
import { commandId } from '#contributions';
import { HistoryFailure, UnloggedError } from '#core/lib/errors';
import { day } from '#test/support/manualClock';
import { createShowFailure, ErrorWithButton } from '#vscode/commands/guard';
import { registerCommands } from '#vscode/commands/lazyCommands';
import { TaskNode, type DeploymentNode } from '#present/outline/nodes';
import { rigWithTwoDeployments, type CommandRig } from './commandRig';
import { nothing, until } from './secondInstance';

const active = { phase: { kind: 'running' } } as const;
const withOutput = { output: 'markdown', checkedAt: 1 } as const;

describe('With two deployments,', () => {
  let rig: CommandRig;
  let crew: DeploymentNode;
  let other: DeploymentNode;
  beforeEach(async () => {
    [rig, crew, other] = await rigWithTwoDeployments();
  });
  afterEach(() => rig.close());

  const muted = () => rig.runs(({ isMuted }) => isMuted);
  const unread = () => rig.runs(({ isUnread }) => isUnread);
  const copied = () => vscode.env.clipboard.readText();

  it('a command for runs applies to all selected runs if the clicked run is one of them, or else only to the clicked run', async () => {
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

  it("a command called for a deployment applies only to that deployment's runs, unless the command is for all runs", async () => {
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

  it('the keys for Remove Run and Rename do nothing if no row has the focus', async () => {
    await oneRunEach();
    for (const name of ['remove', 'rename'] as const) await rig.run(name, { selected: true });
    assert.deepEqual([rig.runs(), rig.said(), rig.boxes], [['Crew/here', 'Other/there'], [], []]);
  });

  const key = { selected: true };

  it('the key for Rename renames only the focused run, even if other runs are selected', async () => {
    const [a, b, c] = await rig.kickoffs(crew, ['a', 'b', 'c'], {});
    rig.selection = [a, b];
    for (const focused of [c, b]) {
      rig.focused = focused;
      await rig.run('rename', key);
    }
    assert.deepEqual(rig.boxes, ['Rename: c | ', 'Rename: b | ']);
  });

  it('the key for Rename opens no box if a start has the focus, even if a run is selected', async () => {
    const d = await rig.kickoff(crew, 'd');
    [rig.selection, rig.focused] = [[d], await rig.start(crew, 'start')];
    await rig.run('rename', key);
    assert.deepEqual([rig.boxes, rig.said()], [[], []]);
  });

  it('Refresh shows a warning about throttled runs only if none of the runs can be polled now', async () => {
    const throttled = { ...active, notBefore: Date.now() + day };
    await rig.kickoff(other, 'first', throttled);
    await rig.kickoff(crew, 'here', { ...active, notBefore: 1 });
    await rig.kickoff(other, 'last', throttled);
    await rig.run('refreshAll');
    assert.deepEqual(rig.said(), []);
    await rig.run('refresh', other);
    assert.match(rig.said().join(), /^warning: Other is throttling requests until /);
  });

  it("Refresh shows a warning about a throttled deployment even if another deployment's runs are polled", async () => {
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

  it('a command that asks for a run offers only the runs to which the command applies', async () => {
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

  it('a command that asks for a run applies to the run that the user selects in the box', async () => {
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

  it('Copy Error asks for a run if the run of the active document has no error', async () => {
    await rig.kickoff(crew, 'failed', { phase: { kind: 'failed', reason: 'It broke.' } });
    rig.show(await rig.kickoff(other, 'done', withOutput), 'report');
    rig.answers = [['failed']];
    await rig.run('copyError');
    assert.deepEqual([rig.boxes, rig.said()], [['Copy Error: Select a run | failed'], ['status: Error copied.']]);
    assert.equal(await copied(), 'It broke.');
  });

  it('Copy Error copies the error without color codes', async () => {
    await rig.run('copyError', await rig.kickoff(crew, 'failed', { phase: { kind: 'failed', reason: '\u001b[31mIt broke.\u001b[0m' } }));
    assert.equal(await copied(), 'It broke.');
  });

  it("Copy Error in a report's title shows a warning instead of a list of runs if the run has no error", async () => {
    await rig.kickoff(crew, 'failed', { phase: { kind: 'failed', reason: 'It broke.' } });
    await rig.run('copyError', rig.show(await rig.kickoff(other, 'done', withOutput), 'report'));
    assert.deepEqual([rig.boxes, rig.said()], [[], ['warning: No failed runs with an error message.']]);
  });

  it('Rename changes the label of a run or deployment', async () => {
    const row = await rig.kickoff(crew, 'one', { label: 'Weekly' });
    rig.answers = ['  Daily \n', 'Renamed'];
    await rig.run('rename', row);
    await rig.run('rename', crew);
    assert.deepEqual(rig.boxes, ['Rename: one | Weekly', 'Rename: For example, Research Crew | Crew']);
    assert.deepEqual([rig.labels(), rig.board.kickoffs[0]?.label], [['Renamed', 'Other'], 'Daily']);
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
    assert.deepEqual([rig.boxes, rig.labels()], [['Rename: For example, Research Crew | Crew'], ['Crew', 'Other']]);
  });

  it("Rename can be called with a deployment's label or URL, and also with a kickoff ID to rename a run", async () => {
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

  it("Rename for a task renames the task's run", async () => {
    const row = await rig.kickoff(crew, 'one', { label: 'Weekly' });
    rig.answers = ['Again'];
    await rig.run('rename', new TaskNode(row, 1));
    assert.equal(rig.board.kickoffs[0]?.label, 'Again');
  });

  it("Open Settings shows only the extension's settings", async () => {
    await rig.run('openSettings');
    assert.match(rig.calls.join(), /openSettings @ext:kickoffs\.crewai-kickoffs$/);
  });

  it('Open Network Settings shows only the settings for certificates and proxies', async () => {
    await rig.run('openNetworkSettings');
    assert.match(rig.calls.join(), /openSettings @id:http\.systemCertificates @id:http\.proxy$/);
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
    mock.method(rig.tracker, 'setMuted', () => Promise.reject(new TypeError('a bug')));
    const logged = mock.method(rig.log, 'error');
    await rig.run('mute', row);
    assert.deepEqual(rig.said(), ['error: Something went wrong. See the log for details. [Show Log]']);
    await rig.press('Show Log');
    assert.deepEqual(rig.calls, ['log']);
    assert.match(logged.mock.calls.map((call) => call.arguments as readonly unknown[]).join(), /^Command mute failed: TypeError: a bug/);
  });

  it('a command called by another extension logs an unexpected error and passes it to the caller, without a message', async () => {
    await rig.kickoff(crew, 'one', active);
    mock.method(rig.tracker, 'setMuted', () => Promise.reject(new TypeError('a bug')));
    const logged = mock.method(rig.log, 'error');
    await assert.rejects(rig.run('mute', { deployment: 'Crew', kickoffId: 'one' }), /a bug/);
    assert.match(logged.mock.calls.map((call) => call.arguments as readonly unknown[]).join(), /^Command mute/);
    assert.deepEqual(rig.said(), []);
  });

  it('an error message that may contain inputs is shown without links, and neither logged nor passed to the caller', async () => {
    await rig.kickoff(crew, 'one', active);
    mock.method(rig.tracker, 'setMuted', () => Promise.reject(new UnloggedError('The [topic](command:a) is banned.')));
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

  it('the button in an error message runs its command for the deployment with the error', async () => {
    const showFailure = createShowFailure(rig.log);
    showFailure(new ErrorWithButton('No token.', 'Set Token', 'setToken', other));
    rig.answers = ['tok-good'];
    await rig.press('Set Token');
    await until(() => rig.secrets.size > 0);
    assert.deepEqual([...rig.secrets], [['token:https://other.example.com', 'tok-good']]);
  });
});
