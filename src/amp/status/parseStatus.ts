import { isSettled, type Answer, type Phase, type Progress } from '#core/kickoff/kickoff';
import { defined } from '#core/lib/defined';
import { parseJson } from '#core/lib/json';
import { nonBlankText, oneLine, truncate } from './oneLine';
import { asOutput, lastTaskOutput, outputOf, type Output, type StatusBody } from './output';
import { outputTitle } from './outputTitle';
import { asError, asResult, asStatus, type StatusFields } from './schema';
import { timesOf, type ResponseTimes } from './serverTime';

const statusWordsByKind: Readonly<Record<Phase['kind'], readonly string[]>> = {
  queued: ['PENDING', 'QUEUED', 'SCHEDULED', 'CREATED'],
  running: ['STARTED', 'RUNNING', 'RETRY', 'IN PROGRESS'],
  succeeded: ['SUCCESS', 'SUCCEEDED', 'COMPLETED', 'COMPLETE', 'FINISHED', 'DONE'],
  failed: ['FAILED', 'FAILURE', 'ERROR', 'TIMEOUT', 'TIMED OUT', 'CRASHED'],
  stopped: ['REVOKED', 'CANCELLED', 'CANCELED', 'STOPPED', 'ABORTED'],
  waiting: ['PAUSED'],
  missing: ['NOT FOUND'],
};
const phaseKinds = Object.keys(statusWordsByKind) as Phase['kind'][];

/** The maximum length of a status word. Longer words count as unknown, because normalizing megabytes takes seconds. */
const maxStatusWordLength = 100;

/** The maximum length of a failure reason, because reasons stay in memory. The stored body contains the full reason. */
const maxReasonLength = 20_000;
const maxTaskNameLength = 120;

/** Parses a status body, which contains the status in `state` or in `status`. Never throws. Undefined if the bytes aren't a status. */
export function parseStatus(bytes: Uint8Array, times?: ResponseTimes): (Answer & { readonly output?: Output }) | undefined {
  const text = new TextDecoder().decode(bytes);
  const fields = asStatus(parseJson(text));
  if (!fields) return undefined;

  const body: StatusBody = { text, fields, result: asResult(fields.result), resultJson: asResult(fields.result_json) };
  const phase = phaseOf(fields);
  const { last_executed_task: lastExecutedTask } = fields;
  const [totalTokens] = [fields.usage_metrics, fields.token_usage, body.result.token_usage, body.resultJson.token_usage].flatMap(
    (usage) => usage?.total_tokens ?? [],
  );
  const foundOutput = isSettled(phase) ? outputOf(body, phase.kind === 'failed' ? reasonOf(fields) : undefined) : undefined;
  return {
    phase,
    progress: progressOf(fields),
    ...tasksOf(body),
    ...timesOf(fields, phase, times),
    ...defined({
      totalTokens,
      output: foundOutput?.output,
      title: foundOutput && outputTitle(foundOutput.value),
      requestId: typeof lastExecutedTask === 'object' ? lastExecutedTask.meta?.requestId : undefined,
      isFlow: fields.progress?.unit === 'step' || undefined,
    }),
  };
}

/** Returns the phase by `state`, or by `status` if `state` is missing or unknown. With `state`, `status: success` is about the request. */
function phaseOf(fields: StatusFields): Phase {
  const { state, status } = fields;
  const word = nonBlankText(state) ?? status ?? '';
  const kind = phaseKindOf(word) ?? (/^\s*success\s*$/i.test(status ?? '') ? undefined : phaseKindOf(status ?? ''));
  if (kind === 'failed') {
    const reason = reasonOf(fields);
    return { kind, ...(reason !== undefined && { reason: truncate(reason, maxReasonLength) }) };
  }
  if (kind) return { kind };

  const stateText = oneLine(word);
  return { kind: 'running', ...(stateText !== undefined && { stateText }) };
}

/** Returns the reason of a failure. `status` can be the reason only if `state` is a known status word. */
function reasonOf(fields: StatusFields): string | undefined {
  const status = phaseKindOf(fields.state ?? '') ? fields.status : undefined;
  return [fields.error, asError(fields.error)?.message, fields.error_message, status, fields.detail, fields.message, fields.result]
    .map(nonBlankText)
    .find((text) => text !== undefined);
}

function progressOf({ progress = {}, current_task: currentTask, last_step: step = {} }: StatusFields): Progress {
  return defined({
    completed: progress.completed ?? progress.completed_tasks,
    total: (progress.total ?? progress.total_tasks) || undefined,
    current: progress.current ?? currentTask,
    agent: progress.current_agent,
    thought: step.thought,
    tool: step.tool,
  });
}

function tasksOf(body: StatusBody): Pick<Answer, 'tasks' | 'hasAllTasks'> {
  const { tasks: documentedTasks, tasks_output: dumpedTasks = body.resultJson.tasks_output } = body.result;
  const taskLists: readonly (Answer['tasks'] | undefined)[] = [
    documentedTasks?.map(({ task_id: name, agent, output, execution_time: executionSeconds }) =>
      defined({ name, agent, executionSeconds, ...outputFields(asOutput(output)) }),
    ),
    dumpedTasks?.map(({ name, agent, raw }) => defined({ name, agent, ...outputFields(asOutput(raw)) })),
  ];
  // Skips a list without known fields, because a crew may return an object with its own `tasks`.
  const tasks = taskLists.find((list) => list?.some((task) => Object.keys(task).length > 0));
  return tasks ? { tasks, hasAllTasks: true } : { tasks: lastTask(body), hasAllTasks: false };
}

/** Returns the last executed task. If AMP sends a text, a short line is the task's name, and any other text is the task's output. */
function lastTask(body: StatusBody): Answer['tasks'] {
  const task = body.fields.last_executed_task;
  if (typeof task === 'string') {
    const name = task.trim();
    if (name === '') return [];
    return [name.length <= maxTaskNameLength && !/[\r\n]/.test(name) ? { name } : outputFields(asOutput(task))];
  }
  if (!task) return [];

  const name = task.name ?? task.task_name ?? task.task_id;
  const output = lastTaskOutput(body)?.output;
  return name === undefined && output === undefined ? [] : [defined({ name, agent: task.agent, ...outputFields(output) })];
}

function outputFields(output: Output | undefined): Pick<Answer['tasks'][number], 'output' | 'language'> {
  return output === undefined ? {} : { output: output.text, language: output.format };
}

/** Returns the kind of phase for a word in `state` or `status`, ignoring case. Undefined for an unknown word. */
export function phaseKindOf(word: string): Phase['kind'] | undefined {
  if (word.length > maxStatusWordLength) return undefined;
  const cleanWord = word
    .toUpperCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();
  return phaseKinds.find((kind) => statusWordsByKind[kind].includes(cleanWord)) ?? (cleanWord.includes('HUMAN') ? 'waiting' : undefined);
}
