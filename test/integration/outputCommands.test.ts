import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { mock } from 'node:test';
import vscode = require('vscode');
import type { Deployment } from '#core/kickoff/deployment';
import { TaskNode, type DeploymentNode, type KickoffNode } from '#present/outline/nodes';
import { rigWithTwoDeployments, type CommandRig } from './commandRig';

const active = { phase: { kind: 'running' } } as const;
const withOutput = { output: 'markdown', checkedAt: 1 } as const;
const tasksOf = (...names: readonly string[]) => names.map((name, index) => ({ position: index + 1, name, hasOutput: name !== 'without' }));

describe('With two deployments,', () => {
  let rig: CommandRig;
  let crew: DeploymentNode;
  let other: DeploymentNode;
  beforeEach(async () => {
    [rig, crew, other] = await rigWithTwoDeployments();
  });
  afterEach(() => rig.close());

  /** Returns the last parts of the paths and the titles of comparisons since the last call. */
  const compared = () =>
    rig.calls
      .splice(0)
      .map((call) => call.replace(/^vscode\.diff \S+\/1\/(\S+) \S+\/1\/(\S+) /, '$1 $2: ').replace(' [object Object]', ''));

  it('Compare Selected Runs and Compare Selected Tasks show the earlier run on the left', async () => {
    const rows = await rig.kickoffs(crew, ['one', 'two', 'three'], { ...withOutput, tasks: tasksOf('write') });
    await rig.run('compareSelected', rows[2], [rows[2], rows[0]]);
    const tasks = [2, 0].map((index) => new TaskNode(rows[index]!, 1));
    await rig.run('compareSelectedTasks', tasks[0], tasks);
    assert.deepEqual(compared(), [
      'one/one.md.output three/three.md.output: one ↔ three',
      'one/tasks/01-write.md.output three/tasks/01-write.md.output: one › 1. write ↔ three › 1. write',
    ]);
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
    assert.deepEqual(compared(), ['one/one.md.output three/three.md.output: one ↔ three']);
  });

  it('Compare Selected Runs rejects a selection other than two runs with output', async () => {
    const rows = await rig.kickoffs(crew, ['one', 'two', 'three'], { ...withOutput, tasks: tasksOf('write') });
    const [task, without] = [new TaskNode(rows[0]!, 1), await rig.kickoff(crew, 'without')];
    for (const selection of [rows, [rows[0], task], [rows[0]], [without, rows[0]]]) {
      rig.selection = selection;
      await rig.run('compareSelected', selection[0], selection);
      await rig.run('compareSelected', selection[0]);
    }
    assert.deepEqual([rig.said(), rig.calls], [Array(8).fill('warning: Select exactly two runs that have output.'), []]);
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

  it('Compare with Previous Run skips earlier runs without output and runs of other deployments', async () => {
    const { last } = await earlierRuns();
    await rig.run('compareWithPrevious', last);
    assert.deepEqual(compared(), ['first/first.sorted.json.output last/last.sorted.json.output: first ↔ last']);
  });

  it('Compare with Previous Run finds the earlier task by name, or by position for a task without a name', async () => {
    const { last } = await earlierRuns();
    for (const position of [1, 3, 4]) await rig.run('compareWithPrevious', new TaskNode(last, position));
    assert.deepEqual(compared(), [
      'first/tasks/02-read.md.output last/tasks/01-read.md.output: first › 2. read ↔ last › 1. read',
      'first/tasks/03-kickoff.md.output last/tasks/03-kickoff.md.output: first › Task 3 ↔ last › Task 3',
      'first/tasks/01-write.md.output last/tasks/04-write.md.output: first › 1. write ↔ last › 4. write',
    ]);
    assert.deepEqual(rig.said(), []);
  });

  it('Compare with Previous Run shows a warning if no earlier run has an output to compare with', async () => {
    const { first, last } = await earlierRuns();
    await rig.run('compareWithPrevious', new TaskNode(last, 2));
    await rig.run('compareWithPrevious', first);
    assert.deepEqual(rig.calls, []);
    assert.deepEqual(rig.said(), [
      'warning: No earlier run in this deployment has output for this task.',
      'warning: No earlier run in the same deployment has output to compare with.',
    ]);
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

  it('Save Response As shows no message if the user cancels the download', async () => {
    const { row, content } = await largeResponse();
    rig.amp.save = (_of, _id, { signal }) => {
      rig.cancellation.cancel();
      return Promise.resolve(signal.aborted ? { kind: 'serverTrouble' } : undefined);
    };
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

  it('Save Response As saves no file for a run that is unknown or has a small response', async () => {
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

  const copied = () => vscode.env.clipboard.readText();

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

  it("Copy Output shows a warning if the run's response was lost", async () => {
    mock.method(rig.store, 'body', () => Promise.resolve(undefined));
    await rig.run('copyOutput', await rig.kickoff(crew, 'lost', withOutput));
    assert.deepEqual(rig.said(), ["warning: This run's response was lost when an earlier history file was damaged or deleted."]);
  });

  /** Adds three runs with output, and an active run without output. Returns the first and the last run with output. */
  async function threeRuns(): Promise<readonly [KickoffNode, KickoffNode]> {
    const tasks = tasksOf('', '');
    const [first, , last] = await rig.kickoffs(crew, ['first', 'second', 'last'], { ...withOutput, tasks });
    await rig.kickoff(crew, 'active', { phase: { kind: 'running' }, tasks });
    return [first!, last!];
  }

  const ofTasks = 'second/tasks/02-kickoff.md.output last/tasks/02-kickoff.md.output: second › Task 2 ↔ last › Task 2';

  it('Compare with Previous Run compares a run with the latest earlier run, and a task with the same task in that run', async () => {
    const [, last] = await threeRuns();
    await rig.run('compareWithPrevious', last);
    await rig.run('compareWithPrevious', new TaskNode(last, 2));
    assert.deepEqual(compared(), ['second/second.md.output last/last.md.output: second ↔ last', ofTasks]);
  });

  it('Compare with Previous Run applies to the task whose output is the active document', async () => {
    const [, last] = await threeRuns();
    rig.show(last, { taskPosition: 2 });
    await rig.run('compareWithPrevious');
    assert.deepEqual([compared(), rig.boxes], [[ofTasks], []]);
  });

  it("Compare with Previous Run asks for a run if the active document's run has no earlier run", async () => {
    const [first] = await threeRuns();
    rig.show(first, 'report');
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

  it('Compare Selected Runs rejects a call by another extension with only one run', async () => {
    await twoWithOutput();
    await assert.rejects(rig.run('compareSelected', { deployment: 'Crew', kickoffId: 'one' }), /Select exactly two runs/);
  });

  it('Compare Selected Runs asks only for the second run if a document of the first run is active', async () => {
    const { rows } = await twoWithOutput();
    rig.show(rows[1]!, 'output');
    rig.answers = [true];
    await rig.run('compareSelected');
    assert.deepEqual([rig.boxes, compared()], [['Compare Selected Runs: Select the second run to compare | Weekly'], [weekly]]);
  });

  it('Compare Selected Runs shows a warning instead of a list of runs if only one run has output', async () => {
    const { rows } = await twoWithOutput();
    rig.show(rows[1]!, 'output');
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

  it('Compare with Previous Run mentions equal inputs of runs with identical outputs only if the inputs are known', async () => {
    const [json, last] = await identicalOutputs();
    await rig.run('compareWithPrevious', json);
    for (const { ref } of [json, last]) await rig.tracker.trackAll([ref], { inputs: { topic: 'cats' } });
    await rig.run('compareWithPrevious', last);
    const same = 'info: The outputs are identical.';
    assert.deepEqual(rig.said(), [same, `${same} Both runs have the same inputs.`]);
  });

  it('Compare Selected Tasks shows no message about inputs if both tasks are of one run', async () => {
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
    Object.assign(rig.amp, { document: (_: Uint8Array, kind: string) => Promise.resolve(Buffer.from(`\ufeff${kind}`)) });
    return row;
  }

  it("Save Output As suggests a file name with the run's label, or the task's position and name", async () => {
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

  it('Copy Output copies the exact output of a run or task, even an empty output or a byte order mark', async () => {
    const row = await withEmptyOutput();
    for (const [target, text] of [
      [row, '\ufeffexactOutput'],
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

  it('Save Response As writes a local file first, and then moves it to a selected virtual folder', async () => {
    const tooLarge = { phase: { kind: 'running' }, trouble: { kind: 'tooLarge' } } as const;
    await rig.kickoff(crew, 'large', tooLarge);
    const row = await rig.kickoff(other, 'large', tooLarge);
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
