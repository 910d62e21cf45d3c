import type { Answer } from '#core/kickoff/kickoff';
import { indentJson, valueAt } from '#core/lib/json';
import { contentLanguage } from '#core/output/language';
import { asResult, isDump, type ResultSaid, type StatusFields } from './schema';

/** The text and the known fields of a status body. */
export interface StatusBody {
  readonly text: string;
  readonly fields: StatusFields;
  /** The known fields of `result`, and of `result_json`. */
  readonly result: ResultSaid;
  readonly json: ResultSaid;
}

type Output = NonNullable<Answer['output']>;

/**
 * Returns the output of a run from `result` or `result_json`, else from the last task. A `result` that is the reason of a failure isn't an
 * output.
 */
export function outputOf(body: StatusBody, reason: string | undefined): Output | undefined {
  const { result, result_json: json } = body.fields;
  const ofResult = result === reason ? undefined : outputAt(body, result, ['result']);
  const ofJson = outputAt(body, json, ['result_json']);
  const isFirst = typeof result === 'string' || isDump(body.result) || typeof json === 'string';
  return (
    asOutput(isDump(body.result) ? undefined : body.result.output) ??
    (isFirst ? (ofResult ?? ofJson) : (ofJson ?? ofResult)) ??
    lastOutput(body) ??
    asOutput(body.result.tasks_output?.at(-1)?.raw)
  );
}

/** Returns the output of the last executed task, if AMP sent that task as an object. */
export function lastOutput(body: StatusBody): Output | undefined {
  const task = body.fields.last_executed_task;
  if (typeof task !== 'object') return undefined;
  return outputAt(body, task.output, ['last_executed_task', 'output']) ?? asOutput(task.raw);
}

/** Returns the value if it's a text that isn't blank; otherwise undefined. */
export function filledText(value: unknown): string | undefined {
  return typeof value === 'string' && /\S/.test(value) ? value : undefined;
}

/** Returns a text with its language. Undefined if the value is blank or not a text. */
export function asOutput(value: unknown): Output | undefined {
  const text = filledText(value);
  return text === undefined ? undefined : { text, language: contentLanguage(text) };
}

/** Returns the value at a path as an output. For a dump of a CrewAI object, returns its text, or its JSON if the text is empty. */
function outputAt(body: StatusBody, value: unknown, path: readonly string[]): Output | undefined {
  const dump = asResult(value);
  if (!isDump(dump)) return asOutput(value) ?? asJson(body, value, path);
  const { raw, json_dict: json, pydantic } = dump;
  return asOutput(raw) ?? asJson(body, json, [...path, 'json_dict']) ?? asJson(body, pydantic, [...path, 'pydantic']);
}

/**
 * Returns a value that isn't text as an output. Undefined for a text and for an empty value. Indents JSON only on access, because a poll
 * needs only the language.
 */
function asJson({ text }: StatusBody, value: unknown, path: readonly string[]): Output | undefined {
  if (typeof value === 'string' || isEmpty(value)) return undefined;
  return {
    get text() {
      return indentJson(valueAt(text, path) ?? '');
    },
    language: typeof value === 'object' ? 'json' : 'plain',
  };
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== 'object') return false;
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
}
