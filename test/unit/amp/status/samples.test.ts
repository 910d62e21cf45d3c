import assert from 'node:assert/strict';
import { parseStatus } from '#amp/status/parseStatus';
import type { Observation } from '#core/kickoff/kickoff';
import { pollOnce, replying } from '#test/unit/amp/http/testPoll';
import { errorSamples, expectations, samples, type ErrorSample } from './samples';

const receivedAt = Date.parse('2026-11-25T10:00:00Z');

describe('The samples of the API', () => {
  it('with a status are exactly the entries of expected.json', () => {
    assert.deepEqual([...samples.keys()].sort(), Object.keys(expectations).sort());
  });
});

describe('The sample response', () => {
  for (const [name, body] of samples) {
    it(`${name} is parsed to the fields in expected.json`, () => {
      const expected = expectations[name];
      assert.ok(expected);
      const seen = seenIn(body);
      for (const [field, value] of Object.entries(expected)) check(seen, field, value);
    });
  }

  for (const sample of errorSamples) {
    it(`${sample.name} is reported as ${sample.expected.kind ?? sample.expected.phase}`, async () => {
      const seen = await pollOnce({ client: { get: replying(sample.status, sample.headers, textOf(sample)) }, now: receivedAt });
      assert.deepEqual(summaryOf(seen), sample.expected);
    });
  }
});

/** Returns the fields of a status that `expected.json` may contain. `null` means that AMP didn't send the total or the start. */
function seenIn(body: Uint8Array): Readonly<Record<string, string | number | null | undefined>> {
  const answer = parseStatus(body, { receivedAt });
  assert.ok(answer);
  const { phase, progress, tasks, hasAllTasks, output } = answer;
  return {
    phase: phase.kind,
    current: progress.current,
    agent: progress.agent,
    completed: progress.completed,
    total: progress.total ?? null,
    tasks: hasAllTasks ? tasks.length : undefined,
    lastTask: hasAllTasks ? undefined : tasks[0]?.name,
    taskNames: tasks.map(({ name = '' }) => name).join(', '),
    taskAgents: tasks.map(({ agent = '' }) => agent).join(', '),
    lastTaskOutput: tasks.at(-1)?.output,
    startedAt: answer.startedAt === undefined ? null : new Date(answer.startedAt).toISOString(),
    executionSeconds: answer.executionSeconds,
    tokens: answer.totalTokens,
    reason: phase.kind === 'failed' ? phase.reason : undefined,
    stateText: phase.kind === 'running' ? phase.stateText : undefined,
    output: output?.text,
    outputLanguage: output?.format,
  };
}

function check(seen: ReturnType<typeof seenIn>, field: string, value: unknown): void {
  const output = String(seen['output']);
  if (field === 'outputStartsWith') assert.equal(output.slice(0, String(value).length), value);
  else if (field === 'outputContains') assert.ok(output.includes(String(value)), output);
  else {
    assert.ok(field in seen, `expected.json contains ${field}, which no test checks`);
    assert.equal(seen[field], value, field);
  }
}

function textOf({ raw, body }: ErrorSample): string {
  return raw ?? JSON.stringify(body);
}

function summaryOf(seen: Observation): ErrorSample['expected'] {
  if (seen.kind === 'answered') return { phase: seen.answer.phase.kind };
  const { kind, detail, retryAt } = seen.trouble;
  return {
    kind,
    ...(detail !== undefined && { says: detail }),
    ...(retryAt !== undefined && { retryAfterSeconds: (retryAt - receivedAt) / 1_000 }),
  };
}
