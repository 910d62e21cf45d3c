import * as fc from 'fast-check';
import assert from 'node:assert/strict';
import type { Kickoff, Phase } from '#core/kickoff/kickoff';
import { nameOf, phaseText } from '#present/names';
import { deploymentRow } from '#present/rows/deploymentRow';
import { kickoffRow, kickoffTooltip } from '#present/rows/kickoffRow';
import { timeOfDay } from '#present/times';
import { commandFor } from '#present/troubleButton';
import { troubleInRow, troubleText } from '#present/troubleText';
import { deployment, id, key, kickoff, troubleKinds } from '#test/support/builders';
import { start } from '#test/support/manualClock';
import { disguise, formatDate, graphemes, hostileTexts, onlyValues, t } from '#test/unit/present/documents/hostile';
import { arbitraryKickoff } from '#test/unit/store/arbitraryKickoff';

const hour = 3_600_000;
const now = start + 250_000;
/** The start of the clock. */
const noon = formatDate(start);

/** A run whose first response came at the start, and that is now in its fifth minute. */
function heard(fields: Partial<Kickoff> = {}): Kickoff {
  return kickoff({ phase: { kind: 'running' }, checkedAt: start, startedAt: start, ...fields });
}

const second = { completed: 2, total: 3, current: 'research_task' };

function description(of: Kickoff, at = now): string {
  return kickoffRow(of, undefined, at, t).description;
}

/** The phases that the icon shows: no row has a word for them. */
const ofIcon = ['queued', 'running', 'succeeded', 'failed', 'stopped'] as const;
const kinds = [...ofIcon, 'waiting', 'missing'] as const;

describe("A run's row", () => {
  it('has no word for what its icon shows, and an accessible label that has them all', () => {
    const quota = { kind: 'failed', reason: 'Error code: 429 - You exceeded your current quota, please check your plan' } as const;
    for (const [phase, text, icon] of [
      [{ kind: 'queued' }, '4m 10s', 'clock'],
      [{ kind: 'running' }, '2/3 · research_task · 4m 10s', 'loading~spin'],
      [{ kind: 'running', stateText: 'REINDEXING' }, 'REINDEXING · 2/3 · research_task · 4m 10s', 'loading~spin'],
      [{ kind: 'waiting' }, 'waiting for input · 2/3 · research_task · 4m 10s', 'person'],
      [{ kind: 'missing' }, 'not found or waiting for input', 'question'],
      [{ kind: 'succeeded' }, 'State of AI agents · 4m 10s · just now', 'pass'],
      [quota, 'exceeded your current quota · 4m 10s · just now', 'error'],
      [{ kind: 'stopped' }, '4m 10s · just now', 'circle-slash'],
    ] as const satisfies readonly (readonly [Phase, string, string])[]) {
      const run = heard({ phase, progress: second, title: 'State of AI agents', executionSeconds: 250, finishedAt: now });
      const look = kickoffRow(run, undefined, now, t);
      assert.deepEqual([look.description, look.icon.id], [text, icon]);
      assert.ok(look.ariaLabel.includes(phaseText(run, t)), look.ariaLabel);
    }
  });

  it('never has the word of a phase that its icon shows, and always says it in its accessible label, for any run', () => {
    const words = new RegExp(`\\b(?:${ofIcon.join('|')})\\b`);
    fc.assert(
      fc.property(arbitraryKickoff(key()), (run) => {
        const look = kickoffRow(run, undefined, now, t);
        assert.doesNotMatch(look.description, words);
        assert.ok(look.ariaLabel.includes(phaseText(run, t)));
        assert.equal(/\bunread\b/.test(look.ariaLabel), run.isUnread === true);
        assert.equal(look.description.includes('muted'), run.isMuted === true);
        for (const shown of [look.label, look.description, look.ariaLabel]) assert.doesNotMatch(shown, disguise);
        assert.ok(graphemes(look.description) <= 120 && graphemes(look.label) <= 120);
      }),
      { numRuns: 2_000 },
    );
  });

  it('tells the phases apart by the shape of the icon', () => {
    const shapes = kinds.map((kind) => kickoffRow(heard({ phase: { kind } }), undefined, now, t).icon.id);
    assert.equal(new Set(shapes).size, kinds.length);
  });

  it('shows progress, task, and elapsed time, as far as they are known', () => {
    assert.equal(description(heard({ progress: second })), '2/3 · research_task · 4m 10s');
    assert.equal(description(heard({ progress: { completed: 2, current: 'draft' } })), '2 · draft · 4m 10s');
    assert.equal(description(heard({ progress: { completed: 0, total: 3 } })), '0/3 · 4m 10s');
    assert.equal(description(heard({ progress: { total: 3, current: 'draft' } })), 'draft · 4m 10s');
    assert.equal(description(heard()), '4m 10s');
    const { startedAt: _, ...ranAlready } = heard({ progress: second });
    assert.equal(description(ranAlready), '2/3 · research_task · > 4m 10s');
  });

  it('shows the time left, or a warning, before the task, which may be long', () => {
    const shown = (outlook: Parameters<typeof kickoffRow>[4]) =>
      kickoffRow(heard({ progress: second }), undefined, now, t, outlook).description;
    assert.equal(shown({ end: '2–5 min left', isEndFirst: true }), '2/3 · 2–5 min left · research_task · 4m 10s');
    assert.equal(shown({ end: 'usually takes 6–14 min' }), '2/3 · research_task · 4m 10s · usually takes 6–14 min');
    const late = 'longer than usual (6–14 min)';
    assert.equal(shown({ end: late, isEndFirst: true }), `2/3 · ${late} · research_task · 4m 10s`);
    const stall = 'no progress for 30 min';
    assert.equal(shown({ end: '2–5 min left', stall }), `2/3 · ${stall} · research_task · 4m 10s`);
  });

  it('says so before the first response', () => {
    const look = kickoffRow(kickoff(), undefined, now, t);
    assert.deepEqual([look.description, look.icon.id], ['not checked yet', 'clock']);
    assert.doesNotMatch(look.context, /\bheard\b/);
  });

  it('leaves the unread mark to the badge and the accessible label', () => {
    const look = kickoffRow(heard({ label: 'My run', phase: { kind: 'failed' }, isUnread: true, executionSeconds: 42 }), undefined, now, t);
    assert.deepEqual([look.description, look.ariaLabel], ['42s', 'My run, unread, failed, 42s']);
  });

  it('says that a run is muted, before the name of its task', () => {
    assert.equal(description(heard({ progress: second, isMuted: true })), '2/3 · muted · research_task · 4m 10s');
    assert.equal(description(heard({ phase: { kind: 'stopped' }, executionSeconds: 42, isMuted: true })), '42s · muted');
  });

  it('keeps a title short enough that the duration follows it', () => {
    const look = kickoffRow(
      heard({ phase: { kind: 'succeeded' }, title: 'a'.repeat(200), executionSeconds: 42, finishedAt: now - 2 * hour }),
      undefined,
      now,
      t,
    );
    assert.match(look.description, /^a{59}… · 42s · 2 h ago$/);
  });

  for (const kind of troubleKinds) {
    it(`says its own problem first (${kind}), with its button, keeps its progress, and doesn't spin`, () => {
      const trouble = { kind, detail: 'https://elsewhere.example', retryAt: start };
      const look = kickoffRow(heard({ progress: second }), trouble, now, t, { end: '2–5 min left' });
      assert.equal(look.description, `${troubleInRow(trouble, now, t)} · 2/3 · research_task · 4m 10s`);
      assert.equal(look.icon.id, 'warning');
      assert.match(look.context, /\brunning\b/);
      assert.ok(look.context.split(' ').includes(`button-${commandFor(kind)}`));
    });

    it(`keeps its progress and doesn't spin while its deployment has a problem (${kind}), which only the tooltip repeats`, () => {
      const blocked = { kind, detail: 'https://elsewhere.example', retryAt: start };
      const run = heard({ progress: second });
      const look = kickoffRow(run, undefined, now, t, { blocked });
      assert.deepEqual([look.description, look.icon], ['2/3 · research_task · 4m 10s', { id: 'loading' }]);
      assert.doesNotMatch(look.context, /\bbutton-/);
      assert.ok(kickoffTooltip(run, look, undefined, formatDate, t)[0]?.includes(troubleText(blocked, now, t)));
      assert.ok(!look.ariaLabel.includes(troubleText(blocked, now, t)));
    });
  }

  it('says when it was last updated once that is long ago, instead of when it will finish', () => {
    const run = heard({ label: 'My run', progress: second });
    const look = (at: number, staleAt: number) => kickoffRow(run, undefined, at, t, { staleAt, end: 'about 2 min left' });
    assert.equal(look(now, now + 1).icon.id, 'loading~spin');
    assert.equal(look(now, now + 1).description, '2/3 · research_task · 4m 10s · about 2 min left');
    assert.equal(look(now, now).icon.id, 'sync-ignored');
    assert.equal(look(now, now).description, `last updated ${timeOfDay(start)} · 2/3 · research_task · 4m 10s`);
    assert.match(look(now, now).ariaLabel, /^My run, running, last updated \d\d:\d\d, 2\/3, /);
    assert.match(look(start + 25 * hour, now).description, /^last updated \d{4}-\d\d-\d\d \d\d:\d\d · /);
    for (const kind of ['queued', 'waiting', 'missing'] as const) {
      const { icon } = kickoffRow(heard({ phase: { kind } }), undefined, now, t);
      assert.deepEqual(kickoffRow(heard({ phase: { kind } }), undefined, now, t, { staleAt: now }).icon, icon);
    }
  });

  it('says a problem before that, with its next try where there is room', () => {
    const run = heard({ progress: second });
    const retryAt = start + hour;
    const rest = `last updated ${timeOfDay(start)} · 2/3 · research_task · 4m 10s`;
    const server = kickoffRow(run, { kind: 'serverTrouble', retryAt }, now, t, { staleAt: now });
    assert.equal(server.description, `server error, retrying at ${timeOfDay(retryAt)} · ${rest}`);
    const page = kickoffRow(run, { kind: 'notAnAnswer', retryAt }, now, t, { staleAt: now });
    assert.equal(page.description, `unexpected response (sign-in page?) · ${rest}`);
    const retry = `unexpected response (sign-in page?), retrying at ${timeOfDay(retryAt)}`;
    assert.ok(page.ariaLabel.includes(retry) && page.whole.includes(retry));
  });

  it('says only its problem before the first response', () => {
    const look = kickoffRow(kickoff({ label: 'My run' }), { kind: 'notAllowed' }, now, t);
    assert.deepEqual([look.description, look.ariaLabel], ['token has no access', 'My run, not checked yet, token has no access']);
  });

  it('has its label as its name, else the first part of its ID, else the ID', () => {
    assert.equal(nameOf(kickoff({ label: ' My\nrun ' })), 'My run');
    assert.equal(nameOf(kickoff({ id: id('5b1e0f44-63b9-4c23-9514-f1fc22a90d88') })), '5b1e0f44');
    assert.equal(nameOf(kickoff({ id: id('run:7') })), 'run:7');
    for (const label of ['', ' ', '\u202e\u200b']) assert.equal(nameOf(kickoff({ id: id('run:7'), label })), 'run:7');
  });

  it('tells the menus its phase, whether it is active, and what there is to open and copy', () => {
    const tokens = (of: Kickoff) => kickoffRow(of, undefined, now, t).context.split(' ');
    assert.deepEqual(tokens(kickoff()), ['kickoff', 'queued', 'open', 'audible']);
    assert.deepEqual(tokens(heard()), ['kickoff', 'running', 'open', 'heard', 'audible']);
    assert.deepEqual(tokens(heard({ phase: { kind: 'missing' } })), ['kickoff', 'missing', 'open', 'heard', 'audible']);
    const waiting = ['kickoff', 'waiting', 'open', 'heard', 'button-openInBrowser', 'audible'];
    assert.deepEqual(tokens(heard({ phase: { kind: 'waiting' } })), waiting);
    const succeeded = ['kickoff', 'succeeded', 'settled', 'heard', 'hasOutput', 'button-openOutput'];
    assert.deepEqual(tokens(heard({ phase: { kind: 'succeeded' }, output: 'json' })), succeeded);
    assert.deepEqual(tokens(heard({ phase: { kind: 'failed', reason: 'x' } })), ['kickoff', 'failed', 'settled', 'heard', 'hasReason']);
  });

  it('is clean, whatever the server and the user write', () => {
    for (const text of hostileTexts) {
      const phases: readonly Phase[] = [
        { kind: 'running' },
        { kind: 'running', stateText: text },
        { kind: 'waiting' },
        { kind: 'succeeded' },
        { kind: 'failed', reason: text },
      ];
      for (const phase of phases) {
        const run = heard({ label: text, title: text, phase, progress: { ...second, current: text } });
        const look = kickoffRow(run, { kind: 'refused', detail: text }, now, t);
        for (const shown of [look.label, look.description, look.ariaLabel]) assert.doesNotMatch(shown, disguise);
        assert.ok(graphemes(look.label) > 0 && graphemes(look.label) <= 120);
        assert.ok(graphemes(look.description) <= 120);
        assert.match(look.context, /^[\w -]+$/);
      }
    }
  });

  it('has no empty part where a name shows nothing', () => {
    for (const current of ['', ' ', '\u202e', '\u200b\n']) {
      assert.equal(description(heard({ progress: { ...second, current } })), '2/3 · 4m 10s', JSON.stringify(current));
      assert.equal(description(heard({ progress: { current } })), '4m 10s', JSON.stringify(current));
    }
  });

  it('contains only text that can be translated', () => {
    const runs = [heard({ progress: { completed: 2, total: 3 } }), heard({ phase: { kind: 'waiting' } }), kickoff({ isMuted: true })];
    for (const run of runs) {
      const look = kickoffRow({ ...run, id: id('7') }, { kind: 'throttled', retryAt: start }, now, onlyValues);
      assert.doesNotMatch(`${look.label} ${look.description} ${look.ariaLabel}`.replace(/\d+[hms]/g, ''), /\p{L}/u);
    }
  });
});

describe("A deployment's row", () => {
  it('says how many of its runs are active, without missing ones', () => {
    const runs = kinds.map((kind) => heard({ phase: { kind } }));
    assert.equal(deploymentRow(deployment(), runs, undefined, now, t).description, '3 active');
    assert.equal(deploymentRow(deployment(), [], undefined, now, t).description, '');
  });

  for (const kind of troubleKinds) {
    it(`says its problem (${kind}) with one button, while it keeps a run from being checked`, () => {
      const trouble = { kind, detail: 'https://elsewhere.example', retryAt: start };
      const look = deploymentRow(deployment(), [heard()], trouble, now, t);
      assert.deepEqual([look.description, look.icon.id], [troubleInRow(trouble, now, t), 'warning']);
      assert.equal(look.context, `deployment open button-${commandFor(kind)}`);
      assert.ok(look.ariaLabel.endsWith(troubleText(trouble, now, t)));
      const idle = deploymentRow(deployment(), [heard({ phase: { kind: 'succeeded' } })], trouble, now, t);
      assert.deepEqual([idle.description, idle.icon.id, idle.context], ['', 'rocket', 'deployment']);
    });
  }

  it('counts its unread runs in its accessible label', () => {
    const look = deploymentRow(deployment(), [heard(), heard({ phase: { kind: 'failed' }, isUnread: true })], undefined, now, t);
    assert.deepEqual(
      [look.description, look.ariaLabel, look.context],
      ['1 active', 'crew, 1 active, Unread runs: 1', 'deployment open unread'],
    );
  });

  it('is clean and has a name, whatever its label is', () => {
    for (const label of hostileTexts) {
      const look = deploymentRow(deployment({ label }), [heard()], { kind: 'moved', detail: label }, now, t);
      assert.doesNotMatch(`${look.label}${look.description}${look.ariaLabel}`, disguise);
      assert.ok(graphemes(look.label) <= 120 && graphemes(look.description) <= 120);
    }
  });
});

describe("A run's tooltip", () => {
  const lines = (of: Kickoff) => kickoffTooltip(of, kickoffRow(of, undefined, now, t), undefined, formatDate, t);

  it('always says when the run was last updated, and why it failed', () => {
    const failed = heard({ label: 'My run', phase: { kind: 'failed', reason: 'ValueError: No key. Add one.' } });
    assert.deepEqual(kickoffTooltip(failed, kickoffRow(failed, undefined, now, t), deployment(), formatDate, t), [
      'My run: failed · No key. Add one',
      'ValueError: No key. Add one.',
      `Kickoff ID: ${failed.id}`,
      'Deployment: crew (https://crew.example.com)',
      `Started: ${noon}`,
      `Finished: before ${noon}`,
      `Last updated: ${noon}`,
    ]);
  });

  it('has the whole title of an output that the row cuts', () => {
    const title = 'word '.repeat(20).trim();
    assert.ok(lines(heard({ phase: { kind: 'succeeded' }, title })).includes(title));
    assert.ok(lines(heard({ phase: { kind: 'succeeded' }, title: 'Short', isUnread: true }))[0]?.endsWith('unread · succeeded · Short'));
  });

  const doing = { ...second, agent: 'Researcher', thought: 'I should look', tool: 'search' };

  it('says what an active run does, and how many tokens it has used', () => {
    const run = heard({ label: 'My run', progress: doing, totalTokens: 12_345 });
    const about = ['Agent: Researcher', 'Last thought: I should look', 'Last tool: search'];
    assert.deepEqual(lines(run).slice(1, 5), [...about, '12,345 tokens used']);
    for (const kind of ['succeeded', 'failed', 'stopped', 'missing'] as const) {
      const ended = lines({ ...run, phase: { kind } });
      assert.ok(ended.includes('12,345 tokens used') && about.every((line) => !ended.includes(line)), kind);
    }
  });

  it('says nothing of tokens where the server has counted none', () => {
    for (const totalTokens of [0, -1, 0.2]) {
      const run = heard({ totalTokens });
      const look = kickoffRow(run, undefined, now, t);
      assert.doesNotMatch([look.description, look.ariaLabel, ...lines(run)].join(), /tokens/);
    }
  });

  it('explains a status that needs it', () => {
    const explained = (phase: Phase) => lines(heard({ phase })).join();
    assert.match(explained({ kind: 'missing' }), /unknown ID.*only on Refresh/);
    assert.match(explained({ kind: 'waiting' }), /someone provides the input/);
    assert.match(explained({ kind: 'running', stateText: 'REHYDRATING' }), /REHYDRATING.*doesn't know/);
    assert.doesNotMatch(explained({ kind: 'running' }), /know|input/);
  });

  it('is clean and short, whatever the server writes', () => {
    for (const text of hostileTexts) {
      const running = heard({ progress: { current: text, agent: text, thought: text, tool: text } });
      const failed = heard({ label: text, phase: { kind: 'failed', reason: text } });
      const succeeded = heard({ phase: { kind: 'succeeded' }, title: text });
      for (const run of [running, failed, succeeded])
        for (const line of kickoffTooltip(run, kickoffRow(run, undefined, now, t), deployment({ label: text }), formatDate, t)) {
          assert.doesNotMatch(line, disguise);
          assert.ok(graphemes(line) <= 400);
        }
    }
  });
});
