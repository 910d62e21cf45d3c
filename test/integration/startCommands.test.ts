import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import vscode = require('vscode');
import type { CommandName } from '#contributions';
import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import { RunStarter } from '#core/starts/runStarter';
import type { StartRequest } from '#core/starts/attempt';
import type { StopResult } from '#core/starts/runControl';
import { id } from '#test/support/builders';
import type { CommandDeps } from '#vscode/commands/commandDeps';
import { createCommands } from '#vscode/commands/commands';
import { KickoffInfos } from '#vscode/publicApi';
import { SecretTokens } from '#vscode/secretTokens';
import { StartNode, type DeploymentNode } from '#vscode/tree/nodes';
import { CommandRig } from './commandRig';
import { nothing } from './secondInstance';

describe('With a deployment that starts runs, the command', () => {
  let rig: CommandRig;
  let crew: DeploymentNode;
  let run: (name: CommandName, target?: unknown, selection?: unknown) => Promise<unknown>;
  let names: readonly string[];
  let stopped: StopResult;
  /** Called when a command highlights a row. */
  let highlighted: () => Promise<void> | void;
  const started: StartRequest[] = [];

  beforeEach(async () => {
    rig = new CommandRig();
    crew = await rig.deployment('Crew');
    [names, stopped, highlighted] = [['topic'], { kind: 'accepted' }, () => undefined];
    started.length = 0;
    const { board, store, tracker } = rig;
    const clock = {
      now: () => Date.now(),
      after: (_: number, act: () => void) => {
        setImmediate(act);
        return nothing();
      },
    };
    const control = {
      inputNames: () => Promise.resolve({ kind: 'names', names } as const),
      start: (_: Deployment, request: StartRequest) => {
        started.push(request);
        return Promise.resolve({ kind: 'started', id: id(`started-${started.length}`) } as const);
      },
      stop: () => Promise.resolve(stopped),
    };
    const poller = {
      countRequest: () => Promise.resolve(),
      pollNow: (refs: readonly { readonly id: string }[]) => void rig.polled.push(...refs.map((ref) => ref.id)),
    };
    const settings = { current: { keepInputs: true } };
    const newId = () => crypto.randomUUID();
    const failed = (error: unknown): void => assert.ifError(error);
    const starter = new RunStarter({ store, control: () => Promise.resolve(control), tracker, poller, clock, newId, settings, failed });
    const keyring = { get: (key: string) => Promise.resolve(rig.secrets.get(key)), onDidChange: () => ({ dispose: () => undefined }) };
    const commands = createCommands({
      ...{ board, store, tracker, starter, poller, clock, settings },
      tokens: new SecretTokens(keyring as never, store, () => undefined),
      amp: { ...rig.amp, control: () => Promise.resolve(control) },
      view: { selection: [], highlight: () => Promise.resolve().then(highlighted), keepFocus: () => undefined },
      infos: new KickoffInfos(board, clock),
      showFailure: failed,
    } as unknown as CommandDeps);
    run = (...call) => Promise.resolve(commands(...call));
  });
  afterEach(() => rig.close());

  it('Continue from This Run names the state of the run in a file with inputs', async () => {
    names = ['one', 'two', 'three', 'four'];
    const row = await rig.kickoff(crew, 'flow', { isFlow: true });
    await run('continueRun', row);
    const text = vscode.window.activeTextEditor?.document.getText() ?? '';
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    assert.match(text, /"restoreFromStateId": "flow"/);
  });

  it('Start Again never sends the ID of the run', async () => {
    const ref = { deployment: crew.key, id: id('own') };
    await rig.tracker.track(ref, { inputs: { topic: 'cats', id: 'own' } });
    rig.button = 'Start Run';
    rig.answers = [['Start with the Same Inputs']];
    await run('startAgain', { deployment: 'Crew', kickoffId: 'own' });
    assert.deepEqual(
      started.map(({ inputs }) => inputs),
      [{ topic: 'cats' }],
    );
  });

  it('Stop Run immediately polls a run that had finished before', async () => {
    const row = await rig.kickoff(crew, 'done', { phase: { kind: 'running' } });
    rig.button = 'Stop Run';
    stopped = { kind: 'finished' };
    await run('stop', row, [row]);
    assert.deepEqual(rig.polled, ['done']);
  });

  it('Track Kickoff Here replaces the start of its row by a new run that AMP has found, and no other start', async () => {
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

  it('Track Kickoff Here replaces the start also if the first response arrives while the row is highlighted', async () => {
    const attempt = { deployment: crew.key, requestId: crypto.randomUUID(), inputs: { topic: 'cats' }, sentAt: 0 };
    await rig.store.addStart(attempt);
    await rig.tracker.loadChanges();
    highlighted = async () => {
      const finished = { checkedAt: Date.now(), phase: { kind: 'succeeded' } } as const;
      rig.board.putAll(await rig.store.changeKickoffs(rig.board.kickoffs, (kickoff) => ({ ...kickoff, ...finished })));
    };
    rig.answers = ['quick'];
    await run('trackHere', new StartNode(crew.key, attempt.requestId));
    for (let tries = 0; tries < 500 && rig.board.starts.length > 0; tries++) await setTimeout(10);
    assert.deepEqual([rig.board.starts, rig.runs(({ isStarted }) => isStarted)], [[], ['Crew/quick']]);
  });

  it('Track Kickoff Here tracks a run at the deployment that the pasted URL names', async () => {
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
