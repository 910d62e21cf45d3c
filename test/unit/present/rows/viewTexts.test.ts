import assert from 'node:assert/strict';
import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import type { Trouble } from '#core/kickoff/trouble';
import { viewBadge, viewMessage } from '#present/rows/viewTexts';
import { deployment, key, kickoff } from '#test/support/builders';
import { start } from '#test/support/manualClock';
import { t, timeOfDay } from '#test/unit/present/documents/hostile';

const [crew, flow] = [deployment({ key: 1 }), deployment({ key: 2, url: 'https://flow.example.com' })];
const throttled: Trouble = { kind: 'throttled', retryAt: start };
const offline: Trouble = { kind: 'offline', since: start };
const open = kickoff();

describe('The message above the tree view', () => {
  function message(
    kickoffs: readonly Kickoff[],
    troubles: readonly (readonly [Deployment, Trouble])[] = [],
    saveTrouble?: Trouble,
  ): string {
    return viewMessage(
      { deployments: [crew, flow], kickoffs, saveTrouble, troubleOfDeployment: (of) => new Map(troubles).get(of) },
      start,
      t,
    );
  }

  it('is empty if the runs have no problem', () => {
    assert.equal(message([open]), '');
  });

  it('is empty while the welcome text is shown', () => {
    assert.equal(viewMessage({ deployments: [], kickoffs: [], saveTrouble: undefined, troubleOfDeployment: () => offline }, start, t), '');
  });

  it('explains how to add a run when there are deployments but no runs', () => {
    assert.equal(message([]), 'No runs yet. Select Start Run (▷) or Track Kickoff (+).');
  });

  it("shows “offline” instead of “can't save history” if there are both problems", () => {
    const both = [open, kickoff({ deployment: key(2) })];
    const notSaved = { kind: 'notSaved' } as const;
    const troubles = [
      [crew, throttled],
      [flow, offline],
    ] as const;
    assert.equal(message(both, troubles, notSaved), `offline since ${timeOfDay(start)}`);
    assert.equal(message(both, troubles.slice(0, 1), notSaved), "can't save history");
  });

  it("doesn't show that the machine is offline if all runs are finished", () => {
    const ended = [kickoff({ phase: { kind: 'succeeded' } }), kickoff({ deployment: key(2), phase: { kind: 'failed' } })];
    const troubles = [crew, flow].map((of) => [of, offline] as const);
    assert.equal(message(ended, troubles), '');
  });

  it('shows no problem of a deployment except “offline”', () => {
    for (const kind of ['throttled', 'tokenRefused', 'unreachable', 'moved', 'certificate'] as const)
      assert.equal(message([open], [[crew, { kind }]]), '', kind);
  });
});

describe('The badge of the view', () => {
  const unread = kickoff({ phase: { kind: 'failed' }, isUnread: true });
  const waiting = kickoff({ phase: { kind: 'waiting' } });

  it('is shown only if a run is unread or waiting for human input', () => {
    assert.equal(viewBadge([open], t), undefined);
    for (const run of [unread, waiting]) assert.notEqual(viewBadge([open, run], t), undefined);
  });

  it('counts unread and waiting runs together, but separately in its tooltip', () => {
    assert.deepEqual(viewBadge([open, unread, unread], t), { value: 2, tooltip: 'Unread runs: 2' });
    assert.deepEqual(viewBadge([open, waiting], t), { value: 1, tooltip: 'Waiting for human input: 1' });
    assert.deepEqual(viewBadge([waiting, unread, unread], t), { value: 3, tooltip: 'Unread runs: 2, waiting for human input: 1' });
  });
});
