import type StateCore from 'markdown-it/lib/rules_core/state_core.mjs';

/** A text counts as wrapped by its author only if the width of its longest line is in this range. */
const minWrapWidth = 50;
const maxWrapWidth = 130;

/** Turns line ends into hard breaks. In text wrapped at a fixed width, only after short lines, and before entries like `Price: 5`. */
export function lineBreakRule({ src, tokens }: StateCore): void {
  const sourceLines = src.split('\n');
  const paragraphTokens = tokens.filter(({ type }, index) => type === 'inline' && tokens[index - 1]?.type === 'paragraph_open');
  const paragraphs = paragraphTokens.map((token) => {
    const lines = token.content.split('\n');
    return { token, lines, ends: lineEnds(lines, sourceLines.slice(...(token.map ?? []))) };
  });
  const ends = paragraphs.flatMap((paragraph) => paragraph.ends.filter((end) => end !== undefined));
  const maxWidth = ends.slice(0, 2_000).reduce((max, end) => Math.max(max, end.width), 0);
  const wrappedCount = ends.filter(({ widthWithNextWord }) => widthWithNextWord > 0.85 * maxWidth).length;
  const isWrapped = maxWidth >= minWrapWidth && maxWidth <= maxWrapWidth && wrappedCount * 2 >= ends.length;
  for (const paragraph of paragraphs) {
    paragraph.token.content = paragraph.lines
      .map((line, index) => {
        const isSoftBreak = isWrapped && (paragraph.ends[index]?.width ?? 0) >= 0.6 * maxWidth;
        return isSoftBreak || index === paragraph.ends.length || line.endsWith('\\') ? line : `${line.trimEnd()}  `;
      })
      .join('\n');
  }
}

/** Matches Chinese, Japanese, and Korean letters and punctuation. Lines and emphasis can end beside them without a blank. */
export const cjkPattern = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]/;

/** Measures the ends of all lines except the last. Undefined for an end before an entry. `sourceLines` are the lines with their indents. */
function lineEnds(lines: readonly string[], sourceLines: readonly string[]) {
  /** The form of the mark that begins the paragraph, such as `[1]`. A later line with a mark of this form is an entry, too. */
  const markForm = markFormOf(lines[0] ?? '');
  return lines.slice(1).map((next, index) => {
    const isEntry = isLabelOrBullet(next) || /^(?:\||={3,}\s*$)/.test(next) || (markForm !== '' && markFormOf(next) === markForm);
    if (isEntry) return undefined;
    const line = (sourceLines[index] ?? '').replace(/^(?: {0,3}>\s?)+/, '').trimEnd();
    const [nextWord = ''] = /\S+/.exec(next) ?? [];
    const isCjk = cjkPattern.test(line.at(-1) ?? '') || cjkPattern.test(nextWord[0] ?? '');
    const width = isCjk ? 0 : line.length;
    // `widthWithNextWord` is 0 if the next line may begin a sentence, because its first word is neither lowercase nor a number.
    return { width, widthWithNextWord: /^[("'`*_[]*[\p{Ll}\d]/u.test(nextWord) ? width + 1 + nextWord.length : 0 };
  });
}

const markPatterns: readonly RegExp[] = [
  /^\[\^?\d{1,3}\]/,
  /^\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})\)/,
  /^[ivx]{1,5}\. /,
  /^[-+~]?\d/,
  /^[^\s:]{1,30}(?: [–—-] |: )/,
];

function markFormOf(line: string): string {
  const text = line.trim().replace(/^[*_`]+/, '');
  return markPatterns.find((pattern) => pattern.test(text))?.source ?? '';
}

function isLabelOrBullet(line: string): boolean {
  return /^\s*(?:\*\*)?[\p{Lu}\d][\p{L}\d /&-]{0,30}(?:\*\*)?[:：]|^\s*[•◦▪–—→✓✅❌⬜🔹]/u.test(line);
}
