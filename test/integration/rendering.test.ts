import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { Board } from '#core/history/board';
import type { Kickoff } from '#core/kickoff/kickoff';
import { HostHealth } from '#core/polling/hostHealth';
import { createStaleAt } from '#core/polling/staleness';
import { deployment, id, key, kickoff } from '#test/support/builders';
import { figure } from '#test/support/fuzz';
import { KickoffInfoCache } from '#vscode/publicApi';
import { Settings } from '#vscode/settings';
import { KickoffTree } from '#vscode/tree/kickoffTree';
import { DeploymentNode, KickoffNode, type Node } from '#present/outline/nodes';

const many = 5_000;
const open = 100;
/** The goal that is printed beside each time. The tests assert only numbers of rows, which don't depend on the machine. */
const goalMs = 100;

/** Returns a run of one of two deployments. Every fiftieth run is active. */
function run(index: number, fields: Partial<Kickoff> = {}): Kickoff {
  const trackedAt = Date.now() - index * 60_000;
  const times = { trackedAt, checkedAt: trackedAt + 1_000, startedAt: trackedAt };
  const isOpen = index % (many / open) === 0;
  const state = isOpen
    ? { phase: { kind: 'running' as const }, progress: { completed: 1, total: 3, current: 'analysis_task' } }
    : { phase: { kind: 'succeeded' as const }, finishedAt: trackedAt + 120_000, executionSeconds: 120, output: 'markdown' as const };
  return kickoff({ id: id(index + 1), deployment: key((index % 2) + 1), ...times, ...state, ...fields });
}

/** A view that reads the tree like VS Code, and counts the drawn rows in `items`. */
class FakeView {
  readonly expanded = new Set<Node>();
  items = 0;

  constructor(private readonly tree: KickoffTree) {}

  /** Draws a row, and its children if the row is expanded. */
  draw(node?: Node): void {
    if (node) this.item(node);
    if (node === undefined || this.expanded.has(node)) for (const child of this.tree.getChildren(node)) this.draw(child);
  }

  item(node: Node): vscode.TreeItem {
    this.items++;
    return this.tree.getTreeItem(node);
  }
}

describe(`The extension with ${many} runs`, () => {
  const settings = new Settings();
  let board: Board;
  let tree: KickoffTree;
  let shown: FakeView;
  let fired: (Node[] | undefined)[];
  let inputsRead: number;

  after(() => settings.dispose());

  beforeEach(() => {
    board = new Board(new HostHealth(Math.random));
    board.show(
      [deployment(), deployment({ key: 2, url: 'https://other.example.com', label: 'other' })],
      Array.from({ length: many }, (_, index) => run(index)),
    );
    const pace = { minimumSeconds: 3, maximumSeconds: 60, isFocused: true };
    inputsRead = 0;
    tree = new KickoffTree({
      board,
      store: { inputs: () => Promise.resolve((inputsRead++, { topic: 'AI agents' })) },
      staleAt: createStaleAt(board, () => pace),
      clock: { now: Date.now, after: () => ({ dispose: () => undefined }) },
      settings,
    });
    shown = new FakeView(tree);
    fired = [];
    tree.onDidChangeTreeData((nodes) => {
      fired.push(nodes);
      for (const node of nodes ?? [undefined]) shown.draw(node);
    });
    shown.draw();
    const [first] = tree.getChildren();
    assert.ok(first instanceof DeploymentNode);
    shown.expanded.add(first);
    shown.draw(first);
    shown.items = 0;
  });
  afterEach(() => tree.dispose());

  it('draws all runs of a deployment only when the deployment expands or a run finishes', () => {
    const first = tree.getChildren()[0]!;
    const progressed = (round: number) => run(50, { progress: { completed: round, total: 9, current: `task_${round}` } });
    const works: readonly (readonly [string, number, (round: number) => void])[] = [
      ['opening the view', 2, () => tree.getChildren().forEach((node) => shown.item(node))],
      ['expanding a deployment', 1 + many / 2, () => shown.draw(first)],
      ['progress of one run', 1, (round) => board.putAll([progressed(round)])],
      ['the end of one run', 1 + many / 2, (round) => board.putAll([run(100 + 50 * round, { phase: { kind: 'failed', reason: 'no' } })])],
    ];
    for (const [what, rows, work] of works) {
      shown.items = 0;
      console.log(`      ${what}: ${median(work).toFixed(1)} ms (goal: under ${goalMs})`);
      assert.equal(shown.items, rounds.length * rows, what);
    }
  });

  it('creates the tooltip of a row only when VS Code requests it', async () => {
    const first = tree.getChildren()[0]!;
    const [node] = tree.getChildren(first);
    assert.ok(node);
    const item = tree.getTreeItem(node);
    assert.deepEqual([item.tooltip, inputsRead], [undefined, 0]);
    const { tooltip } = await tree.resolveTreeItem(item, node);
    assert.ok(typeof tooltip === 'string');
    assert.match(tooltip, /analysis_task[^]*\nInput topic: AI agents$/);
    assert.equal(inputsRead, 1);
  });

  it('keeps the API objects of unchanged runs when one run changes', () => {
    const infos = new KickoffInfoCache(board, { now: Date.now });
    const before = board.kickoffs.map((one) => infos.get(one));
    board.putAll([run(50, { progress: { completed: 2, total: 3, current: 'reporting_task' } })]);
    const after = board.kickoffs.map((one) => infos.get(one));
    assert.equal(after.filter((one, index) => one !== before[index]).length, 1);
  });

  it('draws exactly one row again when one run makes progress', () => {
    const before = run(50);
    board.putAll([{ ...before, progress: { completed: 2, total: 3, current: 'reporting_task' }, checkedAt: Date.now() }]);
    assert.equal(fired.length, 1);
    const [nodes] = fired;
    assert.ok(nodes?.length === 1 && nodes[0] instanceof KickoffNode);
    assert.equal(nodes[0].ref.id, before.id);
    assert.equal(shown.items, 1);
    figure(12, `progress of one run of ${many}: 1 row drawn`);
  });

  it('draws no row again when a run changes without a visible difference', () => {
    const before = board.kickoff(run(50));
    assert.ok(before);
    board.putAll([{ ...before, phaseSince: before.phaseSince - 1 }]);
    assert.equal(shown.items, 0);
  });
});

const rounds = [1, 2, 3, 4, 5];

/** Returns the median of all rounds, in milliseconds. */
function median(work: (round: number) => void): number {
  const times = rounds.map((round) => {
    const before = performance.now();
    work(round);
    return performance.now() - before;
  });
  return times.sort((one, other) => one - other)[2]!;
}
