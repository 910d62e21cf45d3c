import { plainText } from './escapeMarkdown';
import { parseMarkdown } from './parseMarkdown';
import { repairMarkdown } from './repairMarkdown';
import { MarkdownWriter, type WriterOptions } from './writeMarkdown';

/** Converts a server's Markdown to a safe form, as the author meant it. Returns plain text if lists or quotations are nested too deep. */
export function markdown(text: string, options: Omit<WriterOptions, 'isRightToLeft'>): string {
  const tokens = parseMarkdown(repairMarkdown(text));
  if (!tokens) return plainText(text);
  const isRightToLeft = isMostlyRightToLeft(text);
  const written = new MarkdownWriter(tokens, { ...options, isRightToLeft }).write();
  return `<div class="kickoffs-output${isRightToLeft ? ' kickoffs-rtl" dir="rtl' : ''}">\n\n${written}\n\n</div>`;
}

/** Whether most letters at the start of a text belong to a right-to-left script, such as Arabic or Hebrew. */
function isMostlyRightToLeft(text: string): boolean {
  const start = text.slice(0, 4_000);
  const right = start.match(/[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/g)?.length ?? 0;
  return right > 0 && right * 2 > (start.match(/\p{L}/gu)?.length ?? 0);
}
