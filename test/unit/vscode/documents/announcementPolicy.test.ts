import assert from 'node:assert/strict';
import { AnnouncementPolicy } from '#vscode/documents/announcementPolicy';

/** Returns the policy for a report whose first page is displayed. */
function displayed(revision = 1_000): AnnouncementPolicy {
  const policy = new AnnouncementPolicy(1_000);
  policy.recordRead();
  policy.recordDisplay(revision, 1_000);
  return policy;
}

describe('The revision of a report', () => {
  it('increases with each change, even if the clock is set back', () => {
    const policy = new AnnouncementPolicy(1_000);
    policy.recordChange(2_000);
    assert.equal(policy.revision, 2_000);
    policy.recordChange(500);
    assert.equal(policy.revision, 2_001);
  });

  it('continues after the revision of a page from an earlier window', () => {
    const policy = displayed(9_000);
    policy.recordChange(3_000);
    assert.equal(policy.revision, 9_001);
  });
});

describe('A change of a report', () => {
  it("is announced immediately if VS Code hasn't read the report yet or has displayed the first page", () => {
    for (const policy of [new AnnouncementPolicy(1_000), displayed()]) assert.equal(policy.recordChange(2_000), true);
  });

  it('that comes during the wait for the first page is announced only once, after the wait', () => {
    for (const end of ['display', 'endWait'] as const) {
      const policy = new AnnouncementPolicy(1_000);
      assert.deepEqual([policy.recordRead(), policy.recordRead()], [true, false]);
      assert.deepEqual([policy.recordChange(2_000), policy.recordChange(3_000)], [false, false]);
      const first = end === 'display' ? policy.recordDisplay(1_000, 4_000) : policy.endWait();
      assert.deepEqual([first, policy.endWait(), policy.recordRead(), policy.recordChange(5_000)], [true, false, false, true]);
    }
  });

  it('is announced immediately if a page was already displayed when VS Code read the report', () => {
    const policy = new AnnouncementPolicy(1_000);
    assert.equal(policy.recordDisplay(1_000, 2_000), false);
    assert.deepEqual([policy.recordRead(), policy.recordChange(3_000)], [false, true]);
  });

  it('is announced once more when another tab covers the report', () => {
    const policy = displayed();
    assert.equal(policy.recordHide(2_000), false, 'unchanged');
    policy.recordChange(3_000);
    assert.deepEqual([policy.recordHide(4_000), policy.revision], [true, 4_000]);
    assert.deepEqual([policy.recordHide(5_000), policy.revision], [false, 4_000]);
  });

  it('is announced again if a preview displays an older page, but not if it displays the latest page', () => {
    const policy = displayed(3_000);
    assert.equal(policy.recordDisplay(3_000, 5_000), false);
    assert.deepEqual([policy.recordDisplay(2_000, 6_000), policy.revision], [true, 6_000]);
  });

  it('is announced again if the first page that a preview displays is older than the change', () => {
    const policy = new AnnouncementPolicy(1_000);
    policy.recordRead();
    assert.deepEqual([policy.endWait(), policy.recordChange(2_000)], [false, true]);
    assert.deepEqual([policy.recordDisplay(1_000, 3_000), policy.revision], [true, 3_000]);
  });

  it('is announced again with a later revision, at most three times, until a preview displays the change', () => {
    const policy = displayed();
    for (const now of [2_000, 12_000]) {
      policy.recordChange(now);
      const repeated = [1, 2, 3, 4].map((count) => policy.repeat(now + count));
      assert.deepEqual([repeated, policy.revision], [[true, true, true, false], now + 3]);
    }
    policy.recordChange(20_000);
    assert.equal(policy.repeat(21_000), true);
    policy.recordDisplay(21_000, 22_000);
    assert.equal(policy.repeat(23_000), false);
  });

  it("isn't announced again before a preview displays any page", () => {
    const policy = new AnnouncementPolicy(1_000);
    policy.recordChange(2_000);
    assert.equal(policy.repeat(3_000), false);
  });
});
