import assert from 'node:assert/strict';
import { mock } from 'node:test';
import vscode = require('vscode');
import { contextKeys } from '#contributions';
import { Board, keyOf } from '#core/history/board';
import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import { Emitter } from '#core/lib/event';
import { HostHealth } from '#core/polling/hostHealth';
import type { DocumentKind } from '#present/documents/documentName';
import { deployment, id, key, kickoff } from '#test/support/builders';
import { start } from '#test/support/manualClock';
import { documentUri, reportEditorId } from '#vscode/documents/documentUri';
import { openBeside } from '#vscode/documents/openDocument';
import {
  closeDeletedDocuments,
  isReportVisible,
  markSeenRuns,
  updateTabTitles,
  updateTitleButtons,
  urisOf,
} from '#vscode/documents/openTabs';

// The active extension doesn't know these runs, so the tabs show an error instead of a document.
const done = { deployment: key(99), phase: { kind: 'succeeded' }, output: 'json' } as const;
const first = kickoff({ ...done, id: id(1), label: 'first', finishedAt: start });
const later = kickoff({ ...done, id: id(2), label: 'later', finishedAt: start + 1, trackedAt: start + 1 });

const report = (of: Kickoff) => documentUri(of, 'report');
const output = (of: Kickoff) => documentUri(of, 'output');
const failed = (error: unknown): void => assert.ifError(error);

async function open(of: Kickoff, kind: DocumentKind, viewColumn: number): Promise<void> {
  const editor = kind === 'report' ? reportEditorId : 'default';
  await vscode.commands.executeCommand('vscode.openWith', documentUri(of, kind), editor, { viewColumn, preview: false });
}

/** Returns the file names of all tabs by group. `*` marks pinned tabs, and `~` marks preview tabs. */
function tabs(): readonly (readonly string[])[] {
  const nameOf = (uri: vscode.Uri): string => (uri.path.split('/').at(-1) ?? '').replace(/^Untitled-\d+$/, 'Untitled');
  return vscode.window.tabGroups.all.map((group) =>
    group.tabs.map(
      ({ input, isPinned, isPreview }) => `${isPinned ? '*' : ''}${isPreview ? '~' : ''}${urisOf(input).map(nameOf).join(' ↔ ')}`,
    ),
  );
}

async function until(found: () => unknown, expected: unknown): Promise<void> {
  for (let tries = 0; tries < 100 && JSON.stringify(found()) !== JSON.stringify(expected); tries++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(found(), expected);
}

/** Replaces the visible tabs by `shown`, and returns the events that a user's actions fire. */
function fakeTabs(shown: () => readonly unknown[]) {
  const events = { tabs: new Emitter<void>(), groups: new Emitter<void>(), window: new Emitter<void>() };
  const listeners = { onDidChangeTabs: events.tabs.event, onDidChangeTabGroups: events.groups.event };
  mock.getter(vscode.window, 'tabGroups', () => ({ all: shown().map((input) => ({ activeTab: { input } })), ...listeners }));
  mock.method(vscode.window, 'onDidChangeWindowState', events.window.event);
  return events;
}

/** Closes all tabs, even pinned tabs, unlike VS Code's command. */
async function closeAll(): Promise<void> {
  await vscode.window.tabGroups.close(vscode.window.tabGroups.all.flatMap(({ tabs: all }) => all));
}

describe('Documents of runs', () => {
  let board: Board;
  const owned: vscode.Disposable[] = [];

  beforeEach(async () => {
    await closeAll();
    board = new Board(new HostHealth(() => 0.5));
    board.show([deployment({ key: 99 })], [first, later]);
  });
  afterEach(() => {
    mock.restoreAll();
    for (const one of owned.splice(0)) one.dispose();
  });
  after(closeAll);

  function renameFirst(): void {
    owned.push(updateTabTitles(board, failed));
    board.putAll([{ ...first, label: 'renamed' }]);
  }

  it('are reopened in their own editor groups when their run is renamed', async () => {
    await open(first, 'output', 1);
    await open(first, 'report', 2);
    renameFirst();
    await until(tabs, [['renamed.json.output'], ['renamed.report.md']]);
  });

  it('in pinned tabs are reopened after a rename of their run only when their editor group is active', async () => {
    await open(first, 'report', 1);
    await vscode.commands.executeCommand('workbench.action.pinEditor');
    await open(first, 'output', 2);
    renameFirst();
    await until(tabs, [['*first.report.md'], ['renamed.json.output']]);
    await vscode.commands.executeCommand('workbench.action.focusFirstEditorGroup');
    await until(tabs, [['*renamed.report.md'], ['renamed.json.output']]);
  });

  it("in comparisons aren't reopened after a rename of their run", async () => {
    await open(first, 'report', 1);
    await vscode.commands.executeCommand('vscode.diff', output(first), output(later), 'first ↔ later', { viewColumn: 2, preview: false });
    renameFirst();
    await until(tabs, [['renamed.report.md'], ['first.json.output ↔ later.json.output']]);
  });

  /** Opens a report as a text in a preview tab, and in another group a hidden report and a visible output. Then renames both runs. */
  async function renameBoth() {
    await vscode.commands.executeCommand('vscode.openWith', report(first), 'default', { viewColumn: 1, preview: true });
    await open(later, 'report', 2);
    await open(first, 'output', 2);
    const focusStays: unknown[] = [];
    const run = vscode.commands.executeCommand.bind(vscode.commands);
    mock.method(vscode.commands, 'executeCommand', (name: string, ...args: readonly unknown[]) => {
      if (name === 'vscode.openWith') focusStays.push((args[2] as vscode.TextDocumentShowOptions).preserveFocus);
      return run(name, ...args);
    });
    owned.push(updateTabTitles(board, failed));
    board.putAll([first, later].map((run) => ({ ...run, label: `new ${run.label}` })));
    await until(tabs, [['~new first.report.md'], ['later.report.md', 'new first.json.output']]);
    const showHidden = async (): Promise<void> => {
      await vscode.commands.executeCommand('workbench.action.focusSecondEditorGroup');
      await vscode.commands.executeCommand('workbench.action.openEditorAtIndex1');
      await until(tabs, [['~new first.report.md'], ['new later.report.md', 'new first.json.output']]);
    };
    return { focusStays, showHidden };
  }

  it('are reopened after a rename of their run in the same kind of editor, and in a preview tab if they were in one', async () => {
    const { showHidden } = await renameBoth();
    const inputs = vscode.window.tabGroups.all.map(({ tabs: [tab] }) => tab?.input);
    assert.ok(inputs[0] instanceof vscode.TabInputText && inputs[1] instanceof vscode.TabInputCustom);
    await showHidden();
    assert.ok(vscode.window.tabGroups.activeTabGroup.tabs[0]?.input instanceof vscode.TabInputCustom);
  });

  it('are reopened after a rename of their run only when they are visible', async () => {
    const { showHidden } = await renameBoth();
    await showHidden();
  });

  it('take the focus when they are reopened only if the user just made them visible', async () => {
    const { focusStays, showHidden } = await renameBoth();
    assert.deepEqual(focusStays, [true, true]);
    await showHidden();
    assert.deepEqual(focusStays, [true, true, false]);
  });

  it('open beside the active editor without taking the focus', async () => {
    await openBeside(first, 'report', true);
    await until(tabs, [['~first.report.md']]);
    await openBeside(later, 'output', false);
    await until(tabs, [['~first.report.md'], ['later.json.output']]);
    assert.equal(vscode.window.tabGroups.activeTabGroup.viewColumn, 1);
  });

  it("don't open beside the active editor if they are already visible", async () => {
    await open(first, 'report', 1);
    await open(later, 'output', 2);
    await vscode.commands.executeCommand('workbench.action.focusFirstEditorGroup');
    for (const [run, what] of [
      [first, 'report'],
      [later, 'output'],
    ] as const)
      await openBeside(run, what, true);
    await openBeside(later, 'report', false);
    await until(tabs, [['first.report.md'], ['later.json.output', 'later.report.md']]);
  });

  it('mark their runs as read in all editor groups only while the window has the focus', async () => {
    await open(first, 'report', 1);
    await open(later, 'output', 2);
    const read: string[] = [];
    const markRead = (refs: readonly KickoffRef[]) => Promise.resolve(void read.push(...refs.map(keyOf)));
    let focused = false;
    mock.getter(vscode.window, 'state', () => ({ focused, active: focused }));
    owned.push(markSeenRuns(board, { markRead }, failed));
    board.putAll([{ ...later, isUnread: true }]);
    assert.deepEqual(read, []);
    focused = true;
    board.putAll([{ ...later, isUnread: true, label: 'later' }]);
    board.putAll([{ ...first, isUnread: true }]);
    assert.deepEqual([...new Set(read)], [first, later].map(keyOf));
  });

  /** Opens a focused window without documents. Returns the events of user actions, the runs marked as read, and the values of a key. */
  function windowForReading() {
    const [read, keys]: [string[], unknown[]] = [[], []];
    const markRead = (refs: readonly KickoffRef[]) => Promise.resolve(void read.push(...refs.map(keyOf)));
    const state = { focused: true, shown: new Array<unknown>() };
    const events = fakeTabs(() => state.shown);
    mock.getter(vscode.window, 'state', () => ({ focused: state.focused, active: state.focused }));
    mock.method(vscode.commands, 'executeCommand', (_: string, key: string, isSet: unknown) =>
      Promise.resolve(key === contextKeys.hasRead && keys.push(isSet)),
    );
    owned.push(markSeenRuns(board, { markRead }, failed));
    const showReport = () => state.shown.push(new vscode.TabInputCustom(report(first), reportEditorId));
    return { read, keys, state, events, showReport };
  }

  it('mark their runs as read after each user action that can show a document in a focused window', () => {
    const { read, state, events, showReport } = windowForReading();
    events.tabs.fire();
    showReport();
    state.focused = false;
    for (const event of Object.values(events)) event.fire();
    assert.deepEqual(read, []);
    state.focused = true;
    for (const event of Object.values(events)) {
      event.fire();
      assert.deepEqual(read.splice(0), [keyOf(first)]);
    }
  });

  it('set the context key hasRead only once, when the first document is visible in a focused window', () => {
    const { keys, state, events, showReport } = windowForReading();
    events.tabs.fire();
    showReport();
    state.focused = false;
    events.tabs.fire();
    assert.deepEqual(keys, []);
    state.focused = true;
    for (const event of Object.values(events)) event.fire();
    assert.deepEqual(keys, [true]);
  });

  it("are recognized as a run's visible report only if they are that run's report, not an output", () => {
    fakeTabs(() => [new vscode.TabInputText(output(first)), new vscode.TabInputCustom(report(later), reportEditorId)]);
    assert.deepEqual([first, later, { ...later, deployment: key(98) }].map(isReportVisible), [false, true, false]);
  });

  /** Updates the buttons from now on. Returns a function that returns each list of documents that a context key got. */
  function listsOf(contextKey: string) {
    const set = mock.method(vscode.commands, 'executeCommand', () => Promise.resolve());
    owned.push(updateTitleButtons(board));
    return () => {
      const calls = set.mock.calls.map((call) => (call.arguments as readonly unknown[]).map(String));
      return calls.filter(([command, name]) => command === 'setContext' && name === contextKey).map(([, , uris]) => uris);
    };
  }

  /** Opens each document of a run and the report of an earlier run in a group of its own. Returns the lists of a context key. */
  async function documentsWithButtons(contextKey: string) {
    const kinds: readonly DocumentKind[] = ['output', 'status', { taskPosition: 1 }, 'report'];
    for (const kind of kinds) await open(later, kind, 1 + kinds.indexOf(kind));
    await open(first, 'report', 5);
    return listsOf(contextKey)();
  }

  it('have the title buttons Open Output and Copy Output only if they are reports, in every editor group', async () => {
    const expected = [report(later), report(first)].join();
    assert.deepEqual(await documentsWithButtons(contextKeys.reportsWithOutput), [expected]);
  });

  it('have the button for Compare with Previous Run only if they are reports or outputs of runs with an earlier run', async () => {
    const expected = [output(later), report(later)].join();
    assert.deepEqual(await documentsWithButtons(contextKeys.documentsWithPrevious), [expected]);
  });

  it('have the button for Compare with Previous Run only if an earlier run has output', async () => {
    const { output: _, ...without } = first;
    board.show([deployment({ key: 99 })], [without, later]);
    await open(later, 'report', 1);
    const withButton = listsOf(contextKeys.documentsWithPrevious);
    assert.deepEqual(withButton(), ['']);
    board.putAll([first]);
    assert.deepEqual(withButton(), ['', report(later).toString()]);
  });

  it('are closed only if their run, or one of the two runs in their comparison, was deleted', async () => {
    await open(first, 'report', 1);
    await open(later, 'report', 1);
    await vscode.commands.executeCommand('vscode.diff', output(later), output(first), 'later ↔ first', { viewColumn: 2, preview: false });
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(), {
      viewColumn: vscode.ViewColumn.Three,
      preview: false,
    });
    await closeDeletedDocuments({ kickoff: ({ id: of }) => Promise.resolve(of === later.id ? later : undefined) });
    await until(tabs, [['later.report.md'], ['Untitled']]);
  });
});
