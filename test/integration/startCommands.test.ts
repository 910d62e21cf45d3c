import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { mock } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import vscode = require('vscode');
import type { KickoffInfo } from '#api';
import type { CommandName } from '#contributions';
import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import { CanceledError, HistoryFailure } from '#core/lib/errors';
import type { Trouble } from '#core/kickoff/trouble';
import type { Inputs, StartAttempt, StartRequest, StartResult } from '#core/starts/attempt';
import type { StopResult } from '#core/starts/runStarter';
import { deployment, id } from '#test/support/builders';
import { ErrorWithButton, requestError } from '#vscode/commands/guard';
import { openInputsFile } from '#vscode/starts/inputsDocument';
import type { DeploymentNode, StartNode } from '#present/outline/nodes';
import { CommandRig } from './commandRig';
import { until } from './secondInstance';

describe('With a deployment,', () => {
  let rig: CommandRig;
  let crew: DeploymentNode;
  let names: readonly string[];
  let stopped: StopResult;
  const started: StartRequest[] = [];
  /** The sent requests as text: the deployment, the inputs, and the continued run. */
  const sent: string[] = [];
  /** The results of the next requests. By default, AMP starts or stops a run. */
  let results: (StartResult | (() => Promise<StartResult>))[];
  let stopResults: Record<string, StopResult>;
  /** The problems that prevent reading the names of inputs. */
  let unreadable: Trouble[];

  beforeEach(async () => {
    rig = new CommandRig();
    crew = await rig.deployment('Crew');
    [names, stopped, results, stopResults, unreadable] = [['topic'], { kind: 'accepted' }, [], {}, []];
    for (const list of [started, sent]) list.length = 0;
    rig.control = {
      inputNames: () => {
        const trouble = unreadable.shift();
        return Promise.resolve(trouble ? ({ kind: 'failed', trouble } as const) : ({ kind: 'names', names } as const));
      },
      start: async ({ label }: Deployment, request: StartRequest): Promise<StartResult> => {
        started.push(request);
        sent.push(`${label} ${JSON.stringify(request.inputs)}${request.continues === undefined ? '' : ` after ${request.continues}`}`);
        const result = results.shift();
        return (typeof result === 'function' ? await result() : result) ?? { kind: 'started', id: id(`started-${started.length}`) };
      },
      stop: ({ label }: Deployment, run: string) => {
        sent.push(`stop ${label}/${run}`);
        return Promise.resolve(stopResults[run] ?? stopped);
      },
    };
  });
  afterEach(async () => {
    rig.close();
    while (vscode.window.activeTextEditor) await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  const run: CommandRig['runBare'] = (...call) => rig.runBare(...call);
  const running = { phase: { kind: 'running' } } as const;
  const same = ['Start with the Same Inputs'];
  const edit = ['Edit the Inputs…'];
  const rejected = (kind: Trouble['kind'], ...missingInputs: readonly string[]) =>
    ({ kind: 'notStarted', trouble: { kind }, missingInputs }) as const;
  const editorText = () => vscode.window.activeTextEditor?.document.getText() ?? '';
  const canceled = (...call: Parameters<typeof run>) => assert.rejects(run(...call), CanceledError);

  /** Stores a start that AMP didn't confirm. */
  function unconfirmed(inputs: Inputs, fields: Partial<StartAttempt> = {}): Promise<StartNode> {
    return rig.start(crew, crypto.randomUUID(), { inputs, ...fields });
  }

  /** Runs a command that must fail with a message, and returns the title and the deployment of the message's button. */
  async function failing(name: CommandName, target: unknown, message: RegExp, selection?: unknown): Promise<readonly unknown[]> {
    const error: unknown = await run(name, target, selection).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    assert.match(String(error), message);
    return error instanceof ErrorWithButton ? [error.command, rig.board.deployment((error.target as DeploymentNode).key)?.label] : [];
  }

  it("Continue from This Run opens a file with the run's kickoff ID if the deployment has more than three inputs", async () => {
    names = ['one', 'two', 'three', 'four'];
    const row = await rig.kickoff(crew, 'flow', { isFlow: true });
    await run('continueRun', row);
    assert.match(editorText(), /"restoreFromStateId": "flow"/);
  });

  it('Continue from This Run applies only to runs of flows', async () => {
    await failing('continueRun', await rig.kickoff(crew, 'other'), /Only runs of flows can be continued/);
  });

  it('the start of a run that continues another run always needs a confirmation', async () => {
    const row = await rig.kickoff(crew, 'flow', { isFlow: true, label: 'Weekly' });
    rig.button = 'Start Run';
    rig.answers = ['cats'];
    await run('continueRun', row);
    names = [];
    await run('continueRun', row);
    names = ['topic'];
    rig.answers = [same];
    await run('startAgain', { deployment: 'Crew', kickoffId: 'started-1' });
    const asked = rig.said().filter((text) => text.startsWith('info'));
    assert.deepEqual(asked, Array(3).fill('info: Start a run in Crew that continues Weekly? [Start Run]'));
    assert.deepEqual(sent, ['Crew {"topic":"cats"} after flow', 'Crew {} after flow', 'Crew {"topic":"cats"} after flow']);
  });

  it('the question of Continue from This Run lists the inputs, and warns that the flow may start from the beginning', async () => {
    rig.answers = ['cats'];
    await canceled('continueRun', await rig.kickoff(crew, 'flow', { isFlow: true }));
    assert.match(rig.details[0] ?? '', /silently starts from the beginning.*\n\nInputs:\ntopic: cats$/);
    assert.deepEqual(sent, []);
  });

  it('Start Run for another extension sends exactly the inputs that the user confirmed', async () => {
    const inputs: Record<string, unknown> = { topic: 'cats', other: 1, id: 'known' };
    const confirmed = JSON.stringify(inputs);
    rig.whileAsked = () => (inputs['topic'] = 'changed');
    rig.button = 'Start Run';
    const { kickoffId } = (await run('start', { deployment: 'Crew', inputs })) as KickoffInfo;
    assert.equal(kickoffId, 'started-1');
    assert.deepEqual(sent, [`Crew ${confirmed}`]);
    assert.match(rig.details[0] ?? '', /\ntopic: cats\n/);
  });

  it("the question of Start Run contains a warning about inputs that the deployment doesn't have", async () => {
    await canceled('start', { deployment: 'Crew', inputs: { topic: 'cats', other: 1, id: 'known' } });
    assert.match(rig.details[0] ?? '', /^AMP ignores inputs that the deployment doesn't have: other\.\n/);
  });

  it('the question of Start Run lists at most ten inputs, beginning with “id”, and shortens long values', async () => {
    names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'];
    const inputs = { ...Object.fromEntries(names.map((name) => [name, name])), a: 'x'.repeat(90), b: '', id: 'known' };
    await canceled('start', { deployment: 'Crew', inputs });
    const [title, first, long, empty, ...more] = rig.details[0]?.split('\n') ?? [];
    assert.deepEqual([title, first, empty, ...more.slice(-2)], ['Inputs:', 'id: known', 'b: (empty)', 'i: i', 'More inputs: 2']);
    assert.match(long ?? '', /^a: x{79}…$/);
  });

  it("Start Run for another extension rejects inputs that can't be sent as an object", async () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    for (const wrong of [cycle, [], 'topic', null])
      await failing('start', { deployment: 'Crew', inputs: wrong }, /Inputs must be an object/);
    assert.deepEqual([rig.details.length, sent.length], [0, 0]);
  });

  it('entered inputs need a confirmation for unconfirmed starts and other extensions, not for a clicked run or deployment', async () => {
    const row = await rig.kickoff(crew, 'known');
    await rig.tracker.trackAll([row.ref], { inputs: { topic: 'cats' } });
    for (const [name, target, isAsked] of [
      ['start', crew, false],
      ['start', { deployment: 'Crew' }, true],
      ['startAgain', row, false],
      ['startAgain', { deployment: 'Crew', kickoffId: 'known' }, true],
      ['startAgain', await unconfirmed({ topic: 'cats' }), true],
    ] as const) {
      rig.answers = [...(name === 'startAgain' ? [edit] : []), `${rig.boxes.length}`];
      await (isAsked ? canceled(name, target) : run(name, target));
      assert.equal(rig.details.splice(0).length, Number(isAsked), `${name} ${JSON.stringify(target)}`);
    }
    assert.equal(sent.length, 2);
  });

  it('Start Again asks for the inputs of a run whose inputs are unknown', async () => {
    rig.answers = ['dogs'];
    await run('startAgain', await rig.kickoff(crew, 'unknown'));
    assert.deepEqual(rig.prompts, ["This run's inputs aren't known. Enter topic for the run in Crew."]);
    assert.deepEqual(sent, ['Crew {"topic":"dogs"}']);
  });

  const left = () => rig.board.starts.map(({ inputs }) => inputs?.['topic']);

  it('Start Again removes the row of the repeated start only if a run starts', async () => {
    await unconfirmed({ topic: 'dogs' });
    const node = await unconfirmed({ topic: 'cats' });
    rig.answers = [same];
    await canceled('startAgain', node);
    rig.button = 'Start Run';
    rig.answers = [same];
    results = [rejected('refused')];
    await failing('startAgain', node, /No run started\. Problem: request rejected/);
    assert.deepEqual(left(), ['dogs', 'cats']);
    rig.answers = [same];
    await run('startAgain', node);
    assert.deepEqual(left(), ['dogs']);
  });

  it('Start Again for an unconfirmed start sends the same inputs without “id”, and continues the same run', async () => {
    const node = await unconfirmed({ topic: 'cats', id: 'own' }, { continues: id('state') });
    rig.button = 'Start Run';
    rig.answers = [same];
    await run('startAgain', node);
    assert.deepEqual(sent, ['Crew {"topic":"cats"} after state']);
  });

  it('the question of Start Again for an unconfirmed start contains a warning about a second run', async () => {
    const node = await unconfirmed({ topic: 'cats' }, { continues: id('state') });
    rig.answers = [same];
    await canceled('startAgain', node);
    assert.match(rig.details.at(-1) ?? '', /this will be a second run.*\n\n.*silently starts/s);
  });

  it("Edit the Inputs in Start Again opens a file with the deployment's inputs if a value has several lines", async () => {
    names = ['topic', 'tone'];
    const lines = await unconfirmed({ topic: 'two\nlines', gone: 1 });
    rig.answers = [edit];
    await run('startAgain', lines);
    assert.match(editorText(), /\{\n    "topic": "two\\nlines",\n    "tone": ""\n  \}/);
    assert.deepEqual([sent, left()], [[], ['two\nlines']]);
  });

  it('Start Again shows an error instead of a question if the unconfirmed start was already removed', async () => {
    const node = await unconfirmed({ topic: 'cats' });
    await rig.tracker.remove([{ deployment: crew.key, requestId: node.requestId }]);
    await failing('startAgain', node, /the earlier start was confirmed or removed/);
    assert.deepEqual([rig.boxes, rig.details, sent], [[], [], []]);
  });

  for (const when of ['the question is open', 'the request waits for the rate limit']) {
    const meanwhile = (act: () => unknown): void => {
      rig.button = 'Start Run';
      names = [];
      if (when === 'the question is open') rig.whileAsked = act;
      else rig.waits = () => rig.details.length > 0 && act();
    };

    it(`Start Again sends nothing if the unconfirmed start is removed while ${when}`, async () => {
      const node = await unconfirmed({ topic: 'cats' });
      meanwhile(() => rig.tracker.remove([{ deployment: crew.key, requestId: node.requestId }]));
      rig.answers = [same];
      await failing('startAgain', node, /the earlier start was confirmed or removed/);
      assert.deepEqual([sent, rig.board.starts], [[], []]);
    });

    it(`Start Run sends nothing if the deployment is removed or gets a new URL while ${when}`, async () => {
      meanwhile(() => rig.tracker.changeDeployment(rig.board.deployment(crew.key)!, { url: 'https://new.example.com' as never }));
      await failing('start', crew, /this deployment was removed or has a new URL/);
      rig.details.length = 0;
      meanwhile(() => rig.tracker.remove(crew.key));
      await failing('start', crew, /this deployment was removed or has a new URL/);
      assert.deepEqual([sent, rig.board.starts], [[], []]);
    });
  }

  /** Returns the values that the boxes contained when they opened. */
  const suggested = () => rig.boxes.splice(0).map((box) => box.split(' | ')[1]);

  it('Start Run suggests the values that were typed before Escape only for the same deployment', async () => {
    names = ['topic', 'tone'];
    const other = await rig.deployment('Other');
    rig.answers = ['cats', undefined];
    await canceled('start', crew);
    assert.deepEqual(suggested(), ['', '']);
    await canceled('start', other);
    assert.deepEqual(suggested(), ['']);
    await canceled('start', crew);
    assert.deepEqual(suggested(), ['cats']);
  });

  it("Start Run suggests the inputs of the deployment's last run whose inputs are known", async () => {
    rig.button = 'Start Run';
    await run('start', { deployment: 'Crew', inputs: { topic: 'cats' } });
    await run('start', { deployment: 'Crew', inputs: { topic: 'dogs' } });
    const newest = rig.board.kickoff({ deployment: crew.key, id: id('started-2') })!;
    rig.board.putAll([{ ...newest, trackedAt: newest.trackedAt + 10, phase: { kind: 'succeeded' }, finishedAt: newest.trackedAt }]);
    await rig.kickoff(crew, 'tracked-later', { trackedAt: newest.trackedAt + 20 });
    await canceled('start', crew);
    assert.deepEqual(suggested(), ['dogs']);
  });

  it('Edit All Inputs in a File opens a file with the values that were entered and suggested in Start Run', async () => {
    names = ['topic', 'tone'];
    rig.button = 'Start Run';
    await run('start', { deployment: 'Crew', inputs: { topic: 'dogs', tone: 'bold' } });
    rig.answers = [{ typed: 'birds', button: 'Edit All Inputs in a File' }];
    await run('start', crew);
    assert.match(editorText(), /"topic": "birds",\n    "tone": "bold"/);
  });

  it('Start Run no longer suggests entered values that the user opened in a file', async () => {
    rig.button = 'Start Run';
    await run('start', { deployment: 'Crew', inputs: { topic: 'dogs' } });
    rig.answers = [{ typed: 'birds', button: 'Edit All Inputs in a File' }];
    await run('start', crew);
    suggested();
    await canceled('start', crew);
    assert.deepEqual(suggested(), ['dogs']);
  });

  it('Start Run asks for a confirmation if the user accepted the last suggested value', async () => {
    names = ['topic', 'tone'];
    rig.answers = ['cats', 'calm'];
    await run('start', crew);
    rig.answers = ['dogs', true];
    rig.button = 'Start Run';
    await run('start', crew);
    assert.deepEqual([rig.details.length, sent], [1, ['Crew {"topic":"cats","tone":"calm"}', 'Crew {"topic":"dogs","tone":"calm"}']]);
  });

  const lastBox = 'Enter tone to start the run in Crew';

  it('Start Run adds boxes for inputs that AMP reports as missing', async () => {
    results = [rejected('refused', 'style', 'tone')];
    rig.answers = ['cats', 'bold', 'calm'];
    await run('start', crew);
    assert.deepEqual(rig.prompts, [
      'Enter topic to start the run in Crew',
      'No run started, because the deployment requires this input. Enter style for the run in Crew.',
      lastBox,
    ]);
    assert.deepEqual(sent, ['Crew {"topic":"cats"}', 'Crew {"topic":"cats","style":"bold","tone":"calm"}']);
  });

  it('Start Run asks for another token after a token rejection, and then shows the boxes with the entered values', async () => {
    names = ['topic', 'tone'];
    results = [rejected('tokenRefused')];
    rig.button = 'Start Run';
    rig.answers = ['cats', 'calm', 'tok-good', true, true];
    await run('start', crew);
    const [first, last, token, ...again] = rig.prompts;
    assert.deepEqual([first, last, ...again], ['Enter topic for the run in Crew', lastBox, 'Enter topic for the run in Crew', lastBox]);
    assert.match(token ?? '', /^No run started\. Problem: token rejected\. .*crew\.example\.com/);
    assert.deepEqual([...rig.secrets], [['token:https://crew.example.com', 'tok-good']]);
    assert.deepEqual(sent, Array(2).fill('Crew {"topic":"cats","tone":"calm"}'));
  });

  it('Start Run shows the boxes again with the problem and the entered values after a server error', async () => {
    names = ['topic', 'tone'];
    results = [rejected('serverTrouble')];
    rig.button = 'Start Run';
    rig.answers = ['cats', 'calm', 'dogs', true];
    await run('start', crew);
    assert.deepEqual(rig.prompts.slice(2), ['No run started. Problem: server error. Enter topic for the run in Crew.', lastBox]);
    assert.deepEqual(sent, ['Crew {"topic":"cats","tone":"calm"}', 'Crew {"topic":"dogs","tone":"calm"}']);
  });

  it('Start Run highlights the start, then the deployment if no run started, or else the run', async () => {
    results = [rejected('serverTrouble')];
    rig.answers = ['cats', 'dogs'];
    await run('start', crew);
    assert.equal(rig.highlighted.join(), 'start,Crew,start,Crew/started-2');
  });

  for (const [what, result, message, button] of [
    ['shows an error with Set Token if the token is missing', rejected('noToken'), /No run started\. Problem: token needed/, 'setToken'],
    ['shows an error with Set Token if the token has no access', rejected('notAllowed'), /token has no access/, 'setToken'],
    ['shows an error without a button after a server error', rejected('serverTrouble'), /Problem: server error/, undefined],
    ["shows an error with Edit Deployment if the server can't be reached", rejected('unreachable'), /can't reach/, 'editDeployment'],
    [
      'shows an error with Open in Browser if the run may have started',
      { kind: 'unknown', trouble: { kind: 'unreachable' } },
      /may have started in Other/,
      'openInBrowser',
    ],
  ] as const)
    it(`Start Run for a deployment without inputs ${what}`, async () => {
      const other = await rig.deployment('Other');
      [names, results, rig.button] = [[], [result], 'Start Run'];
      assert.deepEqual(await failing('start', other, message), button ? [button, 'Other'] : []);
    });

  it("after an error, Start Run leaves the start's row in the view only if the run may have started", async () => {
    [names, rig.button] = [[], 'Start Run'];
    results = [rejected('noToken'), { kind: 'unknown', trouble: { kind: 'unreachable' } }];
    await failing('start', crew, /No run started/);
    assert.equal(rig.board.starts.length, 0);
    await failing('start', crew, /may have started/);
    assert.equal(rig.board.starts.length, 1);
  });

  it("Start Run saves the kickoff ID separately if the started run can't be stored", async () => {
    [names, rig.button] = [[], 'Start Run'];
    mock.method(rig.store, 'confirmStart', () => Promise.reject(new HistoryFailure('diskFull')));
    await failing('start', crew, /disk/);
    assert.deepEqual(rig.pending, [{ url: 'https://crew.example.com', label: 'Crew', ids: ['started-1'] }]);
  });

  it("Start Run shows the new run's kickoff ID if a newer version of the extension wrote the history", async () => {
    [names, rig.button] = [[], 'Start Run'];
    mock.method(rig.store, 'confirmStart', () => Promise.reject(new HistoryFailure('newer')));
    await failing('start', crew, /The run started, but .*: started-1$/);
    assert.deepEqual(rig.pending, []);
  });

  it('Start Run asks for a missing token when it reads the names of the inputs', async () => {
    unreadable = [{ kind: 'noToken' }];
    rig.answers = ['tok-good', 'cats'];
    await run('start', crew);
    assert.match(rig.prompts.join(), /^Couldn't read the inputs for Crew\. Problem: token needed\. .*crew\.example\.com/);
    assert.deepEqual([[...rig.secrets.keys()], sent], [['token:https://crew.example.com'], ['Crew {"topic":"cats"}']]);
  });

  it("Start Run shows an error if the names of the inputs can't be read because of a server error", async () => {
    unreadable = [{ kind: 'serverTrouble', code: 'HTTP 502' }];
    await failing('start', crew, /Couldn't read the inputs for Crew\. Problem: server error \(HTTP 502\)\.$/);
    assert.deepEqual(sent, []);
    assert.equal(
      requestError('The topic is cats.', deployment(), { kind: 'serverTrouble', code: 'HTTP 502' }).loggedText,
      'HTTP 502 (serverTrouble)',
    );
  });

  it('Start Run sends nothing while the host is throttling requests, and says until when', async () => {
    rig.throttling = { kind: 'throttled', retryAt: Date.now() + 3_600_000 };
    await failing('start', crew, /Couldn't read the inputs for Crew\. Problem: throttled until .+\.$/);
    assert.deepEqual([rig.recorded, sent], [[], []]);
  });

  it("Start Run and Stop Run report each request's result, so that polls respect it, too", async () => {
    const row = await rig.kickoff(crew, 'run-1', running);
    unreadable = [{ kind: 'noToken' }];
    rig.answers = ['tok-good', 'cats'];
    await run('start', crew);
    stopResults = { 'run-1': { kind: 'failed', trouble: { kind: 'throttled' } } };
    rig.button = 'Stop Run';
    await failing('stop', row, /throttled/);
    rig.throttling = { kind: 'throttled', retryAt: Date.now() + 3_600_000 };
    await failing('stop', row, /throttled until/);
    assert.deepEqual(rig.recorded, ['noToken', undefined, undefined, 'throttled'], 'twice the names, the start, and one stop');
  });

  it("Start Run counts each request toward the deployment's rate limit", async () => {
    const counted: string[] = [];
    rig.waits = ({ label }) => counted.push(label);
    unreadable = [{ kind: 'noToken' }];
    rig.answers = ['tok-good', 'cats'];
    await run('start', crew);
    assert.deepEqual(counted, ['Crew', 'Crew', 'Crew'], 'two requests for names, and one for the start');
  });

  it('while a question is open, Start Run opens a second question only for another deployment', async () => {
    names = ['id'];
    const other = await rig.deployment('Other');
    rig.whileAsked = async () => {
      rig.whileAsked = () => undefined;
      await canceled('start', crew);
      await canceled('start', other);
    };
    await canceled('start', crew);
    assert.equal(rig.said().join(), 'info: Start a run in Crew? [Start Run],info: Start a run in Other? [Start Run]');
    rig.button = 'Start Run';
    await run('start', crew);
    assert.deepEqual(sent, ['Crew {}']);
  });

  it('Start Run leaves the focus in the box of a command that the user runs while the request is in progress', async () => {
    const row = await rig.kickoff(crew, 'known');
    let close = (): void => undefined;
    results = [
      async () => {
        rig.answers = [new Promise((resolve) => (close = () => resolve(undefined)))];
        void run('rename', row).catch(() => undefined);
        await setTimeout(20);
        return { kind: 'started', id: id('slow') };
      },
    ];
    rig.answers = ['cats'];
    await run('start', crew);
    close();
    assert.deepEqual(rig.highlighted, ['start', 'show Crew/slow']);
  });

  /** Writes a file with inputs for a deployment. */
  function writeInputs(): { readonly uri: vscode.Uri; readonly expected: string } {
    const uri = vscode.Uri.file(path.join(rig.folder, 'one.inputs.jsonc'));
    const inputs = { id: 'own', topic: ['a', { b: 1.5 }] };
    writeFileSync(uri.fsPath, JSON.stringify({ deployment: 'Crew', restoreFromStateId: 'state', inputs }));
    return { uri, expected: `Crew ${JSON.stringify(inputs)} after state` };
  }

  it('Start Run stores the names of the inputs except id, for the completion in files with inputs', async () => {
    names = ['topic', 'id'];
    await canceled('start', writeInputs().uri);
    assert.deepEqual(rig.board.deployments.find(({ label }) => label === 'Crew')?.inputNames, ['topic']);
  });

  it("Start Run for a file sends the file's inputs and the run to continue only after a confirmation", async () => {
    const { uri, expected } = writeInputs();
    await canceled('start', uri);
    assert.deepEqual([rig.details.length, sent], [1, []]);
    rig.button = 'Start Run';
    await run('start', uri);
    assert.deepEqual([rig.details.length, sent], [2, [expected]]);
  });

  it('Start Run for a file does nothing while the question about the same file is open', async () => {
    const { uri, expected } = writeInputs();
    rig.button = 'Start Run';
    await Promise.all([run('start', uri), canceled('start', uri)]);
    assert.deepEqual([sent, rig.details.length], [[expected], 1]);
  });

  it('Start Run uses the file with inputs in the active editor unless the user selects a deployment', async () => {
    const { uri, expected } = writeInputs();
    rig.button = 'Start Run';
    await vscode.window.showTextDocument(uri);
    names = [];
    await run('start', crew);
    names = ['topic'];
    await run('start');
    assert.deepEqual(sent, ['Crew {}', expected]);
  });

  it('Start Run for a file only scrolls to the start and the run, so that the focus stays in the editor', async () => {
    const { uri } = writeInputs();
    rig.button = 'Start Run';
    await run('start', uri);
    assert.deepEqual(rig.highlighted, ['show start', 'show Crew/started-1']);
  });

  it('Start Run for a file with a mistake selects the mistake instead of starting a run', async () => {
    const file = vscode.Uri.file(path.join(rig.folder, 'wrong.inputs.jsonc'));
    writeFileSync(file.fsPath, '{\n"deployment": "Crew",\n"inputs": {"topic": "",\n"tone": ""}}');
    await Promise.all([failing('start', file, /Line 4: The deployment has no input tone/), canceled('start', file)]);
    assert.equal(vscode.window.activeTextEditor?.selection.active.line, 3);
    assert.deepEqual(sent, []);
  });

  it('Start Run rejects a file with inputs that is larger than 1 MiB', async () => {
    const file = vscode.Uri.file(path.join(rig.folder, 'large.inputs.jsonc'));
    writeFileSync(file.fsPath, `{"deployment": "Crew"}${' '.repeat(1_048_576)}`);
    await failing('start', file, /too large/);
    assert.deepEqual(sent, []);
  });

  it("Start Again doesn't send the run's kickoff ID as an input", async () => {
    const ref = { deployment: crew.key, id: id('own') };
    await rig.tracker.trackAll([ref], { inputs: { topic: 'cats', id: 'own' } });
    rig.button = 'Start Run';
    rig.answers = [same];
    await run('startAgain', { deployment: 'Crew', kickoffId: 'own' });
    assert.deepEqual(
      started.map(({ inputs }) => inputs),
      [{ topic: 'cats' }],
    );
  });

  it('Stop Run applies only to active runs', async () => {
    const [going, done] = [await rig.kickoff(crew, 'running', running), await rig.kickoff(crew, 'done')];
    await rig.run('stop', going, [going, done]);
    assert.deepEqual(rig.said(), ['warning: Stop the run running? [Stop Run]']);
    await rig.run('stop', done, [done]);
    assert.deepEqual(rig.said(), ['warning: No active runs to stop.']);
  });

  it('Stop Run immediately polls a run that had already finished, even if the history is damaged', async () => {
    const row = await rig.kickoff(crew, 'done', running);
    mock.method(rig.store, 'inputs', () => Promise.reject(new HistoryFailure('damaged')));
    rig.button = 'Stop Run';
    stopped = { kind: 'finished' };
    await run('stop', row, [row]);
    assert.deepEqual(rig.polled, ['Crew/done']);
  });

  /** Adds two active runs of each of two deployments. AMP doesn't find the first run, and the second deployment can't stop runs. */
  async function runsToStop() {
    const other = await rig.deployment('Other');
    const [a, b] = await rig.kickoffs(crew, ['a', 'b'], { ...running, label: 'Cats' });
    const [d, e] = await rig.kickoffs(other, ['d', 'e'], running);
    rig.button = ['Stop Run', 'Stop Runs'];
    stopResults = { a: { kind: 'missing' }, d: { kind: 'notOffered' }, e: { kind: 'notOffered' } };
    return { a: a!, b: b!, d: d!, e: e! };
  }

  it('Stop Run shows Open in Browser with its error only if all failures are in one deployment', async () => {
    const { a, b, d, e } = await runsToStop();
    const unsupported = "Other doesn't support stopping runs\\. Stop the run in AMP\\.";
    assert.deepEqual(await failing('stop', a, new RegExp(`^Error: Couldn't stop Cats, .* in Crew\\..* ${unsupported}$`), [a, d, e]), []);
    assert.deepEqual(await failing('stop', b, new RegExp(`^Error: ${unsupported}$`), [b, d, e]), ['openInBrowser', 'Other']);
  });

  it('Stop Run shows Set Token with its error if the deployment rejected the token', async () => {
    const { a } = await runsToStop();
    stopResults = { a: { kind: 'failed', trouble: { kind: 'tokenRefused' } } };
    assert.deepEqual(await failing('stop', a, /^Error: Couldn't stop Cats\. Problem: token rejected\./, [a]), ['setToken', 'Crew']);
  });

  it('the question of Stop Run for several runs shows their deployments, names, and kickoff IDs', async () => {
    const { a, d, e } = await runsToStop();
    rig.button = undefined;
    await canceled('stop', a, [a, d, e]);
    assert.equal(rig.details[0], "Deployments: Crew and Other. This can't be undone.\n\nCats: a\nd: d\ne: e");
  });

  it('Stop Run sends a request for each run and then polls the run, even after failures', async () => {
    const { a, b, d, e } = await runsToStop();
    await failing('stop', a, /Couldn't stop/, [a, b, d, e]);
    const all = ['Crew/a', 'Crew/b', 'Other/d', 'Other/e'];
    assert.deepEqual([sent.map((one) => one.replace('stop ', '')), rig.polled], [all, all]);
  });

  it('Stop Run adds the temporary text “stopping…” only to runs for which AMP accepts the request', async () => {
    const { a, b } = await runsToStop();
    await failing('stop', a, /Couldn't stop/, [a, b]);
    assert.deepEqual([rig.board.noteOf(a.ref), rig.board.noteOf(b.ref)], [undefined, 'stopping…']);
  });

  it('the question of Stop Run lists the first ten runs, and shows the number of other runs', async () => {
    const rows = await rig.kickoffs(crew, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'], running);
    await canceled('stop', rows[0], rows);
    assert.match(rig.details.join(), /\na: a\n[^]*\nj: j\nAnd 1 more$/);
    assert.deepEqual(sent, []);
  });

  it('Stop Run stops nothing if the user declines', async () => {
    await canceled('stop', await rig.kickoff(crew, 'a', running));
    assert.deepEqual([rig.details.length, sent], [1, []]);
  });

  it('Stop Run skips a run that finished while the command waited for the rate limit', async () => {
    const rows = await rig.kickoffs(crew, ['a', 'b'], running);
    let turns = 0;
    rig.waits = () => {
      turns += 1;
      if (turns === 1) rig.board.putAll([{ ...rig.board.kickoff(rows[1]!.ref)!, phase: { kind: 'succeeded' } }]);
    };
    rig.button = 'Stop Runs';
    await run('stop', rows[0], rows);
    assert.deepEqual(sent, ['stop Crew/a']);
  });

  it("Stop Run doesn't stop a run whose deployment gets a new URL while the command waits for the rate limit", async () => {
    const rows = await rig.kickoffs(crew, ['c', 'd'], running);
    let turns = 0;
    rig.waits = async () => {
      turns += 1;
      if (turns === 2) await rig.tracker.changeDeployment(rig.board.deployment(crew.key)!, { url: 'https://new.example.com' as never });
    };
    rig.button = 'Stop Runs';
    await failing('stop', rows[0], /^Error: d wasn't stopped, because its deployment was removed or has a new URL\.$/, rows);
    assert.deepEqual(sent, ['stop Crew/c']);
  });

  /** Adds three starts. Returns a function that tracks a run in the row of the second start, and then changes the run like a poll. */
  async function trackInSecondStart() {
    const topics = ['first', 'second', 'third'];
    const starts: StartNode[] = [];
    for (const topic of topics) starts.push(await unconfirmed({ topic }));
    const track = async (name: string, fields: Partial<Kickoff>): Promise<void> => {
      rig.answers = [name];
      await run('trackHere', starts[1]);
      const kickoff = rig.board.kickoff({ deployment: crew.key, id: id(name) })!;
      rig.board.putAll([{ ...kickoff, checkedAt: Date.now(), ...fields }]);
    };
    const replaced = () => until(() => left().length < topics.length);
    return { topics, track, replaced };
  }

  it('Track Kickoff Here replaces the clicked start only if the run is new and AMP finds the run', async () => {
    const { topics, track, replaced } = await trackInSecondStart();
    await rig.kickoff(crew, 'known');
    await track('known', {});
    await track('wrong', { phase: { kind: 'missing' } });
    assert.deepEqual(left(), topics);
    await track('lost', {});
    await replaced();
    assert.deepEqual(left(), ['first', 'third']);
  });

  it('Track Kickoff Here stores the inputs of the clicked start for the tracked run', async () => {
    const { track, replaced } = await trackInSecondStart();
    await track('lost', {});
    await replaced();
    assert.deepEqual(await rig.store.inputs({ deployment: crew.key, id: id('lost') }), { topic: 'second' });
  });

  it('Track Kickoff Here replaces the clicked start even if AMP responds while the view highlights the run', async () => {
    const node = await unconfirmed({ topic: 'cats' });
    rig.whileHighlighting = async () => {
      const finished = { checkedAt: Date.now(), phase: { kind: 'succeeded' } } as const;
      rig.board.putAll(await rig.store.changeKickoffs(rig.board.kickoffs, (kickoff) => ({ ...kickoff, ...finished })));
    };
    rig.answers = ['quick'];
    await run('trackHere', node);
    await until(() => rig.board.starts.length === 0);
    assert.deepEqual([rig.board.starts, rig.runs(({ isStarted }) => isStarted)], [[], ['Crew/quick']]);
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

  it('Start Run gives each new file with inputs an unused name in the workspace folder', async () => {
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

  it('Start Run selects the first value in a new file with inputs if the value has at most 60 characters', async () => {
    const selected: string[] = [];
    for (const length of [60, 61]) {
      const editors = await openForms('x'.repeat(length));
      selected.push(...editors.map(({ document, selection }) => document.getText(selection)));
      await closeForms(editors);
    }
    assert.deepEqual(selected, ['x'.repeat(60), '']);
  });
});
