import assert from 'node:assert/strict';
import type { Deployment } from '../../../src/core/deployment';
import type { Kickoff } from '../../../src/core/kickoff';
import type { Trouble } from '../../../src/core/trouble';
import { timeOfDay } from '../../../src/present/times';
import { viewMessage } from '../../../src/present/viewMessage';
import { deployment, key, kickoff } from '../../support/builders';
import { start } from '../../support/manualClock';
import { t } from './hostile';

const [crew, flow] = [deployment({ key: 1 }), deployment({ key: 2, url: 'https://flow.example.com' })];
const throttled: Trouble = { kind: 'throttled', retryAt: start };
const offline: Trouble = { kind: 'offline', since: start };

function message(
  kickoffs: readonly Kickoff[],
  troubles: ReadonlyMap<Deployment, Trouble> = new Map(),
  unsaved?: Trouble,
  now = start - 120_000,
): string {
  return viewMessage({ deployments: [crew, flow], kickoffs, unsaved, troubleOfDeployment: (of) => troubles.get(of) }, now, t);
}

describe('The line above the list', () => {
  const open = kickoff();

  it('is not there while all is well, nor where the welcome text stands', () => {
    assert.equal(message([open]), '');
    assert.equal(viewMessage({ deployments: [], kickoffs: [], unsaved: undefined, troubleOfDeployment: () => offline }, start, t), '');
  });

  it('says how to begin when there are deployments and no run', () => {
    assert.equal(message([]), 'No kickoff is tracked. Track Kickoff (+) takes an ID.');
  });

  it('says until when a host with open runs is throttled, and nothing of one that nobody waits for', () => {
    assert.equal(message([open], new Map([[crew, throttled]])), `throttled until ${timeOfDay(start)}`);
    assert.equal(message([open], new Map([[flow, throttled]])), '');
    assert.equal(message([kickoff({ phase: { kind: 'succeeded' } })], new Map([[crew, throttled]])), '');
  });

  it('leaves a throttle of a few seconds to its row: the line would come and go', () => {
    const shown = (seconds: number) => message([open], new Map([[crew, throttled]]), undefined, start - seconds * 1_000) !== '';
    assert.deepEqual([-1, 0, 4, 10, 11, 600].map(shown), [false, false, false, false, true, true]);
  });

  it('says which one is throttled where others are not', () => {
    const both = [open, kickoff({ deployment: key(2) })];
    assert.equal(message(both, new Map([[flow, throttled]])), `${flow.label}: throttled until ${timeOfDay(start)}`);
  });

  it('says first that there is no network, then that nothing can be saved', () => {
    const both = [open, kickoff({ deployment: key(2) })];
    const troubles = new Map([
      [crew, throttled],
      [flow, offline],
    ]);
    assert.equal(message(both, troubles, { kind: 'notSaved' }), `offline since ${timeOfDay(start)}`);
    assert.equal(message(both, new Map([[crew, throttled]]), { kind: 'notSaved' }), 'history cannot be saved');
  });

  it('leaves what is one row’s to that row', () => {
    for (const kind of ['tokenRefused', 'unreachable', 'moved', 'certificate'] as const)
      assert.equal(message([open], new Map([[crew, { kind }]])), '', kind);
  });
});
