import { jsonForEditor } from '#core/lib/json';

/** Indents JSON on a single line without parsing it, so that numbers and strings stay as written. */
export function rawStatus(body: Uint8Array): string {
  return jsonForEditor(new TextDecoder('utf-8', { ignoreBOM: true }).decode(body));
}
