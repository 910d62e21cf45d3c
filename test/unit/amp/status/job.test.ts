import assert from 'node:assert/strict';
import { jobResult, type Job } from '#amp/status/job';

const at = { receivedAt: Date.UTC(2026, 10, 25) };

function resultOf(body: object, job: Omit<Job, 'body'> = {}) {
  return jobResult({ body: new TextEncoder().encode(JSON.stringify(body)), ...job });
}

describe('A worker', () => {
  const finished = { state: 'SUCCESS', result: '# Report' };
  const answer = { phase: { kind: 'succeeded' }, progress: {}, tasks: [], hasAllTasks: false, title: 'Report' };

  it('sends the status of a poll with the language of the output, and without its text', () => {
    assert.deepEqual(resultOf(finished, { at }), { ...answer, output: { text: '', language: 'markdown' } });
    assert.deepEqual(resultOf({ state: 'RUNNING' }, { at }), { phase: { kind: 'running' }, progress: {}, tasks: [], hasAllTasks: false });
    assert.equal(resultOf([], { at }), undefined);
  });

  it('sends the status of a stored body with the text of the output', () => {
    assert.deepEqual(resultOf(finished), { ...answer, output: { text: '# Report', language: 'markdown' } });
  });

  it('sends a document as bytes', () => {
    assert.deepEqual(resultOf(finished, { document: 'output' }), new TextEncoder().encode('# Report'));
    assert.equal(resultOf({ state: 'RUNNING' }, { document: 'output' }), undefined);
  });
});
