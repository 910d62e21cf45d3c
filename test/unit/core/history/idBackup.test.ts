import assert from 'node:assert/strict';
import { readStoredBackup, missingRows, pendingRows, toStoredBackup, type TrackedId } from '#core/history/idBackup';
import { id, url } from '#test/support/builders';

const crew = url('https://crew.example.com');
const other = url('https://other.example.com');

function known(of: Partial<TrackedId> & { of?: number }): TrackedId {
  const { of: number, ...rest } = of;
  return { url: crew, label: 'crew', isRemoved: false, ...(number !== undefined && { id: id(number) }), ...rest };
}

const inCrew = (...ids: readonly number[]): readonly TrackedId[] => ids.map((one) => ({ url: crew, label: 'crew', id: id(one) }));
const inOther = (...ids: readonly number[]): readonly TrackedId[] => ids.map((one) => ({ url: other, label: 'other', id: id(one) }));
const pending = (rows: readonly TrackedId[]): readonly TrackedId[] => rows.map((row) => ({ ...row, isPending: true }));

describe('The ID backup', () => {
  const empty = { url: other, label: 'other' };
  const copy: readonly TrackedId[] = [...inCrew(1, 2), empty];

  it('is stored by the URL of each deployment', () => {
    assert.deepEqual(toStoredBackup(copy, undefined), {
      [crew]: { label: 'crew', ids: [id(1), id(2)] },
      [other]: { label: 'other', ids: [] },
    });
  });

  it('is read back unchanged', () => {
    assert.deepEqual(readStoredBackup(JSON.parse(JSON.stringify(toStoredBackup(copy, undefined)))), copy);
  });

  it('ignores invalid URLs and IDs', () => {
    const withInvalidId = { [crew]: { ids: [id(1), 'a b', 7] }, 'not a URL': { ids: [id(2)] }, [other]: 'x' };
    assert.deepEqual(readStoredBackup(withInvalidId), inCrew(1));
    const withInvalidUrl = { [`${crew}/`]: { ids: [id(1)] }, [crew]: null, [other]: { label: 7, ids: 'x' } };
    assert.deepEqual(readStoredBackup(withInvalidUrl), [empty]);
    for (const value of [undefined, null, 'x', 7, []]) assert.deepEqual(readStoredBackup(value), []);
  });

  it('contains the runs of the history except removed runs', () => {
    const rows = [known({ of: 1 }), known({ of: 2 }), known({ of: 3, isRemoved: true }), known({ url: other, label: 'other' })];
    assert.deepEqual(readStoredBackup(toStoredBackup(rows, undefined)), copy);
  });

  it("counts a run or a deployment without runs as lost if the history doesn't contain it", () => {
    assert.deepEqual(missingRows(copy, []), copy);
    assert.deepEqual(missingRows(copy, [known({ of: 1 }), known({ url: other })]), inCrew(2));
  });

  const removed = [known({ of: 1 }), known({ of: 2, isRemoved: true }), known({ url: other, isRemoved: true })];

  it("doesn't count a run or deployment as lost if it was removed", () => {
    assert.deepEqual(missingRows(copy, removed), []);
  });

  it("doesn't count a run as lost if its deployment moved to another URL", () => {
    const moved = removed.map((one) => (one.url === crew ? { ...one, url: url('https://new.example.com') } : one));
    assert.deepEqual(missingRows(copy, moved), []);
    const there = [1, 2].map((of) => known({ of, url: url('https://new.example.com') }));
    assert.deepEqual(missingRows(copy.slice(0, 2), there), []);
  });

  it('counts a run as lost even if another deployment has a run with the same ID', () => {
    for (const rows of [[known({ of: 1 }), known({ url: other })], [known({ of: 1 })]])
      assert.deepEqual(missingRows([...inCrew(1), ...inOther(1)], rows), inOther(1));
  });

  const aside = pending([...inCrew(1, 2), ...inOther(1)]);

  it('counts pending IDs as lost even if the history contains them', () => {
    assert.deepEqual(missingRows(aside, [known({ of: 1, isRemoved: true }), known({ of: 2 })]), aside);
  });

  it('keeps pending IDs until they are stored', () => {
    assert.deepEqual(readStoredBackup(JSON.parse(JSON.stringify(toStoredBackup(aside, undefined)))), aside);
    assert.deepEqual(pendingRows([...inCrew(3), ...aside], inCrew(2)), pending([...inCrew(1), ...inOther(1)]));
    assert.deepEqual(toStoredBackup([...inCrew(1), ...aside], undefined), {
      [crew]: { label: 'crew', ids: [id(1)], pending: [id(1), id(2)] },
      [other]: { label: 'other', ids: [], pending: [id(1)] },
    });
  });

  it('contains each ID of two windows once, with the label from the first window', () => {
    const both = [...copy, ...inCrew(2, 3).map((row) => ({ ...row, label: 'mine' }))];
    assert.deepEqual(readStoredBackup(toStoredBackup(both, undefined)), [...inCrew(1, 2, 3), empty]);
  });
});
