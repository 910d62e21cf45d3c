import type fc from 'fast-check';
import assert from 'node:assert/strict';
import type { Kickoff, Phase } from '#core/kickoff/kickoff';
import { waitsForUser, type Trouble, type TroubleKind } from '#core/kickoff/trouble';
import { lastingName, nameOf, phaseText } from '#present/names';
import { deploymentRow } from '#present/rows/deploymentRow';
import { kickoffRow, kickoffTooltip } from '#present/rows/kickoffRow';
import { buttonCommands, rowTroubleText, troubleText } from '#present/troubleText';
import { deployment, id, key, kickoff, phaseKinds, troubleKinds } from '#test/support/builders';
import { always } from '#test/support/checks';
import { start } from '#test/support/manualClock';
import { assertClean, disguise, formatDate, hostileTexts, onlyValues, t, timeOfDay } from '#test/unit/present/documents/hostile';
import { arbitraryKickoff } from '#test/unit/store/arbitraryKickoff';

const hour = 3_600_000;
const now = start + 250_000;
const noon = formatDate(start);
const uuid = id('5b1e0f44-63b9-4c23-9514-f1fc22a90d88');

/** Returns a run whose first response came at `start`, and that is now in its fifth minute. */
function checked(fields: Partial<Kickoff> = {}): Kickoff {
  return kickoff({ phase: { kind: 'running' }, checkedAt: start, startedAt: start, ...fields });
}

function succeeded(fields: Partial<Kickoff> = {}): Kickoff {
  return checked({ phase: { kind: 'succeeded' }, executionSeconds: 42, ...fields });
}

function row(of: Kickoff, known: Partial<Parameters<typeof kickoffRow>[1]> = {}) {
  return kickoffRow(of, { now, t, ...known });
}

function tooltip(of: Kickoff, known: Partial<Parameters<typeof kickoffTooltip>[2]> = {}): readonly string[] {
  const context = { now, t, ...known };
  return kickoffTooltip(of, kickoffRow(of, context).summary, context);
}

const second = { completed: 2, total: 3, current: 'research_task' };
const problem = { detail: 'https://elsewhere.example', retryAt: start };

/** The phases that only the icon shows. */
const ofIcon = ['running', 'succeeded', 'failed', 'stopped'] as const;

describe("A run's row", () => {
  it('shows the icon and description of each status', () => {
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
      const title = phase.kind === 'succeeded' ? 'State of AI agents' : '';
      const run = checked({ label: 'My run', phase, progress: second, title, executionSeconds: 250, finishedAt: now });
      const { description, icon: shown } = row(run);
      assert.deepEqual([description, shown.id], [text, icon]);
    }
    const { description, icon } = row(kickoff());
    assert.deepEqual([description, icon.id], ['not checked yet', 'circle-outline']);
  });

  const anyRun: [fc.Arbitrary<Kickoff>] = [arbitraryKickoff(key())];

  always('has the status in its accessible label, for any run', 2_000, anyRun, (run) => {
    assert.ok(row(run).ariaLabel.includes(phaseText(run, t)));
  });

  always('has “unread” in its accessible label exactly when the run is unread, for any run', 2_000, anyRun, (run) => {
    assert.equal(/\bunread\b/.test(row(run).ariaLabel), run.isUnread === true);
  });

  always('has “muted” in its description exactly when the run is muted, for any run', 2_000, anyRun, (run) => {
    assert.equal(row(run).description.includes('muted'), run.isMuted === true);
  });

  always('has short texts without control characters, for any run', 2_000, anyRun, (run) => {
    const { label, description, ariaLabel } = row(run);
    assertClean(120, label, description);
    assert.doesNotMatch(ariaLabel, disguise);
  });

  always(
    "repeats its icon's status in the description only in “failed in <task>” and “stopped in <task>”, for any run",
    2_000,
    anyRun,
    (run) => assert.doesNotMatch(row(run).description, new RegExp(`\\b(?:${ofIcon.join('|')})\\b(?! in )`)),
  );

  it('shows the most important facts first, so that a narrow side bar cuts off only less important facts', () => {
    const { startedAt: _, ...ranAlready } = checked({ progress: second });
    for (const [run, description] of [
      [checked(), '4m 10s'],
      [checked({ progress: { completed: 2, current: 'draft' } }), 'tasks finished: 2 · 4m 10s · draft'],
      [checked({ progress: { completed: 0, total: 3 } }), '0/3 · 4m 10s'],
      [checked({ progress: { total: 3, current: 'draft' } }), '4m 10s · draft'],
      [ranAlready, '2/3 · > 4m 10s · research_task'],
      [checked({ progress: second, isMuted: true }), '2/3 · 4m 10s · research_task · muted'],
      [checked({ phase: { kind: 'stopped' }, executionSeconds: 42, isMuted: true }), '42s · 4m ago · muted'],
      [succeeded({ label: 'My run', title: 'a'.repeat(200), finishedAt: now - 2 * hour }), `42s · 2h ago · ${'a'.repeat(59)}…`],
    ] as const)
      assert.equal(row(run).description, description);
  });

  it('shows the time since the end, computed from the reported start and duration, if the run finished before tracking', () => {
    const before = { startedAt: now - 7_200_000 - 60_000, executionSeconds: 60, checkedAt: now };
    assert.equal(row(succeeded(before)).description, '1m · 2h ago');
  });

  const late = 'taking longer (usually 6–14 min)';
  const stallText = 'no progress for 30 min';
  for (const [shown, estimate, text, color] of [
    ['the time left, followed by the task', { eta: { timeLeft: '2–5 min left' } }, '2–5 min left · research_task', undefined],
    [
      'the task, followed by the usual duration',
      { eta: { usualTime: 'usually takes 1 min' } },
      'research_task · usually takes 1 min',
      undefined,
    ],
    ['a yellow icon for a late run', { eta: { usualTime: late, isLate: true } }, `research_task · ${late}`, 'charts.yellow'],
    [
      'a yellow icon for a run without progress',
      { eta: { timeLeft: '2–5 min left' }, stallText },
      `research_task · ${stallText}`,
      'charts.yellow',
    ],
  ] as const)
    it(`shows ${shown}`, () => {
      const { description, icon } = row(checked({ progress: second }), estimate);
      assert.deepEqual([description, icon.color], [`2/3 · 4m 10s · ${text}`, color]);
    });

  it('shows that the run is unread only in the accessible label', () => {
    const { description, ariaLabel } = row(checked({ label: 'My run', phase: { kind: 'failed' }, isUnread: true, executionSeconds: 42 }));
    assert.deepEqual([description, ariaLabel], ['42s · 4m ago', `My run, unread, failed, 42s, 4m ago, Kickoff ID: ${id()}`]);
  });

  const [inputLabel, title] = ['cats', 'State of AI agents'];
  const namedRuns = (
    [
      [{ inputLabel, title }, 'cats', '42s · 4m ago · 5b1e0f44 · State of AI agents'],
      [{ title }, 'State of AI agents', '42s · 4m ago · 5b1e0f44'],
      [{ title: 'State of AI agents in 2026 and later' }, 'State of AI age…', '42s · 4m ago · 5b1e0f44'],
      [{ label: 'Acme', inputLabel, title }, 'Acme', '42s · 4m ago · State of AI agents'],
      [{}, '5b1e0f44', '42s · 4m ago'],
    ] as const
  ).map(([fields, label, description]) => ({ run: succeeded({ id: uuid, ...fields }), label, description }));

  it('is named by the label, or else by an input, the output title, or the ID', () => {
    for (const { run, label } of namedRuns) assert.equal(row(run).label, label);
  });

  it('has the short ID in its description only if the row is named by an input or the output title', () => {
    for (const { run, description } of namedRuns) assert.equal(row(run).description, description);
  });

  it('has the whole kickoff ID in its accessible label and tooltip, for any name', () => {
    for (const { run } of namedRuns) {
      assert.ok(row(run).ariaLabel.endsWith(`Kickoff ID: ${uuid}`));
      assert.ok(tooltip(run).includes(`Kickoff ID: ${uuid}`));
    }
  });

  it('has its label on one line without leading or trailing spaces', () => {
    assert.equal(nameOf(kickoff({ label: ' My\nrun ' })), 'My run');
  });

  it('is named by the ID if the label has no visible character', () => {
    for (const label of ['', ' ', '\u202e\u200b']) assert.equal(nameOf(kickoff({ id: id('run:7'), label })), 'run:7');
  });

  for (const kind of troubleKinds) {
    it(`shows the run's own problem (${kind}) in front of the progress, with the problem's button`, () => {
      const trouble = { ...problem, kind };
      const run = checked({ progress: second, checkedAt: start + 200_000 });
      const { description, icon, contextValue: context } = row(run, { trouble, eta: { timeLeft: '2–5 min left' } });
      const time = waitsForUser(kind) ? '3m 20s' : '4m 10s';
      assert.equal(description, `${rowTroubleText(trouble, now, t)} · 2/3 · ${time} · research_task`);
      assert.equal(icon.id, 'warning');
      assert.match(context, /\brunning\b/);
      assert.ok(context.split(' ').includes(`button-${buttonCommands[kind]}`));
    });

    it(`shows the text of the deployment's problem (${kind}) only in the tooltip`, () => {
      const blocked = { ...problem, kind };
      const run = checked({ progress: second });
      const { description, icon, contextValue: context, ariaLabel } = row(run, { deploymentTrouble: blocked });
      assert.deepEqual([description, icon], ['2/3 · 4m 10s · research_task', { id: 'sync-ignored' }]);
      assert.doesNotMatch(context, /\bbutton-/);
      assert.ok(tooltip(run, { deploymentTrouble: blocked })[0]?.includes(troubleText(blocked, now, t)));
      assert.ok(!ariaLabel.includes(troubleText(blocked, now, t)));
    });
  }

  it('shows the time of the last update instead of the expected end if the update is old', () => {
    const run = checked({ label: 'My run', progress: second });
    const eta = { usualTime: 'usually takes 2 min' };
    const fresh = row(run, { staleAt: now + 1, eta });
    assert.deepEqual([fresh.icon.id, fresh.description], ['loading~spin', '2/3 · 4m 10s · research_task · usually takes 2 min']);
    const old = row(run, { staleAt: now, eta });
    assert.deepEqual([old.icon.id, old.description], ['sync-ignored', `last updated ${timeOfDay(start)} · 2/3 · 4m 10s · research_task`]);
    assert.match(old.ariaLabel, /^My run, running, last updated \d\d:\d\d, 2\/3, /);
  });

  it('shows the date and time of the last update if the update is more than a day old', () => {
    const { description } = row(checked(), { now: start + 25 * hour, staleAt: now });
    assert.match(description, /^last updated (?:May|Jun) \d{1,2}, \d\d:\d\d · /);
  });

  it("has the usual icon if the run is queued, waiting, or not found, even if the run's last update is old", () => {
    for (const kind of ['queued', 'waiting', 'missing'] as const) {
      const other = checked({ phase: { kind } });
      assert.deepEqual(row(other, { staleAt: now }).icon, row(other).icon);
    }
  });

  const retryAt = start + hour;
  const rest = `last updated ${timeOfDay(start)} · 2/3 · 4m 10s · research_task`;
  const withProblem = (kind: TroubleKind) => row(checked({ progress: second }), { trouble: { kind, retryAt }, staleAt: now });

  it('shows a problem first, followed by the time of the last update or “not checked yet”', () => {
    assert.equal(withProblem('serverTrouble').description, `server error, retrying at ${timeOfDay(retryAt)} · ${rest}`);
    const notChecked = row(kickoff({ label: 'My run' }), { trouble: { kind: 'notAllowed' } });
    assert.equal(notChecked.ariaLabel, `My run, token has no access, not checked yet, Kickoff ID: ${id()}`);
  });

  it('has the time of the next retry only in its accessible label and summary if the description has no room', () => {
    const { description, ariaLabel, summary } = withProblem('notAnAnswer');
    assert.equal(description, `unexpected response (sign-in page?) · ${rest}`);
    const retry = `unexpected response (sign-in page?), retrying at ${timeOfDay(retryAt)}`;
    assert.ok(ariaLabel.includes(retry) && summary.includes(retry));
  });

  it('has a context value for the menus that matches its status and documents', () => {
    for (const [run, context] of [
      [kickoff(), 'kickoff queued open audible'],
      [checked(), 'kickoff running open checked audible'],
      [checked({ phase: { kind: 'missing' } }), 'kickoff missing open checked audible'],
      [checked({ phase: { kind: 'waiting' } }), 'kickoff waiting open checked button-openInBrowser audible'],
      [succeeded({ output: 'json' }), 'kickoff succeeded settled checked hasOutput button-openOutput'],
      [checked({ phase: { kind: 'failed', reason: 'x' } }), 'kickoff failed settled checked hasReason'],
    ] as const)
      assert.equal(row(run).contextValue, context);
  });

  it('has only short texts without control characters, for any text from the server', () => {
    for (const text of hostileTexts) {
      const withText: readonly Phase[] = [
        { kind: 'running', stateText: text },
        { kind: 'failed', reason: text },
      ];
      for (const phase of [...withText, ...phaseKinds.map((kind) => ({ kind }))]) {
        const run = checked({ label: text, title: text, phase, progress: { ...second, current: text } });
        const { label, description, ariaLabel, contextValue: context } = row(run, { trouble: { kind: 'refused', detail: text } });
        assertClean(120, label, description);
        assert.doesNotMatch(ariaLabel, disguise);
        assert.notEqual(label, '');
        assert.match(context, /^[\w -]+$/);
      }
    }
  });

  it('contains no hard-coded text, except units of time', () => {
    const runs = [checked({ progress: { completed: 2, total: 3 } }), checked({ phase: { kind: 'waiting' } }), kickoff({ isMuted: true })];
    for (const run of runs) {
      const { label, description, ariaLabel } = row(
        { ...run, id: id('7') },
        { trouble: { kind: 'throttled', retryAt: start }, t: onlyValues },
      );
      assert.doesNotMatch(`${label} ${description} ${ariaLabel}`.replace(/\d+[hms]/g, ''), /\p{L}/u);
    }
  });
});

describe("A run's name in tabs and reports", () => {
  it('never comes from the output title', () => {
    assert.equal(lastingName(succeeded({ id: uuid, title: 'State of AI agents' })), '5b1e0f44');
  });
});

describe("A deployment's row", () => {
  const rowOf = (
    kickoffs: readonly Kickoff[],
    {
      trouble,
      troubleOf = () => undefined,
    }: { readonly trouble?: Trouble; readonly troubleOf?: (run: Kickoff) => Trouble | undefined } = {},
    of = deployment(),
  ) => {
    const board = { kickoffsOf: () => kickoffs, troubleOfDeployment: () => trouble, ownTroubleOf: troubleOf };
    return deploymentRow(of, board, now, t);
  };

  it('counts queued, running, and waiting runs as active', () => {
    const runs = phaseKinds.map((kind) => checked({ phase: { kind } }));
    assert.equal(rowOf(runs).description, '3 active');
    assert.equal(rowOf([]).description, '');
  });

  it("shows a deployment's problem if it has no runs, but not a time for a retry that has passed", () => {
    const { description, contextValue: context } = rowOf([], { trouble: { kind: 'noToken' } });
    assert.deepEqual([description, context], ['token needed', 'deployment button-setToken']);
    assert.equal(rowOf([], { trouble: { kind: 'unreachable' } }).description, "can't reach server");
    assert.match(rowOf([], { trouble: { kind: 'throttled', retryAt: now + 1 } }).description, /throttled/);
    assert.equal(rowOf([], { trouble: { kind: 'throttled', retryAt: now } }).description, '');
  });

  for (const kind of troubleKinds) {
    it(`shows the deployment's problem (${kind}) if a run is active, but not if all runs are finished`, () => {
      const trouble = { ...problem, kind };
      const { description, icon, contextValue: context, ariaLabel } = rowOf([checked()], { trouble });
      assert.deepEqual([description, icon.id], [rowTroubleText(trouble, now, t), 'warning']);
      assert.equal(context, `deployment open button-${buttonCommands[kind]}`);
      assert.ok(ariaLabel.endsWith(troubleText(trouble, now, t)));
      const idle = rowOf([succeeded()], { trouble });
      assert.deepEqual([idle.description, idle.icon.id, idle.contextValue], ['', 'rocket', 'deployment']);
    });
  }

  it('shows a problem that all its active runs have, or else only the number of problems', () => {
    const [one, other, ended] = [checked({ id: id(1) }), checked({ id: id(2) }), checked({ id: id(3), phase: { kind: 'failed' } })];
    for (const [kinds, text, icon] of [
      [['serverTrouble', 'serverTrouble'], '2 active · server error', 'warning'],
      [['serverTrouble', 'notAllowed'], '2 active · problems: 2', 'warning'],
      [[undefined, 'notAllowed'], '2 active · problems: 1', 'warning'],
      [[undefined, undefined, 'notAllowed'], '2 active', 'rocket'],
    ] as const) {
      const troubleOf = (run: Kickoff): Trouble | undefined => {
        const kind = kinds[[one, other, ended].indexOf(run)];
        return kind && { kind, retryAt: now };
      };
      const { description, icon: shown, ariaLabel } = rowOf([one, other, ended], { troubleOf });
      assert.deepEqual([description, shown.id, ariaLabel], [text, icon, `crew, ${text.replace(' · ', ', ')}`]);
    }
  });

  it('shows the number of unread runs only in its accessible label', () => {
    const { description, ariaLabel, contextValue: context } = rowOf([checked(), checked({ phase: { kind: 'failed' }, isUnread: true })]);
    assert.deepEqual([description, ariaLabel, context], ['1 active', 'crew, 1 active, Unread runs: 1', 'deployment open unread']);
  });

  it('has only short texts without control characters, for any label', () => {
    for (const text of hostileTexts) {
      const { label, description, ariaLabel } = rowOf(
        [checked()],
        { trouble: { kind: 'moved', detail: text } },
        deployment({ label: text }),
      );
      assertClean(120, label, description);
      assert.doesNotMatch(ariaLabel, disguise);
    }
  });
});

describe("A run's tooltip", () => {
  it('shows the known facts about a failed run', () => {
    const failed = checked({ label: 'My run', phase: { kind: 'failed', reason: 'ValueError: No key. Add one.' } });
    assert.deepEqual(tooltip(failed, { deployment: deployment() }), [
      'My run: failed',
      'ValueError: No key. Add one.',
      `Kickoff ID: ${failed.id}`,
      'Deployment: crew (https://crew.example.com)',
      `Started: ${noon}`,
      `Finished before ${noon}`,
    ]);
  });

  it('shows the last update only while the run is active', () => {
    assert.ok(tooltip(checked()).includes(`Last updated: ${noon}`));
    assert.ok(!tooltip(succeeded()).includes(`Last updated: ${noon}`));
  });

  it('shows only the error of a Python traceback, unless the traceback contains no error', () => {
    const calls = 'Traceback (most recent call last):\n  File "crew.py", line 3, in kickoff\n    run()\n';
    const first = `${calls}KeyError: 'topic'\n\nDuring handling of the above exception, another exception occurred:\n\n`;
    const shown = (reason: string) => tooltip(checked({ phase: { kind: 'failed', reason } }))[1] ?? '';
    for (const reason of [`${calls}ValueError: No key.\nAdd one.`, `${first}${calls}ValueError: No key.\r\nAdd one.\n`])
      assert.equal(shown(reason), 'ValueError: No key. Add one.');
    assert.match(shown(calls), /^Traceback/);
  });

  it('shows the whole title of an output exactly once', () => {
    const title = 'word '.repeat(20).trim();
    const run = succeeded({ title, isUnread: true });
    assert.equal(tooltip(run)[0], `${title}: unread · succeeded · 42s · 4m ago`);
    assert.deepEqual(tooltip({ ...run, label: 'Acme' }).slice(0, 2), ['Acme: unread · succeeded · 42s · 4m ago', title]);
    for (const named of [run, { ...run, label: 'Acme' }]) assert.equal(tooltip(named).join().split('word word').length, 11, named.label);
  });

  it("shows the current agent's work only while the run is running", () => {
    const progress = { ...second, agent: 'Researcher', thought: 'I should look', tool: 'search' };
    const run = checked({ label: 'My run', progress });
    const about = ['Agent: Researcher', 'Last thought: I should look', 'Last tool: search'];
    assert.deepEqual(tooltip(run).slice(1, 4), about);
    for (const kind of ['succeeded', 'failed', 'stopped', 'missing'] as const) {
      const ended = tooltip({ ...run, phase: { kind } });
      assert.ok(
        about.every((line) => !ended.includes(line)),
        kind,
      );
    }
  });

  it('shows the number of tokens used whether the run is running, finished, or not found', () => {
    for (const kind of ['running', 'succeeded', 'failed', 'stopped', 'missing'] as const)
      assert.ok(tooltip(checked({ phase: { kind }, totalTokens: 12_345 })).includes('12,345 tokens used'), kind);
  });

  it("doesn't mention tokens if the server counted none", () => {
    for (const totalTokens of [0, -1, 0.2]) assert.doesNotMatch(tooltip(checked({ totalTokens })).join(), /tokens/);
  });

  const explained = (phase: Phase) => tooltip(checked({ phase })).join();
  for (const [status, phase, text] of [
    ['not found', { kind: 'missing' }, /unknown kickoff ID.*only when you select Refresh/],
    ['waiting for human input', { kind: 'waiting' }, /someone provides the input/],
    ['unknown', { kind: 'running', stateText: 'REHYDRATING' }, /REHYDRATING.*doesn't know/],
  ] as const)
    it(`explains the status “${status}”`, () => assert.match(explained(phase), text));

  it("doesn't explain the status “running”", () => assert.doesNotMatch(explained({ kind: 'running' }), /know|input/));

  it('has only short lines without control characters, for any text from the server', () => {
    for (const text of hostileTexts) {
      const running = checked({ progress: { current: text, agent: text, thought: text, tool: text } });
      const failed = checked({ label: text, phase: { kind: 'failed', reason: text } });
      for (const run of [running, failed, succeeded({ title: text })])
        assertClean(400, ...tooltip(run, { deployment: deployment({ label: text }) }));
    }
  });
});
