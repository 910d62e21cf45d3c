import assert from 'node:assert/strict';
import { mock } from 'node:test';
import vscode = require('vscode');
import { Board } from '#core/history/board';
import type { Kickoff } from '#core/kickoff/kickoff';
import { CanceledError, HistoryFailure } from '#core/lib/errors';
import { errorThrottle } from '#core/notices/errorThrottle';
import { HostHealth } from '#core/polling/hostHealth';
import { deployment, id, key, kickoff, MemoryStore, unanswered, url } from '#test/support/builders';
import { ManualClock, second, settled, start } from '#test/support/manualClock';
import { documentUri } from '#vscode/documents/documentUri';
import { RunNotifications } from '#vscode/notices/runNotifications';

interface Shown {
  readonly isWarning: boolean;
  readonly message: string;
  readonly buttons: readonly string[];
  readonly choose: (button: string) => void;
}

const other = deployment({ key: 2, url: 'https://other.example.com', label: 'other' });
const log = { error: () => undefined, warn: () => undefined } as unknown as vscode.LogOutputChannel;

/** A window with these runs, which records its notifications, the commands of their buttons, and the errors that it shows. */
function windowWith(...kickoffs: readonly Kickoff[]) {
  const [clock, health, store] = [new ManualClock(), new HostHealth(() => 0.5), new MemoryStore([deployment(), other], kickoffs)];
  const board = new Board(health);
  board.show([deployment(), other], kickoffs);
  const [failures, ran]: [unknown[], string[]] = [[], []];
  const settings = { notifications: 'all', openOutputWhenFinished: 'never' };
  const commands = { run: (): unknown => undefined };
  const notifications = new RunNotifications({
    ...{ board, store, clock, log, shouldReport: errorThrottle(clock), showFailure: (error) => failures.push(error) },
    runCommand: (name, target) => {
      ran.push(
        `${name} ${Object.values(target as object)
          .filter((value) => value !== undefined)
          .join(' ')}`,
      );
      return commands.run();
    },
    settings: { current: settings } as never,
  });
  return { clock, board, health, store, notifications, failures, ran, settings, commands };
}

const ended = (of = 1) => kickoff({ id: id(of), label: `run-${of}`, phase: { kind: 'succeeded' }, finishedAt: start, isUnread: true });
const waiting = kickoff({ label: 'waits', phase: { kind: 'waiting' } });
const waits = (of: number, deploymentKey = 1) => ({ ...waiting, id: id(of), label: `run-${of}`, deployment: key(deploymentKey) });
const lost = { ...waits(1), phase: { kind: 'missing' }, hasRun: true, checkedAt: start + 3 * 60 * second } as const;

describe('Notifications', () => {
  let shown: Shown[] = [];

  beforeEach(() => {
    shown = [];
    for (const kind of ['showInformationMessage', 'showWarningMessage'] as const)
      mock.method(
        vscode.window,
        kind,
        (message: string, ...buttons: readonly string[]) =>
          new Promise((resolve) => shown.push({ isWarning: kind === 'showWarningMessage', message, buttons, choose: resolve })),
      );
  });
  afterEach(() => mock.restoreAll());

  const messages = () => shown.map(({ message }) => message);

  for (const [what, run, seconds, act] of [
    ['a finished run come after 2 s in the polling window', ended(), 2, (to: RunNotifications) => to.addEnd(ended())],
    ['a finished run come after 6 s in the other windows', ended(), 6, (to: RunNotifications) => to.addChanges([ended()], false)],
    [
      'a finished run that another window polled come after 6 s in the new polling window',
      ended(),
      6,
      (to: RunNotifications) => to.addChanges([ended()], true),
    ],
    ['a waiting run come after 2 s in the polling window', waiting, 2, (to: RunNotifications) => to.addChanges([waiting], true)],
    ['a waiting run come after 6 s in the other windows', waiting, 6, (to: RunNotifications) => to.addChanges([waiting], false)],
  ] as const)
    it(`of ${what}, unless the window closes first`, async () => {
      const [open, closing] = [windowWith(run), windowWith(run)];
      for (const { notifications } of [open, closing]) act(notifications);
      for (const { clock } of [open, closing]) await clock.advance(seconds * second - 1);
      assert.deepEqual(messages(), []);
      closing.notifications.dispose();
      for (const { clock } of [open, closing]) await clock.advance(1);
      assert.equal(shown.length, 1);
    });

  it('leave out runs that were removed, read, or muted after they finished', async () => {
    const runs = [1, 2, 3, 4].map(ended);
    const { board, clock, notifications } = windowWith(...runs);
    for (const run of runs) notifications.addEnd(run);
    await clock.advance(1 * second);
    board.putAll([{ ...ended(1), removedAt: start }]);
    const { isUnread: _, ...read } = ended(2);
    board.putAll([read]);
    board.putAll([{ ...ended(3), isMuted: true }]);
    await clock.advance(1 * second);
    assert.deepEqual(messages(), ['crew: run-4 succeeded.']);
  });

  /** Finishes a run while a document of a run is visible. */
  async function finishWithVisible(uri: vscode.Uri): Promise<void> {
    const all = [{ activeTab: { input: new vscode.TabInputText(uri) } }];
    mock.getter(vscode.window, 'tabGroups', () => ({ all }));
    const { clock, notifications } = windowWith(ended());
    notifications.addEnd(ended());
    await clock.advance(2 * second);
  }

  it('leave out a finished run whose output is visible', async () => {
    await finishWithVisible(documentUri(ended(), 'output'));
    assert.deepEqual(messages(), []);
  });

  for (const [what, uri] of [
    ['an output of one of its tasks', documentUri(ended(), { taskPosition: 1 })],
    ["another run's output", documentUri(ended(2), 'output')],
  ] as const)
    it(`include a finished run even if ${what} is visible`, async () => {
      await finishWithVisible(uri);
      assert.deepEqual(messages(), ['crew: run-1 succeeded.']);
    });

  it('of several finished runs have a button that shows the view', async () => {
    const { clock, notifications } = windowWith(ended(1), ended(2));
    for (const run of [ended(1), ended(2)]) notifications.addEnd(run);
    await clock.advance(2 * second);
    const run = mock.method(vscode.commands, 'executeCommand', () => Promise.resolve());
    shown[0]?.choose('Show Runs');
    await settled();
    assert.deepEqual(
      run.mock.calls.map((call) => (call.arguments as readonly unknown[])[0]),
      ['crewaiKickoffs.kickoffs.focus'],
    );
  });

  const twoOfOther = [waits(1, 2), waits(2, 2)];
  const ofBoth = [...twoOfOther, waits(3)];

  /** Opens a window with all runs, which notifies of the first ones. */
  async function notifyOfWaiting(runs: readonly Kickoff[], ...later: readonly Kickoff[]) {
    const window = windowWith(...runs, ...later);
    const notifyOf = async (waitingRuns: readonly Kickoff[]): Promise<void> => {
      window.notifications.addChanges(waitingRuns, true);
      await window.clock.advance(2 * second);
    };
    await notifyOf(runs);
    return { ...window, notifyOf };
  }

  it('show an error if the command of their button fails, unless the user canceled the command', async () => {
    for (const [error, expected] of [
      [new CanceledError(), 0],
      [new Error('no'), 1],
    ] as const) {
      const { failures, commands } = await notifyOfWaiting([waiting]);
      commands.run = () => Promise.reject(error);
      shown.at(-1)?.choose('Open in Browser');
      await settled();
      assert.equal(failures.length, expected);
    }
  });

  it('of several waiting runs contain the labels of all their deployments', async () => {
    for (const runs of [twoOfOther, ofBoth]) await notifyOfWaiting(runs);
    assert.match(messages()[0]!, /^other: 2 runs/);
    assert.match(messages()[1]!, /^crew and other: 3 runs/);
  });

  it('of several waiting runs have Open in Browser only if the runs belong to one deployment', async () => {
    for (const runs of [twoOfOther, ofBoth]) await notifyOfWaiting(runs);
    assert.deepEqual(
      shown.map(({ buttons }) => buttons),
      [['Show Runs', 'Open in Browser'], ['Show Runs']],
    );
  });

  it("of waiting runs have an Open in Browser button that still works after the deployment's URL changes", async () => {
    const { board, ran } = await notifyOfWaiting(twoOfOther);
    board.putDeployment({ ...other, url: url('https://moved.example.com') });
    shown[0]?.choose('Open in Browser');
    await settled();
    assert.deepEqual(ran, ['openInBrowser https://moved.example.com']);
  });

  it('of a run that AMP no longer finds come after 2 s, unless AMP finds the run again first', async () => {
    for (const isFoundAgain of [false, true]) {
      shown = [];
      const { clock, store, notifications } = windowWith(lost);
      notifications.addChanges([lost], true);
      await clock.advance(1 * second);
      if (isFoundAgain) await store.update(lost, (stored) => ({ kickoff: { ...stored, phase: { kind: 'running' } } }));
      await clock.advance(1 * second);
      assert.equal(shown.length, isFoundAgain ? 0 : 1);
    }
  });

  it('of a run that AMP no longer finds have Open in Browser and Mute This Run', async () => {
    await notifyOfWaiting([lost]);
    assert.deepEqual(shown[0]?.buttons, ['Open in Browser', 'Mute This Run']);
  });

  it('of a waiting run have the button Mute This Run, whose confirmation has the button Undo', async () => {
    const { ran } = await notifyOfWaiting([waits(1, 2)]);
    for (const button of ['Mute This Run', 'Undo']) {
      shown.at(-1)?.choose(button);
      await settled();
    }
    assert.match(messages().join(), /^other: [^]*run-1 is muted/);
    assert.deepEqual(
      ran,
      ['mute', 'unmute'].map((name) => `${name} ${other.url} ${id(1)}`),
    );
  });

  for (const isRemoved of [false, true])
    it(`of a waiting run show an error, not a confirmation, if muting fails${isRemoved ? ' in a removed deployment' : ''}`, async () => {
      const { board, failures, commands } = await notifyOfWaiting([waits(1)]);
      if (isRemoved) board.show([], []);
      commands.run = () => Promise.reject(new Error('no'));
      shown.at(-1)?.choose('Mute This Run');
      await settled();
      assert.deepEqual([shown.length, failures.length], [1, 1]);
    });

  it('come only after the previous notification is closed', async () => {
    const { commands, notifyOf } = await notifyOfWaiting([waits(1)], waits(2));
    commands.run = () => new Promise(() => undefined);
    await notifyOf([waits(2)]);
    assert.equal(shown.length, 1);
    shown[0]?.choose('Open in Browser');
    await settled();
    assert.match(messages().slice(1).join(), /^crew: run-2 /);
  });

  it('of waiting runs leave out a run that continues before the previous notification is closed', async () => {
    const { board, notifyOf } = await notifyOfWaiting([waits(1)], waits(2), waits(3));
    await notifyOf([waits(2), waits(3)]);
    board.putAll([{ ...waits(2), phase: { kind: 'running' } }]);
    shown[0]?.choose('Open in Browser');
    await settled();
    assert.match(messages().slice(1).join(), /^crew: run-3 /);
  });

  it('of a waiting run come even if AMP stops finding the run before the previous notification is closed', async () => {
    const { board, notifyOf } = await notifyOfWaiting([waits(1)], waits(2));
    await notifyOf([waits(2)]);
    board.putAll([{ ...waits(2), phase: { kind: 'missing' }, hasRun: true }]);
    shown[0]?.choose('Open in Browser');
    await settled();
    assert.match(messages().slice(1).join(), /^crew: run-2 /);
  });

  const [good, failed] = [{ ...ended(), output: 'json' } as const, { ...ended(), phase: { kind: 'failed' }, output: 'json' } as const];
  const stopped = { ...ended(2), phase: { kind: 'stopped' } } as const;

  async function notifyOfEnds(runs: readonly Kickoff[]): Promise<Shown | undefined> {
    shown = [];
    const { clock, notifications } = windowWith(...runs);
    for (const run of runs) notifications.addEnd(run);
    await clock.advance(2 * second);
    return shown[0];
  }

  it('of finished runs are warnings only if a run failed, or if one of several runs was stopped', async () => {
    for (const runs of [[failed], [good, stopped], [failed, stopped]]) assert.equal((await notifyOfEnds(runs))?.isWarning, true);
    for (const runs of [[good], [stopped]]) assert.equal((await notifyOfEnds(runs))?.isWarning, false);
  });

  it('of finished runs have Notify Only for Failures only if a run succeeded', async () => {
    for (const runs of [[good], [good, stopped]]) assert.equal((await notifyOfEnds(runs))?.buttons[1], 'Notify Only for Failures');
    for (const runs of [[failed], [stopped], [failed, stopped]]) assert.equal((await notifyOfEnds(runs))?.buttons.length, 1);
  });

  it('of one finished run have Open Output if the run succeeded with an output, or else Open Report', async () => {
    assert.equal((await notifyOfEnds([good]))?.buttons[0], 'Open Output');
    for (const run of [failed, stopped]) assert.equal((await notifyOfEnds([run]))?.buttons[0], 'Open Report');
  });

  it('of several finished runs have Show Runs as their first button', async () => {
    for (const runs of [
      [good, stopped],
      [failed, stopped],
    ])
      assert.equal((await notifyOfEnds(runs))?.buttons[0], 'Show Runs');
  });

  it("of finished and of waiting runs begin with the deployment's label", async () => {
    const ofOther = { ...ended(), deployment: key(2) };
    const { clock, notifications } = windowWith(ofOther, waits(9));
    notifications.addEnd(ofOther);
    notifications.addChanges([waits(9)], true);
    await clock.advance(2 * second);
    assert.match(messages().join(' '), /^other: [^]* crew: run-9 /);
  });

  it("of a waiting run don't come if the user turns off notifications during the delay of 2 s", async () => {
    const { clock, notifications, settings } = windowWith(waits(4));
    notifications.addChanges([waits(4)], true);
    settings.notifications = 'none';
    await clock.advance(2 * second);
    assert.deepEqual(shown, []);
  });

  async function notifyOfToken(kind: 'tokenRefused' | 'noToken') {
    const window = windowWith();
    await window.store.recordToken(other.url, true);
    window.health.record(other, undefined, unanswered(kind), start);
    window.notifications.tokenRejections.updateClaims();
    await settled();
    return { ...window, last: shown.at(-1)! };
  }

  it("of a rejected or lost token are warnings with Set Token for the token's deployment", async () => {
    for (const kind of ['tokenRefused', 'noToken'] as const) {
      const { last, ran } = await notifyOfToken(kind);
      assert.deepEqual([last.isWarning, last.buttons[0]], [true, 'Set Token']);
      last.choose('Set Token');
      await settled();
      assert.deepEqual(ran, [`setToken ${other.url}`]);
    }
  });

  it('have a Help button for a lost token, but not for a rejected token', async () => {
    assert.deepEqual((await notifyOfToken('noToken')).last.buttons, ['Set Token', 'Help']);
    assert.deepEqual((await notifyOfToken('tokenRefused')).last.buttons, ['Set Token']);
  });

  it('about a token mention a rejection only if the deployment rejected the token', async () => {
    assert.match((await notifyOfToken('tokenRefused')).last.message, /^other rejected its token/);
    const { message } = (await notifyOfToken('noToken')).last;
    assert.match(message, /other/);
    assert.doesNotMatch(message, /rejected/);
  });

  it('of a failure to write the history come once per reason, but not if the history is closed or from a newer version', () => {
    const { notifications, failures } = windowWith();
    for (const kind of ['closed', 'newer', 'diskFull', 'diskFull', 'locked'] as const)
      notifications.reportSaveFailure(new HistoryFailure(kind));
    assert.deepEqual(
      failures.map((error) => (error as HistoryFailure).kind),
      ['diskFull', 'locked'],
    );
  });
});

describe('The document of a finished run', () => {
  const output = { ...ended(1), output: 'json' } as const;
  afterEach(() => mock.restoreAll());

  /** Finishes runs while notifications are off. Returns the opened documents, where `~` marks preview tabs, and the number of errors. */
  async function finish(runs: readonly Kickoff[], fails = false) {
    const opened: string[] = [];
    const notified = mock.method(vscode.window, 'showInformationMessage', () => Promise.resolve());
    mock.method(vscode.commands, 'executeCommand', (command: string, uri: vscode.Uri, _: string, { preview }: { preview: boolean }) => {
      if (command !== 'vscode.openWith') return Promise.resolve();
      opened.push(`${preview ? '~' : ''}${uri.path.split('/').at(-1)}`);
      return fails && opened.length === 1 ? Promise.reject(new Error('no')) : Promise.resolve();
    });
    const { clock, notifications, settings, failures } = windowWith(...runs);
    Object.assign(settings, { notifications: 'none', openOutputWhenFinished: 'output' });
    for (const run of runs) notifications.addEnd(run);
    await clock.advance(2 * second);
    return { opened, errors: failures.length, notifications: notified.mock.callCount() };
  }

  it('opens automatically if the setting openOutputWhenFinished is “output”, even while notifications are off', async () => {
    assert.deepEqual(await finish([output]), { opened: ['~run-1.json.output'], errors: 0, notifications: 0 });
  });

  it('that opens automatically is the report if the run has no output', async () => {
    assert.deepEqual((await finish([ended(2)])).opened, ['~run-2.report.md']);
  });

  it('opens in a permanent tab if several runs finished together', async () => {
    assert.deepEqual((await finish([output, ended(2), ended(3)])).opened, ['run-1.json.output', 'run-2.report.md', 'run-3.report.md']);
  });

  it('opens even if the document of another run fails to open', async () => {
    const { opened, errors } = await finish([output, ended(2)], true);
    assert.deepEqual([opened, errors], [['run-1.json.output', 'run-2.report.md'], 1]);
  });
});
