import assert from 'node:assert/strict';
import type { Kickoff, Phase } from '../../../src/core/kickoff';
import { idleStatusBarLook, statusBarLook } from '../../../src/present/statusBar';
import { id, kickoff } from '../../support/builders';
import { start } from '../../support/manualClock';
import { disguise, graphemes, hostileTexts, t } from './hostile';

function run(kind: Phase['kind'], fields: Partial<Kickoff> = {}): Kickoff {
  return kickoff({ phase: { kind }, checkedAt: start, ...fields });
}

function text(...kickoffs: readonly Kickoff[]): string | undefined {
  return statusBarLook(kickoffs, () => undefined, t)?.text;
}

describe('The status bar', () => {
  it('is hidden while nothing runs', () => {
    assert.equal(text(), undefined);
    assert.equal(text(run('succeeded'), run('failed'), run('stopped')), undefined);
  });

  it('shows the progress of the one run', () => {
    const one = run('running', { progress: { completed: 1, total: 3, current: 'research_task' } });
    assert.equal(text(one), '$(loading~spin) 1/3 research_task');
    assert.equal(text(one, run('succeeded')), '$(loading~spin) 1/3 research_task');
  });

  it('shows the state of the one run while no progress is known', () => {
    assert.equal(text(run('queued')), '$(clock) queued');
    assert.equal(text(kickoff()), '$(clock) not heard yet');
  });

  it('shows how many run', () => {
    assert.equal(text(run('running'), run('queued'), run('waiting')), '$(loading~spin) 3 kickoffs');
  });

  it('counts a missing run in neither', () => {
    assert.equal(text(run('missing')), undefined);
    assert.equal(text(run('missing'), run('running', { progress: { completed: 1, total: 3 } })), '$(loading~spin) 1/3');
    assert.equal(text(run('missing'), run('running'), run('running')), '$(loading~spin) 2 kickoffs');
  });

  it('warns only when none of them can be heard', () => {
    const [one, other] = [run('running', { id: id(1) }), run('running', { id: id(2) })];
    assert.equal(statusBarLook([one, other], () => ({ kind: 'unreachable' }), t)?.text, '$(warning) 2 kickoffs');
    assert.equal(
      statusBarLook([one, other], (of) => (of === one ? { kind: 'unreachable' } : undefined), t)?.text,
      '$(loading~spin) 2 kickoffs',
    );
  });

  it('says why the one run cannot be heard', () => {
    assert.equal(
      statusBarLook([run('running', { progress: { completed: 1, total: 3 } })], () => ({ kind: 'tokenRefused' }), t)?.text,
      '$(warning) token refused',
    );
  });

  it('has no gap where the name of a task shows nothing', () => {
    assert.equal(text(run('running', { progress: { completed: 1, total: 3, current: '\u202e' } })), '$(loading~spin) 1/3');
  });

  it('holds one icon, no link and no disguise, whatever runs', () => {
    for (const hostile of hostileTexts) {
      const one = run('running', { label: hostile, progress: { completed: 1, total: 3, current: hostile } });
      const look = statusBarLook([one], () => undefined, t);
      assert.ok(look);
      assert.doesNotMatch(look.text.replace('$(loading~spin)', ''), /\$\(|[[\]]/);
      for (const shown of [look.text, look.spoken, ...look.tooltip.split('\n')]) assert.doesNotMatch(shown, disguise);
      assert.ok(graphemes(look.text) <= 70, String(graphemes(look.text)));
    }
  });

  it('lists ten runs in its tooltip, and moves in no seconds: an open hover would be drawn again', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => run('running', { id: id(index + 1) }));
    const look = statusBarLook(many, () => undefined, t);
    assert.equal(look?.tooltip.split('\n').length, 11);
    assert.doesNotMatch(look.tooltip, /\b\d+[sm]\b/);
  });

  it('says its name while nothing runs, for those who want it always', () => {
    assert.equal(idleStatusBarLook(t).text, '$(rocket) Kickoffs');
  });
});
