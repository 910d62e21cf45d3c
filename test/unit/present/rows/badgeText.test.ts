import assert from 'node:assert/strict';
import { badgeText } from '#present/rows/viewTexts';
import { kickoff } from '#test/support/builders';
import { t } from '#test/unit/present/documents/hostile';

describe('The badge of the view', () => {
  const unread = kickoff({ phase: { kind: 'failed' }, isUnread: true });
  const waiting = kickoff({ phase: { kind: 'waiting' } });
  const other = kickoff({ phase: { kind: 'running' } });

  it('counts unread and waiting runs, and its tooltip has both numbers', () => {
    assert.equal(badgeText([other], t), undefined);
    assert.deepEqual(badgeText([other, unread, unread], t), { value: 2, tooltip: 'Unread runs: 2' });
    assert.deepEqual(badgeText([other, waiting], t), { value: 1, tooltip: 'Waiting for human input: 1' });
    assert.deepEqual(badgeText([waiting, unread, unread], t), { value: 3, tooltip: 'Unread runs: 2, waiting for human input: 1' });
  });
});
