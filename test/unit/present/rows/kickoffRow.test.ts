import assert from 'node:assert/strict';
import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff, Phase } from '#core/kickoff/kickoff';
import { waitsForUser, type Trouble, type TroubleKind } from '#core/kickoff/trouble';
import { lastingName, nameOf, phaseText } from '#present/names';
import { deploymentRow } from '#present/rows/deploymentRow';
import { kickoffRow, kickoffTooltip } from '#present/rows/kickoffRow';
import { commandFor, troubleInRow, troubleText } from '#present/troubleText';
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
const ofIcon = ['running', 'succeeded', 'failed', 'stopped'] as const;

describe("A run's row", () => {
  it('shows the status with an icon of its own', () => {
    const quota = { kind: 'failed', reason: 'Error code: 429 - You exceeded your current quota, please check your plan' } as const;
    for (const [phase, text, icon] of [
      [{ kind: 'queued' }, 'queued · 4m 10s', 'circle-outline'],
      [{ kind: 'running' }, '2/3 · 4m 10s · research_task', 'loading~spin'],
      [{ kind: 'running', stateText: 'REINDEXING' }, 'REINDEXING · 2/3 · 4m 10s · research_task', 'loading~spin'],
      [{ kind: 'waiting' }, 'waiting for input · 2/3 · 4m 10s · research_task', 'person'],
      [{ kind: 'missing' }, 'not found or waiting', 'question'],
      [{ kind: 'succeeded' }, '4m 10s · now · State of AI agents', 'pass'],
      [quota, '4m 10s · now · exceeded quota · failed in research_task (3 of 3)', 'error'],
      [{ kind: 'stopped' }, '4m 10s · now · stopped in research_task (3 of 3)', 'circle-slash'],
    ] as const satisfies readonly (readonly [Phase, string, string])[]) {
      const run = checked({
        label: 'My run',
        phase,
        progress: second,
        title: phase.kind === 'succeeded' ? 'State of AI agents' : '',
        executionSeconds: 250,
        finishedAt: now,
      });
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
    assert.equal(description(checked({ progress: second })), '2/3 · 4m 10s · research_task');
    assert.equal(description(checked({ progress: { completed: 2, current: 'draft' } })), 'tasks finished: 2 · 4m 10s · draft');
    assert.equal(description(checked({ progress: { completed: 0, total: 3 } })), '0/3 · 4m 10s');
    assert.equal(description(checked({ progress: { total: 3, current: 'draft' } })), '4m 10s · draft');
    assert.equal(description(checked()), '4m 10s');
    const { startedAt: _, ...ranAlready } = checked({ progress: second });
    assert.equal(description(ranAlready), '2/3 · > 4m 10s · research_task');
  });

  it('shows the time left before the task, and lateness or missing progress after it, with a yellow icon', () => {
    const shown = (outlook: Partial<Parameters<typeof kickoffRow>[1]>) => {
      const { description: text, icon } = kickoffRow(checked({ progress: second }), { now, t, ...outlook });
      return [text, icon.color];
    };
    assert.deepEqual(shown({ eta: { left: '2–5 min left' } }), ['2/3 · 4m 10s · 2–5 min left · research_task', undefined]);
    assert.deepEqual(shown({ eta: { usual: 'usually takes 1 min' } }), ['2/3 · 4m 10s · research_task · usually takes 1 min', undefined]);
    const late = 'taking longer (usually 6–14 min)';
    assert.deepEqual(shown({ eta: { usual: late, isLate: true } }), [`2/3 · 4m 10s · research_task · ${late}`, 'charts.yellow']);
    const stall = 'no progress for 30 min';
    const eta = { left: '2–5 min left' };
    assert.deepEqual(shown({ eta, stall }), [`2/3 · 4m 10s · research_task · ${stall}`, 'charts.yellow']);
  });

  it("shows that the run isn't checked yet, before the first response", () => {
    const look = kickoffRow(kickoff(), { now, t });
    assert.deepEqual([look.description, look.icon.id], ['not checked yet', 'circle-outline']);
    assert.doesNotMatch(look.context, /\bchecked\b/);
  });

  it('shows that the run is unread only in the accessible label', () => {
    const look = kickoffRow(checked({ label: 'My run', phase: { kind: 'failed' }, isUnread: true, executionSeconds: 42 }), { now, t });
    assert.deepEqual([look.description, look.ariaLabel], ['42s · 4m ago', `My run, unread, failed, 42s, 4m ago, Kickoff ID: ${id()}`]);
  });

  it("shows the age of a run that ended before it was tracked, from its end by the server's times", () => {
    const ended = { startedAt: now - 7_200_000 - 60_000, executionSeconds: 60, checkedAt: now };
    assert.equal(description(checked({ phase: { kind: 'succeeded' }, ...ended })), '1m · 2h ago');
  });

  it('shows that a run is muted, after all other facts', () => {
    assert.equal(description(checked({ progress: second, isMuted: true })), '2/3 · 4m 10s · research_task · muted');
    assert.equal(description(checked({ phase: { kind: 'stopped' }, executionSeconds: 42, isMuted: true })), '42s · 4m ago · muted');
  });

  it('shows duration and age before the title, so that a narrow side bar cuts only the title', () => {
    const run = checked({ label: 'My run', phase: { kind: 'succeeded' }, title: 'a'.repeat(200), executionSeconds: 42 });
    assert.match(description({ ...run, finishedAt: now - 2 * hour }), /^42s · 2h ago · a{59}…$/);
  });

  it('has an input as its name unless the user gave a label, and then shows the short ID before the title', () => {
    const uuid = id('5b1e0f44-63b9-4c23-9514-f1fc22a90d88');
    const run = checked({ id: uuid, phase: { kind: 'succeeded' }, executionSeconds: 42, inputLabel: 'cats', title: 'State of cats' });
    const { label, description: said } = kickoffRow(run, { now, t });
    assert.deepEqual([label, said], ['cats', `42s · 4m ago · ${uuid.slice(0, 8)} · State of cats`]);
    assert.equal(
      description(checked({ id: uuid, progress: second, inputLabel: 'cats' })),
      `2/3 · 4m 10s · research_task · ${uuid.slice(0, 8)}`,
    );
    assert.equal(kickoffRow({ ...run, label: 'Acme' }, { now, t }).description, '42s · 4m ago · State of cats');
  });

  it("has the output's title as its name unless the user gave a label, and then ends with the short ID", () => {
    const uuid = id('5b1e0f44-63b9-4c23-9514-f1fc22a90d88');
    const run = checked({ id: uuid, phase: { kind: 'succeeded' }, executionSeconds: 42, title: 'State of AI agents in 2026 and later' });
    const look = kickoffRow(run, { now, t });
    assert.deepEqual([look.label, look.description], ['State of AI age…', '42s · 4m ago · 5b1e0f44']);
    assert.equal(kickoffRow({ ...run, title: 'State of AI agents' }, { now, t }).label, 'State of AI agents');
    assert.deepEqual([kickoffRow({ ...run, label: 'Acme' }, { now, t }).label, lastingName(run)], ['Acme', '5b1e0f44']);
  });

  it('has the whole kickoff ID in its accessible label and tooltip, whatever its name is', () => {
    const run = checked({ id: id('5b1e0f44-63b9-4c23-9514-f1fc22a90d88'), phase: { kind: 'succeeded' } });
    for (const named of [run, { ...run, label: 'Acme' }, { ...run, title: 'State of AI agents' }]) {
      const look = kickoffRow(named, { now, t });
      assert.ok(look.ariaLabel.endsWith(`Kickoff ID: ${run.id}`));
      assert.ok(kickoffTooltip(named, look, { now, formatDate, t }).includes(`Kickoff ID: ${run.id}`));
    }
  });

  for (const kind of troubleKinds) {
    it(`shows the run's own problem (${kind}) first, with its button and the progress, and doesn't spin${waitsForUser(kind) ? ' or count' : ''}`, () => {
      const trouble = { kind, detail: 'https://elsewhere.example', retryAt: start };
      const look = kickoffRow(checked({ progress: second, checkedAt: start + 200_000 }), {
        trouble,
        now,
        t,
        eta: { left: '2–5 min left' },
      });
      const time = waitsForUser(kind) ? '3m 20s' : '4m 10s';
      assert.equal(look.description, `${troubleInRow(trouble, now, t)} · 2/3 · ${time} · research_task`);
      assert.equal(look.icon.id, 'warning');
      assert.match(look.context, /\brunning\b/);
      assert.ok(look.context.split(' ').includes(`button-${commandFor(kind)}`));
    });

    it(`shows progress without spinning while the run's deployment has a problem (${kind}), which only the tooltip mentions`, () => {
      const blocked = { kind, detail: 'https://elsewhere.example', retryAt: start };
      const run = checked({ progress: second });
      const look = kickoffRow(run, { now, t, blocked });
      assert.deepEqual([look.description, look.icon], ['2/3 · 4m 10s · research_task', { id: 'sync-ignored' }]);
      assert.doesNotMatch(look.context, /\bbutton-/);
      assert.ok(kickoffTooltip(run, look, { now, formatDate, t })[0]?.includes(troubleText(blocked, now, t)));
      assert.ok(!look.ariaLabel.includes(troubleText(blocked, now, t)));
    });
  }

  it('shows the time of an old last update instead of the expected end', () => {
    const run = checked({ label: 'My run', progress: second });
    const look = (at: number, staleAt: number) => kickoffRow(run, { now: at, t, staleAt, eta: { usual: 'usually takes 2 min' } });
    assert.equal(look(now, now + 1).icon.id, 'loading~spin');
    assert.equal(look(now, now + 1).description, '2/3 · 4m 10s · research_task · usually takes 2 min');
    assert.equal(look(now, now).icon.id, 'sync-ignored');
    assert.equal(look(now, now).description, `last updated ${timeOfDay(start)} · 2/3 · 4m 10s · research_task`);
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
    const rest = `last updated ${timeOfDay(start)} · 2/3 · 4m 10s · research_task`;
    const server = kickoffRow(run, { trouble: { kind: 'serverTrouble', retryAt }, now, t, staleAt: now });
    assert.equal(server.description, `server error, retrying at ${timeOfDay(retryAt)} · ${rest}`);
    const page = kickoffRow(run, { trouble: { kind: 'notAnAnswer', retryAt }, now, t, staleAt: now });
    assert.equal(page.description, `unexpected response (sign-in page?) · ${rest}`);
    const retry = `unexpected response (sign-in page?), retrying at ${timeOfDay(retryAt)}`;
    assert.ok(page.ariaLabel.includes(retry) && page.summary.includes(retry));
  });

  it('shows the problem of a run before the first response', () => {
    const look = kickoffRow(kickoff({ label: 'My run' }), { trouble: { kind: 'notAllowed' }, now, t });
    assert.deepEqual(
      [look.description, look.ariaLabel],
      ['token has no access · not checked yet', `My run, token has no access, not checked yet, Kickoff ID: ${id()}`],
    );
  });

  it("is named by the run's label, else by the title, else by the ID's first part, else by the ID", () => {
    assert.equal(nameOf(kickoff({ label: ' My\nrun ' })), 'My run');
    assert.equal(nameOf(kickoff({ id: id('5b1e0f44-63b9-4c23-9514-f1fc22a90d88') })), '5b1e0f44');
    assert.equal(nameOf(kickoff({ id: id('run:7') })), 'run:7');
    assert.equal(nameOf(kickoff({ id: id('run:7'), label: ' ', title: 'A title' })), 'A title');
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
  const row = (
    kickoffs: readonly Kickoff[],
    {
      trouble,
      troubleOf = () => undefined,
    }: { readonly trouble?: Trouble; readonly troubleOf?: (run: Kickoff) => Trouble | undefined } = {},
    of = deployment(),
  ) => {
    const board = { kickoffsOf: () => kickoffs, troubleOfDeployment: () => trouble, ownTroubleOf: troubleOf };
    return deploymentRow(of, board, { now, formatDate, t });
  };

  it('shows the number of active runs, without missing runs', () => {
    const runs = phaseKinds.map((kind) => checked({ phase: { kind } }));
    assert.equal(row(runs).description, '3 active');
    assert.equal(row([]).description, '');
    const withoutToken = row([], { trouble: { kind: 'noToken' } });
    assert.equal(withoutToken.description, 'token needed');
    assert.match(withoutToken.context, /button-setToken/);
  });

  for (const kind of troubleKinds) {
    it(`shows its problem (${kind}) with one button, while the problem prevents a run from being checked`, () => {
      const trouble = { kind, detail: 'https://elsewhere.example', retryAt: start };
      const look = row([checked()], { trouble });
      assert.deepEqual([look.description, look.icon.id], [troubleInRow(trouble, now, t), 'warning']);
      assert.equal(look.context, `deployment open button-${commandFor(kind)}`);
      assert.ok(look.ariaLabel.endsWith(troubleText(trouble, now, t)));
      const idle = row([checked({ phase: { kind: 'succeeded' } })], { trouble });
      assert.deepEqual([idle.description, idle.icon.id, idle.context], ['', 'rocket', 'deployment']);
    });
  }

  it('shows the problem that its active runs have in common, else how many runs have a problem', () => {
    const [one, other, ended] = [checked({ id: id(1) }), checked({ id: id(2) }), checked({ id: id(3), phase: { kind: 'failed' } })];
    const look = (...kinds: readonly (TroubleKind | undefined)[]) => {
      const troubleOf = (run: Kickoff) => {
        const kind = kinds[[one, other, ended].indexOf(run)];
        return kind && { kind, retryAt: now };
      };
      const { description: text, icon, ariaLabel } = row([one, other, ended], { troubleOf });
      return [text, icon.id, ariaLabel];
    };
    assert.deepEqual(look('serverTrouble', 'serverTrouble'), ['2 active · server error', 'warning', 'crew, 2 active, server error']);
    assert.deepEqual(look('serverTrouble', 'notAllowed').slice(0, 2), ['2 active · problems: 2', 'warning']);
    assert.deepEqual(look(undefined, 'notAllowed').slice(0, 2), ['2 active · problems: 1', 'warning']);
    assert.deepEqual(look(undefined, undefined, 'notAllowed').slice(0, 2), ['2 active', 'rocket']);
  });

  it('counts its unread runs in its accessible label', () => {
    const { description: text, ariaLabel, context } = row([checked(), checked({ phase: { kind: 'failed' }, isUnread: true })]);
    assert.deepEqual([text, ariaLabel, context], ['1 active', 'crew, 1 active, Unread runs: 1', 'deployment open unread']);
  });

  it('has at most 120 characters in label and description, and no control characters, for any label', () => {
    for (const label of hostileTexts) {
      const look = row([checked()], { trouble: { kind: 'moved', detail: label } }, deployment({ label }));
      assertClean(120, look.label, look.description);
      assert.doesNotMatch(look.ariaLabel, disguise);
    }
  });
});

describe("A run's tooltip", () => {
  const lines = (of: Kickoff, known: { readonly deployment?: Deployment } = {}) =>
    kickoffTooltip(of, kickoffRow(of, { now, t }), { now, formatDate, t, ...known });

  it('shows the times and the reason of a failed run', () => {
    const failed = checked({ label: 'My run', phase: { kind: 'failed', reason: 'ValueError: No key. Add one.' } });
    assert.deepEqual(lines(failed, { deployment: deployment() }), [
      'My run: failed',
      'ValueError: No key. Add one.',
      `Kickoff ID: ${failed.id}`,
      'Deployment: crew (https://crew.example.com)',
      `Started: ${noon}`,
      `Finished before ${noon}`,
    ]);
  });

  it('shows the last update of an active run, but not of a finished one', () => {
    assert.ok(lines(checked()).includes(`Last updated: ${noon}`));
    assert.ok(!lines(checked({ phase: { kind: 'succeeded' } })).includes(`Last updated: ${noon}`));
  });

  it('shows the error of a Python traceback without its calls', () => {
    const calls = 'Traceback (most recent call last):\n  File "crew.py", line 3, in kickoff\n    run()\n';
    const first = `${calls}KeyError: 'topic'\n\nDuring handling of the above exception, another exception occurred:\n\n`;
    for (const reason of [`${calls}ValueError: No key.\nAdd one.`, `${first}${calls}ValueError: No key.\r\nAdd one.\n`])
      assert.equal(lines(checked({ phase: { kind: 'failed', reason } }))[1], 'ValueError: No key. Add one.');
    assert.equal(lines(checked({ phase: { kind: 'failed', reason: calls } }))[1]?.startsWith('Traceback'), true);
  });

  it('shows the whole title of an output once, as the name or below a label', () => {
    const title = 'word '.repeat(20).trim();
    const run = checked({ phase: { kind: 'succeeded' }, title, isUnread: true, executionSeconds: 42 });
    assert.equal(lines(run)[0], `${title}: unread · succeeded · 42s · 4m ago`);
    assert.deepEqual(lines({ ...run, label: 'Acme' }).slice(0, 2), ['Acme: unread · succeeded · 42s · 4m ago', title]);
    for (const named of [run, { ...run, label: 'Acme' }]) assert.equal(lines(named).join().split('word word').length, 11, named.label);
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

  it("doesn't mention tokens if the server counted none", () => {
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
      for (const run of [running, failed, succeeded]) assertClean(400, ...lines(run, { deployment: deployment({ label: text }) }));
    }
  });
});
