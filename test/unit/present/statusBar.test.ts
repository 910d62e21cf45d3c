import assert from 'node:assert/strict';
import type { Kickoff, Phase } from '#core/kickoff/kickoff';
import { scopeOf, type Trouble } from '#core/kickoff/trouble';
import { idleStatusBarContent, statusBarContent } from '#present/statusBar';
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
}

function content(kickoffs: readonly Kickoff[], { trouble = () => undefined, staleAt = () => Infinity }: Known = {}) {
  const { text, ariaLabel, tooltip } = statusBarContent(kickoffs, { troubleOf: trouble, staleAt, now: start, t }) ?? {};
  return { text, ariaLabel, tooltip, lines: tooltip?.map(({ text: line }) => line) ?? [] };
}

describe('The status bar item', () => {
  const progress = { completed: 1, total: 3, current: 'research_task' };
  const [one, other] = [run('running', { id: id(1), label: 'one' }), run('running', { id: id(2), label: 'other' })];
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
    "doesn't count runs that AMP doesn't find": [
      [undefined, run('missing')],
      ['$(loading~spin) 1/3', run('missing'), run('running', { progress: { completed: 1, total: 3 } })],
      ['$(loading~spin) 2 active runs', run('missing'), one, other],
    ],
    'shows “waiting for human input” instead of progress': [
      ['$(person) waiting for human input', run('waiting', { progress })],
      ['$(person) 1 of 2 runs waiting for human input', one, run('waiting', { progress })],
    ],
  };
  for (const [title, rows] of Object.entries(cases))
    it(title, () => {
      for (const [text, ...kickoffs] of rows) assert.equal(content(kickoffs).text, text);
    });

  const waiting = run('waiting', { id: id(3), label: 'ask' });

  it('lists a waiting run first in its tooltip, with the button Open in Browser', () => {
    const { tooltip } = content([one, waiting]);
    assert.deepEqual(tooltip?.[0], {
      text: 'ask: waiting for human input',
      button: { title: 'Open in Browser', command: 'openInBrowser', run: { deployment: key(), id: id(3) } },
    });
  });

  it('has the number of waiting runs in its accessible label', () => {
    assert.equal(content([one, waiting]).ariaLabel, 'CrewAI Kickoffs: 1 of 2 runs waiting for human input');
  });

  it('shows the icon of a waiting run even if updates are old or runs have problems', () => {
    assert.equal(content([waiting], { staleAt: () => start }).text, '$(person) waiting for human input');
    for (const kind of troubleKinds) assert.match(content([one, waiting], { trouble: () => ({ kind }) }).text ?? '', /^\$\(person\) /);
  });

  it("lists a waiting run in the tooltip together with the run's problem", () => {
    const { lines } = content([waiting], { trouble: () => ({ kind: 'tokenRefused' }) });
    assert.equal(lines[0], 'ask: waiting for human input · token rejected');
  });

  for (const kind of troubleKinds) {
    it(`shows a warning only while the problem ${kind} prevents checks of ${scopeOf(kind) === 'deployment' ? 'at least one run' : 'all runs'}`, () => {
      const icon = (...troubled: readonly Kickoff[]) => {
        const { text } = content([one, other], { trouble: (of) => (troubled.includes(of) ? { kind } : undefined) });
        return /^\$\([\w~-]+\)/.exec(text ?? '')?.[0];
      };
      assert.equal(icon(one, other), '$(warning)');
      assert.equal(icon(one), scopeOf(kind) === 'deployment' ? '$(warning)' : '$(loading~spin)');
    });
  }

  const isOld = (of: Kickoff): number => (of === one ? start : Infinity);

  it('spins only while at least one active run has a recent update', () => {
    assert.equal(content([one, other], { staleAt: isOld }).text, '$(loading~spin) 2 active runs');
    assert.equal(content([one, other], { staleAt: () => start }).text, '$(sync-ignored) 2 active runs');
  });

  it('shows the time of the last update of a run only if the update is old', () => {
    const { lines } = content([one, other], { staleAt: isOld });
    assert.deepEqual(lines.slice(0, 2), [`one: running · last updated ${timeOfDay(start)}`, 'other: running']);
    assert.equal(content([one], { staleAt: isOld }).ariaLabel, `CrewAI Kickoffs: running, last updated ${timeOfDay(start)}`);
  });

  it('shows a problem in its text only if all active runs have that problem', () => {
    const rejected = { kind: 'tokenRefused' } as const;
    for (const [ofOther, text, spoken] of [
      [rejected, '2 active runs: token rejected', '2 active runs: token rejected'],
      [undefined, '2 active runs', '2 active runs, token rejected'],
      [{ kind: 'notAllowed' }, '2 active runs', '2 active runs, token rejected'],
    ] as const) {
      const shown = content([one, other], { trouble: (of) => (of === one ? rejected : ofOther) });
      assert.deepEqual([shown.text, shown.ariaLabel], [`$(warning) ${text}`, `CrewAI Kickoffs: ${spoken}`]);
    }
  });

  it('lists at most ten active runs in its tooltip, followed by the number of other active runs, if any', () => {
    const listed = (count: number) => content(runs(count, { phase: { kind: 'running' }, checkedAt: start })).lines;
    assert.equal(listed(124).at(-2), 'More active runs: 114');
    assert.equal(listed(10).length, 11);
  });

  it('reads fewer than 100 of 5,000 runs to find a run with a recent update', () => {
    const many = runs(5_000, { phase: { kind: 'running' }, checkedAt: start });
    let reads = 0;
    const { text } = content(many, { staleAt: (of) => (reads++, of === many[20] ? start + 7_000 : start) });
    assert.equal(text, '$(loading~spin) 5,000 active runs');
    assert.ok(reads < 100, String(reads));
  });

  it('has no times in its tooltip that change every second', () => {
    const { lines } = content(runs(5_000, { phase: { kind: 'running' }, checkedAt: start }), { staleAt: () => start });
    assert.equal(lines.length, 12);
    assert.doesNotMatch(lines.join('\n'), /\b\d+[sm]\b/);
  });

  const twenty = Array.from({ length: 20 }, (_, index) => run('running', { id: id(index + 1), label: `run ${index + 1}` }));
  const troubles: Readonly<Record<string, Trouble>> = { 'run 2': { kind: 'unreachable' }, 'run 15': { kind: 'tokenRefused' } };
  const withProblems = () => content(twenty, { trouble: ({ label = '' }) => troubles[label] });

  it('has a button in its tooltip only for the worst problem', () => {
    const { tooltip = [] } = withProblems();
    assert.deepEqual(tooltip[0]?.button, { title: 'Set Token', command: 'setToken', run: { deployment: key(), id: id(15) } });
    assert.ok(tooltip.slice(1).every(({ button }) => button === undefined));
  });

  it('shows the worst problem first in its tooltip and in its accessible label', () => {
    const { lines, ariaLabel } = withProblems();
    assert.equal(lines[0], 'run 15: token rejected');
    assert.ok(lines.includes("run 2: can't reach server"));
    assert.equal(lines.length, 12);
    assert.equal(ariaLabel, 'CrewAI Kickoffs: 20 active runs, token rejected');
  });

  it('has a short text without icons, links, or control characters from any name', () => {
    for (const hostile of hostileTexts) {
      const {
        text = '',
        ariaLabel = '',
        lines,
      } = content([run('running', { label: hostile, progress: { ...progress, current: hostile } })]);
      assert.doesNotMatch(text.replace('$(loading~spin)', ''), /\$\(|[[\]]/);
      for (const shown of [text, ariaLabel, ...lines]) assert.doesNotMatch(shown, disguise);
      assert.ok(graphemes(text) <= 70, String(graphemes(text)));
    }
  });

  it('shows its name while no run is active if the setting statusBar is “always”', () => {
    assert.equal(idleStatusBarContent(t).text, '$(rocket) Kickoffs');
  });
});
