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
import { Canceled, HistoryFailure } from '#core/lib/errors';
import type { Trouble } from '#core/kickoff/trouble';
import type { Inputs, StartAttempt, StartRequest, StartResult } from '#core/starts/attempt';
import type { StopResult } from '#core/starts/runStarter';
import { id } from '#test/support/builders';
import { ErrorWithButton } from '#vscode/commands/guard';
import { StartNode, type DeploymentNode } from '#present/outline/nodes';
import { CommandRig } from './commandRig';

describe('With a deployment that starts runs,', () => {
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
  const same = ['Start with the Same Inputs'];
  const edit = ['Edit the Inputs…'];
  const rejected = (kind: Trouble['kind'], ...missing: readonly string[]) => ({ kind: 'notStarted', trouble: { kind }, missing }) as const;
  const editorText = () => vscode.window.activeTextEditor?.document.getText() ?? '';
  const canceled = (name: CommandName, target: unknown) => assert.rejects(run(name, target), Canceled);

  /** Stores a start that AMP didn't confirm. */
  async function unconfirmed(inputs: Inputs, fields: Partial<StartAttempt> = {}): Promise<StartNode> {
    const attempt = { deployment: crew.key, requestId: crypto.randomUUID(), inputs, sentAt: 0, ...fields };
    await rig.store.addStart(attempt);
    await rig.tracker.loadChanges();
    return new StartNode(crew.key, attempt.requestId);
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

  it("Continue from This Run writes the run's kickoff ID into the file with the inputs", async () => {
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
    assert.match(rig.details[0] ?? '', /silently starts from the beginning.*\n\nInputs:\ntopic: cats$/);
    assert.deepEqual(sent, ['Crew {"topic":"cats"} after flow', 'Crew {} after flow', 'Crew {"topic":"cats"} after flow']);
  });

  it('Start Run for another extension sends exactly the inputs that the user confirmed', async () => {
    const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
    const inputs: Record<string, unknown> = { ...Object.fromEntries(letters.map((name) => [name, name])), other: 1, id: 'known' };
    [inputs['a'], inputs['b']] = ['x'.repeat(90), ''];
    names = [...letters, 'id'];
    const agreed = JSON.stringify(inputs);
    rig.whileAsked = () => (inputs['c'] = 'changed');
    rig.button = 'Start Run';
    const { kickoffId } = (await run('start', { deployment: 'Crew', inputs })) as KickoffInfo;
    assert.equal(kickoffId, 'started-1');
    assert.deepEqual(sent, [`Crew ${agreed}`]);
    const [warning, , title, first, long, empty, ...more] = rig.details[0]?.split('\n') ?? [];
    assert.equal(warning, "AMP ignores inputs that the deployment doesn't have: other.");
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

  it('a completed form needs a confirmation only if another extension opened it or it repeats an unconfirmed start', async () => {
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

  it('Start Again removes the row of the repeated start only if a run started', async () => {
    await unconfirmed({ topic: 'dogs' });
    const node = await unconfirmed({ topic: 'cats', id: 'own' }, { continues: id('state') });
    const lines = await unconfirmed({ topic: 'two\nlines', gone: 1 });
    const left = () => rig.board.starts.map(({ inputs }) => inputs?.['topic']);
    rig.answers = [same];
    await canceled('startAgain', node);
    rig.answers = [edit];
    names = ['topic', 'tone'];
    await run('startAgain', lines);
    assert.match(editorText(), /\{\n    "topic": "two\\nlines",\n    "tone": ""\n  \}/);
    rig.button = 'Start Run';
    rig.answers = [same];
    results = [rejected('refused')];
    await failing('startAgain', node, /No run started\. Problem: request rejected/);
    assert.deepEqual(left(), ['dogs', 'cats', 'two\nlines']);
    rig.answers = [same];
    await run('startAgain', node);
    assert.deepEqual(left(), ['dogs', 'two\nlines']);
    assert.deepEqual(sent, Array(2).fill('Crew {"topic":"cats"} after state'));
    assert.match(rig.details.at(-1) ?? '', /this will be a second run.*\n\n.*silently starts/s);
    await failing('startAgain', node, /the earlier start was confirmed or removed/);
    assert.deepEqual([rig.boxes.length, sent.length], [4, 2], 'no question about a row that is gone');
  });

  for (const when of ['its question is open', 'it waits for its turn'])
    it(`Start Run or Start Again sends nothing if its row or deployment is removed or changed while ${when}`, async () => {
      rig.button = 'Start Run';
      names = [];
      const meanwhile = (act: () => unknown): void => {
        if (when === 'its question is open') rig.whileAsked = act;
        else rig.waits = () => rig.details.length > 0 && act();
      };
      const node = await unconfirmed({ topic: 'cats' });
      meanwhile(() => rig.tracker.remove([{ deployment: crew.key, requestId: node.requestId }]));
      rig.answers = [same];
      await failing('startAgain', node, /the earlier start was confirmed or removed/);
      rig.details.length = 0;
      meanwhile(() => rig.tracker.changeDeployment(rig.board.deployment(crew.key)!, { url: 'https://new.example.com' as never }));
      await failing('start', crew, /this deployment was removed or has a new URL/);
      rig.details.length = 0;
      meanwhile(() => rig.tracker.remove(crew.key));
      await failing('start', crew, /this deployment was removed or has a new URL/);
      assert.deepEqual([sent, rig.board.starts], [[], []]);
    });

  it('Start Run suggests the last values for the same deployment', async () => {
    names = ['topic', 'tone'];
    const other = await rig.deployment('Other');
    rig.button = 'Start Run';
    rig.answers = ['cats', undefined];
    await canceled('start', crew);
    await canceled('start', other);
    rig.answers = [true, 'calm'];
    await run('start', crew);
    await run('start', { deployment: 'Crew', inputs: { topic: 'dogs', tone: 'bold' } });
    const newest = rig.board.kickoff({ deployment: crew.key, id: id('started-2') })!;
    rig.board.put({ ...newest, trackedAt: newest.trackedAt + 10, phase: { kind: 'succeeded' }, finishedAt: newest.trackedAt });
    await rig.kickoff(crew, 'tracked-later', { trackedAt: newest.trackedAt + 20 });
    await canceled('start', crew);
    rig.answers = [{ typed: 'birds', button: 'Edit All Inputs in a File' }];
    await run('start', crew);
    assert.match(editorText(), /"topic": "birds",\n    "tone": "bold"/);
    await canceled('start', crew);
    const values = rig.boxes.map((box) => box.split(' | ')[1]);
    assert.deepEqual(values, ['', '', '', 'cats', '', 'dogs', 'dogs', 'dogs']);
    assert.deepEqual(sent, ['Crew {"topic":"cats","tone":"calm"}', 'Crew {"topic":"dogs","tone":"bold"}']);
    assert.equal(rig.details.length, 2, 'the first box was accepted unread, although the second one was filled in');
  });

  it('Start Run shows a rejected form again with its values', async () => {
    rig.button = 'Start Run';
    results = [rejected('refused', 'style', 'tone'), rejected('tokenRefused'), rejected('serverTrouble')];
    rig.answers = ['cats', 'bold', 'calm', 'tok-good', true, true, true, 'dogs', true, true];
    await run('start', crew);
    assert.deepEqual(rig.prompts, [
      'Enter topic to start the run in Crew',
      'No run started, because the deployment requires this input. Enter style for the run in Crew.',
      'Enter tone to start the run in Crew',
      rig.prompts[3]!,
      ...['Enter topic for the run in Crew', 'Enter style for the run in Crew', 'Enter tone to start the run in Crew'],
      'No run started. Problem: server error. Enter topic for the run in Crew.',
      ...['Enter style for the run in Crew', 'Enter tone to start the run in Crew'],
    ]);
    assert.match(rig.prompts[3]!, /^No run started\. Problem: token rejected\. .*crew\.example\.com/);
    assert.deepEqual([...rig.secrets], [['token:https://crew.example.com', 'tok-good']]);
    const all = '"style":"bold","tone":"calm"}';
    assert.deepEqual(sent, ['Crew {"topic":"cats"}', ...['cats', 'cats', 'dogs'].map((topic) => `Crew {"topic":"${topic}",${all}`)]);
    assert.equal(rig.highlighted.join(), 'start,Crew,start,Crew,start,Crew,start,Crew/started-4');
  });

  it('Start Run shows an error with a button only if a token is missing or the run may have started', async () => {
    const other = await rig.deployment('Other');
    [names, rig.button] = [[], 'Start Run'];
    results = [rejected('noToken'), rejected('notAllowed'), { kind: 'unknown', trouble: { kind: 'unreachable' } }];
    assert.deepEqual(await failing('start', other, /No run started\. Problem: token needed/), ['setToken', 'Other']);
    assert.deepEqual(await failing('start', other, /No run started\. Problem: token has no access/), []);
    assert.deepEqual(await failing('start', other, /may have started in Other/), ['openInBrowser', 'Other']);
    assert.equal(rig.board.starts.length, 1);
  });

  it("Start Run saves the kickoff ID separately if the started run can't be stored", async () => {
    [names, rig.button] = [[], 'Start Run'];
    mock.method(rig.store, 'confirmStart', () => Promise.reject(new HistoryFailure('diskFull')));
    await failing('start', crew, /disk/);
    assert.deepEqual(rig.pending, [{ url: 'https://crew.example.com', label: 'Crew', ids: ['started-1'] }]);
  });

  it('Start Run shows the kickoff ID of the started run if a newer version of the extension wrote the history', async () => {
    [names, rig.button] = [[], 'Start Run'];
    mock.method(rig.store, 'confirmStart', () => Promise.reject(new HistoryFailure('newer')));
    await failing('start', crew, /The run started, but .*: started-1$/);
    assert.deepEqual(rig.pending, []);
  });

  it('Start Run asks for a missing token when it reads the names of the inputs', async () => {
    const other = await rig.deployment('Other');
    const counted: string[] = [];
    rig.waits = ({ label }) => counted.push(label);
    unreadable = [{ kind: 'noToken' }, { kind: 'serverTrouble' }];
    rig.answers = ['tok-good'];
    await failing('start', other, /Couldn't read the inputs for Other\. Problem: server error\.$/);
    assert.match(rig.prompts.join(), /^Couldn't read the inputs for Other\. Problem: token needed\. .*other\.example\.com/);
    rig.answers = ['cats'];
    await run('start', other);
    assert.deepEqual([[...rig.secrets.keys()], counted], [['token:https://other.example.com'], ['Other', 'Other', 'Other', 'Other']]);
  });

  it('Start Run ignores a second click on the same deployment while its question is open', async () => {
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

  it('Start Run leaves the focus in the box of a later command', async () => {
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

  it('Start Run for a file asks for a confirmation before each start', async () => {
    const uri = vscode.Uri.file(path.join(rig.folder, 'one.inputs.jsonc'));
    const inputs = { id: 'own', topic: ['a', { b: 1.5 }] };
    rig.button = 'Start Run';
    writeFileSync(uri.fsPath, JSON.stringify({ deployment: 'Crew', restoreFromStateId: 'state', inputs }));
    await Promise.all([run('start', uri), canceled('start', uri)]);
    await vscode.window.showTextDocument(uri);
    names = [];
    await run('start', crew);
    names = ['topic'];
    await run('start');
    const of = `Crew ${JSON.stringify(inputs)} after state`;
    assert.deepEqual([sent, rig.details.length], [[of, 'Crew {}', of], 3]);
    assert.equal(rig.highlighted.join(), 'show start,show Crew/started-1,start,Crew/started-2,show start,show Crew/started-3');
  });

  it('Start Run for a file with a mistake selects the mistake instead of starting a run', async () => {
    for (const [name, content, says] of [
      ['wrong', '{\n"deployment": "Crew",\n"inputs": {"topic": "",\n"tone": ""}}', /Line 4: The deployment has no input tone/],
      ['large', `{"deployment": "Crew"}${' '.repeat(1_048_576)}`, /too large/],
    ] as const) {
      const file = vscode.Uri.file(path.join(rig.folder, `${name}.inputs.jsonc`));
      writeFileSync(file.fsPath, content);
      await Promise.all([failing('start', file, says), canceled('start', file)]);
      assert.equal(vscode.window.activeTextEditor?.selection.active.line, 3);
    }
    assert.equal(sent.length, 0);
  });

  it("Start Again doesn't send the run's kickoff ID as an input", async () => {
    const ref = { deployment: crew.key, id: id('own') };
    await rig.tracker.trackAll([ref], { inputs: { topic: 'cats', id: 'own' } });
    rig.button = 'Start Run';
    rig.answers = [['Start with the Same Inputs']];
    await run('startAgain', { deployment: 'Crew', kickoffId: 'own' });
    assert.deepEqual(
      started.map(({ inputs }) => inputs),
      [{ topic: 'cats' }],
    );
  });

  it('Stop Run immediately polls a run that had already finished, even if the history is damaged', async () => {
    const row = await rig.kickoff(crew, 'done', { phase: { kind: 'running' } });
    mock.method(rig.store, 'inputs', () => Promise.reject(new HistoryFailure('damaged')));
    rig.button = 'Stop Run';
    stopped = { kind: 'finished' };
    await run('stop', row, [row]);
    assert.deepEqual(rig.polled, ['Crew/done']);
  });

  it('Stop Run shows a button with its error only if all failures are at one deployment', async () => {
    const other = await rig.deployment('Other');
    const running = { phase: { kind: 'running' } } as const;
    const [a, b] = await rig.kickoffs(crew, ['a', 'b'], { ...running, label: 'Cats' });
    const [d, e] = await rig.kickoffs(other, ['d', 'e'], running);
    rig.button = 'Stop Runs';
    stopResults = { a: { kind: 'missing' }, d: { kind: 'notOffered' }, e: { kind: 'notOffered' } };
    const unsupported = "Other doesn't support stopping runs\\. Stop the run in AMP\\.";
    assert.deepEqual(await failing('stop', a, new RegExp(`^Error: Couldn't stop Cats, .* in Crew\\..* ${unsupported}$`), [a, d, e]), []);
    assert.deepEqual(await failing('stop', b, new RegExp(`^Error: ${unsupported}$`), [b, d, e]), ['openInBrowser', 'Other']);
    rig.button = 'Stop Run';
    stopResults = { ...stopResults, a: { kind: 'failed', trouble: { kind: 'tokenRefused' } } };
    assert.deepEqual(await failing('stop', a, /^Error: Couldn't stop Cats\. Problem: token rejected\./, [a]), ['setToken', 'Crew']);
    assert.deepEqual([sent.pop(), rig.polled.pop()], ['stop Crew/a', 'Crew/a']);
    rig.button = 'Stop Runs';
    assert.equal(rig.details[0], "Deployments: Crew and Other. This can't be undone.\n\nCats: a\nd: d\ne: e");
    const all = ['Crew/a', 'Other/d', 'Other/e', 'Crew/b', 'Other/d', 'Other/e'];
    assert.deepEqual([sent.map((one) => one.replace('stop ', '')), rig.polled], [all, all]);
    assert.deepEqual([rig.board.noteOf(a!.ref), rig.board.noteOf(b!.ref)], [undefined, 'stopping…']);
  });

  it('Stop Run asks a question with the first ten runs and the number of other runs', async () => {
    const rows = await rig.kickoffs(crew, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'], { phase: { kind: 'running' } });
    await assert.rejects(run('stop', rows[0], rows), Canceled);
    assert.match(rig.details.join(), /\na: a\n[^]*\nj: j\nMore active runs: 1$/);
    assert.deepEqual(sent, []);
  });

  it('Stop Run stops nothing if the user declines', async () => {
    await canceled('stop', await rig.kickoff(crew, 'a', { phase: { kind: 'running' } }));
    assert.deepEqual([rig.details.length, sent], [1, []]);
  });

  it('Stop Run skips a run that finished or whose deployment changed while the command waited', async () => {
    const other = await rig.deployment('Other');
    const rows = [
      ...(await rig.kickoffs(crew, ['a', 'b'], { phase: { kind: 'running' } })),
      ...(await rig.kickoffs(other, ['c', 'd'], { phase: { kind: 'running' } })),
    ];
    let turns = 0;
    rig.waits = async () => {
      turns += 1;
      if (turns === 1) rig.board.put({ ...rig.board.kickoff(rows[1]!.ref)!, phase: { kind: 'succeeded' } });
      if (turns === 4) await rig.tracker.changeDeployment(rig.board.deployment(other.key)!, { url: 'https://new.example.com' as never });
    };
    rig.button = 'Stop Runs';
    await failing('stop', rows[0], /^Error: d wasn't stopped, because its deployment was removed or has a new URL\.$/, rows);
    assert.deepEqual(sent, ['stop Crew/a', 'stop Other/c']);
  });

  it('Track Kickoff Here in the row of a start replaces only that start, once AMP finds the new run', async () => {
    const topics = ['first', 'second', 'third'];
    const starts = topics.map((topic) => ({ deployment: crew.key, requestId: crypto.randomUUID(), inputs: { topic }, sentAt: 0 }));
    for (const attempt of starts) await rig.store.addStart(attempt);
    await rig.tracker.loadChanges();
    const left = () => rig.board.starts.map(({ inputs }) => inputs?.['topic']);
    const track = async (name: string, fields: Partial<Kickoff>): Promise<void> => {
      rig.answers = [name];
      await run('trackHere', new StartNode(crew.key, starts[1]!.requestId));
      const kickoff = rig.board.kickoff({ deployment: crew.key, id: id(name) })!;
      rig.board.put({ ...kickoff, checkedAt: Date.now(), ...fields });
    };
    await rig.kickoff(crew, 'known');
    await track('known', {});
    await track('wrong', { phase: { kind: 'missing' } });
    assert.deepEqual(left(), topics);
    await track('lost', {});
    for (let tries = 0; tries < 500 && left().length === topics.length; tries++) await setTimeout(10);
    assert.deepEqual(left(), ['first', 'third']);
    assert.deepEqual(await rig.store.inputs({ deployment: crew.key, id: id('lost') }), { topic: 'second' });
  });

  it('Track Kickoff Here replaces the start even if the first response arrives while the row is highlighted', async () => {
    const node = await unconfirmed({ topic: 'cats' });
    rig.whileHighlighting = async () => {
      const finished = { checkedAt: Date.now(), phase: { kind: 'succeeded' } } as const;
      rig.board.putAll(await rig.store.changeKickoffs(rig.board.kickoffs, (kickoff) => ({ ...kickoff, ...finished })));
    };
    rig.answers = ['quick'];
    await run('trackHere', node);
    for (let tries = 0; tries < 500 && rig.board.starts.length > 0; tries++) await setTimeout(10);
    assert.deepEqual([rig.board.starts, rig.runs(({ isStarted }) => isStarted)], [[], ['Crew/quick']]);
  });

  it('Track Kickoff Here tracks a run in the deployment of the pasted URL', async () => {
    await rig.deployment('Other');
    rig.answers = ['https://other.example.com/status/5b1e0f44-63b9-4c23-9514-f1fc22a90d88'];
    await run('trackHere', crew);
    assert.deepEqual(rig.runs(), ['Other/5b1e0f44-63b9-4c23-9514-f1fc22a90d88']);
  });

  it('Import Deployments from .env keeps the previous token if the new one has no access to the deployment', async () => {
    rig.secrets.set('token:https://crew.example.com', 'tok-good');
    rig.file = vscode.Uri.file(path.join(rig.folder, '.env'));
    writeFileSync(rig.file.fsPath, 'CREW_URL=https://crew.example.com\nCREW_TOKEN=tok-notAllowed\n');
    rig.answers = [['Crew']];
    await rig.run('importEnv');
    assert.deepEqual([...rig.secrets.values()], ['tok-good']);
    assert.match(rig.said().join(), /^warning: Tokens rejected and not saved for these deployments: Crew/, 'nothing was imported');
    rig.answers = [true];
    await rig.run('importEnv');
    assert.deepEqual(rig.said(), [], 'another token is selected only by the user');
  });
});
