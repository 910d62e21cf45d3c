import { deepestInEditor, indentJson } from '#core/lib/json';

/** Returns the stored bytes as text: indented by token when they are one line, never through parse and stringify. */
export function rawStatus(body: Uint8Array): string {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(body);
  return /^\s*[{[]/.test(text) && !text.trim().includes('\n') ? indentJson(text, deepestInEditor(text)) : text;
}
