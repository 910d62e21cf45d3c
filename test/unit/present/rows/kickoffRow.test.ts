import assert from 'node:assert/strict';
import type { Kickoff, Phase } from '#core/kickoff/kickoff';
import { nameOf, phaseText } from '#present/names';
import { deploymentRow } from '#present/rows/deploymentRow';
import { kickoffRow, kickoffTooltip } from '#present/rows/kickoffRow';
import { commandFor } from '#present/troubleButton';
import { troubleInRow, troubleText } from '#present/troubleText';
import { deployment, id, key, kickoff, phaseKinds, troubleKinds } from '#test/support/builders';
import { always } from '#test/support/checks';
import { start } from '#test/support/manualClock';
import { assertClean, disguise, formatDate, hostileTexts, onlyValues, t, timeOfDay } from '#test/unit/present/documents/hostile';
import { arbitraryKickoff } from '#test/unit/store/arbitraryKickoff';

const hour = 3_600_000;
const now = start + 250_000;
const noon = formatDate(start);

/** Returns a run whose first response came at `start`, and that is now in its fifth minute. */
function checked(fields: Partial<Kickoff> = {}): Kickoff {
  return kickoff({ phase: { kind: 'running' }, checkedAt: start, startedAt: start, ...fields });
}

const second = { completed: 2, total: 3, current: 'research_task' };

function description(of: Kickoff, at = now): string {
  return kickoffRow(of, { now: at, t }).description;
}

/** The phases that only the icon shows. */
const ofIcon = ['queued', 'running', 'succeeded', 'failed', 'stopped'] as const;

describe("A run's row", () => {
  it('shows the status with an icon of its own', () => {
    const quota = { kind: 'failed', reason: 'Error code: 429 - You exceeded your current quota, please check your plan' } as const;
    for (const [phase, text, icon] of [
      [{ kind: 'queued' }, '4m 10s', 'clock'],
      [{ kind: 'running' }, '2/3 · research_task · 4m 10s', 'loading~spin'],
      [{ kind: 'running', stateText: 'REINDEXING' }, 'REINDEXING · 2/3 · research_task · 4m 10s', 'loading~spin'],
      [{ kind: 'waiting' }, 'waiting for input · 2/3 · research_task · 4m 10s', 'person'],
      [{ kind: 'missing' }, 'not found or waiting', 'question'],
      [{ kind: 'succeeded' }, 'State of AI agents · 4m 10s · just now', 'pass'],
      [quota, 'exceeded quota · failed in research_task (3 of 3) · 4m 10s · just now', 'error'],
      [{ kind: 'stopped' }, 'stopped in research_task (3 of 3) · 4m 10s · just now', 'circle-slash'],
    ] as const satisfies readonly (readonly [Phase, string, string])[]) {
      const run = checked({ phase, progress: second, title: 'State of AI agents', executionSeconds: 250, finishedAt: now });
      const look = kickoffRow(run, { now, t });
      assert.deepEqual([look.description, look.icon.id], [text, icon]);
    }
  });

  always(
    'shows the status in its accessible label, and in the description only with the task in which the run ended, for any run',
    2_000,
    [arbitraryKickoff(key())],
    (run) => {
      const { label, description, ariaLabel } = kickoffRow(run, { now, t });
      assert.doesNotMatch(description, new RegExp(`\\b(?:${ofIcon.join('|')})\\b(?! in )`));
      assert.ok(ariaLabel.includes(phaseText(run, t)));
      assert.equal(description.includes('muted'), run.isMuted === true);
      assert.equal(/\bunread\b/.test(ariaLabel), run.isUnread === true);
      assertClean(120, label, description);
      assert.doesNotMatch(ariaLabel, disguise);
    },
  );

  it('shows progress, task, and elapsed time, if they are known', () => {
    assert.equal(description(checked({ progress: second })), '2/3 · research_task · 4m 10s');
    assert.equal(description(checked({ progress: { completed: 2, current: 'draft' } })), 'tasks finished: 2 · draft · 4m 10s');
    assert.equal(description(checked({ progress: { completed: 0, total: 3 } })), '0/3 · 4m 10s');
    assert.equal(description(checked({ progress: { total: 3, current: 'draft' } })), 'draft · 4m 10s');
    assert.equal(description(checked()), '4m 10s');
    const { startedAt: _, ...ranAlready } = checked({ progress: second });
    assert.equal(description(ranAlready), '2/3 · research_task · > 4m 10s');
  });

  it('shows the time left, or that the run is late or makes no progress, before the task', () => {
    const shown = (outlook: Partial<Parameters<typeof kickoffRow>[1]>) =>
      kickoffRow(checked({ progress: second }), { now, t, ...outlook }).description;
    assert.equal(shown({ end: '2–5 min left', isEndFirst: true }), '2/3 · 2–5 min left · research_task · 4m 10s');
    assert.equal(shown({ end: 'usually takes 6–14 min' }), '2/3 · research_task · 4m 10s · usually takes 6–14 min');
    const late = 'taking longer (usually 6–14 min)';
    assert.equal(shown({ end: late, isEndFirst: true }), `2/3 · ${late} · research_task · 4m 10s`);
    const stall = 'no progress for 30 min';
    assert.equal(shown({ end: '2–5 min left', stall }), `2/3 · ${stall} · research_task · 4m 10s`);
  });

  it('shows that the run isn’t checked yet, before the first response', () => {
    const look = kickoffRow(kickoff(), { now, t });
    assert.deepEqual([look.description, look.icon.id], ['not checked yet', 'clock']);
    assert.doesNotMatch(look.context, /\bchecked\b/);
  });

  it('shows that the run is unread only in the accessible label', () => {
    const look = kickoffRow(checked({ label: 'My run', phase: { kind: 'failed' }, isUnread: true, executionSeconds: 42 }), { now, t });
    assert.deepEqual([look.description, look.ariaLabel], ['42s · 4 min ago', 'My run, unread, failed, 42s, 4 min ago']);
  });

  it('shows the age of a run that ended before it was tracked, from its end by the server’s times', () => {
    const ended = { startedAt: now - 7_200_000 - 60_000, executionSeconds: 60, checkedAt: now };
    assert.equal(description(checked({ phase: { kind: 'succeeded' }, ...ended })), '1m · 2 h ago');
  });

  it('shows that a run is muted, before the name of its task', () => {
    assert.equal(description(checked({ progress: second, isMuted: true })), '2/3 · muted · research_task · 4m 10s');
    assert.equal(description(checked({ phase: { kind: 'stopped' }, executionSeconds: 42, isMuted: true })), 'muted · 42s · 4 min ago');
  });

  it('cuts a long title to 60 characters, so that the duration has room after it', () => {
    const run = checked({ phase: { kind: 'succeeded' }, title: 'a'.repeat(200), executionSeconds: 42, finishedAt: now - 2 * hour });
    assert.match(description(run), /^a{59}… · 42s · 2 h ago$/);
  });

  for (const kind of troubleKinds) {
    it(`shows the run's own problem (${kind}) first, with its button and the progress, and doesn't spin`, () => {
      const trouble = { kind, detail: 'https://elsewhere.example', retryAt: start };
      const look = kickoffRow(checked({ progress: second }), { trouble, now, t, end: '2–5 min left' });
      assert.equal(look.description, `${troubleInRow(trouble, now, t)} · 2/3 · research_task · 4m 10s`);
      assert.equal(look.icon.id, 'warning');
      assert.match(look.context, /\brunning\b/);
      assert.ok(look.context.split(' ').includes(`button-${commandFor(kind)}`));
    });

    it(`shows progress without spinning while the run’s deployment has a problem (${kind}), which only the tooltip mentions`, () => {
      const blocked = { kind, detail: 'https://elsewhere.example', retryAt: start };
      const run = checked({ progress: second });
      const look = kickoffRow(run, { now, t, blocked });
      assert.deepEqual([look.description, look.icon], ['2/3 · research_task · 4m 10s', { id: 'loading' }]);
      assert.doesNotMatch(look.context, /\bbutton-/);
      assert.ok(kickoffTooltip(run, look, { formatDate, t })[0]?.includes(troubleText(blocked, now, t)));
      assert.ok(!look.ariaLabel.includes(troubleText(blocked, now, t)));
    });
  }

  it('shows the time of an old last update instead of the expected end', () => {
    const run = checked({ label: 'My run', progress: second });
    const look = (at: number, staleAt: number) => kickoffRow(run, { now: at, t, staleAt, end: 'about 2 min left' });
    assert.equal(look(now, now + 1).icon.id, 'loading~spin');
    assert.equal(look(now, now + 1).description, '2/3 · research_task · 4m 10s · about 2 min left');
    assert.equal(look(now, now).icon.id, 'sync-ignored');
    assert.equal(look(now, now).description, `last updated ${timeOfDay(start)} · 2/3 · research_task · 4m 10s`);
    assert.match(look(now, now).ariaLabel, /^My run, running, last updated \d\d:\d\d, 2\/3, /);
    assert.match(look(start + 25 * hour, now).description, /^last updated (?:May|Jun) \d{1,2}, \d\d:\d\d · /);
    for (const kind of ['queued', 'waiting', 'missing'] as const) {
      const { icon } = kickoffRow(checked({ phase: { kind } }), { now, t });
      assert.deepEqual(kickoffRow(checked({ phase: { kind } }), { now, t, staleAt: now }).icon, icon);
    }
  });

  it('shows a problem, with the next retry if there is room, before the last update', () => {
    const run = checked({ progress: second });
    const retryAt = start + hour;
    const rest = `last updated ${timeOfDay(start)} · 2/3 · research_task · 4m 10s`;
    const server = kickoffRow(run, { trouble: { kind: 'serverTrouble', retryAt }, now, t, staleAt: now });
    assert.equal(server.description, `server error, retrying at ${timeOfDay(retryAt)} · ${rest}`);
    const page = kickoffRow(run, { trouble: { kind: 'notAnAnswer', retryAt }, now, t, staleAt: now });
    assert.equal(page.description, `unexpected response (sign-in page?) · ${rest}`);
    const retry = `unexpected response (sign-in page?), retrying at ${timeOfDay(retryAt)}`;
    assert.ok(page.ariaLabel.includes(retry) && page.whole.includes(retry));
  });

  it('shows only the problem of the run before the first response', () => {
    const look = kickoffRow(kickoff({ label: 'My run' }), { trouble: { kind: 'notAllowed' }, now, t });
    assert.deepEqual([look.description, look.ariaLabel], ['token has no access', 'My run, not checked yet, token has no access']);
  });

  it('is named by the run’s label, else by the ID’s first part, else by the ID', () => {
    assert.equal(nameOf(kickoff({ label: ' My\nrun ' })), 'My run');
    assert.equal(nameOf(kickoff({ id: id('5b1e0f44-63b9-4c23-9514-f1fc22a90d88') })), '5b1e0f44');
    assert.equal(nameOf(kickoff({ id: id('run:7') })), 'run:7');
    for (const label of ['', ' ', '\u202e\u200b']) assert.equal(nameOf(kickoff({ id: id('run:7'), label })), 'run:7');
  });

  it('has a context value with status, activity, and available documents, for the menus', () => {
    const context = (of: Kickoff) => kickoffRow(of, { now, t }).context;
    assert.equal(context(kickoff()), 'kickoff queued open audible');
    assert.equal(context(checked()), 'kickoff running open checked audible');
    assert.equal(context(checked({ phase: { kind: 'missing' } })), 'kickoff missing open checked audible');
    assert.equal(context(checked({ phase: { kind: 'waiting' } })), 'kickoff waiting open checked button-openInBrowser audible');
    const succeeded = 'kickoff succeeded settled checked hasOutput button-openOutput';
    assert.equal(context(checked({ phase: { kind: 'succeeded' }, output: 'json' })), succeeded);
    assert.equal(context(checked({ phase: { kind: 'failed', reason: 'x' } })), 'kickoff failed settled checked hasReason');
  });

  it('has at most 120 characters in label and description, and no control characters, for any text', () => {
    for (const text of hostileTexts) {
      const withText: readonly Phase[] = [
        { kind: 'running', stateText: text },
        { kind: 'failed', reason: text },
      ];
      for (const phase of [...withText, ...phaseKinds.map((kind) => ({ kind }))]) {
        const run = checked({ label: text, title: text, phase, progress: { ...second, current: text } });
        const look = kickoffRow(run, { trouble: { kind: 'refused', detail: text }, now, t });
        assertClean(120, look.label, look.description);
        assert.doesNotMatch(look.ariaLabel, disguise);
        assert.notEqual(look.label, '');
        assert.match(look.context, /^[\w -]+$/);
      }
    }
  });

  it('contains no hard-coded text, except units of time', () => {
    const runs = [checked({ progress: { completed: 2, total: 3 } }), checked({ phase: { kind: 'waiting' } }), kickoff({ isMuted: true })];
    for (const run of runs) {
      const look = kickoffRow({ ...run, id: id('7') }, { trouble: { kind: 'throttled', retryAt: start }, now, t: onlyValues });
      assert.doesNotMatch(`${look.label} ${look.description} ${look.ariaLabel}`.replace(/\d+[hms]/g, ''), /\p{L}/u);
    }
  });
});

describe("A deployment's row", () => {
  it('shows the number of active runs, without missing runs', () => {
    const runs = phaseKinds.map((kind) => checked({ phase: { kind } }));
    assert.equal(deploymentRow(deployment(), { kickoffs: runs, now, t }).description, '3 active');
    assert.equal(deploymentRow(deployment(), { kickoffs: [], now, t }).description, '');
  });

  for (const kind of troubleKinds) {
    it(`shows its problem (${kind}) with one button, while the problem prevents a run from being checked`, () => {
      const trouble = { kind, detail: 'https://elsewhere.example', retryAt: start };
      const look = deploymentRow(deployment(), { kickoffs: [checked()], trouble, now, t });
      assert.deepEqual([look.description, look.icon.id], [troubleInRow(trouble, now, t), 'warning']);
      assert.equal(look.context, `deployment open button-${commandFor(kind)}`);
      assert.ok(look.ariaLabel.endsWith(troubleText(trouble, now, t)));
      const idle = deploymentRow(deployment(), { kickoffs: [checked({ phase: { kind: 'succeeded' } })], trouble, now, t });
      assert.deepEqual([idle.description, idle.icon.id, idle.context], ['', 'rocket', 'deployment']);
    });
  }

  it('counts its unread runs in its accessible label', () => {
    const look = deploymentRow(deployment(), { kickoffs: [checked(), checked({ phase: { kind: 'failed' }, isUnread: true })], now, t });
    const { description: text, ariaLabel, context } = look;
    assert.deepEqual([text, ariaLabel, context], ['1 active', 'crew, 1 active, Unread runs: 1', 'deployment open unread']);
  });

  it('has at most 120 characters in label and description, and no control characters, for any label', () => {
    for (const label of hostileTexts) {
      const look = deploymentRow(deployment({ label }), { kickoffs: [checked()], trouble: { kind: 'moved', detail: label }, now, t });
      assertClean(120, look.label, look.description);
      assert.doesNotMatch(look.ariaLabel, disguise);
    }
  });
});

describe("A run's tooltip", () => {
  const lines = (of: Kickoff) => kickoffTooltip(of, kickoffRow(of, { now, t }), { formatDate, t });

  it('shows the times and the reason of a failed run', () => {
    const failed = checked({ label: 'My run', phase: { kind: 'failed', reason: 'ValueError: No key. Add one.' } });
    assert.deepEqual(kickoffTooltip(failed, kickoffRow(failed, { now, t }), { deployment: deployment(), formatDate, t }), [
      'My run: failed · No key. Add one',
      'ValueError: No key. Add one.',
      `Kickoff ID: ${failed.id}`,
      'Deployment: crew (https://crew.example.com)',
      `Started: ${noon}`,
      `Finished before ${noon}`,
      `Last updated: ${noon}`,
    ]);
  });

  it('shows the whole title of an output that the row cuts', () => {
    const title = 'word '.repeat(20).trim();
    assert.ok(lines(checked({ phase: { kind: 'succeeded' }, title })).includes(title));
    assert.ok(lines(checked({ phase: { kind: 'succeeded' }, title: 'Short', isUnread: true }))[0]?.endsWith('unread · succeeded · Short'));
  });

  const doing = { ...second, agent: 'Researcher', thought: 'I should look', tool: 'search' };

  it('shows agent, thought, and tool of a running run, but not of a missing or finished run', () => {
    const run = checked({ label: 'My run', progress: doing, totalTokens: 12_345 });
    const about = ['Agent: Researcher', 'Last thought: I should look', 'Last tool: search'];
    assert.deepEqual(lines(run).slice(1, 5), [...about, '12,345 tokens used']);
    for (const kind of ['succeeded', 'failed', 'stopped', 'missing'] as const) {
      const ended = lines({ ...run, phase: { kind } });
      assert.ok(ended.includes('12,345 tokens used') && about.every((line) => !ended.includes(line)), kind);
    }
  });

  it('doesn’t mention tokens if the server counted none', () => {
    for (const totalTokens of [0, -1, 0.2]) {
      const run = checked({ totalTokens });
      const look = kickoffRow(run, { now, t });
      assert.doesNotMatch([look.description, look.ariaLabel, ...lines(run)].join(), /tokens/);
    }
  });

  it('explains the statuses not found, waiting for human input, and unknown', () => {
    const explained = (phase: Phase) => lines(checked({ phase })).join();
    assert.match(explained({ kind: 'missing' }), /unknown kickoff ID.*only when you select Refresh/);
    assert.match(explained({ kind: 'waiting' }), /someone provides the input/);
    assert.match(explained({ kind: 'running', stateText: 'REHYDRATING' }), /REHYDRATING.*doesn't know/);
    assert.doesNotMatch(explained({ kind: 'running' }), /know|input/);
  });

  it('has lines of at most 400 characters, and no control characters, for any text from the server', () => {
    for (const text of hostileTexts) {
      const running = checked({ progress: { current: text, agent: text, thought: text, tool: text } });
      const failed = checked({ label: text, phase: { kind: 'failed', reason: text } });
      const succeeded = checked({ phase: { kind: 'succeeded' }, title: text });
      for (const run of [running, failed, succeeded])
        assertClean(400, ...kickoffTooltip(run, kickoffRow(run, { now, t }), { deployment: deployment({ label: text }), formatDate, t }));
    }
  });
});
