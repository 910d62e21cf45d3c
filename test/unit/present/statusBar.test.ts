import assert from 'node:assert/strict';
import type { Kickoff, Phase } from '#core/kickoff/kickoff';
import { reachOf, type Trouble } from '#core/kickoff/trouble';
import { idleStatusBarLook, statusBarLook, type StatusBarLook } from '#present/statusBar';
import { timeOfDay } from '#present/times';
import { id, key, kickoff, troubleKinds } from '#test/support/builders';
import { start } from '#test/support/manualClock';
import { disguise, graphemes, hostileTexts, t } from './documents/hostile';

function run(kind: Phase['kind'], fields: Partial<Kickoff> = {}): Kickoff {
  return kickoff({ phase: { kind }, checkedAt: start, ...fields });
}

interface Known {
  readonly trouble?: (kickoff: Kickoff) => Trouble | undefined;
  readonly staleAt?: (kickoff: Kickoff) => number;
  readonly now?: number;
}

function look(kickoffs: readonly Kickoff[], { trouble = () => undefined, staleAt = () => Infinity, now = start }: Known = {}) {
  return statusBarLook(kickoffs, { troubleOf: trouble, staleAt, now }, t);
}

function text(...kickoffs: readonly Kickoff[]): string | undefined {
  return look(kickoffs)?.text;
}

function lines(shown: StatusBarLook | undefined): readonly string[] {
  return shown?.tooltip.map(({ detail }) => detail) ?? [];
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
    assert.equal(text(kickoff()), '$(clock) not checked yet');
  });

  it('shows how many runs are active', () => {
    assert.equal(text(run('running'), run('queued')), '$(loading~spin) 2 runs');
  });

  it('counts a missing run in neither', () => {
    assert.equal(text(run('missing')), undefined);
    assert.equal(text(run('missing'), run('running', { progress: { completed: 1, total: 3 } })), '$(loading~spin) 1/3');
    assert.equal(text(run('missing'), run('running'), run('running')), '$(loading~spin) 2 runs');
  });

  it('shows a run that waits for its user before running ones, without spinning, and offers to open AMP', () => {
    const [waiting, running] = [run('waiting', { id: id(1), label: 'ask' }), run('running', { id: id(2) })];
    assert.equal(text(waiting), '$(person) waiting for human input');
    assert.equal(text(running, waiting), '$(person) 1 of 2 runs waiting for human input');
    const shown = look([running, waiting]);
    assert.deepEqual(shown?.tooltip[0], {
      detail: 'ask: waiting for human input',
      button: { title: 'Open in Browser', command: 'openInBrowser', about: { deployment: key(), id: id(1) } },
    });
    assert.equal(shown.ariaLabel, 'CrewAI Kickoffs: 1 of 2 runs waiting for human input');
    for (const kind of troubleKinds) assert.match(look([running, waiting], { trouble: () => ({ kind }) })?.text ?? '', /^\$\(person\) /);
  });

  it('shows that it waits for its user, and not at which task', () => {
    const asked = run('waiting', { progress: { completed: 3, total: 4, current: 'review' } });
    assert.equal(text(asked), '$(person) waiting for human input');
    assert.equal(look([asked], { staleAt: () => start })?.text, '$(person) waiting for human input');
    const told = look([asked], { trouble: () => ({ kind: 'tokenRefused' }) });
    assert.match(lines(told)[0] ?? '', /: waiting for human input · token rejected$/);
  });

  for (const kind of troubleKinds) {
    it(`doesn't spin while ${kind} keeps every run from being checked${reachOf(kind) === 'deployment' ? ', nor while it keeps one' : ''}`, () => {
      const [one, other] = [run('running', { id: id(1) }), run('running', { id: id(2) })];
      const icon = (trouble: NonNullable<Known['trouble']>) => /^\$\([\w~-]+\)/.exec(look([one, other], { trouble })?.text ?? '')?.[0];
      assert.equal(
        icon(() => ({ kind })),
        '$(warning)',
      );
      const isStill = reachOf(kind) === 'deployment';
      assert.equal(
        icon((of) => (of === one ? { kind } : undefined)),
        isStill ? '$(warning)' : '$(loading~spin)',
      );
    });
  }

  it("says why the only run can't be checked", () => {
    const one = run('running', { progress: { completed: 1, total: 3 } });
    assert.equal(look([one], { trouble: () => ({ kind: 'tokenRefused' }) })?.text, '$(warning) token rejected');
  });

  it('spins only while a run is being checked, and says in its tooltip which was last updated long ago', () => {
    const [one, other] = [run('running', { id: id(1), label: 'one' }), run('running', { id: id(2), label: 'other' })];
    const isOld = (of: Kickoff): number => (of === one ? start : Infinity);
    assert.equal(look([one, other], { staleAt: isOld })?.text, '$(loading~spin) 2 runs');
    assert.deepEqual(lines(look([one, other], { staleAt: isOld })).slice(0, 2), [
      `one: running · last updated ${timeOfDay(start)}`,
      'other: running',
    ]);
    assert.equal(look([one, other], { staleAt: () => start })?.text, '$(sync-ignored) 2 runs');
    assert.equal(look([one], { staleAt: isOld })?.ariaLabel, `CrewAI Kickoffs: running, last updated ${timeOfDay(start)}`);
  });

  it('knows when what it shows grows old next', () => {
    const [one, other, ended] = [run('running', { id: id(1) }), run('running', { id: id(2) }), run('succeeded', { id: id(3) })];
    const staleAt = (of: Kickoff): number => (of === one ? start + 5_000 : start + 9_000);
    const movesAt = (now: number) => look([other, one, ended], { staleAt, now })?.movesAt;
    assert.deepEqual([movesAt(start), movesAt(start + 5_000), movesAt(start + 9_000)], [start + 5_000, start + 9_000, Infinity]);
    assert.equal(idleStatusBarLook(t).movesAt, Infinity);
    const trouble = () => ({ kind: 'throttled', retryAt: start + 180_000 }) as const;
    assert.equal(look([one], { trouble })?.movesAt, start + 180_000);
  });

  it('turns on for one that is heard among thousands, and looks at no more of them than it must', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => run('running', { id: id(index + 1) }));
    let asked = 0;
    const staleAt = (of: Kickoff): number => (asked++, of === many[20] ? start + 7_000 : start);
    const shown = look(many, { staleAt });
    assert.deepEqual([shown?.text, shown?.movesAt], ['$(loading~spin) 5000 runs', start + 7_000]);
    assert.ok(asked < 100, String(asked));
  });

  it('offers the button of the worst trouble alone, and tells of it first', () => {
    const runs = Array.from({ length: 20 }, (_, index) => run('running', { id: id(index + 1), label: `run ${index + 1}` }));
    const trouble = ({ label }: Kickoff): Trouble | undefined =>
      label === 'run 2' ? { kind: 'unreachable' } : label === 'run 15' ? { kind: 'tokenRefused' } : undefined;
    const shown = look(runs, { trouble });
    assert.ok(shown);
    assert.equal(lines(shown)[0], 'run 15: token rejected');
    assert.deepEqual(shown.tooltip[0]?.button, { title: 'Set Token', command: 'setToken', about: { deployment: key(), id: id(15) } });
    assert.ok(lines(shown).includes("run 2: can't reach server"));
    assert.deepEqual(
      shown.tooltip.slice(1).filter(({ button }) => button),
      [],
    );
    assert.equal(shown.tooltip.length, 11);
    assert.equal(shown.ariaLabel, 'CrewAI Kickoffs: 20 runs, token rejected');
  });

  it('has no gap where the name of a task shows nothing', () => {
    assert.equal(text(run('running', { progress: { completed: 1, total: 3, current: '\u202e' } })), '$(loading~spin) 1/3');
  });

  it('holds one icon, no link and no disguise, whatever runs', () => {
    for (const hostile of hostileTexts) {
      const one = run('running', { label: hostile, progress: { completed: 1, total: 3, current: hostile } });
      const hostileLook = look([one]);
      assert.ok(hostileLook);
      assert.doesNotMatch(hostileLook.text.replace('$(loading~spin)', ''), /\$\(|[[\]]/);
      for (const shown of [hostileLook.text, hostileLook.ariaLabel, ...lines(hostileLook)]) assert.doesNotMatch(shown, disguise);
      assert.ok(graphemes(hostileLook.text) <= 70, String(graphemes(hostileLook.text)));
    }
  });

  it('lists ten runs in its tooltip, and moves in no seconds: an open hover would be drawn again', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => run('running', { id: id(index + 1) }));
    const shown = lines(look(many));
    assert.equal(shown.length, 11);
    assert.doesNotMatch(shown.join('\n'), /\b\d+[sm]\b/);
  });

  it('says its name while nothing runs, for those who want it always', () => {
    assert.equal(idleStatusBarLook(t).text, '$(rocket) Kickoffs');
  });
});
