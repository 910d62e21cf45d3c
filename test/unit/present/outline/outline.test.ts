import assert from 'node:assert/strict';
import { Board } from '#core/history/board';
import type { Kickoff } from '#core/kickoff/kickoff';
import { HostHealth } from '#core/polling/hostHealth';
import { createStaleAt } from '#core/polling/staleness';
import { Outline } from '#present/outline/outline';
import type { Node } from '#present/outline/nodes';
import { deployment, finishedTasks, id, key, kickoff } from '#test/support/builders';
import { ManualClock, start } from '#test/support/manualClock';
import { runs } from '#test/support/polling';
import { t } from '#test/unit/present/documents/hostile';

const other = deployment({ key: 2, url: 'https://other.example.com' });
const running = { phase: { kind: 'running' }, checkedAt: start } as const;

function attempt(number: number) {
  return { deployment: key(), requestId: id(number), sentAt: start + number };
}

describe('The outline of the view', () => {
  let board: Board;
  let outline: Outline;
  /** The number of translated texts. */
  let texts: number;

  beforeEach(() => {
    board = new Board(new HostHealth(() => 0.5));
    texts = 0;
    const staleAt = createStaleAt(board, () => ({ minimumSeconds: 3, maximumSeconds: 60, isFocused: true }));
    const translate: typeof t = (...parts) => (texts++, t(...parts));
    const settings = { current: { openWith: 'report' } } as const;
    outline = new Outline({ board, staleAt, clock: new ManualClock(), settings, t: translate });
  });

  const run = (number: number, fields: Partial<Kickoff> = {}) => kickoff({ id: id(number), trackedAt: start - number, ...fields });
  const idsOf = (nodes: readonly Node[]) => nodes.map(({ rowId }) => rowId);
  const allBelow = (node?: Node): readonly Node[] => outline.childrenOf(node).flatMap((child) => [child, ...allBelow(child)]);

  it('lists starts above runs under each deployment, both newest first', () => {
    board.show([deployment(), other], [run(2), run(1, { ...running, tasks: finishedTasks([1]) })]);
    board.showStarts([attempt(3), attempt(4)]);
    assert.deepEqual(idsOf(allBelow()), [
      'deployment 1',
      `start ${id(4)}`,
      `start ${id(3)}`,
      `kickoff 1/${id(1)}`,
      `task 1/${id(1)} 1`,
      `kickoff 1/${id(2)}`,
      'deployment 2',
    ]);
  });

  it('keeps the same object for a row after a change, however the row is looked up', () => {
    board.show([deployment()], [run(1, { ...running, tasks: finishedTasks([1]) })]);
    board.showStarts([attempt(2)]);
    const before = allBelow();
    board.show([deployment({ label: 'renamed' })], [run(1, { ...running, label: 'renamed', tasks: finishedTasks([1, 2]) })]);
    assert.deepEqual(before, allBelow().slice(0, before.length));
    assert.ok(before.every((node, index) => node === allBelow()[index]));
    for (const node of before) assert.ok(outline.childrenOf(outline.parentOf(node)).includes(node), node.rowId);
    assert.ok([deployment(), attempt(2), run(1)].every((of) => before.includes(outline.nodeOf(of))));
  });

  it('computes texts only when they are requested', () => {
    board.show([deployment()], runs(1_000, running));
    const nodes = allBelow();
    const row = outline.rowOf(nodes[1] ?? assert.fail());
    const ofRow = texts;
    assert.ok(ofRow < 20, `${ofRow}`);
    assert.match(row?.lazyTooltip?.lines().join('\n') ?? '', /Kickoff ID/);
    assert.ok(texts > ofRow + 3);
  });

  it('detects whether the shown content of a row changed', () => {
    board.show([deployment()], [run(1, running)]);
    const before = outline.rowOf(outline.nodeOf(run(1)));
    const compare = () => before?.comparableText() === outline.rowOf(outline.nodeOf(run(1)))?.comparableText();
    assert.ok(compare());
    board.putAll([run(1, { ...running, phaseSince: start - 1 })]);
    assert.ok(compare(), 'no text has this time');
    board.putAll([run(1, { ...running, progress: { thought: 'Hm' } })]);
    assert.ok(!compare(), 'the tooltip has the thought');
  });

  it('finds all rows to redraw after a change, parents first', () => {
    board.show([deployment(), other], [run(1), run(2), run(3, { deployment: key(2) })]);
    board.showStarts([attempt(4)]);
    const affected = (reordered: readonly number[]) => {
      const found = outline.nodesAffectedBy({ kickoffs: board.kickoffs, reorderedKeys: reordered.map(key) });
      return [found.reordered, found.others].map((nodes) => idsOf(nodes).map((rowId) => rowId.replace(/(?<=\d\/|start ).*/, '…')));
    };
    assert.deepEqual(affected([1]), [['deployment 1'], ['deployment 2', 'start …', 'kickoff 2/…']]);
    assert.deepEqual(affected([]), [[], ['deployment 1', 'deployment 2', 'start …', 'kickoff 1/…', 'kickoff 1/…', 'kickoff 2/…']]);
  });

  it('has neither content nor children for a row that was removed', () => {
    board.show([deployment()], [run(1, { ...running, tasks: finishedTasks([1]) })]);
    board.showStarts([attempt(2)]);
    const before = allBelow();
    board.showStarts([]);
    board.show([], []);
    for (const node of before) assert.deepEqual([outline.rowOf(node), outline.childrenOf(node)], [undefined, []], node.rowId);
  });
});
