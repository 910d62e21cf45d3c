import assert from 'node:assert/strict';
import { ReportPages } from '#vscode/documents/reportPages';

/** Returns the pages of a report whose first page is displayed. */
function displayed(revision = 1_000): ReportPages {
  const pages = new ReportPages(1_000);
  pages.recordRead();
  pages.recordDisplay(revision, 1_000);
  return pages;
}

describe('The revision of a report', () => {
  it('increases with each change, even if the clock is set back', () => {
    const pages = new ReportPages(1_000);
    pages.recordChange(2_000);
    assert.equal(pages.revision, 2_000);
    pages.recordChange(500);
    assert.equal(pages.revision, 2_001);
  });

  it('continues after the revision of a page from an earlier window', () => {
    const pages = displayed(9_000);
    pages.recordChange(3_000);
    assert.equal(pages.revision, 9_001);
  });
});

describe('A change of a report', () => {
  it('is announced without delay before VS Code reads the report and after the first page is displayed', () => {
    for (const pages of [new ReportPages(1_000), displayed()]) assert.equal(pages.recordChange(2_000), true);
  });

  it('that comes during the wait for the first page is announced only once, after the wait', () => {
    for (const end of ['display', 'endWait'] as const) {
      const pages = new ReportPages(1_000);
      assert.deepEqual([pages.recordRead(), pages.recordRead()], [true, false]);
      assert.deepEqual([pages.recordChange(2_000), pages.recordChange(3_000)], [false, false]);
      const first = end === 'display' ? pages.recordDisplay(1_000, 4_000) : pages.endWait();
      assert.deepEqual([first, pages.endWait(), pages.recordRead(), pages.recordChange(5_000)], [true, false, false, true]);
    }
  });

  it("doesn't wait for a page that was displayed before VS Code read the report", () => {
    const pages = new ReportPages(1_000);
    assert.equal(pages.recordDisplay(1_000, 2_000), false);
    assert.deepEqual([pages.recordRead(), pages.recordChange(3_000)], [false, true]);
  });

  it('is announced once more when another tab covers the report', () => {
    const pages = displayed();
    assert.equal(pages.recordHide(2_000), false, 'unchanged');
    pages.recordChange(3_000);
    assert.deepEqual([pages.recordHide(4_000), pages.revision], [true, 4_000]);
    assert.deepEqual([pages.recordHide(5_000), pages.revision], [false, 4_000]);
  });

  it('is announced again only if a preview displays an older page', () => {
    const pages = displayed(3_000);
    assert.equal(pages.recordDisplay(3_000, 5_000), false);
    assert.deepEqual([pages.recordDisplay(2_000, 6_000), pages.revision], [true, 6_000]);
  });

  it('is repeated with a later revision until a preview displays it, at most three times', () => {
    const pages = displayed();
    for (const now of [2_000, 12_000]) {
      pages.recordChange(now);
      const repeated = [1, 2, 3, 4].map((count) => pages.repeat(now + count));
      assert.deepEqual([repeated, pages.revision], [[true, true, true, false], now + 3]);
    }
    pages.recordChange(20_000);
    assert.equal(pages.repeat(21_000), true);
    pages.recordDisplay(21_000, 22_000);
    assert.equal(pages.repeat(23_000), false);
  });

  it("isn't repeated before a preview displays any page", () => {
    const pages = new ReportPages(1_000);
    pages.recordChange(2_000);
    assert.equal(pages.repeat(3_000), false);
  });
});
