const longestLabel = 120;

/** Control, bidirectional, zero-width and other invisible characters, and lone surrogates: what would disguise a text, or a name that shows nothing. */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]+|(?<!\S)[\ufe00-\ufe0f]+/gu;

/** What colours a text in a terminal, and would be read as noise elsewhere. */
const colours = /(?:\u001b\[|\u009b)[\d;:?]*[A-Za-z]/g;

/** A text without the colours of a terminal. */
export function uncoloured(text: string): string {
  return text.replace(colours, '');
}

/** A text from outside as one short line that can be shown beside our own: at most 120 characters. */
export function clean(text: string, longest = longestLabel): string {
  const line = uncoloured(text.slice(0, longest * 8))
    .replace(unsafe, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (line.length <= longest) return line;
  // No further than to the cut: what follows may be many times as long.
  let [count, cut] = [0, 0];
  for (const { index } of new Intl.Segmenter().segment(line)) {
    if (++count === longest) cut = index;
    if (count > longest) return `${line.slice(0, cut)}…`;
  }
  return line;
}

/** The same, where a text is parsed for product icons and command links: in notices and status bar texts. */
export function plain(text: string, longest = longestLabel): string {
  return clean(clean(text, longest).replace(/\$\(/g, '$ (').replace(/\[/g, '(').replace(/\]/g, ')'), longest);
}
