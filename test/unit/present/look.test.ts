import assert from 'node:assert/strict';
import type { Kickoff, Phase } from '../../../src/core/kickoff';
import { deploymentLook, kickoffLook, kickoffTooltip } from '../../../src/present/look';
import { nameOf } from '../../../src/present/naming';
import { timeOfDay } from '../../../src/present/times';
import { commandFor } from '../../../src/present/troubleButton';
import { troubleInRow } from '../../../src/present/troubleText';
import { deployment, id, kickoff, troubleKinds } from '../../support/builders';
import { start } from '../../support/manualClock';
import { disguise, formatDate, graphemes, hostileTexts, onlyValues, t } from './hostile';

const hour = 3_600_000;
const now = start + 250_000;
/** The start of the clock. */
const noon = formatDate(start);

/** A run that was heard at the start, and is now in its fifth minute. */
function heard(fields: Partial<Kickoff> = {}): Kickoff {
  return kickoff({ phase: { kind: 'running' }, checkedAt: start, startedAt: start, ...fields });
}

const second = { completed: 2, total: 3, current: 'research_task' };

function description(of: Kickoff, at = now): string {
  return kickoffLook(of, undefined, at, t).description;
}

describe("A run's row", () => {
  it('shows progress, task and time while it runs', () => {
    assert.equal(description(heard({ progress: second })), '2/3 · research_task · 4m 10s');
  });

  it('shows a count alone for a flow, which has no total', () => {
    assert.equal(description(heard({ progress: { completed: 2, current: 'draft' } })), '2 · draft · 4m 10s');
    assert.equal(description(heard({ progress: { completed: 0, total: 3 } })), '0/3 · 4m 10s');
  });

  it('shows no total without a count, and no count at all when none is known', () => {
    assert.equal(description(heard({ progress: { total: 3, current: 'draft' } })), 'draft · 4m 10s');
    assert.equal(description(heard()), 'running · 4m 10s');
  });

  it('marks the time of a run that ran already when it was tracked', () => {
    const { startedAt: _, ...ranAlready } = heard({ progress: second });
    assert.equal(description(ranAlready), '2/3 · research_task · > 4m 10s');
  });

  it('says so while nothing was heard', () => {
    const look = kickoffLook(kickoff(), undefined, now, t);
    assert.equal(look.description, 'not heard yet');
    assert.notEqual(look.icon.id, 'loading~spin');
    assert.doesNotMatch(look.context, /\bheard\b/);
  });

  for (const [phase, text, icon] of [
    [{ kind: 'queued' }, 'queued · 4m 10s', 'clock'],
    [{ kind: 'running' }, '2/3 · research_task · 4m 10s', 'loading~spin'],
    [{ kind: 'running', stateText: 'REINDEXING' }, 'REINDEXING · 2/3 · research_task · 4m 10s', 'loading~spin'],
    [{ kind: 'waiting' }, 'waiting for a human · 2/3 · research_task · 4m 10s', 'person'],
    [{ kind: 'missing' }, 'not found, or waiting for a human', 'question'],
    [{ kind: 'succeeded' }, 'succeeded', 'pass'],
    [{ kind: 'failed', reason: 'No key.' }, 'failed', 'error'],
    [{ kind: 'stopped' }, 'stopped', 'circle-slash'],
  ] as const satisfies readonly (readonly [Phase, string, string])[]) {
    it(`reads "${text}" with its own icon when AMP says ${'stateText' in phase ? phase.stateText : phase.kind}`, () => {
      const look = kickoffLook(heard({ phase, progress: second }), undefined, now, t);
      assert.equal(look.description, text);
      assert.equal(look.icon.id, icon);
    });
  }

  it('tells the phases apart by the shape of the icon', () => {
    const kinds = ['queued', 'running', 'waiting', 'missing', 'succeeded', 'failed', 'stopped'] as const;
    const shapes = kinds.map((kind) => kickoffLook(heard({ phase: { kind } }), undefined, now, t).icon.id);
    assert.equal(new Set(shapes).size, kinds.length);
  });

  it('keeps the duration of a run that ended, and says how long ago that was', () => {
    const ended = heard({ phase: { kind: 'succeeded' }, finishedAt: start, executionSeconds: 750 });
    assert.equal(description(ended, start + 2 * hour), 'succeeded · 12m 30s · 2 h ago');
    const { executionSeconds: _, ...watched } = { ...ended, finishedAt: start + 250_000 };
    assert.equal(description(watched, start + 250_000), 'succeeded · ~4m 10s · just now');
  });

  it('marks what nobody has looked at', () => {
    const ended = heard({ phase: { kind: 'failed' }, finishedAt: now, executionSeconds: 42, isUnread: true });
    assert.equal(description(ended), 'new · failed · 42s · just now');
  });

  for (const kind of troubleKinds) {
    it(`says first that it cannot be heard (${kind}), keeps what was last known, and does not spin`, () => {
      const trouble = { kind, says: 'https://elsewhere.example', retryAt: start };
      const look = kickoffLook(heard({ progress: second }), trouble, now, t);
      assert.equal(look.description, `${troubleInRow(trouble, now, t)} · 2/3 · research_task · 4m 10s`);
      assert.equal(look.icon.id, 'warning');
      assert.match(look.context, /\brunning\b/);
      assert.ok(look.context.split(' ').includes(`button-${commandFor(kind)}`), 'it offers its one button');
    });
  }

  it('turns only while it is heard, and says when it was heard last once that is old', () => {
    const run = heard({ label: 'My run', progress: second });
    const look = (at: number, staleAt: number) => kickoffLook(run, undefined, at, t, { staleAt, end: 'about 2 min left' });
    assert.equal(look(now, now + 1).icon.id, 'loading~spin');
    assert.equal(look(now, now + 1).description, '2/3 · research_task · 4m 10s · about 2 min left');
    assert.equal(look(now, now).icon.id, 'history');
    assert.equal(look(now, now).description, `last heard ${timeOfDay(start)} · 2/3 · research_task · 4m 10s · about 2 min left`);
    assert.match(look(now, now).spoken, /My run, running, last heard \d\d:\d\d, 2\/3, /);
    assert.match(look(start + 25 * hour, now).description, /^last heard \d{4}-\d\d-\d\d \d\d:\d\d · /);
  });

  it('says so in trouble too, beside the next try', () => {
    const trouble = { kind: 'serverTrouble', retryAt: now + hour } as const;
    const look = kickoffLook(heard({ progress: second }), trouble, now, t, { staleAt: now });
    assert.equal(
      look.description,
      `server error, retrying at ${timeOfDay(now + hour)} · last heard ${timeOfDay(start)} · 2/3 · research_task · 4m 10s`,
    );
    assert.equal(look.icon.id, 'warning');
  });

  it('leaves the next try to the tooltip and to those who listen where it has no room', () => {
    const trouble = { kind: 'unreachable', retryAt: now + hour } as const;
    const run = heard({ progress: second });
    const look = kickoffLook(run, trouble, now, t);
    assert.equal(look.description, 'no connection · 2/3 · research_task · 4m 10s');
    const nextTry = `no connection, retrying at ${timeOfDay(now + hour)}`;
    assert.ok(look.spoken.includes(nextTry));
    assert.ok(kickoffTooltip(run, look, undefined, formatDate, t)[0]?.endsWith(`${nextTry} · 2/3 · research_task · 4m 10s`));
    const above = deploymentLook(deployment(), [run], trouble, now, t);
    assert.equal(above.description, 'no connection');
    assert.ok(above.spoken.endsWith(nextTry));
  });

  it('says first that it perhaps hangs, and then nothing of its end', () => {
    const outlook = { hangs: 'no progress for 30 min', end: 'about 2 min left' };
    const look = kickoffLook(heard({ progress: second }), undefined, now, t, outlook);
    assert.equal(look.description, 'no progress for 30 min · 2/3 · research_task · 4m 10s');
  });

  it('keeps the icon of a run that does not turn anyway, however old the answer is', () => {
    for (const kind of ['queued', 'waiting', 'missing'] as const)
      assert.equal(
        kickoffLook(heard({ phase: { kind } }), undefined, now, t, { staleAt: now }).icon.id,
        kickoffLook(heard({ phase: { kind } }), undefined, now, t).icon.id,
      );
  });

  it('is called by its label, else by the first part of its id, else by the id', () => {
    assert.equal(nameOf(kickoff({ label: ' My\nrun ' })), 'My run');
    assert.equal(nameOf(kickoff({ id: id('5b1e0f44-63b9-4c23-9514-f1fc22a90d88') })), '5b1e0f44');
    assert.equal(nameOf(kickoff({ id: id('run:7') })), 'run:7');
    for (const label of ['', ' ', '\u202e\u200b']) assert.equal(nameOf(kickoff({ id: id('run:7'), label })), 'run:7');
  });

  it('tells the menus its phase, whether it is open, and what there is to open', () => {
    const tokens = (of: Kickoff) => kickoffLook(of, undefined, now, t).context.split(' ');
    assert.deepEqual(tokens(kickoff()), ['kickoff', 'queued', 'open', 'audible']);
    assert.deepEqual(tokens(heard()), ['kickoff', 'running', 'open', 'heard', 'audible']);
    assert.deepEqual(tokens(heard({ phase: { kind: 'missing' } })), ['kickoff', 'missing', 'open', 'heard', 'audible']);
    assert.deepEqual(tokens(heard({ phase: { kind: 'succeeded' }, output: 'json' })), [
      'kickoff',
      'succeeded',
      'settled',
      'heard',
      'hasOutput',
      'button-openOutput',
    ]);
  });

  it('is one spoken sentence with name, state and time', () => {
    const look = kickoffLook(heard({ label: 'My run', progress: second }), undefined, now, t);
    assert.equal(look.spoken, 'My run, running, 2/3, research_task, 4m 10s');
  });

  it('does not speak its state twice', () => {
    assert.equal(kickoffLook(kickoff({ label: 'My run' }), undefined, now, t).spoken, 'My run, not heard yet');
    assert.equal(
      kickoffLook(heard({ label: 'My run', phase: { kind: 'missing' } }), undefined, now, t).spoken,
      'My run, not found, or waiting for a human',
    );
  });

  it('says the trouble alone while nothing was heard', () => {
    assert.equal(kickoffLook(kickoff(), { kind: 'noToken' }, now, t).description, 'token needed');
  });

  it('is clean, whatever the server and the user call things', () => {
    for (const text of hostileTexts) {
      const phases: readonly Phase[] = [{ kind: 'running' }, { kind: 'running', stateText: text }, { kind: 'waiting' }];
      for (const phase of phases) {
        const look = kickoffLook(
          heard({ label: text, phase, progress: { ...second, current: text } }),
          { kind: 'refused', says: text },
          now,
          t,
        );
        for (const shown of [look.label, look.description, look.spoken]) assert.doesNotMatch(shown, disguise);
        assert.ok(graphemes(look.label) > 0 && graphemes(look.label) <= 120);
        assert.ok(graphemes(look.description) <= 400);
        assert.match(look.context, /^[\w -]+$/);
      }
    }
  });

  it('has no empty part where a name shows nothing', () => {
    for (const current of ['', ' ', '\u202e', '\u200b\n']) {
      assert.equal(description(heard({ progress: { ...second, current } })), '2/3 · 4m 10s', JSON.stringify(current));
      assert.equal(description(heard({ progress: { current } })), 'running · 4m 10s', JSON.stringify(current));
    }
  });

  it('holds no word that cannot be translated', () => {
    const runs = [heard({ progress: { completed: 2, total: 3 } }), heard({ phase: { kind: 'waiting' } }), kickoff({ id: id('7') })];
    for (const run of runs) {
      const look = kickoffLook({ ...run, id: id('7') }, { kind: 'throttled', retryAt: start }, now, onlyValues);
      assert.doesNotMatch(`${look.label} ${look.description} ${look.spoken}`.replace(/\d+[hms]/g, ''), /\p{L}/u);
    }
  });
});

describe("A deployment's row", () => {
  it('says how many of its runs go on, without the missing ones', () => {
    const runs = (['queued', 'running', 'waiting', 'missing', 'succeeded', 'failed'] as const).map((kind) => heard({ phase: { kind } }));
    assert.equal(deploymentLook(deployment(), runs, undefined, now, t).description, '3 open');
    assert.equal(deploymentLook(deployment(), [], undefined, now, t).description, '');
  });

  it('says its trouble, and offers a token where one is needed', () => {
    const look = deploymentLook(deployment(), [heard()], { kind: 'tokenRefused' }, now, t);
    assert.equal(look.description, 'token refused');
    assert.equal(look.icon.id, 'warning');
    assert.equal(look.context, 'deployment button-setToken');
    assert.equal(deploymentLook(deployment(), [], { kind: 'unreachable' }, now, t).context, 'deployment button-refresh');
    assert.equal(deploymentLook(deployment(), [], undefined, now, t).context, 'deployment');
  });

  it('says nothing of a retry that is over while nothing is checked', () => {
    const look = (runs: readonly Kickoff[], at: number) => deploymentLook(deployment(), runs, { kind: 'throttled', retryAt: now }, at, t);
    const ended = heard({ phase: { kind: 'succeeded' } });
    assert.equal(look([ended], now - hour).description, `throttled until ${timeOfDay(now)}`);
    assert.deepEqual([look([ended], now).description, look([ended], now).icon.id], ['', 'rocket']);
    for (const kind of ['running', 'missing'] as const)
      assert.equal(look([heard({ phase: { kind } }), ended], now).description, 'throttled, retrying soon');
    assert.equal(deploymentLook(deployment(), [ended], { kind: 'tokenRefused' }, now, t).description, 'token refused');
  });

  it('is clean and has a name, whatever it is called', () => {
    for (const label of hostileTexts) {
      const look = deploymentLook(deployment({ label }), [heard()], undefined, now, t);
      assert.doesNotMatch(`${look.label}${look.spoken}`, disguise);
      assert.ok(graphemes(look.label) <= 120);
    }
  });
});

describe("A run's tooltip", () => {
  it('says when the run started, finished, and was updated, and why it failed', () => {
    const failed = heard({ label: 'My run', phase: { kind: 'failed', reason: 'No key.' } });
    assert.deepEqual(kickoffTooltip(failed, kickoffLook(failed, undefined, now, t), deployment(), formatDate, t), [
      'My run: failed',
      'No key.',
      `Kickoff ID: ${failed.id}`,
      'Deployment: crew (https://crew.example.com)',
      `Started: ${noon}`,
      `Finished: before ${noon}`,
      `Last updated: ${noon}`,
    ]);
  });

  const doing = { ...second, agent: 'Researcher', thought: 'I should look', tool: 'search' };

  it('says what a run that goes on is about, and what it has used so far', () => {
    const lines = (of: Kickoff) => kickoffTooltip(of, kickoffLook(of, undefined, now, t), undefined, formatDate, t);
    const run = heard({ label: 'My run', progress: doing, totalTokens: 12_345 });
    const about = ['Agent: Researcher', 'Last thought: I should look', 'Last tool: search'];
    assert.deepEqual(lines(run).slice(1, 5), [...about, '12,345 tokens']);
    for (const kind of ['succeeded', 'failed', 'stopped', 'missing'] as const) {
      const ended = lines({ ...run, phase: { kind } });
      assert.ok(ended.includes('12,345 tokens') && about.every((line) => !ended.includes(line)), kind);
    }
  });

  it('says nothing of tokens where the server has counted none', () => {
    for (const totalTokens of [0, -1, 0.2]) {
      const run = heard({ totalTokens });
      const look = kickoffLook(run, undefined, now, t);
      assert.doesNotMatch([look.description, look.spoken, ...kickoffTooltip(run, look, undefined, formatDate, t)].join(), /tokens/);
    }
  });

  it('explains a state that does not explain itself', () => {
    const lines = (phase: Phase) =>
      kickoffTooltip(heard({ phase }), kickoffLook(heard({ phase }), undefined, now, t), undefined, formatDate, t).join();
    assert.match(lines({ kind: 'missing' }), /does not know.*only on Refresh/);
    assert.match(lines({ kind: 'waiting' }), /once a human has answered/);
    assert.match(lines({ kind: 'running', stateText: 'REHYDRATING' }), /REHYDRATING.*not known here/);
    assert.doesNotMatch(lines({ kind: 'running' }), /known|human/);
  });

  it('shows what an agent thinks as text that is clean and cut', () => {
    for (const text of hostileTexts) {
      const run = heard({ progress: { current: text, agent: text, thought: text, tool: text } });
      for (const line of kickoffTooltip(run, kickoffLook(run, undefined, now, t), deployment(), formatDate, t)) {
        assert.doesNotMatch(line, disguise);
        assert.ok(graphemes(line) <= 400);
      }
    }
  });

  it('is clean and short, whatever stands in it', () => {
    for (const text of hostileTexts) {
      const failed = heard({ label: text, phase: { kind: 'failed', reason: text } });
      const lines = kickoffTooltip(failed, kickoffLook(failed, undefined, now, t), deployment({ label: text }), formatDate, t);
      for (const line of lines) {
        assert.doesNotMatch(line, disguise);
        assert.ok(graphemes(line) <= 400);
      }
    }
  });
});
