import assert from 'node:assert/strict';
import { phaseKindOf } from '#amp/status/parseStatus';

const words = {
  queued: ['PENDING', 'queued', 'Scheduled', 'created'],
  running: ['STARTED', 'running', 'retry', 'IN_PROGRESS', 'in-progress', 'in progress', ' In  Progress\n'],
  succeeded: ['SUCCESS', 'Succeeded', 'completed', 'complete', 'finished', 'done'],
  failed: ['FAILED', 'FAILURE', 'error', 'timeout', 'TIMED_OUT', 'timed out', 'crashed'],
  stopped: ['REVOKED', 'cancelled', 'canceled', 'stopped', 'aborted'],
  waiting: ['PAUSED', 'WAITING_FOR_HUMAN', 'human-input', 'pending human input'],
  missing: ['NOT FOUND', 'not_found', 'Not-Found'],
};

describe('A status word', () => {
  for (const [kind, all] of Object.entries(words)) {
    it(`for ${kind} is recognized in each known spelling`, () => {
      for (const word of all) assert.equal(phaseKindOf(word), kind, word);
    });
  }

  it("that matches no known spelling isn't recognized", () => {
    for (const word of ['', ' ', 'REHYDRATING', 'NOTFOUND', 'UNSUCCESSFUL', 'SUCCESS!', 'constructor', '__proto__', 'FAILED BUT RUNNING'])
      assert.equal(phaseKindOf(word), undefined, word);
  });

  it("that is longer than 100 characters isn't recognized", () => {
    assert.equal(phaseKindOf('RUNNING'.padEnd(100)), 'running');
    assert.equal(phaseKindOf('RUNNING'.padEnd(101)), undefined);
  });
});
