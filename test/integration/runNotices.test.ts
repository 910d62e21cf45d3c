import assert from 'node:assert/strict';
import { mock } from 'node:test';
import vscode = require('vscode');
import { Board } from '#core/history/board';
import type { Kickoff } from '#core/kickoff/kickoff';
import { Canceled } from '#core/lib/errors';
import { ErrorThrottle } from '#core/notices/errorThrottle';
import { HostHealth } from '#core/polling/hostHealth';
import type { DocumentKind } from '#present/documents/documentKind';
import { deployment, id, kickoff, MemoryStore } from '#test/support/builders';
import { ManualClock, second, settled, start } from '#test/support/manualClock';
import { documentUri } from '#vscode/documents/documentUri';
import { EndNotices } from '#vscode/notices/endNotices';

interface Shown {
  readonly message: string;
  readonly buttons: readonly string[];
  readonly choose: (button: string) => void;
}

/** A window with these runs, which records its notifications and the errors that it shows. */
function windowWith(...kickoffs: readonly Kickoff[]) {
  const [clock, board, store] = [new ManualClock(), new Board(new HostHealth(() => 0.5)), new MemoryStore([deployment()], kickoffs)];
  board.show([deployment()], kickoffs);
  const failures: unknown[] = [];
  let commandError: Error | undefined;
  const notices = new EndNotices({
    ...{ board, store, clock, errorThrottle: new ErrorThrottle(clock), showFailure: (error) => failures.push(error) },
    log: { error: () => undefined } as unknown as vscode.LogOutputChannel,
    run: () => {
      if (commandError) throw commandError;
    },
    settings: { current: { notifications: 'all', openOutputWhenFinished: 'never' } } as never,
  });
  return { clock, board, notices, failures, failCommands: (error: Error) => (commandError = error) };
}

const ended = (of = 1) => kickoff({ id: id(of), label: `run-${of}`, phase: { kind: 'succeeded' }, finishedAt: start, isUnread: true });
const waiting = kickoff({ label: 'waits', phase: { kind: 'waiting' } });

describe('Notifications', () => {
  let shown: Shown[] = [];

  beforeEach(() => {
    shown = [];
    for (const kind of ['showInformationMessage', 'showWarningMessage'] as const)
      mock.method(
        vscode.window,
        kind,
        (message: string, ...buttons: readonly string[]) => new Promise((resolve) => shown.push({ message, buttons, choose: resolve })),
      );
  });
  afterEach(() => mock.restoreAll());

  const messages = () => shown.map(({ message }) => message);

  for (const [what, run, seconds, act] of [
    ['an end come after 2 s in the polling window', ended(), 2, (to: EndNotices) => to.ended(ended())],
    ['an end come after 6 s in the other windows', ended(), 6, (to: EndNotices) => to.seen([ended()], false)],
    ['a new wait come after 2 s in the polling window', waiting, 2, (to: EndNotices) => to.seen([waiting], true)],
    ['a new wait come after 6 s in the other windows', waiting, 6, (to: EndNotices) => to.seen([waiting], false)],
  ] as const)
    it(`of ${what}, unless the window closes before`, async () => {
      const [open, closing] = [windowWith(run), windowWith(run)];
      for (const { notices } of [open, closing]) act(notices);
      for (const { clock } of [open, closing]) await clock.advance(seconds * second - 1);
      assert.deepEqual(messages(), []);
      closing.notices.dispose();
      for (const { clock } of [open, closing]) await clock.advance(1);
      assert.equal(shown.length, 1);
    });

  it('leave out runs that were removed, read, or muted since their end', async () => {
    const runs = [1, 2, 3, 4].map(ended);
    const { board, clock, notices } = windowWith(...runs);
    for (const run of runs) notices.ended(run);
    await clock.advance(1 * second);
    board.put({ ...ended(1), removedAt: start });
    const { isUnread: _, ...read } = ended(2);
    board.put(read);
    board.put({ ...ended(3), isMuted: true });
    await clock.advance(1 * second);
    assert.deepEqual(messages(), ['crew: run-4 succeeded.']);
  });

  it('leave out an end whose output is visible, but not if only a task output is visible', async () => {
    let kind: DocumentKind = 'output';
    const activeTab = () => ({ input: new vscode.TabInputText(documentUri(ended(), kind)) });
    mock.getter(vscode.window, 'tabGroups', () => ({ all: [{ activeTab: activeTab() }] }));
    for (const [visible, expected] of [
      ['output', []],
      [{ task: 1 }, ['crew: run-1 succeeded.']],
    ] as const) {
      kind = visible;
      const { clock, notices } = windowWith(ended());
      notices.ended(ended());
      await clock.advance(2 * second);
      assert.deepEqual(messages(), expected);
    }
  });

  it('of several runs have a button that shows the view', async () => {
    const { clock, notices } = windowWith(ended(1), ended(2));
    for (const run of [ended(1), ended(2)]) notices.ended(run);
    await clock.advance(2 * second);
    const run = mock.method(vscode.commands, 'executeCommand', () => Promise.resolve());
    shown[0]?.choose('Show Runs');
    await settled();
    assert.deepEqual(
      run.mock.calls.map((call) => (call.arguments as readonly unknown[])[0]),
      ['crewaiKickoffs.kickoffs.focus'],
    );
  });

  it('show an error of the command of their button, but nothing if the user cancels the command', async () => {
    for (const [error, expected] of [
      [new Canceled(), 0],
      [new Error('no'), 1],
    ] as const) {
      const { clock, notices, failures, failCommands } = windowWith(waiting);
      failCommands(error);
      notices.seen([waiting], true);
      await clock.advance(2 * second);
      shown.at(-1)?.choose('Open in Browser');
      await settled();
      assert.equal(failures.length, expected);
    }
  });
});
