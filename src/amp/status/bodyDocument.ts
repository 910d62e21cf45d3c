import type { BodyDocument } from '#core/kickoff/responseBody';
import { jsonForEditor } from '#core/lib/json';
import { sortedJson } from '#core/lib/sortedJson';
import { parseStatus } from './parseStatus';

/** Undefined if the document is an output and the body contains no output. */
export function bodyDocument(body: Uint8Array, kind: BodyDocument): Uint8Array | undefined {
  const text = kind === 'status' ? jsonForEditor(new TextDecoder('utf-8', { ignoreBOM: true }).decode(body)) : outputText(body, kind);
  return text === undefined ? undefined : new TextEncoder().encode(text);
}

function outputText(body: Uint8Array, kind: Exclude<BodyDocument, 'status'>): string | undefined {
  const output = parseStatus(body)?.output;
  if (output?.language !== 'json' || kind === 'exactOutput') return output?.text;
  return kind === 'sorted' ? sortedJson(output.text) : jsonForEditor(output.text);
}
