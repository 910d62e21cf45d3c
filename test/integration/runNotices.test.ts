import assert from 'node:assert/strict';
import { mock } from 'node:test';
import vscode = require('vscode');
import { Board } from '#core/history/board';
import type { Kickoff } from '#core/kickoff/kickoff';
import { Canceled, HistoryFailure } from '#core/lib/errors';
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
      ran.push(`${name} ${Object.values(target as object).join(' ')}`);
      return commands.run();
    },
    settings: { current: settings } as never,
  });
  return { clock, board, health, store, notifications, failures, ran, settings, commands };
}

const ended = (of = 1) => kickoff({ id: id(of), label: `run-${of}`, phase: { kind: 'succeeded' }, finishedAt: start, isUnread: true });
const waiting = kickoff({ label: 'waits', phase: { kind: 'waiting' } });
const waits = (of: number, deploymentKey = 1) => ({ ...waiting, id: id(of), label: `run-${of}`, deployment: key(deploymentKey) });

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
      'a finished run that another window polled come after 6 s in the polling window',
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

  it('leave out finished runs that were removed, read, or muted meanwhile', async () => {
    const runs = [1, 2, 3, 4].map(ended);
    const { board, clock, notifications } = windowWith(...runs);
    for (const run of runs) notifications.addEnd(run);
    await clock.advance(1 * second);
    board.put({ ...ended(1), removedAt: start });
    const { isUnread: _, ...read } = ended(2);
    board.put(read);
    board.put({ ...ended(3), isMuted: true });
    await clock.advance(1 * second);
    assert.deepEqual(messages(), ['crew: run-4 succeeded.']);
  });

  it('leave out a finished run only if its own output is visible', async () => {
    let uri: vscode.Uri;
    const activeTab = () => ({ input: new vscode.TabInputText(uri) });
    mock.getter(vscode.window, 'tabGroups', () => ({ all: [{ activeTab: activeTab() }] }));
    for (const [of, visible, expected] of [
      [1, 'output', []],
      [1, { task: 1 }, ['crew: run-1 succeeded.']],
      [2, 'output', ['crew: run-1 succeeded.']],
    ] as const) {
      shown = [];
      uri = documentUri(ended(of), visible);
      const { clock, notifications } = windowWith(ended());
      notifications.addEnd(ended());
      await clock.advance(2 * second);
      assert.deepEqual(messages(), expected);
    }
  });

  it('of several runs have a button that shows the view', async () => {
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

  it("show an error of their button's command unless the user canceled the command", async () => {
    for (const [error, expected] of [
      [new Canceled(), 0],
      [new Error('no'), 1],
    ] as const) {
      const { clock, notifications, failures, commands } = windowWith(waiting);
      commands.run = () => Promise.reject(error);
      notifications.addChanges([waiting], true);
      await clock.advance(2 * second);
      shown.at(-1)?.choose('Open in Browser');
      await settled();
      assert.equal(failures.length, expected);
    }
  });

  it('of several waiting runs have Open in Browser only if the runs belong to one deployment', async () => {
    for (const [runs, text, buttons, opened] of [
      [[waits(1, 2), waits(2, 2)], /^other: 2 runs/, ['Show Runs', 'Open in Browser'], ['openInBrowser https://moved.example.com']],
      [[waits(1, 2), waits(2, 2), waits(3)], /^crew and other: 3 runs/, ['Show Runs'], []],
    ] as const) {
      const { clock, board, notifications, ran } = windowWith(...runs);
      notifications.addChanges(runs, true);
      await clock.advance(2 * second);
      const last = shown.at(-1)!;
      assert.match(last.message, text);
      assert.deepEqual(last.buttons, buttons);
      board.putDeployment({ ...other, url: url('https://moved.example.com') });
      last.choose('Open in Browser');
      await settled();
      assert.deepEqual(ran, opened);
    }
  });

  it("of a run that AMP no longer finds don't come if AMP finds the run again", async () => {
    const lost = { ...waits(1), phase: { kind: 'missing' }, hasRun: true, checkedAt: start + 3 * 60 * second } as const;
    for (const isFoundAgain of [false, true]) {
      shown = [];
      const { clock, store, notifications } = windowWith(lost);
      notifications.addChanges([lost], true);
      await clock.advance(1 * second);
      if (isFoundAgain) await store.update(lost, (stored) => ({ kickoff: { ...stored, phase: { kind: 'running' } } }));
      await clock.advance(1 * second);
      assert.deepEqual(
        shown.map(({ buttons }) => buttons),
        isFoundAgain ? [] : [['Open in Browser', 'Mute This Run']],
      );
    }
  });

  it('of a waiting run have a button that mutes the run until Undo', async () => {
    const { clock, notifications, ran } = windowWith(waits(1, 2));
    notifications.addChanges([waits(1, 2)], true);
    await clock.advance(2 * second);
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

  it("of a waiting run don't confirm that the run is muted if muting fails", async () => {
    const { clock, notifications, failures, commands } = windowWith(waits(1));
    notifications.addChanges([waits(1)], true);
    await clock.advance(2 * second);
    commands.run = () => Promise.reject(new Error('locked'));
    shown.at(-1)?.choose('Mute This Run');
    await settled();
    assert.deepEqual([shown.length, failures.length], [1, 1]);
  });

  it('come only after the previous notification is closed, without runs that continued meanwhile', async () => {
    const { clock, board, notifications, commands } = windowWith(waits(1), waits(2), waits(3));
    commands.run = () => new Promise(() => undefined);
    notifications.addChanges([waits(1)], true);
    await clock.advance(2 * second);
    notifications.addChanges([waits(2), waits(3)], true);
    await clock.advance(2 * second);
    board.put({ ...waits(2), phase: { kind: 'running' } });
    assert.equal(shown.length, 1);
    shown[0]?.choose('Open in Browser');
    await settled();
    assert.match(messages().slice(1).join(), /^crew: run-3 /);
  });

  it('of a waiting run come even if AMP has just stopped finding the run', async () => {
    const { clock, board, notifications } = windowWith(waits(1), waits(2));
    notifications.addChanges([waits(1)], true);
    await clock.advance(2 * second);
    notifications.addChanges([waits(2)], true);
    await clock.advance(2 * second);
    board.put({ ...waits(2), phase: { kind: 'missing' }, hasRun: true });
    shown[0]?.choose('Open in Browser');
    await settled();
    assert.match(messages().slice(1).join(), /^crew: run-2 /);
  });

  it('of finished runs have a severity and buttons that depend on the statuses of the runs', async () => {
    const [good, failed] = [{ ...ended(), output: 'json' } as const, { ...ended(), phase: { kind: 'failed' }, output: 'json' } as const];
    const stopped = { ...ended(2), phase: { kind: 'stopped' } } as const;
    const quieter = 'Notify Only for Failures';
    for (const [runs, isWarning, buttons] of [
      [[good], false, ['Open Output', quieter]],
      [[failed], true, ['Open Report']],
      [[stopped], false, ['Open Report']],
      [[good, stopped], true, ['Show Runs', quieter]],
      [[failed, stopped], true, ['Show Runs']],
    ] as const) {
      const ofOther = runs.map((run) => ({ ...run, deployment: key(2) }));
      const { clock, notifications } = windowWith(...ofOther, waits(9));
      for (const run of ofOther) notifications.addEnd(run);
      notifications.addChanges([waits(9)], true);
      await clock.advance(2 * second);
      const [end, wait] = shown.splice(0);
      assert.deepEqual([end?.isWarning, end?.buttons], [isWarning, buttons]);
      assert.match(`${end?.message} ${wait?.message}`, /^other: [^]* crew: run-9 /);
    }
  });

  it('can be off while documents of finished runs still open automatically', async () => {
    const opened: string[] = [];
    mock.method(vscode.commands, 'executeCommand', (command: string, uri: vscode.Uri, _: string, { preview }: { preview: boolean }) => {
      if (command !== 'vscode.openWith') return Promise.resolve();
      opened.push(`${preview ? '~' : ''}${uri.path.split('/').at(-1)}`);
      return uri.path.includes('run-1') ? Promise.reject(new Error('no')) : Promise.resolve();
    });
    const [reports, output] = [[ended(2), ended(3)], { ...ended(1), output: 'json' } as const];
    for (const [runs, names] of [
      [
        [output, ...reports],
        ['run-1.json.output', 'run-2.report.md', 'run-3.report.md'],
      ],
      [[ended(2)], ['~run-2.report.md']],
    ] as const) {
      const { clock, notifications, settings, failures } = windowWith(...runs, waits(4));
      Object.assign(settings, { notifications: 'none', openOutputWhenFinished: 'output' });
      for (const run of runs) notifications.addEnd(run);
      settings.notifications = 'all';
      notifications.addChanges([waits(4)], true);
      settings.notifications = 'none';
      await clock.advance(2 * second);
      assert.deepEqual([opened.splice(0), failures.length, shown], [names, names.length > 1 ? 1 : 0, []]);
    }
  });

  it("of a rejected or lost token have Set Token for the token's deployment", async () => {
    for (const [kind, text, buttons] of [
      ['tokenRefused', /^other rejected its token/, ['Set Token']],
      ['noToken', /other/, ['Set Token', 'Help']],
    ] as const) {
      const { health, store, notifications, ran } = windowWith();
      await store.markToken(other.url, true);
      health.record(other, undefined, unanswered(kind), start);
      notifications.tokenRejections.check();
      await settled();
      const last = shown.at(-1)!;
      assert.match(last.message, text);
      assert.doesNotMatch(last.message, kind === 'noToken' ? /rejected/ : /^$/);
      assert.deepEqual([last.isWarning, last.buttons], [true, buttons]);
      last.choose('Set Token');
      await settled();
      assert.deepEqual(ran, [`setToken ${other.url}`]);
    }
  });

  it('of a failure to write the history come once for each reason, except a closed or newer history', () => {
    const { notifications, failures } = windowWith();
    for (const kind of ['closed', 'newer', 'diskFull', 'diskFull', 'locked'] as const)
      notifications.reportSaveFailure(new HistoryFailure(kind));
    assert.deepEqual(
      failures.map((error) => (error as HistoryFailure).kind),
      ['diskFull', 'locked'],
    );
  });
});
