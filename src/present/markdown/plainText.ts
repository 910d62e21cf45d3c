import { linked } from './escapeMarkdown';

/** Returns plain text as HTML with the same spaces and line breaks, except at the end. Long lines wrap, and URLs are links. */
export function plainText(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n');
  let end = lines.length;
  while (lines[end - 1] === '\n') end--;
  // The HTML parser drops a line break directly after the tag.
  return `<pre class="kickoffs-text">\n${linked(lines.slice(0, end))}\n</pre>`;
}
