import assert from 'node:assert/strict';
import { Board } from '#core/history/board';
import { ChangedRuns } from '#core/history/changedRuns';
import { HostHealth } from '#core/polling/hostHealth';
import { deployment, id, key, kickoff } from '#test/support/builders';

const crew = deployment();
const other = deployment({ key: 2, url: 'https://other.example' });
const runs = [
  kickoff({ id: id('a-1'), trackedAt: 3 }),
  kickoff({ id: id('a-2'), trackedAt: 2 }),
  kickoff({ deployment: key(2), id: id('b-1'), trackedAt: 1 }),
] as const;

describe('The runs in a change event for other extensions', () => {
  /** Returns the board, and the run IDs in each change event. */
  function watched(): { readonly board: Board; readonly changes: string[][] } {
    const board = new Board(new HostHealth(() => 0.5));
    const changed = new ChangedRuns(board);
    const changes: string[][] = [];
    board.onDidChange((change) => void changes.push(changed.of(change).map((one) => one.id)));
    board.show([crew, other], runs);
    return { board, changes };
  }

  it('are all runs when the history is loaded', () => {
    assert.deepEqual(watched().changes, [['a-1', 'a-2', 'b-1']]);
  });

  const third = deployment({ key: 3, url: 'https://third.example' });
  const cases: Readonly<Record<string, readonly [change: (board: Board) => unknown, ids: readonly string[]]>> = {
    'are only the runs of a deployment whose label changes': [
      (board) => board.putDeployment({ ...crew, label: 'Renamed' }),
      ['a-1', 'a-2'],
    ],
    'are none when a deployment without runs is added': [(board) => board.putDeployment(third), []],
    'are only the changed run when a run changes': [(board) => board.put({ ...runs[0], label: 'Nightly' }), ['a-1']],
    'are none when a deployment is removed with its runs': [(board) => board.show([crew], runs.slice(0, 2)), []],
  };
  for (const [title, [change, ids]] of Object.entries(cases))
    it(title, () => {
      const { board, changes } = watched();
      change(board);
      assert.deepEqual(changes.at(-1), ids);
    });
});
