import { trimEnd } from '#core/lib/trimEnd';

const knownFenceLanguages = new Set(
  (
    'bash c cpp cs csharp css diff dockerfile go html ini java javascript js json jsonc jsx kotlin lua makefile markdown md perl php ' +
    'plaintext powershell py python r rb ruby rs rust scala sh shell sql swift text toml ts tsx typescript txt xml yaml yml zsh'
  ).split(' '),
);

/** Escapes server text for Markdown and HTML. A slash in `//` is escaped, because the preview makes links of `ftp://host` and `//host`. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[&<>"'`*_[\]\\!|#~$]|\/(?=\/)/g, characterReference);
}

export function characterReference(character: string): string {
  return `&#${character.codePointAt(0) ?? 0};`;
}

/** Returns a fenced code block. Drops unknown languages, because VS Code draws some of them as diagrams, which may fetch pictures. */
export function codeFence(text: string, language: string): string {
  let maxBackticks = 2;
  for (const [backticks] of text.matchAll(/`+/g)) maxBackticks = Math.max(maxBackticks, backticks.length);
  const fence = '`'.repeat(maxBackticks + 1);
  return `${fence}${knownFenceLanguages.has(language.toLowerCase()) ? language : ''}\n${text}\n${fence}`;
}

/** Longer lines of a code block wrap, except in drawings and aligned columns. */
const maxUnwrappedLength = 120;

/** The maximum length of code with colors. Coloring 300,000 characters blocks the extension host for half a second. */
const maxColoredLength = 50_000;

/** Returns a code block, with colors unless the text is very long. Long lines wrap, except in drawings and aligned columns. */
export function codeBlock(text: string, language: string): string {
  return wrapLongLines(text, codeFence(text, text.length > maxColoredLength ? '' : language));
}

/** Makes a code block wrap if it has long lines, because scrolling to read them is tedious. Drawings and aligned columns don't wrap. */
export function wrapLongLines(text: string, block: string): string {
  const longLines = text.split('\n').filter((line) => line.length > maxUnwrappedLength);
  const isAligned = longLines.filter((line) => /\S {2,}\S|[│║]/.test(line.trim())).length > 1;
  return longLines.length > 0 && !isAligned ? `<div class="kickoffs-wrap">\n\n${block}\n\n</div>` : block;
}

const addressPattern = /https?:\/\/[^\s<>"'`{}|\\^，。、；）」』]+|(?<![\w.+-])[\w.+-]{1,64}@[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){1,4}/gi;

/** Returns server text as HTML with links for web and mail addresses. Everything else is escaped. */
export function linkAddresses(text: string, escape = escapeMarkdown): string {
  if (!text.includes('://') && !text.includes('@')) return escape(text);
  let html = '';
  let position = 0;
  for (const { 0: found, index } of text.matchAll(addressPattern)) {
    // Punctuation and unopened parentheses at the end belong to the sentence around the address.
    const address = trimEnd(found, found.includes('(') ? /[.,:;!?*_]/ : /[.,:;!?*_)]/);
    const isWebAddress = /^https?:/i.test(address);
    html += `${escape(text.slice(position, index))}${link(`${isWebAddress ? '' : 'mailto:'}${address}`, escape(address))}`;
    position = index + address.length;
  }
  return html + escape(text.slice(position));
}

/** Returns a link. Escapes the target, but not `html`, which callers must escape. */
export function link(target: string, html: string): string {
  return `<a href="${escapeMarkdown(target)}">${html}</a>`;
}

/** Returns plain text as HTML with the same spaces and line breaks, except at the end. Long lines wrap, and URLs are links. */
export function plainTextHtml(text: string): string {
  const trimmedText = trimEnd(text.replace(/\r\n?/g, '\n'), /\n/);
  // The HTML parser drops a line break directly after the tag.
  return `<pre class="kickoffs-text">\n${linkAddresses(trimmedText)}\n</pre>`;
}
