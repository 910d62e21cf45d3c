import { indented, valueAt } from '../core/jsonText';
import type { Answer } from '../core/kickoff';
import { languageOf } from '../core/language';
import { asResult, type Said } from './schema';

/** A status body, both as text and as what it says. */
export interface StatusBody {
  readonly text: string;
  readonly said: Said;
}

type Output = NonNullable<Answer['output']>;

/** The output of a run: the first place that holds something. A `result` that is the reason of a failure is none. */
export function outputOf(body: StatusBody, reason: string | undefined): Output | undefined {
  const { result, result_json: json } = body.said;
  return (
    asOutput(result === reason ? undefined : result) ??
    asOutput(asResult(result).output) ??
    asJson(body, json, ['result_json']) ??
    asJson(body, result, ['result']) ??
    lastOutput(body)
  );
}

/** What the last executed task put out. */
export function lastOutput(body: StatusBody): Output | undefined {
  const task = body.said.last_executed_task;
  if (typeof task !== 'object') return undefined;
  return asOutput(task.output) ?? asJson(body, task.output, ['last_executed_task', 'output']);
}

/** The text when it holds more than blanks. */
export function filledText(value: unknown): string | undefined {
  return typeof value === 'string' && /\S/.test(value) ? value : undefined;
}

/** A text and how it is opened; none when it is blank. */
export function asOutput(value: unknown): Output | undefined {
  const text = filledText(value);
  return text === undefined ? undefined : { text, language: languageOf(text) };
}

/** Laid out only when it is looked at: a poll asks for the language alone, and a large result takes its time. */
function asJson({ text }: StatusBody, value: unknown, path: readonly string[]): Output | undefined {
  if (typeof value === 'string' || isEmpty(value)) return undefined;
  return {
    get text() {
      return indented(valueAt(text, path) ?? '');
    },
    language: typeof value === 'object' ? 'json' : 'plain',
  };
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== 'object') return false;
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
}
