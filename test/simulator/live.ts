import { json, text } from './answer';
import type { Dialect, Problem } from './dialect';
import { parsed } from './requestText';
import type { RunView } from './run';
import { outputOf, type Json, type Step } from './runScript';

const sentences = {
  notAuthenticated: [401, 'Not authenticated'],
  tokenRefused: [401, 'Invalid or missing authentication credentials'],
  forbidden: [403, 'Not allowed'],
  throttled: [429, 'Too Many Requests'],
  noRoute: [404, 'Not Found'],
  missingInputs: [422, 'Missing inputs'],
  badJson: [400, 'There was an error parsing the body'],
  crash: [500, 'Internal Server Error'],
} as const satisfies Record<Problem, readonly [number, string]>;

/** The dialect of real deployments: one flat object keyed by `state`. */
export const live: Dialect = {
  status: (run) => json(200, bodyOf(run)),
  unknownRun: () => json(200, notFound),
  error: (problem, says) => {
    const [status, sentence] = sentences[problem];
    return problem === 'crash' ? text(status, sentence) : json(status, { detail: says ?? sentence });
  },
  word: (word) => json(200, { state: word, status: `Task is ${word.toLowerCase()}`, result: null }),
};

const notFound = {
  state: 'NOT FOUND',
  status: 'Task not found or Invalid kickoff id',
  result: null,
  result_json: null,
  progress: null,
  last_step: null,
  last_executed_task: null,
};

const pending = {
  state: 'PENDING',
  status: 'Task is pending',
  result: null,
  result_json: null,
  usage_metrics: null,
  progress: null,
  last_event: null,
  events: null,
  events_count: null,
  events_by_type: null,
  triggered_by: null,
  execution_origin: 'api',
  last_step: null,
  last_executed_task: null,
  flow_id: null,
  source: 'memory',
};

/** The step of a task whose script has no steps. */
const usualStep: Step = {
  thought: 'I should look for recent sources',
  tool: 'search_the_internet',
  input: { q: 'agents' },
  result: '1. …',
};

function bodyOf(run: RunView): object {
  switch (run.moment.kind) {
    case 'queued':
      return pending;
    case 'running':
      return running(run);
    case 'waiting':
      return run.kind === 'crew' ? notFound : paused(run);
    case 'succeeded':
      return success(run);
    case 'failed':
      return failed(run.script.reason ?? 'RuntimeError: the task failed');
    case 'stopped':
      return { state: 'REVOKED', status: 'Task was revoked', result: null };
  }
}

function running(run: RunView): object {
  const { completed } = run.moment;
  return {
    state: 'RUNNING',
    status: 'Task is Running',
    result: null,
    result_json: null,
    usage_metrics: usage(run),
    progress: {
      ...progress(run),
      current_agent: run.kind === 'crew' ? (run.moment.current?.agent ?? null) : null,
      started_at: new Date(run.startedAt).toISOString(),
      updated_at: new Date(run.updatedAt).toISOString(),
      duration_seconds: Math.round((run.updatedAt - run.startedAt) / 100) / 10,
    },
    last_event: { type: 'task_started' },
    events_count: completed * 8 + 4,
    events_by_type: { task_started: completed + 1, task_completed: completed },
    triggered_by: { type: 'user', id: '8123' },
    execution_origin: 'api',
    last_step: run.kind === 'crew' ? lastStep(run) : null,
    last_executed_task: lastTask(run),
    source: 'memory',
  };
}

function success(run: RunView): object {
  const result = outputOf(run.script);
  return {
    state: 'SUCCESS',
    status: null,
    result,
    result_json: jsonOf(result),
    usage_metrics: usage(run),
    progress: progress(run),
    execution_origin: 'api',
    last_executed_task: lastTask(run),
    source: 'memory',
  };
}

function failed(status: string): object {
  return { state: 'FAILED', status, result: null, result_json: null, progress: null, source: 'memory' };
}

function paused(run: RunView): object {
  return {
    state: 'PAUSED',
    status: 'Waiting for human feedback',
    result: null,
    flow_id: '0d3c9c0e-1f1c-4b0e-9d2b-9a6d5c1f7a10',
    progress: progress(run),
  };
}

function progress({ kind, script, moment }: RunView): object {
  const total = kind === 'crew' ? script.tasks.length : null;
  return {
    unit: kind === 'crew' ? 'task' : 'step',
    completed: moment.completed,
    total,
    remaining: total === null ? null : total - moment.completed,
    current: moment.current?.name ?? null,
  };
}

/** Returns the last finished task of a crew. Flows report no tasks. */
function lastTask({ kind, id, meta, moment: { last } }: RunView): object | null {
  if (kind === 'flow' || !last) return null;
  const { name, agent, output, description = `The work of ${name}.` } = last;
  return { name, description, expected_output: 'A clear answer', agent, output, kickoff_id: id, meta: meta ?? null };
}

function lastStep({ moment }: RunView): object | null {
  const steps = moment.current?.steps ?? [usualStep];
  const step = steps[Math.floor(moment.worked / 3) % steps.length];
  if (!step) return null;
  const { thought, tool, input, result } = step;
  return { prompt: '…', thought, tool, tool_input: JSON.stringify(input), result };
}

function usage({ moment: { worked } }: RunView): object {
  const prompt = Math.round(worked * 610);
  const completion = Math.round(worked * 130);
  return {
    total_tokens: prompt + completion,
    prompt_tokens: prompt,
    completion_tokens: completion,
    successful_requests: Math.ceil(worked / 3),
  };
}

function jsonOf(result: Json): unknown {
  const value = typeof result === 'string' ? parsed(result) : null;
  return typeof value === 'object' ? value : null;
}
