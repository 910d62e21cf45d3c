import { withoutColors } from '#core/output/content';

const longestLabel = 120;

/** Characters that can disguise a text. A zero-width joiner is safe only within an emoji, for example of a family. */
const unsafe =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]|(?!(?<=\p{ExtPict}[\ufe0f\p{EMod}]?)\u200d\p{ExtPict})\p{Cf}/gu;
/** Variation selectors without a character before them. */
const stray = /(?<!\S)[\ufe00-\ufe0f]+/g;

/** Returns a server's or user's text on one line, without characters that disguise it. */
export function clean(text: string, longest = longestLabel): string {
  const line = withoutColors(text.slice(0, longest * 8))
    .replace(unsafe, ' ')
    .replace(stray, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (line.length <= longest) return line;
  // Counts whole characters, so that the cut doesn't split an emoji.
  let [count, cut] = [0, 0];
  for (const { index } of new Intl.Segmenter().segment(line)) {
    if (++count === longest) cut = index;
    if (count > longest) return `${line.slice(0, cut)}…`;
  }
  return line;
}

/** Breaks icons and links, which VS Code would parse in notifications and in the status bar. */
export function inert(text: string): string {
  return text.replace(/\$\(/g, '$ (').replace(/\[/g, '(').replace(/\]/g, ')');
}

/** Cleans a text for notifications and the status bar. */
export function plain(text: string, longest = longestLabel): string {
  return clean(inert(clean(text, longest)), longest);
}
