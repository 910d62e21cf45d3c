import assert from 'node:assert/strict';
import { mock } from 'node:test';
import vscode = require('vscode');
import { contextKeys, viewId } from '#contributions';
import { Board } from '#core/history/board';
import type { StoreSnapshot } from '#core/history/store';
import type { Kickoff } from '#core/kickoff/kickoff';
import { Emitter } from '#core/lib/event';
import { HostHealth } from '#core/polling/hostHealth';
import { createStaleAt } from '#core/polling/staleness';
import type { Inputs, StartAttempt } from '#core/starts/attempt';
import { documentUri } from '#vscode/documents/documentUri';
import type { SettingsReader } from '#vscode/settings';
import { StatusBar } from '#vscode/statusBar/statusBar';
import type { Node } from '#present/outline/nodes';
import { KickoffsView } from '#vscode/tree/view';
import { deployment, finishedTasks, id, key, kickoff, unanswered } from '#test/support/builders';
import { ManualClock, minute, start } from '#test/support/manualClock';
import { nothing } from './secondInstance';

const other = deployment({ key: 2, url: 'https://other.example.com', label: 'other' });

function run(number: number, fields: Partial<Kickoff> = {}): Kickoff {
  return kickoff({ id: id(number), label: `run ${number}`, trackedAt: start - number, ...fields });
}

/** Returns a start that AMP hasn't confirmed. Later numbers were sent later. */
function attempt(number: number, fields: Partial<StartAttempt> = {}): StartAttempt {
  return { deployment: key(), requestId: id(number), sentAt: start + number, inputs: { topic: `start ${number}` }, ...fields };
}

const running = { phase: { kind: 'running' }, checkedAt: start, progress: { completed: 1, current: 'write', tool: 'Search' } } as const;
const ended = { phase: { kind: 'succeeded' }, finishedAt: start, checkedAt: start } as const;

describe('In a window,', () => {
  let board: Board;
  let health: HostHealth;
  let clock: ManualClock;
  let view: KickoffsView;
  let statusBar: StatusBar;
  let newStatusBar: () => StatusBar;
  let loaded: Emitter<StoreSnapshot>;
  let rows: vscode.TreeDataProvider<Node>;
  let decorations: vscode.FileDecorationProvider;
  let keys: Map<string, boolean>;
  /** The rows that were revealed, and the commands, in order. */
  let done: string[];
  /** The number of calls of `reveal` that fail. */
  let failing: number;
  let inputs: () => Promise<Inputs | undefined>;
  let visibility: Emitter<vscode.TreeViewVisibilityChangeEvent>;
  let selecting: Emitter<vscode.TreeViewSelectionChangeEvent<Node>>;
  const badge: { badge: vscode.ViewBadge | undefined } = { badge: undefined };
  const shown = { ...badge, visible: true, has: new Array<unknown>(), message: '', selection: new Array<Node>() };
  const item = { text: '', isVisible: false, updates: 0, command: '', accessibilityInformation: {}, tooltip: new vscode.MarkdownString() };
  const settings: { current: { openWith: string; statusBar: string } } = { current: { openWith: 'report', statusBar: 'whenActive' } };

  // Otherwise, the extension could register its rows with the replaced API while a test runs.
  before(() => vscode.extensions.getExtension('kickoffs.crewai-kickoffs')?.activate());

  beforeEach(() => {
    [health, clock] = [new HostHealth(() => 0.5), new ManualClock()];
    board = new Board(health);
    [loaded, keys, done] = [new Emitter(), new Map<string, boolean>(), new Array<string>()];
    [visibility, selecting, failing, inputs] = [new Emitter(), new Emitter(), 0, () => Promise.resolve(undefined)];
    Object.assign(shown, { visible: true, message: '', selection: [], badge: undefined });
    Object.assign(item, { isVisible: false, updates: 0 });
    settings.current = { openWith: 'report', statusBar: 'whenActive' };
    const reveal = (row: Node, { select, focus }: { select: boolean; focus: boolean }) => {
      done.push(`${select ? 'select' : focus ? 'focus' : 'scroll to'} ${labelOf(row)}`);
      return failing-- > 0 ? Promise.reject(new Error('VS Code redraws the tree')) : Promise.resolve();
    };
    mock.method(vscode.window, 'createTreeView', (_: string, options: vscode.TreeViewOptions<Node>) => {
      rows = options.treeDataProvider;
      shown.has = [options.showCollapseAll, options.canSelectMany];
      const events = { onDidChangeVisibility: visibility.event, onDidChangeSelection: selecting.event };
      return Object.assign(shown, { reveal, ...events, dispose: () => undefined });
    });
    mock.method(vscode.window, 'registerFileDecorationProvider', (provider: vscode.FileDecorationProvider) => {
      decorations = provider;
      return nothing();
    });
    const isVisible = (visible: boolean) => () => void (item.isVisible = visible);
    const show = () => Object.assign(item, { isVisible: true, updates: item.updates + 1 });
    const methods = { show, hide: isVisible(false), dispose: isVisible(false) };
    mock.method(vscode.window, 'createStatusBarItem', () => Object.assign(item, methods));
    mock.method(vscode.commands, 'executeCommand', (command: string, name: string, value: boolean) => {
      if (command === 'setContext') keys.set(name, value);
      else done.push(command);
      return Promise.resolve();
    });
    const staleAt = createStaleAt(board, () => ({ minimumSeconds: 3, maximumSeconds: 60, isFocused: true }));
    const store = { inputs: () => inputs() };
    const parts = { board, clock, staleAt, store, settings: settings as SettingsReader };
    let isLoaded = false;
    loaded.event(() => (isLoaded = true));
    const tracker = {
      onDidLoad: loaded.event,
      get isLoaded() {
        return isLoaded;
      },
    };
    view = new KickoffsView({ ...parts, tracker });
    newStatusBar = () => new StatusBar(parts);
    statusBar = newStatusBar();
  });
  afterEach(() => {
    view.dispose();
    statusBar.dispose();
    mock.restoreAll();
  });

  const childrenOf = (node?: Node) => rows.getChildren(node) as Node[];
  const itemOf = (node: Node) => rows.getTreeItem(node) as vscode.TreeItem;
  const labelOf = (node: Node) => itemOf(node).label as string;
  const tooltipOf = async (node: Node) =>
    (await rows.resolveTreeItem?.(itemOf(node), node, new vscode.CancellationTokenSource().token))?.tooltip as string;
  const iconOf = (node: Node) => itemOf(node).iconPath as vscode.ThemeIcon;

  /** Draws all rows of deployments, starts, and runs, and returns the first row with this label. */
  function rowOf(label: string): Node {
    const drawn = childrenOf().flatMap((node) => [node, ...childrenOf(node)]);
    const found = drawn[drawn.map(labelOf).indexOf(label)];
    assert.ok(found, label);
    return found;
  }

  /** Returns the labels of the rows of each redraw, which continue to arrive in the same array. */
  function redraws(): readonly (readonly string[])[] {
    const found: (readonly string[])[] = [];
    rows.onDidChangeTreeData?.((nodes) => found.push([nodes ?? []].flat().map(labelOf)));
    return found;
  }

  /** Selects rows like the user, in this order. */
  function select(...labels: readonly string[]): void {
    shown.selection = labels.map(rowOf);
    selecting.fire({ selection: shown.selection });
  }

  const expectKeys = (...expected: readonly (keyof typeof contextKeys)[]) => {
    const found = [...keys].flatMap(([name, value]) => (value ? [name] : []));
    assert.deepEqual(found.toSorted(), expected.map((name) => contextKeys[name]).toSorted());
  };

  it('the view sets context keys only after the history is loaded', () => {
    board.show([deployment()], [run(1, ended)]);
    expectKeys();
    loaded.fire({} as StoreSnapshot);
    expectKeys('hasNoMuted', 'hasNoTooLarge', 'hasTracked', 'hasSetToken', 'hasRead');
  });

  it('the view changes the context keys when its runs and deployments change', () => {
    loaded.fire({} as StoreSnapshot);
    board.show([deployment()], [run(2, { ...ended, isUnread: true })]);
    expectKeys('hasNoMuted', 'hasNoTooLarge', 'hasTracked', 'hasSetToken');
    board.show([deployment()], [run(3, { isMuted: true, trouble: { kind: 'tooLarge' } })]);
    expectKeys('hasTracked');
    board.show([deployment()], []);
    expectKeys('hasNoRuns', 'hasNoMuted', 'hasNoTooLarge');
    board.show([], []);
    expectKeys('isEmpty', 'hasNoRuns', 'hasNoMuted', 'hasNoTooLarge');
  });

  it("the view shows a message only while it has no runs, or while a response can't be saved", () => {
    const changes = [
      () => board.show([deployment()], []),
      () => board.putAll([run(1)]),
      () => board.markUnsaved(run(1), new Error('disk full')),
      () => board.markSaved(run(1)),
    ];
    const messages = changes.map((change) => {
      change();
      return shown.message !== '';
    });
    assert.deepEqual(messages, [true, false, true, false]);
  });

  const fourRuns = () => [run(1), run(2), run(3), run(4, { deployment: key(2) })];

  /** Removes rows while other rows are selected, and returns the row that then gets the focus. */
  async function focusAfter(removed: readonly string[], selected: readonly string[]): Promise<string | undefined> {
    [done, shown.selection] = [[], selected.map(rowOf)];
    const remove = () => clock.wait(1, new AbortController().signal).then(() => void done.push('removed'));
    const refocused = view.refocusAfter(remove, removed.map(rowOf));
    await clock.advance(1);
    await refocused;
    assert.equal(done[0], 'removed');
    assert.equal(done.length, 2);
    return done[1];
  }

  it('the view moves the focus to a nearby remaining row after rows are removed', async () => {
    board.show([deployment(), other], fourRuns());
    for (const [removed, then] of [
      [['run 1', 'run 2'], 'select run 3'],
      [['run 3'], 'select run 2'],
      [['run 2', 'run 3'], 'select run 1'],
      [['run 1', 'run 2', 'run 3'], 'select crew'],
      [['crew'], 'select other'],
      [['other'], 'select crew'],
    ] as const)
      assert.equal(await focusAfter(removed, removed), then, removed.join());
  });

  it('the view selects the row that gets the focus after a removal unless a remaining row is selected', async () => {
    board.show([deployment(), other], fourRuns());
    assert.equal(await focusAfter(['run 2', 'run 3'], []), 'select run 1');
    assert.equal(await focusAfter(['run 1', 'run 2'], ['run 1']), 'select run 3');
    assert.equal(await focusAfter(['run 4'], ['run 1']), 'focus other');
  });

  it('the view decides by the selection before a removal whether to select or only focus the next row', async () => {
    board.show([deployment(), other], fourRuns());
    board.showStarts([attempt(1), attempt(2)]);
    for (const [removed, selected, then] of [
      ['run 2', 'run 1', 'focus run 3'],
      ['start 2', 'start 2', 'select start 1'],
    ] as const) {
      [done, shown.selection] = [[], [rowOf(selected)]];
      const removeIt = () => {
        board.show([deployment(), other], [run(1), run(3)]);
        if (removed === 'start 2') board.showStarts([attempt(1)]);
        return Promise.resolve(void (shown.selection = []));
      };
      await view.refocusAfter(removeIt, [rowOf(removed)]);
      assert.deepEqual(done, [then]);
    }
  });

  it("the view doesn't move the focus if no row was removed", async () => {
    board.show([deployment()], [run(1)]);
    await view.refocusAfter(() => Promise.resolve(), []);
    await clock.advance(minute);
    assert.deepEqual(done, []);
  });

  it('the view gets the focus 500 ms after the last deployment is removed, when VS Code shows the welcome text', async () => {
    board.show([deployment()], []);
    await view.refocusAfter(() => Promise.resolve(), [rowOf('crew')]);
    await clock.advance(499);
    assert.deepEqual(done, []);
    await clock.advance(1);
    assert.deepEqual(done, [`${viewId}.focus`]);
  });

  it('the view leaves the focus in the box of a command that follows the removal of the last deployment', async () => {
    board.show([deployment()], []);
    await view.refocusAfter(() => Promise.resolve(), [rowOf('crew')]);
    view.cancelPendingFocus();
    await clock.advance(minute);
    assert.deepEqual(done, []);
  });

  it("the view tries to reveal a run up to three times while VS Code redraws the run's row", async () => {
    board.show([deployment()], [run(1)]);
    for (const failures of [2, 3]) {
      [done, failing] = [[], failures];
      const revealed = view.highlight(run(1));
      await clock.advance(1_000);
      await revealed;
      assert.deepEqual(done, Array(3).fill('select run 1'));
    }
  });

  it('the view scrolls to a started run without selecting the row, and only while the view is visible', async () => {
    board.show([deployment()], [run(1)]);
    await view.scrollTo(run(1));
    assert.deepEqual(done, ['scroll to run 1']);
    [done, shown.visible] = [[], false];
    await view.scrollTo(run(1));
    assert.deepEqual(done, [], "a start doesn't open the view");
  });

  it('the view expands only deployments with an active run or an unconfirmed start', () => {
    const empty = deployment({ key: 3, url: 'https://empty.example.com', label: 'empty' });
    board.show([deployment(), other, empty], [run(1), run(2, ended), run(3, { ...ended, deployment: key(2) })]);
    const { Expanded, Collapsed, None } = vscode.TreeItemCollapsibleState;
    const states = () => childrenOf().map((node) => itemOf(node).collapsibleState);
    assert.deepEqual(states(), [Expanded, Collapsed, None]);
    board.showStarts([attempt(1, { deployment: key(2), sentAt: 0, problem: { kind: 'unreachable' } })]);
    assert.deepEqual(states(), [Expanded, Expanded, None]);
  });

  it('the tooltip of a deployment shows its URL', () => {
    board.show([deployment(), other], []);
    const items = childrenOf().map(itemOf);
    for (const [index, { url }] of [deployment(), other].entries()) assert.ok((items[index]?.tooltip as string).endsWith(url));
  });

  it('the view offers Collapse All and the selection of several rows', () => {
    assert.deepEqual(shown.has, [true, true]);
  });

  it('the row of a start shows that the run is starting, and its tooltip shows the inputs', () => {
    board.show([deployment()], []);
    board.showStarts([attempt(2)]);
    const { description, tooltip } = itemOf(rowOf('start 2'));
    assert.match(String(description), /^starting/);
    assert.match(tooltip as string, /topic: start 2$/);
  });

  it("the view redraws starts as “may have started” when their responses can't arrive anymore", async () => {
    board.show([deployment()], []);
    board.showStarts([attempt(1), attempt(2)]);
    const start2 = rowOf('start 2');
    const redrawn = redraws();
    await clock.advance(2 * minute + 6_000);
    assert.deepEqual(redrawn.at(-1), ['start 1', 'start 2']);
    assert.match(String(itemOf(start2).description), /may have started/);
  });

  it('the view redraws a row with an outdated time only when the view is visible again', async () => {
    board.show([deployment()], [run(1, { ...ended, finishedAt: start - 59 * minute })]);
    rowOf('run 1');
    const redrawn = redraws();
    for (const visible of [false, true]) {
      visibility.fire(Object.assign(shown, { visible }));
      assert.equal(redrawn.length, visible ? 1 : 0);
      await clock.advance(10 * minute);
    }
  });

  /** Shows a run that succeeded, and a run that failed during its last task. Both have an output, and an output of their second task. */
  function goodAndBad() {
    const tasks = [1, 2, 3].map((position) => ({ position, name: `task ${position}`, hasOutput: position === 2 }));
    const good = run(1, { ...ended, output: 'json', tasks });
    const bad = run(2, { ...good, id: id(2), label: 'run 2', phase: { kind: 'failed' }, progress: { current: 'task 4' } });
    board.show([deployment()], [good, bad]);
    const opened = (node: Node) => ((itemOf(node).command?.arguments ?? []) as vscode.Uri[]).join();
    const uri = (...of: Parameters<typeof documentUri>) => documentUri(...of).toString();
    return { good, bad, opened, uri };
  }

  it('a click on a run opens the document that the setting openWith selects, or the report if the run failed', () => {
    const { good, bad, opened, uri } = goodAndBad();
    assert.deepEqual(['run 1', 'run 2'].map(rowOf).map(opened), [uri(good, 'report'), uri(bad, 'report')]);
    settings.current.openWith = 'output';
    view.refresh();
    assert.deepEqual(['run 1', 'run 2'].map(rowOf).map(opened), [uri(good, 'output'), uri(bad, 'report')]);
  });

  it('a change of the setting openWith redraws only the rows that open another document because of the change', () => {
    goodAndBad();
    for (const label of ['run 1', 'run 2']) rowOf(label);
    const redrawn = redraws();
    settings.current.openWith = 'output';
    view.refresh();
    assert.deepEqual(redrawn, [['run 1']]);
  });

  it("a click on a task opens the task's output, the run's report for the failed task, or else nothing", () => {
    const { bad, opened, uri } = goodAndBad();
    assert.deepEqual(childrenOf(rowOf('run 2')).map(opened), ['', uri(bad, { taskPosition: 2 }), '', uri(bad, 'report')]);
  });

  const progressed = (completed: number) => run(1, { ...running, progress: { ...running.progress, completed } });
  const fourRunning = () => [1, 2, 3, 4].map((number) => run(number, running));

  it('the view redraws all selected rows if it redraws one of them, because VS Code drops the highlight', () => {
    board.show([deployment()], fourRunning());
    select('run 3', 'run 1');
    const redrawn = redraws();
    board.putAll([progressed(2)]);
    assert.deepEqual(redrawn, [['run 1', 'run 3']]);
    board.putAll([run(4, { ...running, trouble: { kind: 'tooLarge' } })]);
    assert.deepEqual(redrawn.slice(1), [['crew', 'run 4', 'run 1', 'run 3']], 'redrawing a deployment redraws all its rows');
  });

  it('500 ms after the last redraw, the view again redraws all selected rows except the top one', async () => {
    board.show([deployment()], fourRunning());
    select('run 3', 'run 1');
    const redrawn = redraws();
    board.putAll([progressed(2)]);
    await clock.advance(400);
    board.putAll([progressed(3)]);
    await clock.advance(499);
    assert.equal(redrawn.length, 2);
    await clock.advance(1);
    assert.deepEqual(redrawn.slice(2), [['run 3']]);
  });

  it('the view redraws a selected row only once if no other row is selected', async () => {
    board.show([deployment()], fourRunning());
    select('run 1');
    const redrawn = redraws();
    board.putAll([progressed(4)]);
    await clock.advance(1_000);
    assert.deepEqual(redrawn, [['run 1']]);
  });

  it("a host's problem is shown as text only in the deployment's row, and by icon and tooltip in the rows of runs", async () => {
    board.show([deployment()], [run(1, running)]);
    assert.equal(iconOf(rowOf('run 1')).id, 'loading~spin');
    health.record(deployment(), id(1), unanswered('unreachable'), start);
    assert.match(String(itemOf(rowOf('crew')).description), /can't reach server/);
    const row = rowOf('run 1');
    assert.doesNotMatch(String(itemOf(row).description), /server/);
    assert.doesNotMatch(iconOf(row).id, /spin/);
    assert.match(await tooltipOf(row), /Check your network/);
  });

  /** Shows an active and a finished run of a deployment, and an active run of another one. Returns a function that looks for a text. */
  function threeRuns() {
    board.show([deployment(), other], [run(1, running), run(2, ended), run(3, { ...running, deployment: key(2) })]);
    return (text: string) => ['run 1', 'run 2', 'run 3'].map((label) => String(itemOf(rowOf(label)).description).includes(text));
  }

  it('the row of a run shows the temporary text of a command, such as “stopping…”, only while the run is active', () => {
    const rowsWith = threeRuns();
    for (const number of [1, 2]) board.showNote(run(number), 'stopping…');
    assert.deepEqual(rowsWith('stopping…'), [true, false, false]);
  });

  it('the row of a run shows that its deployment needs a token only while the run is active', () => {
    const rowsWith = threeRuns();
    health.recordToken(deployment(), false);
    assert.deepEqual(rowsWith('token needed'), [true, false, false]);
  });

  it('the tooltip of the status bar item has the button Set Token only if a deployment needs a token', () => {
    board.show([deployment()], [run(1, running)]);
    assert.doesNotMatch(item.tooltip.value, /setToken/);
    health.recordToken(deployment(), false);
    assert.match(item.tooltip.value, /setToken/);
  });

  it("the tooltip of a run appears without the inputs if they can't be read within a second", async () => {
    board.show([deployment()], [run(1)]);
    for (const read of [() => Promise.reject(new Error('locked')), () => new Promise<undefined>(() => undefined)]) {
      inputs = read;
      const tooltip = tooltipOf(rowOf('run 1'));
      await clock.advance(1_000);
      assert.match(await tooltip, /^run 1/);
    }
  });

  const started = { ...running, startedAt: start };

  /** Shows five finished runs of a deployment, a new run of the same deployment, and a new run of another deployment. */
  function showNewRuns(): void {
    const before = [5, 6, 7, 8, 9].map((number) =>
      run(number, { ...ended, startedAt: start - 100 * minute, finishedAt: start - 90 * minute }),
    );
    board.show([deployment(), other], [...before, run(1, started), run(2, { ...started, deployment: key(2) })]);
  }

  const descriptions = () => ['run 1', 'run 2'].map((label) => String(itemOf(rowOf(label)).description));

  it('the view compares the duration of a run only with earlier runs of the same deployment', async () => {
    showNewRuns();
    const [usual, ofOther] = descriptions();
    assert.match(usual!, /usually takes 5–18 min/);
    await clock.advance(40 * minute);
    board.putAll([run(1, { ...started, checkedAt: clock.now() })]);
    const [long, ofOtherLater] = descriptions();
    assert.match(long!, /taking longer/);
    for (const text of [ofOther, ofOtherLater]) assert.doesNotMatch(text!, /usually|longer/);
  });

  it('the row of an active run shows the time without progress, even if its deployment has no earlier runs', async () => {
    showNewRuns();
    await clock.advance(40 * minute);
    for (const [number, deploymentKey] of [
      [1, 1],
      [2, 2],
    ] as const)
      board.putAll([run(number, { ...started, deployment: key(deploymentKey), checkedAt: clock.now(), progressSince: start })]);
    for (const text of descriptions()) assert.match(text, /no progress for 30 min/);
  });

  it('the row of a run with tasks stays expandable after a response without tasks until the run finishes', () => {
    const { Collapsed, None } = vscode.TreeItemCollapsibleState;
    const queued = { checkedAt: start };
    const states = [queued, { ...queued, tasks: finishedTasks([1]) }, queued, ended].map((fields) => {
      board.show([deployment()], [run(1, fields)]);
      return itemOf(rowOf('run 1')).collapsibleState;
    });
    assert.deepEqual(states, [None, Collapsed, Collapsed, None]);
  });

  const taskNamed = (name: string) => [{ position: 1, name, hasOutput: false }];
  const browsing = { ...running.progress, tool: 'Browse' };

  it('the view redraws exactly the rows whose content changed if no row is selected', () => {
    board.show([deployment()], [run(1, { ...running, tasks: taskNamed('before') })]);
    rowOf('run 1');
    const redrawn = redraws();
    board.putAll([run(1, { ...running, tasks: taskNamed('before'), progress: browsing })]);
    assert.deepEqual(redrawn, [['run 1']]);
    board.putAll([run(1, { ...running, tasks: taskNamed('after'), progress: browsing })]);
    board.putAll([run(1, { ...running, tasks: taskNamed('after'), progress: browsing, trouble: { kind: 'tooLarge' } })]);
    assert.deepEqual(redrawn.flat(), ['run 1', 'run 1', 'crew', 'run 1'], 'a problem of a run is also in the row of the deployment');
  });

  it('the rows of tasks show the names and the current tool from the last response', () => {
    board.show([deployment()], [run(1, { ...running, tasks: taskNamed('before') })]);
    const row = rowOf('run 1');
    childrenOf(row).map(itemOf);
    board.putAll([run(1, { ...running, tasks: taskNamed('after'), progress: browsing })]);
    const [finished, current] = childrenOf(row).map(itemOf);
    assert.deepEqual([finished?.label, current?.description], ['after', 'Browse']);
  });

  it('the icon of the current task spins only while its run is polled and stored without a problem', async () => {
    board.show([deployment()], [run(1, running)]);
    const [task] = childrenOf(rowOf('run 1'));
    const iconOfTask = () => task && iconOf(task).id;
    assert.equal(iconOfTask(), 'loading~spin');
    board.markUnsaved(run(1), new Error('disk full'));
    assert.equal(iconOfTask(), 'circle-outline');
    board.markSaved(run(1));
    assert.equal(iconOfTask(), 'loading~spin');
    await clock.advance(10 * minute);
    assert.equal(iconOfTask(), 'circle-outline');
    board.putAll([run(1, { ...running, checkedAt: clock.now() })]);
    assert.equal(iconOfTask(), 'loading~spin');
    health.record(deployment(), id(1), unanswered('tokenRefused'), clock.now());
    assert.equal(iconOfTask(), 'circle-outline', 'the deployment rejected the token');
  });

  it('the icon of a run changes to a red error icon when the run fails', () => {
    board.show([deployment()], [run(1, running)]);
    const row = rowOf('run 1');
    board.putAll([run(1, { ...ended, phase: { kind: 'failed' } })]);
    assert.deepEqual([iconOf(row).id, iconOf(row).color?.id], ['error', 'testing.iconFailed']);
  });

  const unreadRuns = (count: number) => Array.from({ length: count }, (_, index) => run(index + 1, { ...ended, isUnread: true }));
  const badgeOf = (uri: vscode.Uri) => {
    const found = decorations.provideFileDecoration(uri, new vscode.CancellationTokenSource().token) as vscode.FileDecoration | undefined;
    return found && `${String(found.badge)} ${found.tooltip}`;
  };
  const uriOf = (label: string) => itemOf(rowOf(label)).resourceUri!;

  it('only the rows of unread runs and of their deployments have badges', () => {
    board.show([deployment()], [run(1, { ...ended, isUnread: true }), run(2, ended)]);
    assert.deepEqual([badgeOf(uriOf('crew')), badgeOf(uriOf('run 1'))], ['1 Unread runs: 1', '● unread']);
    for (const uri of [uriOf('run 2'), vscode.Uri.from({ scheme: 'file', path: '/1' })]) assert.equal(badgeOf(uri), undefined);
  });

  it('the badge of a deployment is the number of unread runs, or 9+ for 100 or more', () => {
    board.show([deployment()], unreadRuns(99));
    assert.equal(badgeOf(uriOf('crew')), '99 Unread runs: 99');
    board.show([deployment()], unreadRuns(100));
    assert.equal(badgeOf(uriOf('crew')), '9+ Unread runs: 100');
  });

  it('the view updates the badges of its rows only when a run becomes unread or read', () => {
    const updates: unknown[] = [];
    decorations.onDidChangeFileDecorations?.((uris) => updates.push(uris));
    board.show([deployment()], unreadRuns(99));
    board.show([deployment()], unreadRuns(100));
    board.show([deployment()], [run(1, ended)]);
    board.show([deployment()], [run(1, { ...ended, label: 'renamed' })]);
    assert.deepEqual(updates, [undefined, undefined, undefined]);
  });

  it('the view has a badge only while runs are unread or waiting for human input', () => {
    const badges = [[run(1, { ...ended, isUnread: true })], [run(2, { phase: { kind: 'waiting' } })], []].map((runs) => {
      board.show([deployment()], runs);
      return shown.badge && `${shown.badge.value} ${shown.badge.tooltip}`;
    });
    assert.deepEqual(badges, ['1 Unread runs: 1', '1 Waiting for human input: 1', undefined]);
  });

  it('the status bar item is shown always, never, or only while a run is active, depending on the setting statusBar', () => {
    const states: unknown[] = [];
    for (const [number, fields, setting] of [
      [1, {}, 'whenActive'],
      [1, ended, 'whenActive'],
      [2, {}, 'whenActive'],
      [3, {}, 'never'],
      [3, ended, 'always'],
    ] as const) {
      settings.current.statusBar = setting;
      board.show([deployment()], [run(number, { label: 'same', ...fields })]);
      states.push(item.isVisible && item.text);
    }
    const text = '$(circle-outline) not checked yet';
    assert.deepEqual(states, [text, false, text, false, '$(rocket) Kickoffs']);
  });

  it('the status bar item is shown before the history is loaded if the setting statusBar is “always”', () => {
    settings.current.statusBar = 'always';
    statusBar.dispose();
    assert.ok(!item.isVisible);
    statusBar = newStatusBar();
    assert.ok(item.isVisible);
  });

  it('the status bar item is a button that opens the view', () => {
    board.show([deployment()], [run(1)]);
    assert.equal(item.command, `${viewId}.focus`);
    assert.deepEqual(item.accessibilityInformation, { label: 'CrewAI Kickoffs: not checked yet', role: 'button' });
  });

  it('the status bar item is updated only when its content changes', async () => {
    board.show([deployment()], [run(1, running)]);
    board.putAll([run(1, { ...running, progress: { ...running.progress, thought: 'Hm' } })]);
    assert.equal(item.updates, 1, 'an update would redraw an open tooltip');
    await clock.advance(10 * minute);
    assert.deepEqual([item.text, item.updates], ['$(sync-ignored) tasks finished: 1 · write', 2]);
    board.putAll([run(1, { ...running, label: 'renamed' })]);
    assert.match(item.tooltip.value, /^renamed/);
  });

  it('the view and the status bar leave no timer or item behind after they are disposed', async () => {
    board.show([deployment()], [run(1, running)]);
    select('crew', 'run 1');
    board.putAll([run(1, { ...running, progress: {} })]);
    board.show([deployment()], []);
    await view.refocusAfter(() => Promise.resolve(), [rowOf('crew')]);
    view.dispose();
    statusBar.dispose();
    assert.equal(clock.timers, 0);
    board.putAll([run(2)]);
    assert.equal(item.isVisible, false);
  });
});
