import { indented, valueAt } from '../core/jsonText';
import type { Answer } from '../core/kickoff';
import { languageOf } from './language';
import { asResult, type Said } from './schema';

/** A status body, both as text and as what it says. */
export interface StatusBody {
  readonly text: string;
  readonly said: Said;
}

/** The output of a run: the first place that holds something. A `result` that is the reason of a failure is none. */
export function outputOf(body: StatusBody, reason: string | undefined): Answer['output'] {
  const { said } = body;
  const text =
    (said.result === reason ? undefined : filledText(said.result)) ??
    filledText(asResult(said.result).output) ??
    otherJson(body, said.result_json, ['result_json']) ??
    otherJson(body, said.result, ['result']) ??
    lastOutput(body);
  return text === undefined ? undefined : { text, language: languageOf(text) };
}

/** What the last executed task put out. */
export function lastOutput(body: StatusBody): string | undefined {
  const task = body.said.last_executed_task;
  return typeof task === 'object' ? textOf(body, task.output, ['last_executed_task', 'output']) : undefined;
}

/** A string as it is, another JSON value indented; undefined for what is empty. */
export function textOf(body: StatusBody, value: unknown, path: readonly string[]): string | undefined {
  return filledText(value) ?? otherJson(body, value, path);
}

/** The text when it holds more than blanks. */
export function filledText(value: unknown): string | undefined {
  return typeof value === 'string' && /\S/.test(value) ? value : undefined;
}

function otherJson({ text }: StatusBody, value: unknown, path: readonly string[]): string | undefined {
  if (typeof value === 'string' || isEmpty(value)) return undefined;
  const raw = valueAt(text, path);
  return raw === undefined ? undefined : indented(raw);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== 'object') return false;
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
}
