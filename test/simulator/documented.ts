import { json } from './answer';
import type { Dialect, Problem } from './dialect';
import type { RunView } from './run';
import { outputOf, type Json } from './runScript';

const sentences = {
  notAuthenticated: [401, 'Unauthorized', 'Bearer token is invalid or missing'],
  tokenRefused: [401, 'Unauthorized', 'Bearer token is invalid or missing'],
  forbidden: [403, 'Forbidden', 'This token may not see the execution'],
  throttled: [429, 'Too many requests', 'The rate limit was reached'],
  noRoute: [404, 'Not found', 'There is nothing at this address'],
  missingInputs: [422, 'Validation error', 'Missing inputs'],
  badJson: [400, 'Bad request', 'There was an error parsing the body'],
  crash: [500, 'Internal server error', 'An unexpected error occurred'],
} as const satisfies Record<Problem, readonly [number, string, string]>;

/** The dialect of CrewAI's API reference: three shapes keyed by `status`. */
export const documented: Dialect = {
  status: (run) => json(200, bodyOf(run)),
  unknownRun: (id) => json(404, { error: 'Execution not found', message: `No execution with the ID ${id}` }),
  error: (problem, says) => {
    const [status, error, message] = sentences[problem];
    return json(status, { error, message: says ?? message });
  },
  word: (word) => json(200, { status: word }),
};

function bodyOf(run: RunView): object {
  switch (run.moment.kind) {
    case 'queued':
    case 'running':
    case 'waiting':
      return running(run);
    case 'succeeded':
      return completed(run);
    case 'failed':
      return { status: 'error', error: run.script.reason ?? 'Task execution failed', execution_time: executionTime(run) };
    case 'stopped':
      return { status: 'error', error: 'Execution was stopped', execution_time: executionTime(run) };
  }
}

function running({ kind, script, moment }: RunView): object {
  const current = moment.current ?? script.tasks[0];
  return {
    status: 'running',
    ...(current && { current_task: current.name }),
    progress: { completed_tasks: moment.completed, ...(kind === 'crew' && { total_tasks: script.tasks.length }) },
  };
}

function completed(run: RunView): object {
  const tasks = run.script.tasks.map(({ name, output, agent, seconds }) => ({
    task_id: name,
    output,
    agent,
    execution_time: tenths(run.lasted(seconds)),
  }));
  return { status: 'completed', result: { output: asText(outputOf(run.script)), tasks }, execution_time: executionTime(run) };
}

function executionTime(run: RunView): number {
  return tenths(run.lasted(run.moment.worked));
}

function tenths(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}

function asText(output: Json): string {
  return typeof output === 'string' ? output : JSON.stringify(output);
}
