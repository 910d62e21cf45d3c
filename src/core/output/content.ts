import { isJsonString, looksLikeJson, parseJson } from '#core/lib/json';

/** The content of an output without its wrappers. */
export interface Content {
  readonly text: string;
  readonly thoughts: string;
  /** Whether the text has no wrapper except a byte order mark. */
  readonly isWhole: boolean;
}

const mostWrappers = 5;

const colors = /(?:\u001b\[|\u009b)[\d;:?]{0,40}[A-Za-z]/g;

/** Removes the codes that color a text in a terminal. */
export function withoutColors(text: string): string {
  return text.replace(colors, '');
}

export function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** A text without one wrapper, and a model's thoughts in front of it. */
type Inside = Pick<Content, 'text'> & Partial<Content>;

/** Unwraps JSON and Python strings, tags, escaped line ends, and a model's thoughts. Removes a byte order mark. */
export function contentOf(output: string): Content {
  let text = withoutMark(output);
  let wrappers = 0;
  const thoughts: string[] = [];
  for (; wrappers < mostWrappers; wrappers++) {
    const inside = unwrap(text);
    if (!inside) break;
    text = withoutMark(inside.text);
    if (inside.thoughts) thoughts.push(inside.thoughts);
  }
  return { text, thoughts: thoughts.join('\n\n'), isWhole: wrappers === 0 };
}

function unwrap(text: string): Inside | undefined {
  const first = /\S/.exec(text)?.[0];
  if (first === '"' || first === "'") return decodedString(text.trim());
  if (first === '<') return afterTag(text.trim());
  return afterThoughts(text) ?? withLineEnds(text);
}

/** Decodes a JSON or Python string if it contains several lines or JSON. */
function decodedString(text: string): Inside | undefined {
  const json = isJsonString(text) ? parseJson(text) : undefined;
  const decoded = typeof json === 'string' ? json : pythonString(text);
  const isWrapper = decoded !== undefined && (decoded.includes('\n') || looksLikeJson(decoded) || isJsonString(decoded));
  return isWrapper ? { text: decoded } : undefined;
}

/** The maximum length of a Python string. Decoding 64 MB of escapes would take gigabytes. */
const longestPythonString = 1_000_000;

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** Decodes Python's `repr` of a text. Undefined if the text is very long, or isn't a single string on one line. */
function pythonString(text: string): string | undefined {
  const [quote = ''] = text;
  if (text.length < 2 || text.length > longestPythonString || !text.endsWith(quote) || /[\r\n]/.test(text)) return undefined;
  const inside = text.slice(1, -1);
  const bare = inside.replace(/\\./g, '');
  if (bare.includes(quote) || bare.includes('\\')) return undefined;
  return inside.replace(/\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|(.))/g, (found, ...codes: readonly (string | undefined)[]) => {
    const [x, u, U, other = ''] = codes;
    const code = parseInt(x ?? u ?? U ?? '', 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : (escapes[other] ?? (other || found));
  });
}

const thoughtTags = ['think', 'thinking', 'thought', 'thoughts', 'reasoning', 'reflection', 'scratchpad'];
const answerTags = ['answer', 'final_answer', 'output', 'response', 'result'];

function afterTag(text: string): Inside | undefined {
  const [open = '', name = ''] = /^<([a-z_]{1,20})>/i.exec(text) ?? [];
  const close = `</${name}>`;
  if (thoughtTags.includes(name.toLowerCase())) {
    const end = text.indexOf(close);
    const rest = end < 0 ? '' : text.slice(end + close.length).trim();
    return rest === '' ? undefined : { text: rest, thoughts: text.slice(open.length, end).trim() };
  }
  if (!answerTags.includes(name.toLowerCase()) || !text.endsWith(close)) return undefined;
  const inside = text.slice(open.length, -close.length).trim();
  // XML may have a root with such a name.
  return inside === '' || inside.startsWith('<') || inside.includes(close) ? undefined : { text: inside };
}

const finalAnswer = /^[*#_ ]{0,6}final answer:[*_]{0,3}/im;

function afterThoughts(text: string): Inside | undefined {
  const start = text.trimStart();
  if (!/^(?:[*#_ ]{0,6}final answer:|(?:thought|question|action):|i now )/i.test(start)) return undefined;
  const found = finalAnswer.exec(start);
  const rest = found ? start.slice(found.index + found[0].length) : '';
  return found && /\S/.test(rest) ? { text: rest.trimStart(), thoughts: start.slice(0, found.index).trim() } : undefined;
}

/** Decodes escaped line ends in a text that has no other line ends. In code, a string may end with such an escape. */
function withLineEnds(text: string): Inside | undefined {
  const line = text.trim();
  if (/[\r\n]/.test(line) || (line.match(/\\n/g)?.length ?? 0) < 3) return undefined;
  if (!/\\n(?:\\r)?(?:\\n|[-*#\d])/.test(line) || /\\n["'`]|^[[{]/.test(line)) return undefined;
  const decoded = line.replace(/\\r\\n|\\n/g, '\n').replace(/\\t/g, '\t');
  return { text: decoded.replace(/\\"/g, '"') };
}

const entities: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", '#39': "'", '#x27': "'", '#34': '"', nbsp: '\u00a0', hellip: '…' },
  ...{ ndash: '–', mdash: '—', lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', bull: '•', euro: '€', copy: '©', reg: '®', trade: '™' },
};

/** Decodes known HTML entities. */
export function withoutEntities(text: string): string {
  return text.replace(/&(#?\w{2,6});/g, (found, name: string) => entities[name] ?? found);
}

/** Decodes `\$`, known HTML entities, and `\u00e9`, each only if the text lacks the character itself and so isn't about escapes. */
export function unescapePlain(text: string): string {
  let plain = text;
  if (plain.includes('\\$') && !/(?<!\\)\$/.test(plain)) plain = plain.replaceAll('\\$', '$');
  if (/\\u[\da-f]{4}/i.test(plain) && !/[^\0-\u007f]/.test(plain))
    plain = plain.replace(/\\u([\da-f]{4})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
  const isEscaped =
    !/[<>]/.test(plain) && [...plain.matchAll(/&(?:(#?\w{2,6});)?/g)].every(([, name = '']) => Object.hasOwn(entities, name));
  return isEscaped ? withoutEntities(plain) : plain;
}
