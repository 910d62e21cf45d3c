import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { mock } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import vscode = require('vscode');
import { Board } from '#core/history/board';
import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import { HostHealth } from '#core/polling/hostHealth';
import type { DocumentKind } from '#present/documents/documentName';
import { addKickoff, deployment, id, key, kickoff, MemoryStore } from '#test/support/builders';
import { hour, ManualClock, start } from '#test/support/manualClock';
import { noThread, readingHere } from '#test/support/threads';
import { DocumentContent } from '#vscode/documents/documentContent';
import { DocumentProvider } from '#vscode/documents/documentProvider';
import { documentUri, reportEditorId } from '#vscode/documents/documentUri';
import { TaskNode, type DeploymentNode, type KickoffNode } from '#present/outline/nodes';
import { CommandRig } from './commandRig';

const progress = { completed: 1, total: 3, current: 'analysis_task' };
const running = kickoff({ phase: { kind: 'running' }, progress, progressSince: start - hour, checkedAt: start });
const lost = kickoff({ id: id(2), phase: { kind: 'succeeded' }, output: 'plain', checkedAt: start, finishedAt: start });
const unchecked = kickoff({ id: id(3) });

describe('The provider of documents', () => {
  const changes: string[] = [];
  let board: Board;
  let health: HostHealth;
  let store: MemoryStore;
  let content: DocumentContent;
  let clock: ManualClock;
  const parts = () => {
    const inputs = (of: KickoffRef) => Promise.resolve(of.id === lost.id ? undefined : { topic: `topic ${of.deployment}` });
    return { board, store: Object.assign(store, { inputs }), reader: readingHere, thread: noThread, clock };
  };

  beforeEach(() => {
    changes.length = 0;
    [clock, health, store] = [new ManualClock(), new HostHealth(() => 0.5), new MemoryStore()];
    board = new Board(health);
    board.show([deployment()], [running, lost, unchecked]);
    content = new DocumentContent(parts(), (events) => changes.push(...events.map(({ uri }) => uri.path)));
  });
  afterEach(() => content.dispose());

  /** Returns the URI that a preview requests when it displays the report of a run. */
  const displayedPageOf = (run: Kickoff, revision = 1): vscode.Uri => {
    const uri = documentUri(run, 'report');
    return uri.with({ path: path.posix.join(path.dirname(uri.path), `page/${revision}.svg`) });
  };
  const read = async (of: Kickoff, kind: DocumentKind) => new TextDecoder().decode(await content.readFile(documentUri(of, kind)));

  it('shows the time without progress in the report of an active run', async () => {
    assert.match(await read(running, 'report'), /no progress for 1 h/);
  });

  it('announces a change only for documents that were read', async () => {
    const uri = documentUri(running, 'status');
    await content.readFile(uri);
    board.putAll([{ ...lost, label: 'other' }]);
    assert.deepEqual(changes, []);
    board.putAll([{ ...running, totalTokens: 7 }]);
    board.putDeployment(deployment({ label: 'renamed' }));
    assert.deepEqual(changes, [uri.path, uri.path]);
  });

  it('returns the size of a document, and the start of tracking as its creation time', async () => {
    const uri = documentUri(running, 'report');
    const { ctime, size } = await content.stat(uri);
    assert.deepEqual([ctime, size], [running.trackedAt, (await content.readFile(uri)).length]);
  });

  it('returns a later modification time of a document after its run changed', async () => {
    const uri = documentUri(running, 'status');
    const { mtime } = await content.stat(uri);
    await content.readFile(uri);
    board.putAll([{ ...running, totalTokens: 7 }]);
    assert.ok((await content.stat(uri)).mtime > mtime);
  });

  it('announces no change of a report if its run was only marked as read, marked as notified, or muted', async () => {
    const uri = documentUri(running, 'report');
    const unread = { ...running, totalTokens: 7, isUnread: true };
    await read(running, 'report');
    await content.stat(displayedPageOf(running));
    await setImmediate();
    board.putAll([unread], [deployment({ label: 'renamed' })]);
    await setImmediate();
    assert.deepEqual(changes.splice(0), [uri.path]);
    const before = [await read(unread, 'report'), (await content.stat(uri)).mtime];
    board.putAll([{ ...unread, isUnread: false }]);
    board.putAll([{ ...unread, isMuted: true, waitNotified: start }]);
    await setImmediate();
    assert.deepEqual([changes, await read(unread, 'report'), (await content.stat(uri)).mtime], [[], ...before]);
  });

  it('announces a changed report when its own preview displays a page, not when another preview does', async () => {
    await read(running, 'report');
    await content.stat(displayedPageOf(lost));
    board.putAll([{ ...running, totalTokens: 7 }]);
    await setImmediate();
    assert.deepEqual(changes, []);
    await content.stat(displayedPageOf(running));
    await setImmediate();
    assert.deepEqual(changes, [documentUri(running, 'report').path]);
  });

  it('announces a changed report after 20 s, even if no preview displays a page', async () => {
    await read(running, 'report');
    board.putAll([{ ...running, totalTokens: 7 }]);
    await clock.advance(19_999);
    assert.deepEqual(changes, []);
    await clock.advance(1);
    assert.deepEqual(changes, [documentUri(running, 'report').path]);
  });

  const sameId = { ...running, deployment: key(2) };

  /** Shows two runs with the same kickoff ID in two deployments. Only the first deployment needs a token. */
  function showSameId(): void {
    board.putAll([sameId], [deployment({ label: 'Mine' }), deployment({ key: 2, url: 'https://other.example.com', label: 'Other' })]);
    health.recordToken(deployment(), false);
  }

  it('returns a report that contains only facts about its own run', async () => {
    showSameId();
    const facts = async (of: Kickoff) => (await read(of, 'report')).match(/Mine|Other|topic \d|token needed/g)?.join();
    assert.deepEqual([await facts(running), await facts(sameId)], ['token needed,Mine,topic 1', 'Other,topic 2']);
    health.recordToken(deployment(), true);
    assert.equal(await facts(running), 'Mine,topic 1');
  });

  it("announces a change of a deployment's problem only for reports of its own runs", async () => {
    showSameId();
    for (const run of [running, sameId]) {
      await read(run, 'report');
      await content.stat(displayedPageOf(run));
    }
    health.recordToken(deployment(), true);
    await setImmediate();
    assert.deepEqual(changes, [documentUri(running, 'report').path]);
  });

  it('returns an SVG image for a page of a report', async () => {
    await read(running, 'report');
    assert.match(new TextDecoder().decode(await content.readFile(displayedPageOf(running))), /^<svg/);
  });

  /** Reads and displays a report, and then changes its run. Returns the events of the provider. */
  async function changeDisplayedReport() {
    const provider = new DocumentProvider(parts());
    const uri = documentUri(running, 'report');
    const events: vscode.FileChangeEvent[] = [];
    provider.onDidChangeFile((all) => events.push(...all));
    await provider.readFile(uri);
    await provider.stat(displayedPageOf(running));
    board.putAll([{ ...running, totalTokens: 7 }]);
    await setImmediate();
    return { provider, uri, events };
  }

  it("announces a change with its type and the document's URI", async () => {
    const { provider, uri, events } = await changeDisplayedReport();
    assert.deepEqual(events, [{ type: vscode.FileChangeType.Changed, uri }]);
    provider.dispose();
  });

  it('leaves no timer behind when the window closes', async () => {
    const { provider } = await changeDisplayedReport();
    assert.ok(clock.timers > 0);
    provider.dispose();
    assert.equal(clock.timers, 0);
  });

  it('rejects changes by the user', () => {
    const provider = new DocumentProvider(parts());
    for (const change of ['createDirectory', 'delete', 'rename', 'writeFile'] as const)
      assert.throws(() => provider[change](), { code: 'NoPermissions' });
    provider.dispose();
  });

  describe('for a visible report', () => {
    const uri = documentUri(running, 'report');
    const tab = { input: new vscode.TabInputText(uri) };

    beforeEach(async () => {
      mock.getter(vscode.window, 'tabGroups', () => ({ all: [{ activeTab: tab }], onDidChangeTabs: () => ({ dispose: () => undefined }) }));
      await read(running, 'report');
      await content.stat(displayedPageOf(running));
    });
    afterEach(() => mock.restoreAll());

    it('announces a change three more times if no preview displays it', async () => {
      for (const totalTokens of [7, 8]) {
        board.putAll([{ ...running, totalTokens }]);
        await clock.advance(60_000);
        assert.deepEqual(changes.splice(0), Array(4).fill(uri.path));
      }
    });

    it('announces a change only once if a preview displays it', async () => {
      board.putAll([{ ...running, totalTokens: 9 }]);
      await setImmediate();
      await content.stat(displayedPageOf(running, (await content.stat(uri)).mtime));
      await clock.advance(60_000);
      assert.deepEqual(changes, [uri.path]);
    });

    it("announces a change of the run's response only once", async () => {
      await read(running, 'status');
      board.putAll([{ ...running, totalTokens: 7 }]);
      await clock.advance(60_000);
      const { path: response } = documentUri(running, 'status');
      assert.deepEqual(
        changes.filter((changed) => changed !== uri.path),
        [response],
      );
    });

    it('announces nothing more after the window closes', async () => {
      board.putAll([{ ...running, totalTokens: 10 }]);
      await setImmediate();
      content.dispose();
      await clock.advance(60_000);
      assert.deepEqual(changes, [uri.path]);
    });
  });

  it('rejects reading the output or response of a run if the response was lost', async () => {
    for (const kind of ['status', 'output'] as const) await assert.rejects(read(lost, kind), /response was lost/);
  });

  it('returns an empty text for the response of a checked run before a response is stored', async () =>
    assert.equal(await read(running, 'status'), ''));

  it("doesn't find an output or response before the run has one", async () => {
    for (const [run, kind] of [
      [running, 'output'],
      [unchecked, 'status'],
      [unchecked, { task: 1 }],
    ] as const)
      await assert.rejects(read(run, kind), { code: 'FileNotFound' });
  });

  it('returns the response but no output of an active run', async () => {
    await addKickoff(store, running);
    await store.update(running, () => ({ kickoff: { ...running }, body: new TextEncoder().encode('{"state":"SUCCESS","result":"x"}') }));
    board.putAll([{ ...running, checkedAt: start + 1 }]);
    assert.equal(await read(running, 'status'), '{\n  "state": "SUCCESS",\n  "result": "x"\n}');
    await assert.rejects(read(running, 'output'), { code: 'FileNotFound' }, 'the run is still active');
  });
});

describe('With runs that have outputs,', () => {
  const withOutput = { output: 'markdown', checkedAt: 1 } as const;
  const tasksOf = (...names: readonly string[]) =>
    names.map((name, index) => ({ position: index + 1, name, hasOutput: name !== 'without' }));
  let rig: CommandRig;
  let crew: DeploymentNode;
  beforeEach(async () => {
    rig = new CommandRig();
    delete active.input;
    mock.getter(vscode.window, 'tabGroups', () => ({ all: [], activeTabGroup: { activeTab: active } }));
    crew = await rig.deployment('Crew');
  });
  afterEach(() => rig.close());

  /** Returns the last parts of the paths and the titles of comparisons since the last call. */
  const compared = () =>
    rig.calls
      .splice(0)
      .map((call) => call.replace(/^vscode\.diff \S+\/1\/(\S+) \S+\/1\/(\S+) /, '$1 $2: ').replace(' [object Object]', ''));
  /** Shows a document in the active tab. */
  const show = ({ ref }: KickoffNode, kind: DocumentKind): void => {
    const uri = documentUri(rig.board.kickoff(ref)!, kind);
    active.input = kind === 'report' ? new vscode.TabInputCustom(uri, reportEditorId) : new vscode.TabInputText(uri);
  };
  const active: { input?: unknown } = {};

  /** Adds three runs with output, and an active run without output. Returns the first and the last run with output. */
  async function threeRuns(): Promise<readonly [KickoffNode, KickoffNode]> {
    const tasks = tasksOf('', '');
    const [first, , last] = await rig.kickoffs(crew, ['first', 'second', 'last'], { ...withOutput, tasks });
    await rig.kickoff(crew, 'active', { phase: { kind: 'running' }, tasks });
    return [first!, last!];
  }

  const ofTasks = 'second/tasks/02-kickoff.md.output last/tasks/02-kickoff.md.output: second › Task 2 ↔ last › Task 2';

  it('Compare with Previous Run compares the run or task with the latest earlier run', async () => {
    const [, last] = await threeRuns();
    await rig.run('compareWithPrevious', last);
    await rig.run('compareWithPrevious', new TaskNode(last, 2));
    assert.deepEqual(compared(), ['second/second.md.output last/last.md.output: second ↔ last', ofTasks]);
  });

  it('Compare with Previous Run applies to the task in the active document', async () => {
    const [, last] = await threeRuns();
    show(last, { task: 2 });
    await rig.run('compareWithPrevious');
    assert.deepEqual([compared(), rig.boxes], [[ofTasks], []]);
  });

  it('Compare with Previous Run asks for a run if the run of the active document has no earlier run', async () => {
    const [first] = await threeRuns();
    show(first, 'report');
    await rig.run('compareWithPrevious');
    assert.deepEqual([rig.boxes, compared()], [['Compare with Previous Run: Select a run | last,second'], []]);
  });

  const weekly = 'one/Weekly.md.output two/Weekly.md.output: Weekly (one) ↔ Weekly (two)';

  /** Adds two runs with the same label and with output, and a run without output. */
  async function twoWithOutput() {
    const rows = await rig.kickoffs(crew, ['one', 'two'], { ...withOutput, label: 'Weekly' });
    return { rows, without: await rig.kickoff(crew, 'without', { checkedAt: 1 }) };
  }

  it('Compare Selected Runs compares two selected runs, even if another row was clicked', async () => {
    const { rows, without } = await twoWithOutput();
    rig.selection = rows.toReversed();
    for (const target of [undefined, without]) await rig.run('compareSelected', target);
    assert.deepEqual([compared(), rig.boxes], [[weekly, weekly], []]);
  });

  it('Compare Selected Runs rejects a selection with a run without output', async () => {
    const { rows, without } = await twoWithOutput();
    rig.selection = [rows[0], without];
    await rig.run('compareSelected', without, rig.selection);
    await rig.run('compareSelected', without);
    const two = 'warning: Select exactly two runs that have output.';
    assert.deepEqual([rig.said(), compared()], [[two, two], []]);
  });

  it('Compare Selected Runs rejects the call of another extension that passes only one run', async () => {
    await twoWithOutput();
    await assert.rejects(rig.run('compareSelected', { deployment: 'Crew', kickoffId: 'one' }), /Select exactly two runs/);
  });

  it("Compare Selected Runs without a selection compares the active document's run with a run that the user selects", async () => {
    const { rows } = await twoWithOutput();
    show(rows[1]!, 'output');
    rig.answers = [true];
    await rig.run('compareSelected');
    assert.deepEqual([rig.boxes, compared()], [['Compare Selected Runs: Select the second run to compare | Weekly'], [weekly]]);
  });

  it('Compare Selected Runs shows a warning instead of a question if only one run has output', async () => {
    const { rows } = await twoWithOutput();
    show(rows[1]!, 'output');
    await rig.run('remove', rows[0]);
    rig.said();
    await rig.run('compareSelected');
    assert.deepEqual([rig.boxes, rig.said()], [[], ['warning: You need two runs with output to compare.']]);
  });

  /** Adds three runs, and returns the last two, whose outputs are JSON. */
  async function plainAndTwoJsonOutputs(): Promise<readonly [KickoffNode, KickoffNode]> {
    await rig.kickoff(crew, 'plain', withOutput);
    return [
      await rig.kickoff(crew, 'json', { ...withOutput, output: 'json' }),
      await rig.kickoff(crew, 'last', { ...withOutput, output: 'json', tasks: tasksOf('a', 'b') }),
    ];
  }

  it('Compare with Previous Run sorts the keys of a JSON output only if both outputs are JSON', async () => {
    const [json, last] = await plainAndTwoJsonOutputs();
    await rig.run('compareWithPrevious', json);
    assert.deepEqual([compared(), rig.said()], [['plain/plain.md.output json/json.json.output: plain ↔ json'], []]);
    await rig.run('compareWithPrevious', last);
    assert.deepEqual(compared(), ['json/json.sorted.json.output last/last.sorted.json.output: json ↔ last']);
  });

  /** Replaces the outputs of all runs by the same output, and returns two rows with JSON outputs. */
  async function identicalOutputs() {
    const rows = await plainAndTwoJsonOutputs();
    rig.fileSystem = { readFile: () => Promise.resolve(new Uint8Array()) };
    return rows;
  }

  it('Compare with Previous Run shows that two runs with identical outputs have the same inputs only if the inputs are known', async () => {
    const [json, last] = await identicalOutputs();
    await rig.run('compareWithPrevious', json);
    for (const { ref } of [json, last]) await rig.tracker.trackAll([ref], { inputs: { topic: 'cats' } });
    await rig.run('compareWithPrevious', last);
    const same = 'info: The outputs are identical.';
    assert.deepEqual(rig.said(), [same, `${same} Both runs have the same inputs.`]);
  });

  it('Compare Selected Tasks for two tasks of one run with identical outputs shows no message about inputs', async () => {
    const [, last] = await identicalOutputs();
    await rig.tracker.trackAll([last.ref], { inputs: { topic: 'cats' } });
    const tasks = [2, 1].map((position) => new TaskNode(last, position));
    await rig.run('compareSelectedTasks', tasks[0], tasks);
    assert.deepEqual(rig.said(), ['info: The outputs are identical.']);
  });

  /** Stores a run that has an output, a task with an empty output, and a task without an output. */
  async function withEmptyOutput(): Promise<KickoffNode> {
    const row = await rig.kickoff(crew, 'one', { ...withOutput, label: 'Weekly', tasks: tasksOf('empty', 'without') });
    await rig.store.update(row.ref, (stored) => ({ kickoff: { ...stored, isMuted: true }, outputs: [{ position: 1, output: '' }] }));
    mock.method(rig.store, 'body', () => Promise.resolve(Buffer.from('body')));
    Object.assign(rig.amp, { document: (_: Uint8Array, kind: string) => Promise.resolve(Buffer.from(kind)) });
    return row;
  }

  it('Save Output As suggests a file name with the label of the run, or the position and name of the task', async () => {
    const names: string[] = [];
    const row = await withEmptyOutput();
    mock.method(vscode.window, 'showSaveDialog', ({ defaultUri }: vscode.SaveDialogOptions) => {
      names.push(path.basename(defaultUri?.path ?? ''));
      return Promise.resolve(undefined);
    });
    for (const target of [row, new TaskNode(row, 1)]) await rig.run('saveOutput', target);
    assert.deepEqual(names, ['Weekly.output.md', '01-empty.md']);
  });

  it('Save Output As shows no message if the user cancels the dialog', async () => {
    const row = await withEmptyOutput();
    for (const target of [row, new TaskNode(row, 1)]) await rig.run('saveOutput', target);
    assert.deepEqual(rig.said(), []);
  });

  it('Copy Output copies the output of a run or task, even an empty output', async () => {
    const row = await withEmptyOutput();
    for (const [target, text] of [
      [row, 'exactOutput'],
      [new TaskNode(row, 1), ''],
    ] as const) {
      await rig.run('copyOutput', target);
      assert.equal(await vscode.env.clipboard.readText(), text);
    }
  });

  it('a command that needs an output or response shows a warning if there is none', async () => {
    const row = await withEmptyOutput();
    const dialog = mock.method(vscode.window, 'showSaveDialog', () => Promise.resolve(undefined));
    for (const name of ['openOutput', 'copyOutput', 'saveOutput'] as const) await rig.run(name, new TaskNode(row, 2));
    await rig.run('openOutput', await rig.kickoff(crew, 'active', { phase: { kind: 'running' } }));
    await rig.run('openRawStatus', await rig.kickoff(crew, 'new', { phase: { kind: 'running' } }));
    const none = 'warning: No output available.';
    assert.deepEqual(rig.said(), [none, none, none, none, 'warning: No response stored yet.']);
    assert.deepEqual([rig.calls, dialog.mock.callCount()], [[], 0]);
  });

  it('Save Response As writes the response to a local file, and then moves the file to a selected virtual folder', async () => {
    const tooLarge = { phase: { kind: 'running' }, trouble: { kind: 'tooLarge' } } as const;
    await rig.kickoff(crew, 'large', tooLarge);
    const row = await rig.kickoff(await rig.deployment('Other'), 'large', tooLarge);
    const file = vscode.Uri.parse('virtual://host/saved.json');
    const moves: string[] = [];
    rig.file = file;
    Object.assign(rig.amp, {
      save: ({ label }: Deployment, run: string, { path: part }: { readonly path: string }) => {
        moves.push(`${label}/${run} ${path.dirname(part)}`);
        writeFileSync(part, 'x');
        return Promise.resolve(undefined);
      },
    });
    rig.fileSystem = {
      rename: (from, to, options) => {
        moves.push(`${path.dirname(from.path)} ${to.toString()} ${options?.overwrite}`);
        return Promise.resolve();
      },
    };
    await rig.run('saveAnswer', row);
    assert.deepEqual(moves, [`Other/large ${rig.folder}`, `${rig.folder} ${file.toString()} true`]);
    assert.deepEqual(rig.said(), ['info: Response saved (0 MiB). [Open File]']);
  });
});
