import assert from 'node:assert/strict';
import { readStoredBackup, missingRows, pendingRows, toStoredBackup, type BackupRow } from '#core/history/idBackup';
import { id, url } from '#test/support/builders';

const crew = url('https://crew.example.com');
const other = url('https://other.example.com');

function known(of: Partial<BackupRow> & { of?: number }): BackupRow {
  const { of: number, ...rest } = of;
  return { url: crew, label: 'crew', isRemoved: false, ...(number !== undefined && { id: id(number) }), ...rest };
}

const inCrew = (...ids: readonly number[]): readonly BackupRow[] => ids.map((one) => ({ url: crew, label: 'crew', id: id(one) }));
const inOther = (...ids: readonly number[]): readonly BackupRow[] => ids.map((one) => ({ url: other, label: 'other', id: id(one) }));
const pending = (rows: readonly BackupRow[]): readonly BackupRow[] => rows.map((row) => ({ ...row, isPending: true }));

describe('The ID backup', () => {
  const empty = { url: other, label: 'other' };
  const copy: readonly BackupRow[] = [...inCrew(1, 2), empty];

  it('stores the label and run IDs of each deployment under its URL', () => {
    assert.deepEqual(toStoredBackup(copy, undefined), {
      [crew]: { label: 'crew', ids: [id(1), id(2)] },
      [other]: { label: 'other', ids: [] },
    });
  });

  for (const [title, stored, rows] of [
    ['ignores invalid IDs', { [crew]: { ids: [id(1), 'a b', 7] } }, inCrew(1)],
    ['ignores non-canonical URLs', { [crew]: { ids: [id(1)] }, 'not a URL': { ids: [id(2)] }, [`${crew}/`]: { ids: [id(3)] } }, inCrew(1)],
    ["ignores deployments that aren't objects", { [crew]: null, [other]: 'x' }, []],
    ['has a default label and no IDs for a deployment whose label and IDs are invalid', { [other]: { label: 7, ids: 'x' } }, [empty]],
  ] as const)
    it(title, () => assert.deepEqual(readStoredBackup(stored), rows));

  it("is empty if its stored value isn't an object", () => {
    for (const value of [undefined, null, 'x', 7, []]) assert.deepEqual(readStoredBackup(value), []);
  });

  it('contains the runs and deployments of the history except removed runs', () => {
    const rows = [known({ of: 1 }), known({ of: 2 }), known({ of: 3, isRemoved: true }), known({ url: other, label: 'other' })];
    assert.deepEqual(readStoredBackup(toStoredBackup(rows, undefined)), copy);
  });

  it("reports runs, and deployments without runs, as lost only if the history doesn't contain them", () => {
    assert.deepEqual(missingRows(copy, []), copy);
    assert.deepEqual(missingRows(copy, [known({ of: 1 }), known({ url: other })]), inCrew(2));
  });

  const removed = [known({ of: 1 }), known({ of: 2, isRemoved: true }), known({ url: other, isRemoved: true })];

  it("doesn't report a run or deployment as lost if it was removed", () => {
    assert.deepEqual(missingRows(copy, removed), []);
  });

  it("doesn't report a run as lost if its deployment moved to another URL", () => {
    const moved = removed.map((one) => (one.url === crew ? { ...one, url: url('https://new.example.com') } : one));
    assert.deepEqual(missingRows(copy, moved), []);
    const there = [1, 2].map((of) => known({ of, url: url('https://new.example.com') }));
    assert.deepEqual(missingRows(copy.slice(0, 2), there), []);
  });

  it('reports a run as lost even if another deployment has a run with the same ID', () => {
    for (const rows of [[known({ of: 1 }), known({ url: other })], [known({ of: 1 })]])
      assert.deepEqual(missingRows([...inCrew(1), ...inOther(1)], rows), inOther(1));
  });

  const aside = pending([...inCrew(1, 2), ...inOther(1)]);

  it('reports pending IDs as lost even if the history contains them', () => {
    assert.deepEqual(missingRows(aside, [known({ of: 1, isRemoved: true }), known({ of: 2 })]), aside);
  });

  it('is read back unchanged, with its pending IDs', () => {
    for (const rows of [copy, aside]) assert.deepEqual(readStoredBackup(JSON.parse(JSON.stringify(toStoredBackup(rows, undefined)))), rows);
  });

  it('lists a pending ID as pending only until the history contains the ID', () => {
    assert.deepEqual(pendingRows([...inCrew(3), ...aside], inCrew(2)), pending([...inCrew(1), ...inOther(1)]));
  });

  it('lists the pending IDs of a deployment apart from its other IDs', () => {
    assert.deepEqual(toStoredBackup([...inCrew(1), ...aside], undefined), {
      [crew]: { label: 'crew', ids: [id(1)], pending: [id(1), id(2)] },
      [other]: { label: 'other', ids: [], pending: [id(1)] },
    });
  });

  it("contains each ID of two windows once, with the deployment's label from the first window", () => {
    const both = [...copy, ...inCrew(2, 3).map((row) => ({ ...row, label: 'mine' }))];
    assert.deepEqual(readStoredBackup(toStoredBackup(both, undefined)), [...inCrew(1, 2, 3), empty]);
  });
});
