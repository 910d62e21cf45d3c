import { escapeMarkdown } from './safeMarkdown';

const link = /https?:\/\/[^\s<>"'`{}|\\^，。、；）」』]+/gi;

/** Plain text as HTML of ours: each character, blank, and line end stays, long lines wrap, and web addresses are links. */
export function plainText(text: string): string {
  // The HTML parser drops a line break right behind the tag.
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

/** Punctuation behind an address belongs to the sentence, and so does a bracket that the address doesn't open. */
function withoutEnd(address: string): string {
  const end = address.replace(/[.,:;!?*_]+$/, '');
  return end.endsWith(')') && !end.includes('(') ? end.slice(0, -1).replace(/[.,:;!?]+$/, '') : end;
}
