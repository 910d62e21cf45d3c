import * as v from 'valibot';
import { shortened } from './oneLine';

const longestName = 500;
/** The longest plausible duration, in seconds. */
export const maxSeconds = 1e9;
/** The maximum number of tasks that are read from a list. Matching a longer list would take too long. */
const maxTasks = 1_000;
const maxComplaints = 10;

/** Makes a field with a wrong type count as absent, so that no field can make the whole body invalid. */
function lenient<const S extends v.GenericSchema>(schema: S) {
  return v.fallback(v.optional(schema), undefined);
}

const text = lenient(v.string());
const textOrNull = lenient(v.nullable(v.string()));
const name = lenient(
  v.pipe(
    v.string(),
    v.transform((value) => shortened(value.trim(), longestName)),
    v.nonEmpty(),
  ),
);
const count = lenient(v.pipe(v.number(), v.safeInteger(), v.minValue(0)));
const seconds = lenient(v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(maxSeconds)));
const anyValue = v.optional(v.unknown());

const progress = v.object({
  unit: text,
  completed: count,
  total: count,
  completed_tasks: count,
  total_tasks: count,
  current: name,
  current_agent: name,
  started_at: text,
  duration_seconds: seconds,
});

const usage = lenient(v.object({ total_tokens: count }));

/** The last executed task. `raw` is its output in a dump of CrewAI's `TaskOutput`. */
const lastTask = v.object({
  name,
  task_name: name,
  task_id: name,
  agent: name,
  output: anyValue,
  raw: text,
  meta: lenient(v.object({ requestId: name })),
});

const taskResult = v.fallback(v.object({ task_id: name, output: anyValue, agent: name, execution_time: seconds }), {});

const taskOutput = v.fallback(v.object({ name, agent: name, raw: text }), {});

const statusBody = v.object({
  state: textOrNull,
  status: textOrNull,
  result: anyValue,
  result_json: anyValue,
  error: anyValue,
  error_message: text,
  detail: text,
  message: text,
  data: anyValue,
  current_task: name,
  execution_time: seconds,
  duration_seconds: seconds,
  started_at: text,
  finished_at: text,
  progress: lenient(progress),
  last_step: lenient(v.object({ thought: name, tool: name })),
  usage_metrics: usage,
  token_usage: usage,
  last_executed_task: lenient(v.union([v.string(), lastTask])),
});

function firstItems<const S extends v.GenericSchema>(maxItems: number, item: S) {
  return v.pipe(
    v.custom<readonly unknown[]>(Array.isArray),
    v.transform((items) => items.slice(0, maxItems)),
    v.array(item),
  );
}

/** An object in `result` or `result_json`, in the documented form or as a dump of CrewAI's `CrewOutput` or `TaskOutput`. */
const resultObject = v.object({
  output: text,
  report: text,
  tasks: lenient(firstItems(maxTasks, taskResult)),
  raw: text,
  json_dict: anyValue,
  pydantic: anyValue,
  tasks_output: lenient(firstItems(maxTasks, taskOutput)),
  token_usage: usage,
});

const complaint = v.fallback(v.object({ loc: lenient(firstItems(maxComplaints, v.unknown())), msg: text }), {});

const errorBody = v.object({
  error: anyValue,
  message: text,
  detail: lenient(v.union([v.string(), firstItems(maxComplaints, complaint)])),
});

/** The known fields of a status response. Fields with a wrong type are undefined. */
export type StatusFields = v.InferOutput<typeof statusBody>;

/** The known fields of an error response. */
export type ErrorFields = v.InferOutput<typeof errorBody>;

export type Complaint = v.InferOutput<typeof complaint>;

/** Returns the fields of a status. Undefined if the value isn't an object with `state` or `status`, or if a proxy wrapped the status. */
export function asStatus(value: unknown): StatusFields | undefined {
  const fields = fieldsOf(value, statusBody);
  if (!fields || isWrapped(fields)) return undefined;
  return fields.state !== undefined || fields.status !== undefined ? fields : undefined;
}

/** Whether a proxy wrapped the status, as in `{"status":"success","data":{"state":"RUNNING"}}`. Such a `status` isn't the run's. */
function isWrapped({ state, status, data }: StatusFields): boolean {
  return typeof state !== 'string' && status?.toLowerCase() === 'success' && isObject(data) && ('state' in data || 'status' in data);
}

export type ResultFields = v.InferOutput<typeof resultObject>;

/** Returns the known fields of `result` or `result_json`. Empty if the value isn't an object. */
export function asResult(value: unknown): ResultFields {
  return fieldsOf(value, resultObject) ?? {};
}

/** Whether a value is an object with the documented members of `result` only, so that its `output` is the whole output. */
export function isEnvelope(value: unknown): boolean {
  return isObject(value) && Object.keys(value).every((name) => name === 'output' || name === 'tasks');
}

/** Whether a result is a dump of CrewAI's `CrewOutput` or `TaskOutput`. */
export function isDump({ raw, json_dict: json, pydantic, tasks_output: tasksOutput }: ResultFields): boolean {
  return raw !== undefined && (tasksOutput !== undefined || (json !== undefined && pydantic !== undefined));
}

/** Returns the fields of an error response, or of an error in it. Undefined if the value isn't an object. */
export function asError(value: unknown): ErrorFields | undefined {
  return fieldsOf(value, errorBody);
}

function fieldsOf<const S extends v.GenericSchema>(value: unknown, schema: S): v.InferOutput<S> | undefined {
  const parsed = isObject(value) ? v.safeParse(schema, value) : undefined;
  return parsed?.success ? parsed.output : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
