import assert from 'node:assert/strict';
import { mock } from 'node:test';
import vscode = require('vscode');
import { contextKeys, views } from '#contributions';
import { Board } from '#core/history/board';
import type { StoreSnapshot } from '#core/history/store';
import type { Kickoff } from '#core/kickoff/kickoff';
import { Emitter } from '#core/lib/event';
import { HostHealth } from '#core/polling/hostHealth';
import { Staleness } from '#core/polling/staleness';
import type { CurrentSettings } from '#vscode/settings';
import { StatusBar } from '#vscode/statusBar/statusBar';
import type { Node } from '#vscode/tree/nodes';
import { KickoffsView } from '#vscode/tree/view';
import { deployment, finishedTasks, id, key, kickoff, unanswered } from '#test/support/builders';
import { ManualClock, minute, start } from '#test/support/manualClock';
import { nothing } from './secondInstance';

const other = deployment({ key: 2, url: 'https://other.example.com', label: 'other' });

function run(number: number, fields: Partial<Kickoff> = {}): Kickoff {
  return kickoff({ id: id(number), label: `run ${number}`, trackedAt: start - number, ...fields });
}

const running = { phase: { kind: 'running' }, checkedAt: start, progress: { completed: 1, current: 'write', tool: 'Search' } } as const;
const ended = { phase: { kind: 'succeeded' }, finishedAt: start, checkedAt: start } as const;

describe('The view and the status bar', () => {
  let board: Board;
  let health: HostHealth;
  let clock: ManualClock;
  let view: KickoffsView;
  let statusBar: StatusBar;
  let loaded: Emitter<StoreSnapshot>;
  let rows: vscode.TreeDataProvider<Node>;
  let decorations: vscode.FileDecorationProvider;
  let keys: Map<string, boolean>;
  /** The rows that were revealed, and the commands, in order. */
  let done: string[];
  const shown = { visible: true, canCollapse: false, message: '', selection: new Array<Node>() };
  const item = { text: '', isVisible: false, updates: 0, command: '', accessibilityInformation: {} };
  const settings: { current: { openWith: string; statusBar: string } } = { current: { openWith: 'report', statusBar: 'whenActive' } };

  // Otherwise, the extension could register its rows with the replaced API while a test runs.
  before(() => vscode.extensions.getExtension('kickoffs.crewai-kickoffs')?.activate());

  beforeEach(() => {
    [health, clock] = [new HostHealth(() => 0.5), new ManualClock()];
    board = new Board(health);
    [loaded, keys, done] = [new Emitter(), new Map<string, boolean>(), new Array<string>()];
    Object.assign(shown, { message: '', selection: [] });
    Object.assign(item, { isVisible: false, updates: 0 });
    settings.current.statusBar = 'whenActive';
    const reveal = (row: Node, { select }: { select: boolean }) => {
      done.push(`${select ? 'select' : 'focus'} ${labelOf(row)}`);
      return Promise.resolve();
    };
    mock.method(vscode.window, 'createTreeView', (_: string, { treeDataProvider, showCollapseAll }: vscode.TreeViewOptions<Node>) => {
      rows = treeDataProvider;
      shown.canCollapse = showCollapseAll === true;
      return Object.assign(shown, { reveal, onDidChangeVisibility: nothing, onDidChangeSelection: nothing, dispose: () => undefined });
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
    const staleness = new Staleness(board, () => ({ minimumSeconds: 3, maximumSeconds: 60, isFocused: true }));
    const store = { inputs: () => Promise.resolve(undefined) };
    const parts = { board, clock, staleness, store, settings: settings as CurrentSettings };
    view = new KickoffsView({ ...parts, tracker: { onDidLoad: loaded.event } });
    statusBar = new StatusBar(parts);
  });
  afterEach(() => {
    view.dispose();
    statusBar.dispose();
    mock.restoreAll();
  });

  const childrenOf = (node?: Node) => rows.getChildren(node) as Node[];
  const itemOf = (node: Node) => rows.getTreeItem(node) as vscode.TreeItem;
  const labelOf = (node: Node) => itemOf(node).label as string;
  const iconOf = (node: Node) => itemOf(node).iconPath as vscode.ThemeIcon;

  function rowOf(label: string): Node {
    const found = childrenOf()
      .flatMap((node) => [node, ...childrenOf(node)])
      .find((node) => labelOf(node) === label);
    assert.ok(found, label);
    return found;
  }

  it('set no context key to true before the history is loaded, and then each key when the runs change', () => {
    const expectKeys = (...expected: readonly (keyof typeof contextKeys)[]) => {
      const found = [...keys].flatMap(([name, value]) => (value ? [name] : []));
      assert.deepEqual(found.toSorted(), expected.map((name) => contextKeys[name]).toSorted());
    };
    board.show([deployment()], [run(1, ended)]);
    expectKeys();
    loaded.fire({} as StoreSnapshot);
    expectKeys('hasNoMuted', 'hasNoTooLarge', 'hasTracked', 'hasSetToken', 'hasRead');
    board.show([deployment()], [run(2, { ...ended, isUnread: true })]);
    expectKeys('hasNoMuted', 'hasNoTooLarge', 'hasTracked', 'hasSetToken');
    board.show([deployment()], [run(3, { isMuted: true, trouble: { kind: 'tooLarge' } })]);
    expectKeys('hasTracked');
    board.show([deployment()], []);
    expectKeys('hasNoRuns', 'hasNoMuted', 'hasNoTooLarge');
    board.show([], []);
    expectKeys('isEmpty', 'hasNoRuns', 'hasNoMuted', 'hasNoTooLarge');
  });

  it("show a message without runs, or while responses can't be saved, and remove the message afterward", () => {
    const changes = [
      () => board.show([deployment()], []),
      () => board.put(run(1)),
      () => board.notSaved(run(1), new Error('disk full')),
      () => board.saved(run(1)),
    ];
    const messages = changes.map((change) => {
      change();
      return shown.message !== '';
    });
    assert.deepEqual(messages, [true, false, true, false]);
  });

  it('focus the next remaining row after rows are removed, and select it unless another row is selected', async () => {
    const remove = () => clock.wait(1, new AbortController().signal).then(() => void done.push('removed'));
    board.show([deployment(), other], [run(1), run(2), run(3), run(4, { deployment: key(2) })]);
    for (const [removed, selected, then] of [
      [['run 1', 'run 2'], ['run 1', 'run 2'], 'select run 3'],
      [['run 3'], ['run 3'], 'select run 2'],
      [['run 2', 'run 3'], [], 'select run 1'],
      [['run 1', 'run 2', 'run 3'], ['run 1'], 'select crew'],
      [['run 4'], ['run 1'], 'focus other'],
      [['crew'], ['crew'], 'select other'],
      [['other'], [], 'select crew'],
    ] as const) {
      [done, shown.selection] = [[], selected.map(rowOf)];
      const refocused = view.refocusAfter(remove, removed.map(rowOf));
      await clock.advance(1);
      await refocused;
      assert.deepEqual(done, ['removed', then], removed.join());
    }
    board.show([deployment()], []);
    done = [];
    await view.refocusAfter(() => Promise.resolve(), [rowOf('crew')]);
    assert.deepEqual(done, [], 'VS Code still replaces the rows with the welcome text');
    await clock.advance(minute);
    assert.deepEqual(done, [`${views.kickoffs}.focus`]);
  });

  it('leave the focus in the box of a command that follows the removal of the last deployment', async () => {
    board.show([deployment()], []);
    await view.refocusAfter(() => Promise.resolve(), [rowOf('crew')]);
    view.keepFocus();
    await clock.advance(minute);
    assert.deepEqual(done, []);
  });

  it('expand a deployment only while a run is active, and show its URL in the tooltip', () => {
    board.show([deployment(), other], [run(1), run(2, ended), run(3, { ...ended, deployment: key(2) })]);
    const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
    const items = childrenOf().map(itemOf);
    assert.deepEqual(
      items.map(({ collapsibleState }) => collapsibleState),
      [Expanded, Collapsed],
    );
    for (const [index, { url }] of [deployment(), other].entries()) assert.ok((items[index]?.tooltip as string).endsWith(url));
    assert.ok(shown.canCollapse, 'the button Collapse All');
  });

  it("show a problem of the host in the row of its deployment and in the tooltips of its runs, whose rows don't spin", async () => {
    board.show([deployment()], [run(1, running)]);
    assert.equal(iconOf(rowOf('run 1')).id, 'loading~spin');
    health.record(deployment(), id(1), unanswered('unreachable'), start);
    const [crew, row] = [itemOf(rowOf('crew')), itemOf(rowOf('run 1'))];
    await rows.resolveTreeItem?.(row, rowOf('run 1'), new vscode.CancellationTokenSource().token);
    assert.match(String(crew.description), /can't reach server/);
    assert.doesNotMatch(`${row.description} ${iconOf(rowOf('run 1')).id}`, /server|spin/);
    assert.match(row.tooltip as string, /Check your network/);
  });

  it('show in a row the estimate by earlier runs of the same deployment, and that the run makes no progress', async () => {
    const before = [5, 6, 7, 8, 9].map((number) =>
      run(number, { ...ended, startedAt: start - 100 * minute, finishedAt: start - 90 * minute }),
    );
    const started = { ...running, startedAt: start };
    board.show([deployment(), other], [...before, run(1, started), run(2, { ...started, deployment: key(2) })]);
    const expectTexts = (first: RegExp) => {
      const [text, ofOther] = ['run 1', 'run 2'].map((label) => String(itemOf(rowOf(label)).description));
      assert.match(text!, first);
      assert.doesNotMatch(ofOther!, /usually|longer|no progress/);
    };
    expectTexts(/usually takes 5–18 min/);
    await clock.advance(40 * minute);
    board.put(run(1, { ...started, checkedAt: clock.now() }));
    expectTexts(/taking longer/);
    board.put(run(1, { ...started, checkedAt: clock.now(), progressSince: start }));
    expectTexts(/no progress for 30 min/);
  });

  it('keep the row of an active run expandable after a response without tasks, but not after the end', () => {
    const { Collapsed, None } = vscode.TreeItemCollapsibleState;
    const queued = { checkedAt: start };
    const states = [queued, { ...queued, tasks: finishedTasks([1]) }, queued, ended].map((fields) => {
      board.show([deployment()], [run(1, fields)]);
      return itemOf(rowOf('run 1')).collapsibleState;
    });
    assert.deepEqual(states, [None, Collapsed, Collapsed, None]);
  });

  it('redraw exactly the rows that a change affects', () => {
    const [before, after] = ['before', 'after'].map((name) => [{ position: 1, name, hasOutput: false }]);
    board.show([deployment()], [run(1, { ...running, tasks: before! })]);
    const row = rowOf('run 1');
    const redrawn: string[] = [];
    rows.onDidChangeTreeData?.((nodes) => redrawn.push(...[nodes ?? []].flat().map(labelOf)));
    const progress = { ...running.progress, tool: 'Browse' };
    board.put(run(1, { ...running, tasks: before!, progress }));
    assert.deepEqual(redrawn, ['run 1']);
    board.put(run(1, { ...running, tasks: after!, progress }));
    board.put(run(1, { ...running, tasks: after!, progress, trouble: { kind: 'tooLarge' } }));
    assert.deepEqual(redrawn, ['run 1', 'run 1', 'crew', 'run 1'], 'a problem of a run is also in the row of the deployment');
    const [finished, current] = childrenOf(row).map(itemOf);
    assert.deepEqual([finished?.label, finished?.command], ['after', undefined], 'a task without an output opens nothing');
    assert.equal(current?.description, 'Browse');
  });

  it("spin the current task only while the run's status is recent and no problem prevents polls", async () => {
    board.show([deployment()], [run(1, running)]);
    const row = rowOf('run 1');
    const [task] = childrenOf(row);
    const iconOfTask = () => task && iconOf(task).id;
    assert.equal(iconOfTask(), 'loading~spin');
    board.notSaved(run(1), new Error('disk full'));
    assert.equal(iconOfTask(), 'circle-outline');
    board.saved(run(1));
    assert.equal(iconOfTask(), 'loading~spin');
    await clock.advance(10 * minute);
    assert.equal(iconOfTask(), 'circle-outline');
    board.put(run(1, { ...running, checkedAt: clock.now() }));
    assert.equal(iconOfTask(), 'loading~spin');
    health.record(deployment(), id(1), unanswered('tokenRefused'), clock.now());
    assert.equal(iconOfTask(), 'circle-outline', 'the deployment rejected the token');
    board.put(run(1, { ...ended, phase: { kind: 'failed' } }));
    assert.deepEqual([iconOf(row).id, iconOf(row).color?.id], ['error', 'testing.iconFailed']);
  });

  it('have badges for unread runs, and update all of them if more than 250 change', () => {
    const unread = Array.from({ length: 100 }, (_, index) => run(index + 1, { ...ended, isUnread: true }));
    const updates: (vscode.Uri[] | undefined)[] = [];
    decorations.onDidChangeFileDecorations?.((uris) => updates.push(uris as vscode.Uri[] | undefined));
    const badges = () => {
      const uris = ['crew', ...(board.kickoffs.length > 0 ? ['run 1'] : [])].map((label) => itemOf(rowOf(label)).resourceUri!);
      const found = uris.map((uri) => decorations.provideFileDecoration(uri, new vscode.CancellationTokenSource().token));
      return (found as vscode.FileDecoration[]).map(({ badge, tooltip }) => `${String(badge)} ${tooltip}`);
    };
    board.show([deployment()], unread.slice(0, 99));
    assert.deepEqual(badges(), ['99 Unread runs: 99', '● unread']);
    assert.equal(updates.at(-1)?.length, 100);
    board.show([deployment()], unread);
    assert.equal(badges()[0], '9+ Unread runs: 100');
    assert.deepEqual(
      updates.at(-1)?.map(String),
      [rowOf('crew'), rowOf('run 100')].map((node) => String(itemOf(node).resourceUri)),
    );
    board.show([deployment()], [run(1, ended)]);
    assert.equal(updates.length, 3);
    assert.equal(updates[2]?.length, 101, 'runs that were removed while unread');
    board.show(
      [deployment()],
      Array.from({ length: 251 }, (_, index) => run(index + 1, { ...ended, isUnread: true })),
    );
    assert.deepEqual(updates.slice(3), [undefined]);
  });

  it('show the status bar item only while a run is active, again for the next run with the same text, or as the setting says', () => {
    const states: unknown[] = [];
    const change = (number: number, fields: Partial<Kickoff>, setting = 'whenActive') => {
      settings.current.statusBar = setting;
      board.show([deployment()], [run(number, { label: 'same', ...fields })]);
      states.push(item.isVisible && item.text);
    };
    change(1, {});
    assert.equal(item.command, `${views.kickoffs}.focus`);
    assert.deepEqual(item.accessibilityInformation, { label: 'CrewAI Kickoffs: not checked yet', role: 'button' });
    change(1, ended);
    change(2, {});
    change(3, {}, 'never');
    change(3, ended, 'always');
    const text = '$(circle-outline) not checked yet';
    assert.deepEqual(states, [text, false, text, false, '$(rocket) Kickoffs']);
  });

  it('update the status bar item only when its content changes, which time alone can cause', async () => {
    board.show([deployment()], [run(1, running)]);
    board.put(run(1, { ...running, progress: { ...running.progress, thought: 'Hm' } }));
    assert.equal(item.updates, 1, 'an update would redraw an open tooltip');
    await clock.advance(10 * minute);
    assert.deepEqual([item.text, item.updates], ['$(sync-ignored) tasks finished: 1 · write', 2]);
  });

  it('leave no timer and no status bar item after they are disposed', () => {
    board.show([deployment()], [run(1, running)]);
    board.put(run(1, { ...running, progress: {} }));
    view.dispose();
    statusBar.dispose();
    assert.equal(clock.timers, 0);
    board.put(run(2));
    assert.equal(item.isVisible, false);
  });
});
