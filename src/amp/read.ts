import { isSettled, type Answer, type Phase, type Progress } from '../core/kickoff';
import { asOutput, filledText, lastOutput, outputOf, type StatusBody } from './output';
import { asResult, asStatus, messageIn, parsedJson, type Said } from './schema';
import { sentence, shortened } from './sentence';
import { durationOf, startOf, type Moment } from './times';
import { kindOf } from './words';

/** The body holds all of it; what is kept beside it in memory is cut. */
const longestReason = 20_000;
const longestName = 120;

/** What a status body says, in either dialect; undefined when it is no status. Takes any bytes and never throws. */
export function readAnswer(bytes: Uint8Array, at?: Moment): Answer | undefined {
  const text = new TextDecoder().decode(bytes);
  const said = asStatus(parsedJson(text));
  if (!said) return undefined;

  const body: StatusBody = { text, said };
  const phase = phaseOf(said);
  const startedAt = startOf(said, phase, at);
  const executionSeconds = durationOf(said, phase);
  const totalTokens = said.usage_metrics?.total_tokens;
  const output = isSettled(phase) ? outputOf(body, phase.kind === 'failed' ? reasonOf(said) : undefined) : undefined;
  return {
    phase,
    progress: progressOf(said),
    ...tasksOf(body),
    ...(startedAt !== undefined && { startedAt }),
    ...(executionSeconds !== undefined && { executionSeconds }),
    ...(totalTokens !== undefined && { totalTokens }),
    ...(output && { output }),
  };
}

function phaseOf(said: Said): Phase {
  const word = said.state ?? said.status ?? '';
  const kind = kindOf(word);
  if (kind === 'failed') {
    const reason = reasonOf(said);
    return { kind, ...(reason !== undefined && { reason: shortened(reason, longestReason) }) };
  }
  if (kind) return { kind };

  const stateText = sentence(word);
  return { kind: 'running', ...(stateText !== undefined && { stateText }) };
}

/** Why it failed; `status` is a message only where `state` is the word. */
function reasonOf(said: Said): string | undefined {
  const status = typeof said.state === 'string' ? said.status : undefined;
  return [said.error, messageIn(said.error), status, said.detail, said.message, said.result]
    .map(filledText)
    .find((text) => text !== undefined);
}

function progressOf({ progress = {}, current_task: currentTask, last_step: step = {} }: Said): Progress {
  const completed = progress.completed ?? progress.completed_tasks;
  const total = progress.total ?? progress.total_tasks;
  const current = progress.current ?? currentTask;
  const agent = progress.current_agent;
  return {
    ...(completed !== undefined && { completed }),
    ...(total !== undefined && total > 0 && { total }),
    ...(current !== undefined && { current }),
    ...(agent !== undefined && { agent }),
    ...(step.thought !== undefined && { thought: step.thought }),
    ...(step.tool !== undefined && { tool: step.tool }),
  };
}

function tasksOf(body: StatusBody): Pick<Answer, 'tasks' | 'hasAllTasks'> {
  const listed = asResult(body.said.result).tasks ?? [];
  if (listed.length === 0) return { tasks: lastTask(body), hasAllTasks: false };

  const tasks = listed.map(({ task_id: name, agent, output, execution_time: executionSeconds }) => ({
    ...(name !== undefined && { name }),
    ...(agent !== undefined && { agent }),
    ...withOutput(asOutput(output)),
    ...(executionSeconds !== undefined && { executionSeconds }),
  }));
  return { tasks, hasAllTasks: true };
}

/** An object, or a text: the task's name when it is a short line, else what it put out. */
function lastTask(body: StatusBody): Answer['tasks'] {
  const task = body.said.last_executed_task;
  if (typeof task === 'string') {
    const isName = task.trim().length <= longestName && !/[\r\n]/.test(task.trim());
    const text = filledText(task);
    return text === undefined ? [] : [isName ? { name: task.trim() } : withOutput(asOutput(task))];
  }
  if (!task) return [];

  const name = task.name ?? task.task_id;
  const output = lastOutput(body);
  if (name === undefined && output === undefined) return [];
  return [{ ...(name !== undefined && { name }), ...(task.agent !== undefined && { agent: task.agent }), ...withOutput(output) }];
}

function withOutput(output: Answer['output']): Pick<Answer['tasks'][number], 'output' | 'language'> {
  return output === undefined ? {} : { output: output.text, language: output.language };
}
