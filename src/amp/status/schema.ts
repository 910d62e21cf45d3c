import * as v from 'valibot';
import { truncate } from './oneLine';

const maxNameLength = 500;
/** The longest plausible duration, in seconds. */
export const maxDurationSeconds = 1e9;
/** The maximum number of tasks that are read from a list. Matching a longer list would take too long. */
const maxTasks = 1_000;
const maxComplaints = 10;

/** Makes a field with a wrong type count as absent, so that no field can make the whole body invalid. */
function lenientField<const S extends v.GenericSchema>(schema: S) {
  return v.fallback(v.optional(schema), undefined);
}

const textField = lenientField(v.string());
const nullableTextField = lenientField(v.nullable(v.string()));
const nameField = lenientField(
  v.pipe(
    v.string(),
    v.transform((value) => truncate(value.trim(), maxNameLength)),
    v.nonEmpty(),
  ),
);
const countField = lenientField(v.pipe(v.number(), v.safeInteger(), v.minValue(0)));
const secondsField = lenientField(v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(maxDurationSeconds)));
const anyField = v.optional(v.unknown());

const progressSchema = v.object({
  unit: textField,
  completed: countField,
  total: countField,
  completed_tasks: countField,
  total_tasks: countField,
  current: nameField,
  current_agent: nameField,
  started_at: textField,
  duration_seconds: secondsField,
});

const usageField = lenientField(v.object({ total_tokens: countField }));

/** The last executed task. `raw` is its output in a dump of CrewAI's `TaskOutput`. */
const lastTaskSchema = v.object({
  name: nameField,
  task_name: nameField,
  task_id: nameField,
  agent: nameField,
  output: anyField,
  raw: textField,
  meta: lenientField(v.object({ requestId: nameField })),
});

const taskResultSchema = v.fallback(v.object({ task_id: nameField, output: anyField, agent: nameField, execution_time: secondsField }), {});

const taskOutputSchema = v.fallback(v.object({ name: nameField, agent: nameField, raw: textField }), {});

const statusSchema = v.object({
  state: nullableTextField,
  status: nullableTextField,
  result: anyField,
  result_json: anyField,
  error: anyField,
  error_message: textField,
  detail: textField,
  message: textField,
  data: anyField,
  current_task: nameField,
  execution_time: secondsField,
  duration_seconds: secondsField,
  started_at: textField,
  finished_at: textField,
  progress: lenientField(progressSchema),
  last_step: lenientField(v.object({ thought: nameField, tool: nameField })),
  usage_metrics: usageField,
  token_usage: usageField,
  last_executed_task: lenientField(v.union([v.string(), lastTaskSchema])),
});

function firstItems<const S extends v.GenericSchema>(maxItems: number, item: S) {
  return v.pipe(
    v.custom<readonly unknown[]>(Array.isArray),
    v.transform((items) => items.slice(0, maxItems)),
    v.array(item),
  );
}

/** An object in `result` or `result_json`, in the documented form or as a dump of CrewAI's `CrewOutput` or `TaskOutput`. */
const resultSchema = v.object({
  output: textField,
  report: textField,
  tasks: lenientField(firstItems(maxTasks, taskResultSchema)),
  raw: textField,
  json_dict: anyField,
  pydantic: anyField,
  tasks_output: lenientField(firstItems(maxTasks, taskOutputSchema)),
  token_usage: usageField,
});

const complaintSchema = v.fallback(v.object({ loc: lenientField(firstItems(maxComplaints, v.unknown())), msg: textField }), {});

const errorSchema = v.object({
  error: anyField,
  message: textField,
  detail: lenientField(v.union([v.string(), firstItems(maxComplaints, complaintSchema)])),
});

/** The known fields of a status response. Fields with a wrong type are undefined. */
export type StatusFields = v.InferOutput<typeof statusSchema>;

/** The known fields of an error response. */
export type ErrorFields = v.InferOutput<typeof errorSchema>;

export type Complaint = v.InferOutput<typeof complaintSchema>;

/** Returns the fields of a status. Undefined if the value isn't an object with `state` or `status`, or if a proxy wrapped the status. */
export function asStatus(value: unknown): StatusFields | undefined {
  const fields = fieldsOf(value, statusSchema);
  if (!fields || isWrapped(fields)) return undefined;
  return fields.state !== undefined || fields.status !== undefined ? fields : undefined;
}

/** Whether a proxy wrapped the status, as in `{"status":"success","data":{"state":"RUNNING"}}`. Such a `status` isn't the run's. */
function isWrapped({ state, status, data }: StatusFields): boolean {
  return typeof state !== 'string' && status?.toLowerCase() === 'success' && isObject(data) && ('state' in data || 'status' in data);
}

export type ResultFields = v.InferOutput<typeof resultSchema>;

/** Returns the known fields of `result` or `result_json`. Empty if the value isn't an object. */
export function asResult(value: unknown): ResultFields {
  return fieldsOf(value, resultSchema) ?? {};
}

/** Whether a value is an object with only the documented members of `result`. Then its `output` is the whole output. */
export function isEnvelope(value: unknown): boolean {
  return isObject(value) && Object.keys(value).every((name) => name === 'output' || name === 'tasks');
}

/** Whether a result is a dump of CrewAI's `CrewOutput` or `TaskOutput`. */
export function isDump({ raw, json_dict: json, pydantic, tasks_output: tasksOutput }: ResultFields): boolean {
  return raw !== undefined && (tasksOutput !== undefined || (json !== undefined && pydantic !== undefined));
}

/** Returns the fields of an error response, or of its `error`. Undefined if the value isn't an object. */
export function asError(value: unknown): ErrorFields | undefined {
  return fieldsOf(value, errorSchema);
}

function fieldsOf<const S extends v.GenericSchema>(value: unknown, schema: S): v.InferOutput<S> | undefined {
  const parseResult = isObject(value) ? v.safeParse(schema, value) : undefined;
  return parseResult?.success ? parseResult.output : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
