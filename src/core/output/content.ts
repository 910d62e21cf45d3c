import { isJsonString, looksLikeJson, parseJson } from '#core/lib/json';

/** The content of an output without its wrappers, such as quotes or tags. `thoughts` is the model's reasoning. */
export interface Content {
  readonly text: string;
  readonly thoughts: string;
}

const maxWrappers = 5;

const colorCodePattern = /(?:\u001b\[|\u009b)[\d;:?]{0,40}[A-Za-z]/g;

/** Removes a terminal's control sequences, for example for colors. */
export function withoutColors(text: string): string {
  return text.replace(colorCodePattern, '');
}

export function withoutByteOrderMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** Removes a byte order mark, and up to five wrappers: quotes, tags, escapes of line ends, and a model's thoughts before its answer. */
export function contentOf(output: string): Content {
  let text = withoutByteOrderMark(output);
  const thoughts: string[] = [];
  for (let wrapperCount = 0; wrapperCount < maxWrappers; wrapperCount++) {
    const unwrapped = unwrap(text);
    if (!unwrapped) break;
    text = withoutByteOrderMark(unwrapped.text);
    if (unwrapped.thoughts) thoughts.push(unwrapped.thoughts);
  }
  return { text, thoughts: thoughts.join('\n\n') };
}

function unwrap(text: string): Content | undefined {
  const firstCharacter = /\S/.exec(text)?.[0];
  if (firstCharacter === '"' || firstCharacter === "'") return decodeString(text.trim());
  if (firstCharacter === '<') return unwrapTag(text.trim());
  return unwrapThoughts(text) ?? decodeLineEnds(text);
}

/** Decodes a JSON or Python string if it contains several lines or JSON. Other quotes may belong to the text. */
function decodeString(text: string): Content | undefined {
  const parsed = isJsonString(text) ? parseJson(text) : undefined;
  const decodedText = typeof parsed === 'string' ? parsed : decodePythonString(text);
  const isWrapper = decodedText !== undefined && (decodedText.includes('\n') || looksLikeJson(decodedText) || isJsonString(decodedText));
  return isWrapper ? { text: decodedText, thoughts: '' } : undefined;
}

/** The maximum length of a Python string. Decoding 64 MB of escapes would take gigabytes. */
const maxPythonLength = 1_000_000;

/** Decodes Python's `repr` of a text. Undefined if the text is very long, or isn't a single string on one line. */
function decodePythonString(text: string): string | undefined {
  const [quote = ''] = text;
  if (text.length < 2 || text.length > maxPythonLength || !text.endsWith(quote) || /[\r\n]/.test(text)) return undefined;
  const quoted = text.slice(1, -1);
  const unescapedRest = quoted.replace(/\\./g, '');
  return unescapedRest.includes(quote) || unescapedRest.includes('\\') ? undefined : decodeEscapes(quoted);
}

const escapedCharacterPattern = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([^]))/g;
const escapedLetters: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** Decodes the escapes in a Python string, or in `$'…'` of a shell. */
export function decodeEscapes(text: string): string {
  return text.replace(escapedCharacterPattern, (found, ...[x, u, U, other = '']: readonly (string | undefined)[]) => {
    const code = parseInt(x ?? u ?? U ?? '', 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : (escapedLetters[other] ?? (other || found));
  });
}

const thoughtTags = ['think', 'thinking', 'thought', 'thoughts', 'reasoning', 'reflection', 'scratchpad'];
const answerTags = ['answer', 'final_answer', 'output', 'response', 'result'];

function unwrapTag(text: string): Content | undefined {
  const [openingTag = '', name = ''] = /^<([a-z_]{1,20})>/i.exec(text) ?? [];
  const closingTag = `</${name}>`;
  if (thoughtTags.includes(name.toLowerCase())) {
    const end = text.indexOf(closingTag);
    const rest = end < 0 ? '' : text.slice(end + closingTag.length).trim();
    return rest === '' ? undefined : { text: rest, thoughts: text.slice(openingTag.length, end).trim() };
  }
  if (!answerTags.includes(name.toLowerCase()) || !text.endsWith(closingTag)) return undefined;
  const answer = text.slice(openingTag.length, -closingTag.length).trim();
  // The root element of an XML document may have such a name.
  return answer === '' || answer.startsWith('<') || answer.includes(closingTag) ? undefined : { text: answer, thoughts: '' };
}

const finalAnswerPattern = /^[*#_ ]{0,6}final answer:[*_]{0,3}/im;

function unwrapThoughts(text: string): Content | undefined {
  const trimmedText = text.trimStart();
  if (!/^(?:[*#_ ]{0,6}final answer:|(?:thought|question|action):|i now )/i.test(trimmedText)) return undefined;
  const match = finalAnswerPattern.exec(trimmedText);
  const rest = match ? trimmedText.slice(match.index + match[0].length) : '';
  return match && /\S/.test(rest) ? { text: rest.trimStart(), thoughts: trimmedText.slice(0, match.index).trim() } : undefined;
}

/** Decodes line ends, tabs, and quotes in one line with escaped paragraphs or lists. Skips JSON and code, whose strings have escapes. */
function decodeLineEnds(text: string): Content | undefined {
  const line = text.trim();
  if (/[\r\n]/.test(line) || (line.match(/\\n/g)?.length ?? 0) < 3) return undefined;
  if (!/\\n(?:\\r)?(?:\\n|[-*#\d])/.test(line) || /\\n["'`]|^[[{]/.test(line)) return undefined;
  const decoded = line.replace(/\\r\\n|\\n/g, '\n').replace(/\\t/g, '\t');
  return { text: decoded.replace(/\\"/g, '"'), thoughts: '' };
}

const entities: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", '#39': "'", '#x27': "'", '#34': '"', nbsp: '\u00a0', hellip: '…' },
  ...{ ndash: '–', mdash: '—', lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', bull: '•', euro: '€', copy: '©', reg: '®', trade: '™' },
};

/** Decodes the HTML entities that `entities` contains, and leaves all others unchanged. */
export function decodeEntities(text: string): string {
  return text.replace(/&(#?\w{2,6});/g, (found, name: string) => entities[name] ?? found);
}

/** Decodes `\$`, escapes such as `\u00e9`, and known HTML entities, each only if the text has no such characters unescaped. */
export function unescapePlain(text: string): string {
  let decodedText = text;
  if (decodedText.includes('\\$') && !/(?<!\\)\$/.test(decodedText)) decodedText = decodedText.replaceAll('\\$', '$');
  if (/\\u[\da-f]{4}/i.test(decodedText) && !/[^\0-\u007f]/.test(decodedText))
    decodedText = decodedText.replace(/\\u([\da-f]{4})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
  const isEscaped =
    !/[<>]/.test(decodedText) && [...decodedText.matchAll(/&(?:(#?\w{2,6});)?/g)].every(([, name = '']) => Object.hasOwn(entities, name));
  return isEscaped ? decodeEntities(decodedText) : decodedText;
}
