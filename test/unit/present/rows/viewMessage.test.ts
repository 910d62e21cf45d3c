import assert from 'node:assert/strict';
import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import type { Trouble } from '#core/kickoff/trouble';
import { viewMessage } from '#present/rows/viewTexts';
import { deployment, key, kickoff } from '#test/support/builders';
import { start } from '#test/support/manualClock';
import { t, timeOfDay } from '#test/unit/present/documents/hostile';

const [crew, flow] = [deployment({ key: 1 }), deployment({ key: 2, url: 'https://flow.example.com' })];
const throttled: Trouble = { kind: 'throttled', retryAt: start };
const offline: Trouble = { kind: 'offline', since: start };

function message(kickoffs: readonly Kickoff[], troubles: ReadonlyMap<Deployment, Trouble> = new Map(), unsaved?: Trouble): string {
  return viewMessage({ deployments: [crew, flow], kickoffs, unsaved, troubleOfDeployment: (of) => troubles.get(of) }, start, t);
}

describe('The message above the tree view', () => {
  const open = kickoff();

  it('is empty while the welcome text is shown, and if there are runs without a problem', () => {
    assert.equal(message([open]), '');
    assert.equal(viewMessage({ deployments: [], kickoffs: [], unsaved: undefined, troubleOfDeployment: () => offline }, start, t), '');
  });

  it('explains how to add a run when there are deployments but no runs', () => {
    assert.equal(message([]), 'No runs yet. Select Start Run (▷) or Track Kickoff (+).');
  });

  it("shows only that the machine is offline if the history can't be saved either", () => {
    const both = [open, kickoff({ deployment: key(2) })];
    const troubles = new Map<Deployment, Trouble>().set(crew, throttled).set(flow, offline);
    assert.equal(message(both, troubles, { kind: 'notSaved' }), `offline since ${timeOfDay(start)}`);
    assert.equal(message(both, new Map([[crew, throttled]]), { kind: 'notSaved' }), "can't save history");
  });

  it("doesn't show that the machine is offline if all runs are finished", () => {
    const troubles = new Map([crew, flow].map((one) => [one, offline]));
    assert.equal(
      message([kickoff({ phase: { kind: 'succeeded' } }), kickoff({ deployment: key(2), phase: { kind: 'failed' } })], troubles),
      '',
    );
  });

  it("doesn't show a problem that affects only one deployment", () => {
    for (const kind of ['throttled', 'tokenRefused', 'unreachable', 'moved', 'certificate'] as const)
      assert.equal(message([open], new Map([[crew, { kind }]])), '', kind);
  });
});
