import { indentJson, valueAt } from '#core/lib/json';
import { contentFormat } from '#core/output/language';
import type { OutputFormat } from '#core/output/outputFormats';
import { nonBlankText } from './oneLine';
import { asResult, isDump, isEnvelope, type ResultFields, type StatusFields } from './schema';

export interface StatusBody {
  readonly text: string;
  readonly fields: StatusFields;
  readonly result: ResultFields;
  /** The known fields of `result_json`. */
  readonly resultJson: ResultFields;
}

export interface Output {
  readonly text: string;
  readonly format: OutputFormat;
}

interface FoundOutput {
  readonly output: Output;
  readonly value: unknown;
}

/** Returns the output from `result` or `result_json`, else from the last task. The reason of a failure isn't an output. */
export function outputOf(body: StatusBody, reason: string | undefined): FoundOutput | undefined {
  const { result, result_json: json } = body.fields;
  const { output, report, tasks_output: tasks } = body.result;
  const resultOutput = result === reason ? undefined : outputAt(body, result, ['result']);
  const resultJsonOutput = outputAt(body, json, ['result_json']);
  const isDumpOrHasText = isDump(body.result) || nonBlankText(output ?? report) !== undefined;
  const prefersResult = typeof result === 'string' || isDumpOrHasText || typeof json === 'string';
  return (
    (isEnvelope(result) ? textOutput(output) : undefined) ??
    (prefersResult ? (resultOutput ?? resultJsonOutput) : (resultJsonOutput ?? resultOutput)) ??
    lastTaskOutput(body) ??
    textOutput(tasks?.at(-1)?.raw)
  );
}

/** Returns the output of the last executed task, if AMP sent that task as an object. */
export function lastTaskOutput(body: StatusBody): FoundOutput | undefined {
  const task = body.fields.last_executed_task;
  if (typeof task !== 'object') return undefined;
  return outputAt(body, task.output, ['last_executed_task', 'output']) ?? textOutput(task.raw);
}

/** Returns a text as an output. Undefined for a blank text and any other value. */
export function asOutput(value: unknown): Output | undefined {
  const text = nonBlankText(value);
  return text === undefined ? undefined : { text, format: contentFormat(text) };
}

function textOutput(value: unknown): FoundOutput | undefined {
  const output = asOutput(value);
  return output && { output, value };
}

/** Returns the value at a path as an output. For a dump of a CrewAI object, returns its text, or its JSON if the text is empty. */
function outputAt(body: StatusBody, value: unknown, path: readonly string[]): FoundOutput | undefined {
  const fields = asResult(value);
  if (!isDump(fields)) return textOutput(value) ?? jsonOutput(body, value, path);
  const { raw, json_dict: json, pydantic } = fields;
  return textOutput(raw) ?? jsonOutput(body, json, [...path, 'json_dict']) ?? jsonOutput(body, pydantic, [...path, 'pydantic']);
}

/** Returns a value as JSON. Undefined for a text or an empty value. Indents the JSON on access, because polls need only the format. */
function jsonOutput({ text }: StatusBody, value: unknown, path: readonly string[]): FoundOutput | undefined {
  if (typeof value === 'string' || isEmpty(value)) return undefined;
  const output: Output = {
    get text() {
      return indentJson(valueAt(text, path) ?? '');
    },
    format: typeof value === 'object' ? 'json' : 'plain',
  };
  return { output, value };
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== 'object') return false;
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
}
