import { withoutColors } from '#core/output/content';
import { fenced } from '#present/markdown/escapeMarkdown';
import { documentWords } from '#present/words/documentWords';
import type { Translate } from '#present/words/words';

/** The number of bytes of an output that couldn't be rendered. A report shows only its start. */
const plainBytes = 20_000;

export function plainOutput(start: string, t: Translate): string {
  const note = `*${t(documentWords.reportNotRendered)}*`;
  return start === '' ? note : `${note}\n\n<div class="kickoffs-wrap">\n\n${fenced(withoutColors(start), 'text')}\n\n</div>`;
}

/** Decodes the start of a text. Drops an incomplete character at the end. */
export function startOfText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, plainBytes), { stream: true });
}
