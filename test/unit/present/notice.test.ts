import assert from 'node:assert/strict';
import { noticeText } from '../../../src/present/notice';
import { kickoff } from '../../support/builders';
import { disguise, graphemes, hostileTexts, onlyValues, t } from './hostile';

describe('The notice of an end', () => {
  for (const [kind, text] of [
    ['succeeded', 'My run has finished.'],
    ['failed', 'My run has failed.'],
    ['stopped', 'My run was stopped.'],
  ] as const) {
    it(`reads "${text}"`, () => assert.equal(noticeText(kickoff({ label: 'My run', phase: { kind } }), t), text));
  }

  it("holds nothing of the server's", () => {
    const text = noticeText(
      kickoff({ label: '7', phase: { kind: 'failed', reason: 'reason' }, progress: { current: 'task' } }),
      onlyValues,
    );
    assert.equal(text, '7');
  });

  it('holds no command link, no icon and no disguise, whatever the run is called', () => {
    for (const label of hostileTexts) {
      const text = noticeText(kickoff({ label, phase: { kind: 'failed' } }), t);
      assert.doesNotMatch(text, /\[|\]|\$\(/);
      assert.doesNotMatch(text, disguise);
      assert.ok(graphemes(text) <= 160);
    }
  });
});
