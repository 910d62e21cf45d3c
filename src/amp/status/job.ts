import type { Answer } from '#core/kickoff/kickoff';
import type { BodyDocument } from '#core/kickoff/responseBody';
import { jsonForEditor } from '#core/lib/json';
import { sortedJson } from '#core/lib/sortedJson';
import { parseStatus } from './parseStatus';
import type { ResponseTimes } from './serverTime';

/** A body to parse, or to convert to a document. Only polls set the times of the response. */
export interface Job {
  readonly body: Uint8Array;
  readonly times?: ResponseTimes;
  readonly document?: BodyDocument;
}

/** Returns the document, or the status without the output's text. Polls don't need the text, and copying it between threads is slow. */
export function jobResult({ body, times, document }: Job): Uint8Array | Answer | undefined {
  if (document) return bodyDocument(body, document);
  const status = parseStatus(body, times);
  return status?.output ? { ...status, output: { format: status.output.format } } : status;
}

/** Returns a document in UTF-8. Undefined if the document is an output and the body contains no output. */
export function bodyDocument(body: Uint8Array, kind: BodyDocument): Uint8Array | undefined {
  const text = kind === 'status' ? jsonForEditor(new TextDecoder('utf-8', { ignoreBOM: true }).decode(body)) : outputText(body, kind);
  return text === undefined ? undefined : new TextEncoder().encode(text);
}

function outputText(body: Uint8Array, kind: Exclude<BodyDocument, 'status'>): string | undefined {
  const output = parseStatus(body)?.output;
  if (output?.format !== 'json' || kind === 'exactOutput') return output?.text;
  return kind === 'sorted' ? sortedJson(output.text) : jsonForEditor(output.text);
}
