import assert from 'node:assert/strict';
import { diagnostics } from '#present/diagnostics';
import type { Inputs } from '#core/starts/attempt';
import { id, kickoff } from '#test/support/builders';

const secret = 'tok-demo-4f2a9c17d0be';
const timeText = (time: number): string => `${time / 1_000} s`;
const environment = { extensionVersion: '0.1.0', editor: 'Visual Studio Code 1.104.0 (desktop)', system: 'linux x64' };
const parts = {
  url: 'https://crew.example.com',
  trouble: undefined,
  inputs: undefined,
  environment,
  settings: { minimumSeconds: 3, notifications: 'all' },
  now: 60_000,
  timeText,
};

describe('Copied diagnostics of a run', () => {
  it('have a line for each fact about the run and its environment', () => {
    const progress = { completed: 1, total: 3 };
    const run = kickoff({ id: id('c0ffee01'), phase: { kind: 'running' }, trackedAt: 1_000, checkedAt: 2_000, progress });
    assert.deepEqual(diagnostics({ ...parts, kickoff: run }).split('\n'), [
      'Kickoffs for CrewAI AMP 0.1.0, Visual Studio Code 1.104.0 (desktop), linux x64',
      'Run: https://crew.example.com/status/c0ffee01',
      'Status: running',
      'Problem: none',
      'Times: tracked 1 s, started ?, response 2 s, finished ?, now 60 s',
      'Tasks: 1 of 3, known 0, with output 0',
      'Output: none, reported duration none, tokens used none',
      'Inputs: unknown',
      'Settings: minimumSeconds 3, notifications all',
    ]);
  });

  it("contain the run's problem with the known code and times", () => {
    const trouble = { kind: 'serverTrouble', code: 'HTTP 500', failedAt: 60_000, retryAt: 90_000 } as const;
    assert.match(
      diagnostics({ ...parts, kickoff: kickoff(), trouble }),
      /^Problem: serverTrouble \(HTTP 500\), failed 60 s, next check 90 s$/m,
    );
    assert.match(diagnostics({ ...parts, kickoff: kickoff(), trouble: { kind: 'noToken' } }), /^Problem: noToken$/m);
  });

  const inputsIn = (inputs: Inputs) => /^Inputs: .*$/m.exec(diagnostics({ ...parts, kickoff: kickoff(), inputs }))?.[0];

  it('contain the names of inputs or “none”, but no values', () => {
    assert.equal(inputsIn({ topic: secret, 'two\nlines': [secret], '': 1 }), 'Inputs: topic, two lines, ""');
    assert.equal(inputsIn({}), 'Inputs: none');
  });

  it('contain less than 4,000 characters of the names of inputs', () => {
    assert.ok(inputsIn(Object.fromEntries(Array.from({ length: 9_000 }, (_, index) => [`${index}`.padEnd(200, 'x'), ''])))!.length < 4_000);
  });

  it('contain no text from the server or the user that could be a secret', () => {
    const run = kickoff({
      label: secret,
      phase: { kind: 'failed', reason: secret },
      progress: { current: secret, agent: secret, thought: secret, tool: secret },
      tasks: [{ position: 1, name: secret, agent: secret, hasOutput: true }],
      title: secret,
    });
    const text = diagnostics({ ...parts, kickoff: run, trouble: { kind: 'refused', detail: secret } });
    assert.ok(!text.includes(secret), text);
  });

  it('contain a note instead of an unknown status word', () => {
    const running = diagnostics({ ...parts, kickoff: kickoff({ phase: { kind: 'running', stateText: secret } }) });
    assert.match(running, /^Status: running \(unknown status word\)$/m);
    assert.ok(!running.includes(secret), running);
  });
});
