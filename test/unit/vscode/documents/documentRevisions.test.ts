import assert from 'node:assert/strict';
import { DocumentRevisions } from '#vscode/documents/documentRevisions';

describe("The revisions of a run's documents", () => {
  it('increase with each change, even if the clock is set back', () => {
    const revisions = new DocumentRevisions(1_000);
    revisions.change(2_000);
    assert.equal(revisions.latest, 2_000);
    revisions.change(500);
    assert.equal(revisions.latest, 2_001);
  });

  it('refresh a covered report once after each change', () => {
    const revisions = new DocumentRevisions(1_000);
    assert.equal(revisions.cover(2_000), false, 'unchanged');
    revisions.change(3_000);
    assert.equal(revisions.cover(4_000), true);
    assert.equal(revisions.cover(5_000), false, 'refreshed already');
    assert.equal(revisions.latest, 4_000);
  });

  it('refresh a report if VS Code displays an older page after a newer page, and not for the same page again', () => {
    const revisions = new DocumentRevisions(1_000);
    assert.equal(revisions.display(3_000, 4_000), false);
    assert.equal(revisions.display(3_000, 5_000), false);
    assert.equal(revisions.display(2_000, 6_000), true);
    assert.equal(revisions.latest, 6_000);
  });

  it('continue after a page of an earlier window, whose revision can be newer', () => {
    const revisions = new DocumentRevisions(1_000);
    revisions.display(9_000, 2_000);
    revisions.change(3_000);
    assert.equal(revisions.latest, 9_001);
  });
});
