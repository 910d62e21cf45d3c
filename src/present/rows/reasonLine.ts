import { withoutColors } from '#core/output/content';
import { clean } from '#present/cleanText';

const maxSearchedLength = 1_000;

/** Matches the message in the JSON or the Python dump that a provider's error contains. */
const messagePattern = /["']message["']\s*:\s*(?:"((?:[^"\\]|\\.){1,500})|'((?:[^'\\]|\\.){1,500}))/;

/** Matches names of exceptions and status codes before the message. */
const prefixPattern = /^(?:(?:[\w.]{0,80}(?:Error|Exception|Timeout)|(?:error|http|status)(?: code| status)?:? ?\d{3})\s*[:-]\s*)+/i;

const advicePattern = /[,;.]\s+please\b.*/i;

/** Removes the calls that a Python traceback lists before the message, and earlier exceptions. */
export function withoutTraceback(reason: string): string {
  if (!reason.startsWith('Traceback (')) return reason;
  return reason.slice(reason.lastIndexOf('Traceback (')).replace(/^.*[\r\n]+(?:[ \t].*[\r\n]+)*/, '') || reason;
}

/** Returns the first sentence of a failure reason, without exception names and status codes, so that it fits in a row. */
export function reasonLine(reason: string): string {
  const text = withoutColors(withoutTraceback(reason).slice(0, maxSearchedLength));
  const lines = text.split(/[\r\n]+/).filter((one) => one.trim() !== '');
  const line = lines[0]?.trim() ?? '';
  const [, doubleQuoted, singleQuoted] = messagePattern.exec(lines.join(' ')) ?? [];
  const messageText = (doubleQuoted ?? singleQuoted ?? line).replace(/\\(["'])/g, '$1').replace(/\\n/g, ' ');
  const shortText = messageText
    .replace(prefixPattern, '')
    .replace(advicePattern, '')
    .replace(/^You(?: have|'ve)? (?=\w+ed\b)/, '')
    .replace(/^(exceeded) your (?:current |monthly )?(?=quota\b)/, '$1 ');
  // Returns the whole line for a quoted name, such as `'topic'` in `KeyError: 'topic'`, and for a dump, because both are unclear alone.
  const isNameOrDump = /^(?:['"]\w*['"]$|\{|\[[{"'])/.test(shortText);
  const [sentence = shortText] = /^.{12,}?(?=[.!?](?:\s|$))/.exec(shortText) ?? [];
  return clean(isNameOrDump ? line : sentence.replace(/^(["'])(.*)\1$/, '$2')) || clean(line);
}
