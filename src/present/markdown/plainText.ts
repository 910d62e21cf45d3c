import { escapeMarkdown } from './safeMarkdown';

const link = /https?:\/\/[^\s<>"'`{}|\\^，。、；）」』]+/gi;

/** Returns plain text as HTML with the same spaces and line breaks, except at the end. Long lines wrap, and URLs are links. */
export function plainText(text: string): string {
  // The HTML parser drops a line break directly after the tag.
  return `<pre class="kickoffs-text">\n${linked(text.replace(/\r\n?/g, '\n').replace(/\n+$/, ''))}\n</pre>`;
}

function linked(text: string): string {
  let shown = '';
  let done = 0;
  for (const { 0: found, index } of text.matchAll(link)) {
    const address = escapeMarkdown(withoutEnd(found));
    shown += `${escapeMarkdown(text.slice(done, index))}<a href="${address}">${address}</a>`;
    done = index + withoutEnd(found).length;
  }
  return shown + escapeMarkdown(text.slice(done));
}

/**
 * Removes punctuation at the end of a URL, and a closing parenthesis that the URL doesn't open. Such characters belong to the sentence
 * around the URL.
 */
function withoutEnd(address: string): string {
  const end = address.replace(/[.,:;!?*_]+$/, '');
  return end.endsWith(')') && !end.includes('(') ? end.slice(0, -1).replace(/[.,:;!?]+$/, '') : end;
}
