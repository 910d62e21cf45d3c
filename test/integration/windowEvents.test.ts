import assert from 'node:assert/strict';
import { mock } from 'node:test';
import vscode = require('vscode');
import { contextKeys, settingDefinitions } from '#contributions';
import { Board } from '#core/history/board';
import { Emitter } from '#core/lib/event';
import type { Kickoff } from '#core/kickoff/kickoff';
import { HostHealth } from '#core/polling/hostHealth';
import type { LoggedPoll } from '#core/polling/pollRecorder';
import { deployment, id, kickoff, unanswered } from '#test/support/builders';
import { settled, start } from '#test/support/manualClock';
import { documentUri } from '#vscode/documents/documentUri';
import { connectEvents, type EventParts } from '#vscode/events';
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
  const [seen, focused] = [new Array<boolean>(), new Array<boolean>()];
  const health = new HostHealth(() => 0.5);
  const board = new Board(health);
  board.show([deployment(), empty], [kickoff({ label: 'run', phase: { kind: 'running' } })]);
  const [ended, tokenChanged, leaderChanged] = [new Emitter<Kickoff>(), new Emitter<string>(), new Emitter<void>()];
  const [polled, failedToSave] = [new Emitter<LoggedPoll>(), new Emitter<unknown>()];
  let configured: (event: vscode.ConfigurationChangeEvent) => void = nothing;
  mock.method(vscode.workspace, 'onDidChangeConfiguration', (listener: typeof configured) => {
    configured = listener;
    return nothing();
  });
  const poller = {
    ...parts('poller.rescheduleSooner', 'poller.pollNow'),
    onDidPoll: polled.event,
    onDidEnd: ended.event,
    onDidFailToSave: failedToSave.event,
  };
  const lookups = {
    token: (): Promise<string | undefined> => Promise.reject(new Error('the keyring is locked')),
    kickoff: (): Promise<Kickoff | undefined> => Promise.resolve(undefined),
  };
  const tokens = { onDidChange: tokenChanged.event, get: () => lookups.token() };
  const tokenRejections = parts('tokens.updateClaims', 'tokens.recordRejection', 'tokens.onTokenChange');
  const leader = { term, onDidChange: leaderChanged.event, onFocusChange: (isFocused: boolean) => void focused.push(isFocused) };
  const targets = {
    ...{ board, health, poller, tokens, leader },
    ...{ store: { kickoff: () => lookups.kickoff() }, log: parts('log.warn', 'log.debug') },
    notifications: {
      ...parts('notifications.addEnd', 'notifications.reportSaveFailure'),
      addChanges: (_: unknown, isPolling: boolean) => void seen.push(isPolling),
      tokenRejections,
    },
    tracker: parts('tracker.markRead'),
    ...{ statusBar: parts('statusBar.refresh'), view: parts('view.refresh'), retention: parts('retention.onSettingChange') },
  };
  const listened = connectEvents(targets as unknown as EventParts);
  return {
    ...{ board, health, ended, leaderChanged, tokenChanged, polled, failedToSave, lookups, seen, focused },
    becomeLeader: (): void => {
      leader.term = {};
      leaderChanged.fire();
    },
    /** Returns the calls since the last time. */
    calls: () => calls.splice(0),
    change: (...keys: readonly string[]): void =>
      configured({ affectsConfiguration: (part) => keys.some((key) => `${key}.`.startsWith(`${part}.`)) }),
    dispose: () => void listened.dispose(),
  };
}

describe('A window', () => {
  let window: ReturnType<typeof listening>;
  const open = (term?: object): void => void (window = listening(term));
  const close = (): void => {
    window.dispose();
    mock.restoreAll();
  };
  afterEach(close);

  it('updates the status bar item and reschedules polls when a setting of the extension changes', () => {
    open();
    window.change(settingDefinitions.minimumSeconds.key);
    assert.deepEqual(window.calls(), ['statusBar.refresh', 'poller.rescheduleSooner']);
  });

  const { openWith, keepDays } = settingDefinitions;
  for (const [does, call, setting, otherSetting] of [
    ['updates the rows of the view only when the setting openWith changes', 'view.refresh', openWith, keepDays],
    ['reschedules the removal of old runs only when the setting keepDays changes', 'retention.onSettingChange', keepDays, openWith],
  ] as const)
    it(does, () => {
      open();
      for (const [changed, isCalled] of [
        [[setting], true],
        [[otherSetting, setting], true],
        [[otherSetting], false],
      ] as const) {
        window.change(...changed.map(({ key }) => key));
        assert.equal(window.calls().includes(call), isCalled);
      }
    });

  it('ignores a change of a setting that belongs to another extension', () => {
    open();
    window.change('crewaiKickoffsOther');
    assert.deepEqual(window.calls(), []);
  });

  it('reschedules polls when a document is opened', async () => {
    open();
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument());
    assert.ok(window.calls().includes('poller.rescheduleSooner'));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('notifies when a run that it polls finishes', () => {
    open();
    window.ended.fire(kickoff());
    assert.deepEqual(window.calls(), ['notifications.addEnd']);
  });

  it('polls only the runs of the deployment whose token changed', () => {
    open({});
    for (const { url } of [empty, deployment()]) window.tokenChanged.fire(url);
    window.tokenChanged.fire('https://unknown.example.com');
    assert.deepEqual(
      window.calls().filter((call) => call.startsWith('poller')),
      ['poller.pollNow ', 'poller.pollNow run'],
    );
  });

  it('forgets an earlier token rejection only when the token of a known deployment changes', () => {
    open({});
    for (const { url } of [empty, deployment()]) {
      window.tokenChanged.fire(url);
      assert.equal(window.calls()[0], 'tokens.onTokenChange');
    }
    window.tokenChanged.fire('https://unknown.example.com');
    assert.deepEqual(window.calls(), []);
  });

  it('claims the notification of a rejected token only if it is the polling window', () => {
    for (const term of [undefined, {}]) {
      open(term);
      const check = term ? ['tokens.updateClaims'] : [];
      window.leaderChanged.fire();
      assert.deepEqual(window.calls(), check);
      window.health.record(deployment(), undefined, unanswered('tokenRefused'), start);
      const calls = window.calls().filter((call) => call !== 'tokens.recordRejection');
      assert.deepEqual(calls, [...check, ...check]);
      close();
    }
  });

  it('records a rejected token even if another window is the polling window', () => {
    open();
    window.health.record(deployment(), undefined, unanswered('tokenRefused'), start);
    assert.deepEqual(window.calls(), ['tokens.recordRejection']);
  });

  for (const [what, term] of [
    ['it is', {}],
    ['another window is', undefined],
  ] as const) {
    it(`logs a failed poll while ${what} the polling window`, () => {
      open(term);
      window.polled.fire({ deployment: deployment(), id: id(), observation: unanswered('unreachable'), nextAt: undefined });
      assert.equal(window.calls()[0], 'log.warn');
    });

    it(`reports a failure to save while ${what} the polling window`, () => {
      open(term);
      window.failedToSave.fire(new Error('disk full'));
      assert.equal(window.calls()[0], 'notifications.reportSaveFailure');
    });

    it(`passes a changed run to the notifications, with the flag that it ${term ? 'is' : "isn't"} the polling window`, () => {
      open(term);
      window.board.putAll([kickoff({ label: 'changed' })]);
      assert.deepEqual(window.seen, [term !== undefined]);
    });
  }

  it('polls with a changed token only if it is the polling window or has the focus', () => {
    for (const [term, isFocused, polls] of [
      [undefined, false, 0],
      [undefined, true, 1],
      [{}, false, 1],
    ] as const) {
      mock.getter(vscode.window, 'state', () => ({ focused: isFocused, active: isFocused }));
      open(term);
      window.tokenChanged.fire(deployment().url);
      assert.equal(window.calls().filter((call) => call === 'poller.pollNow run').length, polls);
      close();
    }
  });

  it('forgets an earlier token rejection without polling or focus only while no run is active', () => {
    mock.getter(vscode.window, 'state', () => ({ focused: false, active: false }));
    for (const isActive of [true, false]) {
      open();
      if (!isActive) window.board.putAll([finished]);
      window.calls();
      window.tokenChanged.fire(deployment().url);
      assert.deepEqual(window.calls(), isActive ? [] : ['tokens.onTokenChange']);
      window.dispose();
    }
  });

  it('reports its focus to the leader election when it opens, and again when it loses the focus', () => {
    const listeners: ((state: vscode.WindowState) => void)[] = [];
    mock.method(vscode.window, 'onDidChangeWindowState', (listener: (typeof listeners)[0]) => {
      listeners.push(listener);
      return nothing();
    });
    mock.getter(vscode.window, 'state', () => ({ focused: true, active: true }));
    open();
    for (const listener of listeners) listener({ focused: false, active: false });
    assert.deepEqual(window.focused, [true, false]);
  });

  /** Opens a window without the token of an added deployment. Returns the problems of all deployments. Only the first has runs. */
  async function openWithoutTokens(term?: object) {
    const added = deployment({ key: 3, url: 'https://added.example.com', label: 'added' });
    open(term);
    window.lookups.token = () => Promise.resolve(undefined);
    window.board.putDeployment(added);
    await settled();
    return { added, troubles: () => window.board.deployments.map((one) => window.board.troubleOfDeployment(one)?.kind) };
  }

  it('detects missing and saved tokens of deployments without runs as the polling window', async () => {
    const { added, troubles } = await openWithoutTokens({});
    assert.deepEqual(troubles().slice(1), ['noToken', 'noToken']);
    window.lookups.token = () => Promise.resolve('tok-demo');
    window.tokenChanged.fire(added.url);
    await settled();
    assert.deepEqual(troubles().slice(1), [undefined, undefined]);
  });

  it('shows a rejected token of a deployment without runs until the token changes', async () => {
    const { added, troubles } = await openWithoutTokens({});
    window.lookups.token = () => Promise.resolve('tok-demo');
    window.health.record(added, undefined, unanswered('tokenRefused'), start);
    window.board.putDeployment({ ...added, label: 'Renamed' });
    await settled();
    assert.equal(troubles().at(-1), 'tokenRefused');
    window.tokenChanged.fire(added.url);
    await settled();
    assert.equal(troubles().at(-1), undefined);
  });

  it('detects missing tokens of deployments without runs when it becomes the polling window, but not before', async () => {
    const { troubles } = await openWithoutTokens();
    assert.deepEqual(troubles().slice(1), [undefined, undefined]);
    window.becomeLeader();
    await settled();
    assert.deepEqual(troubles().slice(1), ['noToken', 'noToken']);
  });

  it('leaves the detection of a missing token to the polls if the deployment has runs', async () => {
    const { troubles } = await openWithoutTokens({});
    assert.equal(troubles()[0], undefined);
  });

  const finished = kickoff({ label: 'run', phase: { kind: 'succeeded' }, output: 'json', finishedAt: start, isUnread: true });

  /** Opens a focused window that shows the report of a finished run. Records the closed tabs and the context keys. */
  async function openWithReport() {
    const tab = { input: new vscode.TabInputText(documentUri(finished, 'report')) };
    const closed: unknown[] = [];
    const closeTabs = (tabs: readonly unknown[]) => Promise.resolve(void closed.push(...tabs));
    const all = [{ tabs: [tab], activeTab: tab }];
    mock.getter(vscode.window, 'tabGroups', () => ({ all, close: closeTabs, onDidChangeTabs: nothing, onDidChangeTabGroups: nothing }));
    mock.getter(vscode.window, 'state', () => ({ focused: true, active: true }));
    const set = mock.method(vscode.commands, 'executeCommand', () => Promise.resolve());
    open();
    window.lookups.kickoff = () => Promise.resolve(finished);
    window.board.putAll([finished]);
    await settled();
    return { tab, closed, keys: set.mock.calls.map((call) => (call.arguments as readonly unknown[]).slice(1).join()) };
  }

  it("marks a run as read while the run's report is visible", async () => {
    await openWithReport();
    assert.deepEqual(
      window.calls().filter((call) => call.startsWith('tracker')),
      ['tracker.markRead '],
    );
  });

  it('shows the output buttons in the title of a visible report whose run has an output', async () => {
    const { keys } = await openWithReport();
    assert.ok(keys.includes(`${contextKeys.reportsWithOutput},${documentUri(finished, 'report').toString()}`));
  });

  it('closes the documents of a deleted run', async () => {
    const { tab, closed } = await openWithReport();
    assert.deepEqual(closed, []);
    window.lookups.kickoff = () => Promise.resolve(undefined);
    window.board.show([deployment(), empty], []);
    await settled();
    assert.deepEqual(closed, [tab]);
  });

  it("leaves documents open and reports the failure if it can't read from the history whether their run was deleted", async () => {
    const { closed } = await openWithReport();
    window.lookups.kickoff = () => Promise.reject(new Error('locked'));
    window.board.show([deployment(), empty], []);
    await settled();
    assert.ok(window.calls().includes('notifications.reportSaveFailure'));
    assert.deepEqual(closed, []);
  });

  it("doesn't treat the token of a deployment as missing while the keyring is locked", async () => {
    open({});
    window.tokenChanged.fire(empty.url);
    await new Promise((resolve) => setTimeout(resolve));
    assert.equal(window.board.troubleOfDeployment(empty), undefined);
  });
});
