import assert from 'node:assert/strict';
import type { Kickoff, Phase } from '#core/kickoff/kickoff';
import { reachOf, type Trouble } from '#core/kickoff/trouble';
import { idleStatusBarContent, statusBarContent, type StatusBarContent } from '#present/statusBar';
import { id, key, kickoff, troubleKinds } from '#test/support/builders';
import { start } from '#test/support/manualClock';
import { runs } from '#test/support/polling';
import { disguise, graphemes, hostileTexts, t, timeOfDay } from './documents/hostile';

function run(kind: Phase['kind'], fields: Partial<Kickoff> = {}): Kickoff {
  return kickoff({ phase: { kind }, checkedAt: start, ...fields });
}

interface Known {
  readonly trouble?: (kickoff: Kickoff) => Trouble | undefined;
  readonly staleAt?: (kickoff: Kickoff) => number;
  readonly now?: number;
}

function look(kickoffs: readonly Kickoff[], { trouble = () => undefined, staleAt = () => Infinity, now = start }: Known = {}) {
  return statusBarContent(kickoffs, { troubleOf: trouble, staleAt, now, t });
}

function text(...kickoffs: readonly Kickoff[]): string | undefined {
  return look(kickoffs)?.text;
}

function lines(shown: StatusBarContent | undefined): readonly string[] {
  return shown?.tooltip.map(({ detail }) => detail) ?? [];
}

describe('The status bar item', () => {
  const progress = { completed: 1, total: 3, current: 'research_task' };
  const cases: Readonly<Record<string, readonly (readonly [text: string | undefined, ...runs: readonly Kickoff[]])[]>> = {
    'is hidden while no run is active': [[undefined], [undefined, run('succeeded'), run('failed'), run('stopped')]],
    'shows the progress of the only active run': [
      ['$(loading~spin) 1/3 research_task', run('running', { progress })],
      ['$(loading~spin) 1/3 research_task', run('running', { progress }), run('succeeded')],
      ['$(loading~spin) 1/3', run('running', { progress: { ...progress, current: '\u202e' } })],
    ],
    'shows how many tasks of the only active run are finished if the total is unknown': [
      ['$(loading~spin) tasks finished: 2 · summarize', run('running', { progress: { completed: 2, current: 'summarize' } })],
      ['$(loading~spin) tasks finished: 2', run('running', { progress: { completed: 2 } })],
      ['$(loading~spin) summarize', run('running', { progress: { current: 'summarize' } })],
    ],
    'shows the status of the only active run while its progress is unknown': [
      ['$(circle-outline) queued', run('queued')],
      ['$(circle-outline) not checked yet', kickoff()],
    ],
    'doesn’t count missing runs': [
      [undefined, run('missing')],
      ['$(loading~spin) 1/3', run('missing'), run('running', { progress: { completed: 1, total: 3 } })],
      ['$(loading~spin) 2 active runs', run('missing'), run('running'), run('running')],
    ],
  };
  for (const [title, rows] of Object.entries(cases))
    it(title, () => {
      for (const [shown, ...kickoffs] of rows) assert.equal(text(...kickoffs), shown);
    });

  it('shows a waiting run before other active runs, without spinning, and offers Open in Browser', () => {
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

  it('shows that a run waits for human input, without its task', () => {
    const waiting = run('waiting', { progress: { completed: 3, total: 4, current: 'review' } });
    assert.equal(text(waiting), '$(person) waiting for human input');
    assert.equal(look([waiting], { staleAt: () => start })?.text, '$(person) waiting for human input');
    const shown = look([waiting], { trouble: () => ({ kind: 'tokenRefused' }) });
    assert.match(lines(shown)[0] ?? '', /: waiting for human input · token rejected$/);
  });

  for (const kind of troubleKinds) {
    it(`doesn't spin while ${kind} prevents checks of ${reachOf(kind) === 'deployment' ? 'at least one run' : 'all runs'}`, () => {
      const [one, other] = [run('running', { id: id(1) }), run('running', { id: id(2) })];
      const icon = (...troubled: readonly Kickoff[]) => {
        const shown = look([one, other], { trouble: (of) => (troubled.includes(of) ? { kind } : undefined) });
        return /^\$\([\w~-]+\)/.exec(shown?.text ?? '')?.[0];
      };
      assert.equal(icon(one, other), '$(warning)');
      assert.equal(icon(one), reachOf(kind) === 'deployment' ? '$(warning)' : '$(loading~spin)');
    });
  }

  it('spins only while a run is being checked, and its tooltip marks runs with old updates', () => {
    const [one, other] = [run('running', { id: id(1), label: 'one' }), run('running', { id: id(2), label: 'other' })];
    const isOld = (of: Kickoff): number => (of === one ? start : Infinity);
    assert.equal(look([one, other], { staleAt: isOld })?.text, '$(loading~spin) 2 active runs');
    assert.deepEqual(lines(look([one, other], { staleAt: isOld })).slice(0, 2), [
      `one: running · last updated ${timeOfDay(start)}`,
      'other: running',
    ]);
    assert.equal(look([one, other], { staleAt: () => start })?.text, '$(sync-ignored) 2 active runs');
    assert.equal(look([one], { staleAt: isOld })?.ariaLabel, `CrewAI Kickoffs: running, last updated ${timeOfDay(start)}`);
  });

  it('names the problem that all active runs have in common, and no other', () => {
    const [one, other] = [run('running', { id: id(1) }), run('running', { id: id(2) })];
    const rejected = { kind: 'tokenRefused' } as const;
    const shared = look([one, other], { trouble: () => rejected });
    assert.equal(shared?.text, '$(warning) 2 active runs: token rejected');
    assert.equal(shared.ariaLabel, 'CrewAI Kickoffs: 2 active runs: token rejected');
    for (const trouble of [
      (of: Kickoff) => (of === one ? rejected : undefined),
      (of: Kickoff) => (of === one ? rejected : ({ kind: 'notAllowed' } as const)),
    ]) {
      const shown = look([one, other], { trouble });
      assert.equal(shown?.text, '$(warning) 2 active runs');
      assert.equal(shown.ariaLabel, 'CrewAI Kickoffs: 2 active runs, token rejected');
    }
  });

  it("has the number of runs that its tooltip doesn't list", () => {
    const listed = (count: number) => lines(look(runs(count, { phase: { kind: 'running' }, checkedAt: start })));
    assert.equal(listed(124).at(-2), 'More active runs: 114');
    assert.equal(listed(10).length, 11);
  });

  it('spins for one checked run among 5,000, reads fewer than 100 of the runs, and lists ten runs without times of seconds', () => {
    const many = runs(5_000, { phase: { kind: 'running' }, checkedAt: start });
    let reads = 0;
    const staleAt = (of: Kickoff): number => (reads++, of === many[20] ? start + 7_000 : start);
    const shown = look(many, { staleAt });
    assert.equal(shown?.text, '$(loading~spin) 5,000 active runs');
    assert.ok(reads < 100, String(reads));
    assert.equal(lines(shown).length, 12);
    assert.doesNotMatch(lines(shown).join('\n'), /\b\d+[sm]\b/, 'no times that change every second');
  });

  it('shows the worst problem first in its tooltip, and only the button of that problem', () => {
    const twenty = Array.from({ length: 20 }, (_, index) => run('running', { id: id(index + 1), label: `run ${index + 1}` }));
    const trouble = ({ label }: Kickoff): Trouble | undefined =>
      label === 'run 2' ? { kind: 'unreachable' } : label === 'run 15' ? { kind: 'tokenRefused' } : undefined;
    const shown = look(twenty, { trouble });
    assert.ok(shown);
    assert.equal(lines(shown)[0], 'run 15: token rejected');
    assert.deepEqual(shown.tooltip[0]?.button, { title: 'Set Token', command: 'setToken', about: { deployment: key(), id: id(15) } });
    assert.ok(lines(shown).includes("run 2: can't reach server"));
    assert.ok(shown.tooltip.slice(1).every(({ button }) => button === undefined));
    assert.equal(shown.tooltip.length, 12);
    assert.equal(shown.ariaLabel, 'CrewAI Kickoffs: 20 active runs, token rejected');
  });

  it('contains only its own icon, no link, and no control characters, for any names', () => {
    for (const hostile of hostileTexts) {
      const one = run('running', { label: hostile, progress: { completed: 1, total: 3, current: hostile } });
      const hostileLook = look([one]);
      assert.ok(hostileLook);
      assert.doesNotMatch(hostileLook.text.replace('$(loading~spin)', ''), /\$\(|[[\]]/);
      for (const shown of [hostileLook.text, hostileLook.ariaLabel, ...lines(hostileLook)]) assert.doesNotMatch(shown, disguise);
      assert.ok(graphemes(hostileLook.text) <= 70, String(graphemes(hostileLook.text)));
    }
  });

  it('shows its name while no run is active, if the setting statusBar is always', () => {
    assert.equal(idleStatusBarContent(t).text, '$(rocket) Kickoffs');
  });
});
