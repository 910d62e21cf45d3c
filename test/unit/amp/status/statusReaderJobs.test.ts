import assert from 'node:assert/strict';
import { bodyDocument, jobResult, type BodyJob } from '#amp/status/statusReader';
import type { BodyDocumentKind } from '#core/kickoff/responseBody';

const at = { receivedAt: Date.UTC(2026, 10, 25) };

function resultOf(body: object, job: Omit<BodyJob, 'body'> = {}) {
  return jobResult({ body: new TextEncoder().encode(JSON.stringify(body)), ...job });
}

describe('A worker', () => {
  const finished = { state: 'SUCCESS', result: '# Report' };
  const answer = { phase: { kind: 'succeeded' }, progress: {}, tasks: [], hasAllTasks: false, title: 'Report' };

  it('sends a parsed status with the language of the output instead of the output itself', () => {
    assert.deepEqual(resultOf(finished, { times: at }), { ...answer, output: { format: 'markdown' } });
    assert.deepEqual(resultOf({ state: 'RUNNING' }, { times: at }), {
      phase: { kind: 'running' },
      progress: {},
      tasks: [],
      hasAllTasks: false,
    });
  });

  it('sends a document as bytes', () => {
    assert.deepEqual(resultOf(finished, { documentKind: 'output' }), new TextEncoder().encode('# Report'));
  });

  it('sends nothing if the response has no status, or no output for a requested document', () => {
    assert.equal(resultOf([], { times: at }), undefined);
    assert.equal(resultOf({ state: 'RUNNING' }, { documentKind: 'output' }), undefined);
  });
});

function documentOf(body: string, kind: BodyDocumentKind): string | undefined {
  const bytes = bodyDocument(new TextEncoder().encode(body), kind);
  return bytes && new TextDecoder().decode(bytes);
}

describe('A document of a response', () => {
  const json = '{"state":"SUCCESS","result":{"score":1.0,"name":"Änne"}}';
  const line = '{"state":"SUCCESS","result":" {\\"big\\":12345678901234567890,\\"a\\":1.0}"}';
  const text = '{"state":"SUCCESS","result":" # Report\\n\\nDone.\\n"}';

  for (const [title, body, kind, expected] of [
    ['is the indented output if the output is requested', json, 'output', '{\n  "score": 1.0,\n  "name": "Änne"\n}'],
    [
      'is the output, indented without changing its numbers, if the output is a text of one-line JSON',
      line,
      'output',
      '{\n  "big": 12345678901234567890,\n  "a": 1.0\n}',
    ],
    ['is the output as the server sent it if the exact output is requested', line, 'exactOutput', ' {"big":12345678901234567890,"a":1.0}'],
    ['is the indented output with sorted members if sorting is requested', json, 'sorted', '{\n  "name": "Änne",\n  "score": 1.0\n}'],
    ["is the unchanged text of an output that isn't JSON", text, 'output', ' # Report\n\nDone.\n'],
    ["is the unchanged text of an output that isn't JSON, even if sorting is requested", text, 'sorted', ' # Report\n\nDone.\n'],
  ] as const)
    it(title, () => assert.equal(documentOf(body, kind), expected));

  it('is missing if an output is requested and the response contains no output', () => {
    for (const body of ['{"state":"RUNNING"}', '<html>'])
      for (const kind of ['output', 'exactOutput', 'sorted'] as const) assert.equal(documentOf(body, kind), undefined, body);
  });
});
