import assert from 'node:assert/strict';
import { mock } from 'node:test';
import vscode = require('vscode');
import { settings } from '#contributions';
import { Board } from '#core/history/board';
import { Emitter } from '#core/lib/event';
import type { Kickoff } from '#core/kickoff/kickoff';
import { HostHealth } from '#core/polling/hostHealth';
import { deployment, kickoff, unanswered } from '#test/support/builders';
import { start } from '#test/support/manualClock';
import { listen, type EventTargets } from '#vscode/events';
import { nothing } from './secondInstance';

const empty = deployment({ key: 2, url: 'https://empty.example.com', label: 'empty' });

/** Listens to the events of a window, and records the calls that the events cause. The window polls if it has a term. */
function listening(term: object | undefined) {
  const calls: string[] = [];
  const called =
    (name: string) =>
    (...[first]: readonly unknown[]): Promise<void> => {
      const runs = Array.isArray(first) ? ` ${(first as readonly Kickoff[]).map(({ label }) => label).join()}` : '';
      return Promise.resolve(void calls.push(`${name}${runs}`));
    };
  const parts = (...names: readonly string[]): Readonly<Record<string, unknown>> =>
    Object.fromEntries<unknown>(names.map((name) => [name.split('.').at(-1) ?? '', called(name)]));
  const health = new HostHealth(() => 0.5);
  const board = new Board(health);
  board.show([deployment(), empty], [kickoff({ label: 'run', phase: { kind: 'running' } })]);
  const [ended, tokenChanged, leaderChanged] = [new Emitter<Kickoff>(), new Emitter<string>(), new Emitter<void>()];
  let configured: (event: vscode.ConfigurationChangeEvent) => void = nothing;
  mock.method(vscode.workspace, 'onDidChangeConfiguration', (listener: typeof configured) => {
    configured = listener;
    return nothing();
  });
  const poller = {
    ...parts('poller.rescheduleSooner', 'poller.pollNow'),
    onDidPoll: nothing,
    onDidEnd: ended.event,
    onDidFailToSave: nothing,
  };
  const tokens = { onDidChange: tokenChanged.event, get: () => Promise.reject(new Error('the keyring is locked')) };
  const tokenRejections = parts('tokens.check', 'tokens.rejected', 'tokens.tokenChanged');
  const targets = {
    ...{ board, health, poller, tokens },
    leader: { term, onDidChange: leaderChanged.event, focus: nothing },
    notices: { ...parts('notices.ended', 'notices.failedToSave'), seen: () => undefined, tokenRejections },
    tracker: parts('tracker.markRead'),
    ...{ statusBar: parts('statusBar.refresh'), view: parts('view.refresh'), retention: parts('retention.changed') },
  };
  const listened = listen(targets as unknown as EventTargets);
  return {
    ...{ board, health, ended, leaderChanged, tokenChanged },
    /** Returns the calls since the last time. */
    calls: () => calls.splice(0),
    change: (key: string): void => configured({ affectsConfiguration: (part) => `${key}.`.startsWith(`${part}.`) }),
    dispose: () => void listened.dispose(),
  };
}

describe('The events of a window', () => {
  let window: ReturnType<typeof listening>;
  const open = (term?: object): void => void (window = listening(term));
  afterEach(() => {
    window.dispose();
    mock.restoreAll();
  });

  it('apply a changed setting immediately: the intervals of polls, openWith, and history.keepDays', () => {
    open();
    for (const [key, more] of [
      [settings.minimumSeconds.key, []],
      [settings.openWith.key, ['view.refresh']],
      [settings.keepDays.key, ['retention.changed']],
    ] as const) {
      window.change(key);
      assert.deepEqual(window.calls(), ['statusBar.refresh', 'poller.rescheduleSooner', ...more]);
    }
    window.change('crewaiKickoffsOther');
    assert.deepEqual(window.calls(), []);
  });

  it('poll the run of a report sooner after the report is opened', async () => {
    open();
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument());
    assert.ok(window.calls().includes('poller.rescheduleSooner'));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('notify of the end of a run that this window polled', () => {
    open();
    window.ended.fire(kickoff());
    assert.deepEqual(window.calls(), ['notices.ended']);
  });

  it('poll the runs of a deployment whose token changed in a polling window, and of no other deployment', () => {
    open({});
    for (const { url } of [empty, deployment()]) window.tokenChanged.fire(url);
    window.tokenChanged.fire('https://unknown.example.com');
    assert.deepEqual(window.calls(), ['tokens.tokenChanged', 'poller.pollNow ', 'tokens.tokenChanged', 'poller.pollNow run']);
  });

  it('look for rejected tokens only in a polling window, at each rejection and when the window begins to poll', () => {
    for (const term of [undefined, {}]) {
      open(term);
      const check = term ? ['tokens.check'] : [];
      window.leaderChanged.fire();
      assert.deepEqual(window.calls(), check);
      window.health.record(deployment(), undefined, unanswered('tokenRefused'), start);
      assert.deepEqual(window.calls(), [...check, 'tokens.rejected', ...check]);
    }
  });

  it("don't claim that a token is missing while the keyring is locked", async () => {
    open();
    window.tokenChanged.fire(empty.url);
    await new Promise((resolve) => setTimeout(resolve));
    assert.equal(window.board.troubleOfDeployment(empty), undefined);
  });
});
