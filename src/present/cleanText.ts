import { withoutColors } from '#core/output/content';

const defaultMaxLength = 120;

/** Matches characters that can disguise a text. A zero-width joiner is safe only within an emoji, for example of a family. */
const unsafePattern =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]|(?!(?<=\p{ExtPict}[\ufe0f\p{EMod}]?)\u200d\p{ExtPict})\p{Cf}/gu;
/** Matches variation selectors without a character before them. */
const straySelectorPattern = /(?<!\S)[\ufe00-\ufe0f]+/g;

/** Returns a server's or user's text on one line, cut to `maxLength`, without characters that can disguise it. */
export function clean(text: string, maxLength = defaultMaxLength): string {
  const line = withoutColors(text.slice(0, maxLength * 8))
    .replace(unsafePattern, ' ')
    .replace(straySelectorPattern, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (line.length <= maxLength) return line;
  // Counts whole characters, so that the cut doesn't split an emoji.
  let [count, cutIndex] = [0, 0];
  for (const { index } of new Intl.Segmenter().segment(line)) {
    if (++count === maxLength) cutIndex = index;
    if (count > maxLength) return `${line.slice(0, cutIndex)}…`;
  }
  return line;
}

/** Breaks icons and links, which VS Code would parse in notifications and in the status bar. */
export function breakLinksAndIcons(text: string): string {
  return text.replace(/\$\(/g, '$ (').replace(/\[/g, '(').replace(/\]/g, ')');
}

/** Cleans a text for notifications and the status bar. */
export function defuse(text: string, maxLength = defaultMaxLength): string {
  return clean(breakLinksAndIcons(clean(text, maxLength)), maxLength);
}
