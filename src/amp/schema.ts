import * as v from 'valibot';
import { shortened } from './sentence';

const longestName = 500;
const mostSeconds = 1e9;
/** No crew comes near; without a limit a hostile list would cost quadratic time. */
const mostTasks = 1_000;
/** More complaints than that make no sentence. */
const mostComplaints = 10;

/** A field of another type counts as absent; nothing a server sends makes the reader give up. */
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
const seconds = lenient(v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(mostSeconds)));
const anything = v.optional(v.unknown());

const progress = v.object({
  completed: count,
  total: count,
  completed_tasks: count,
  total_tasks: count,
  current: name,
  current_agent: name,
  started_at: text,
  duration_seconds: seconds,
});

const lastTask = v.object({ name, task_id: name, agent: name, output: anything });

const taskResult = v.fallback(v.object({ task_id: name, output: anything, agent: name, execution_time: seconds }), {});

/** A status body of either dialect, or of both at once. */
const statusBody = v.object({
  state: textOrNull,
  status: textOrNull,
  result: anything,
  result_json: anything,
  error: anything,
  detail: text,
  message: text,
  current_task: name,
  execution_time: seconds,
  progress: lenient(progress),
  last_step: lenient(v.object({ thought: name, tool: name })),
  usage_metrics: lenient(v.object({ total_tokens: count })),
  last_executed_task: lenient(v.union([v.string(), lastTask])),
});

/** The first items of a list: the others are not looked at. */
function firstOf<const S extends v.GenericSchema>(most: number, item: S) {
  return v.pipe(
    v.custom<readonly unknown[]>(Array.isArray),
    v.transform((items) => items.slice(0, most)),
    v.array(item),
  );
}

const resultObject = v.object({ output: text, tasks: lenient(firstOf(mostTasks, taskResult)) });

const complaint = v.fallback(v.object({ loc: lenient(firstOf(mostComplaints, v.unknown())), msg: text }), {});

const errorBody = v.object({
  error: anything,
  message: text,
  detail: lenient(v.union([v.string(), firstOf(mostComplaints, complaint)])),
});

/** What a status body says, as far as its fields have the right types. */
export type Said = v.InferOutput<typeof statusBody>;

/** What an error body says. */
export type ErrorSaid = v.InferOutput<typeof errorBody>;

/** Undefined when the value is no JSON object, or one with neither `state` nor `status`. */
export function asStatus(value: unknown): Said | undefined {
  const said = isObject(value) ? v.safeParse(statusBody, value) : undefined;
  return said?.success && (said.output.state !== undefined || said.output.status !== undefined) ? said.output : undefined;
}

/** The documented form of `result`; empty when it is another one. */
export function asResult(value: unknown): v.InferOutput<typeof resultObject> {
  const result = isObject(value) ? v.safeParse(resultObject, value) : undefined;
  return result?.success ? result.output : {};
}

/** Undefined when the value is no JSON object. */
export function asError(value: unknown): ErrorSaid | undefined {
  const said = isObject(value) ? v.safeParse(errorBody, value) : undefined;
  return said?.success ? said.output : undefined;
}

/** The message inside an `error` that is an object, as some wrappers send it. */
export function messageIn(value: unknown): string | undefined {
  const said = isObject(value) ? v.safeParse(v.object({ message: text }), value) : undefined;
  return said?.success ? said.output.message : undefined;
}

/** The value of a JSON text; undefined when it is none. */
export function parsedJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
