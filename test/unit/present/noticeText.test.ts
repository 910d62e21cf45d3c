import fc from 'fast-check';
import assert from 'node:assert/strict';
import type { Kickoff } from '#core/kickoff/kickoff';
import { noticeText, sharedNoticeText } from '#present/noticeText';
import { words } from '#present/words/words';
import { deployment, kickoff } from '#test/support/builders';
import { always } from '#test/support/checks';
import { start } from '#test/support/manualClock';
import { disguise, graphemes, hostileTexts, t } from './documents/hostile';

const own = deployment({ label: 'Own' });

function text(fields: Partial<Kickoff>): string {
  return noticeText(kickoff({ label: 'bbbb1008', ...fields }), own, t);
}

describe('The notification of a run', () => {
  const reason = 'exceeded your current quota\nsee https://example.com';
  const traceback =
    'Traceback (most recent call last):\n  File "crew.py", line 3\nHTTPError: 403 Client Error: Forbidden for url: https://example.com';
  const progress = { completed: 1, total: 3, current: 'write' };
  const cases: readonly (readonly [string, Partial<Kickoff>])[] = [
    ['Own: bbbb1008 succeeded.', { phase: { kind: 'succeeded' } }],
    ['Own: bbbb1008 succeeded in 4m 10s.', { phase: { kind: 'succeeded' }, executionSeconds: 250 }],
    ['Own: bbbb1008 succeeded in ~24s.', { phase: { kind: 'succeeded' }, startedAt: start, finishedAt: start + 24_000 }],
    ['Own: bbbb1008 failed.', { phase: { kind: 'failed' } }],
    ['Own: bbbb1008 failed after 9s.', { phase: { kind: 'failed', reason: ' \n' }, executionSeconds: 9 }],
    ['Own: bbbb1008 failed: exceeded quota', { phase: { kind: 'failed', reason } }],
    ['Own: bbbb1008 failed after 9s: exceeded quota', { phase: { kind: 'failed', reason: `\n ${reason}` }, executionSeconds: 9 }],
    ['Own: bbbb1008 failed in write (2 of 3).', { phase: { kind: 'failed' }, progress }],
    ['Own: bbbb1008 failed in write (2 of 3): exceeded quota', { phase: { kind: 'failed', reason }, progress }],
    ['Own: bbbb1008 failed in write after 9s.', { phase: { kind: 'failed' }, progress: { current: 'write' }, executionSeconds: 9 }],
    [
      'Own: bbbb1008 failed in write (2 of 3) after 9s: 403 Client Error: Forbidden for url: https://example.com',
      { phase: { kind: 'failed', reason: traceback }, progress, executionSeconds: 9 },
    ],
    ['Own: bbbb1008 was stopped in write (2 of 3).', { phase: { kind: 'stopped' }, progress }],
    ['Own: bbbb1008 was stopped in write (2 of 3) after 9s.', { phase: { kind: 'stopped' }, progress, executionSeconds: 9 }],
    ['Own: bbbb1008 was stopped.', { phase: { kind: 'stopped' } }],
    ['Own: bbbb1008 was stopped after 1h 04m.', { phase: { kind: 'stopped' }, executionSeconds: 3_840 }],
    [
      'Own: bbbb1008 is waiting for human input. Provide the input in AMP, or reply to the email from AMP.',
      { phase: { kind: 'waiting' }, checkedAt: start },
    ],
    [
      "Own: bbbb1008 can no longer be found. If it's waiting for human input, provide the input in AMP, or reply to the email from AMP.",
      { phase: { kind: 'missing' }, hasRun: true },
    ],
  ];
  for (const [expected, fields] of cases) it(`reads "${expected}"`, () => assert.equal(text(fields), expected));

  const hostile = fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: 'binary', maxLength: 300 }));
  always('contains names and reasons only as short plain text', 2_000, [hostile, hostile, hostile], (label, run, why) => {
    const one = kickoff({ label: run, phase: { kind: 'failed', reason: why }, executionSeconds: 9 });
    const shown = noticeText(one, deployment({ label }), t);
    assert.doesNotMatch(shown, /\[|\]|\$\(/);
    assert.doesNotMatch(shown, disguise);
    const [, named = '', because = ''] = /^(.*?) failed after 9s(?:: (.*)|\.)$/.exec(shown) ?? [];
    assert.ok(graphemes(named) <= 122, named);
    assert.ok(graphemes(because) <= 120, because);
  });

  it('is a whole sentence in each case, so that it can be translated', () => {
    for (const [name, sentence] of Object.entries(words))
      if (/^notice[A-Z]/.test(name)) assert.match(sentence, /^\{0\}(?:: \{1\})? .+(?:\.|: \{\d\})$/, name);
  });
});

describe('The notification of several runs', () => {
  const run = (label: string, kind: Exclude<Kickoff['phase']['kind'], 'queued' | 'running'> = 'succeeded') =>
    kickoff({ label, phase: { kind } });
  const other = deployment({ label: 'Other' });
  for (const [expected, runs, deployments = [own]] of [
    ['Own: 2 runs succeeded: A and B.', [run('A'), run('B')]],
    ['Own: 5 runs succeeded: A, B, C, and 2 more.', [run('A'), run('B'), run('C'), run('D'), run('E')]],
    ['Own: 3 runs succeeded: Daily report.', [run('Daily report'), run('Daily report'), run('Daily report')]],
    ["Own: 2 runs finished. 2 didn't succeed: A and B.", [run('A', 'failed'), run('B', 'stopped')]],
    ["Own: 3 runs finished. 1 didn't succeed: B. Succeeded: A and C.", [run('A'), run('B', 'stopped'), run('C')]],
    ["Own and Other: 2 runs finished. 1 didn't succeed: B. Succeeded: A.", [run('A'), run('B', 'failed')], [own, other]],
    [
      'Own: 2 runs are waiting for human input: A and B. Provide the input in AMP, or reply to the emails from AMP.',
      [run('A', 'waiting'), run('B', 'waiting')],
    ],
    [
      "Own: 2 runs can no longer be found: A and B. If they're waiting for human input, provide the input in AMP, or reply to the emails from AMP.",
      [run('A', 'missing'), run('B', 'missing')],
    ],
    ['Own: 2 runs succeeded: (x) and B.', [run('[x]'), run('B')]],
  ] as const)
    it(`reads "${expected}"`, () => assert.equal(sharedNoticeText(runs, deployments, t), expected));
});
