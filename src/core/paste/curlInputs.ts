import { kickoffId, type KickoffId } from '#core/kickoff/kickoffId';
import { parseJson } from '#core/lib/json';
import type { Inputs } from '#core/starts/attempt';
import { commandStarts } from './pastedTokens';

/** A word of a shell command, with its place in the text. */
interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Whether the shell replaces a part of the word, such as a variable. */
  readonly isExpanded: boolean;
}

/** Returns the inputs in the body of a curl command to `/kickoff`. The text has no other command, and the response with this ID. */
export function curlInputs(pasted: string, id: KickoffId): Inputs | undefined {
  const text = withoutCarets(pasted);
  const start = text.includes('/kickoff') ? commandStarts(text)[0] : undefined;
  if (start === undefined || !/^curl/i.test(text.slice(start, start + 4))) return undefined;
  const body = bodyOf(shellWords(text, start));
  if (!body) return undefined;
  const [before, after] = [text.slice(0, body.start), text.slice(body.end)];
  const ids = [...after.matchAll(/["'](?:kickoff|run)_id["']\s*:\s*["']([^"'\s]{1,200})["']/g)].map(([, value = '']) => kickoffId(value));
  const isStarted = ids.length > 0 && ids.every((one) => one === id);
  return isStarted && commandStarts(`${before} ${after}`).length === 1 ? inputsIn(body.text) : undefined;
}

/** Without the member `inputs`, AMP ignores the body and starts a run with default values, which aren't known. */
function inputsIn(body: string): Inputs | undefined {
  // Windows PowerShell needs a backslash before each quote.
  const json = /^\s*\{\s*\\"/.test(body) ? body.replace(/\\(["\\])/g, '$1') : body;
  const parsed = parseJson(json);
  const { inputs } = (typeof parsed === 'object' && parsed !== null ? parsed : {}) as { readonly inputs?: unknown };
  return typeof inputs === 'object' && inputs !== null && !Array.isArray(inputs) ? (inputs as Inputs) : undefined;
}

/** Also matches `-d` after other letters, and with its value, as in `-sSd{…}`. */
const bodyOption = /^(?:--(?:data(?:-raw|-binary|-ascii)?|json)(?:=|$)|-[fgiIkLNnOsSvV#0-9]*d)([^]*)$/;
const otherBody = /^(?:--next$|--data-urlencode|--form|-F)/;
const url = /\/kickoff\/?(?:[?#].*)?$/;

/** Returns the body of a command that sends one body to one URL that ends in `/kickoff`. */
function bodyOf(words: readonly Word[]): Word | undefined {
  const bodies = words.flatMap((word, index) => {
    const value = bodyOption.exec(word.text)?.[1];
    return value === undefined ? [] : value === '' ? (words[index + 1] ?? []) : { ...word, text: value };
  });
  const [body, ...others] = bodies;
  const isClear =
    others.length === 0 && words.filter(({ text }) => url.test(text)).length === 1 && !words.some(({ text }) => otherBody.test(text));
  return isClear && !body?.isExpanded ? body : undefined;
}

/** Spaces, and escaped line breaks of sh, cmd, and PowerShell, which an input box replaces with spaces. */
const gap = /(?:[^\S\r\n]|[\\^`]\s+)+/y;
const part = /\$'((?:\\[^]|[^'\\])*)'|'([^']*)'|"((?:\\[^]|[^"\\])*)"|\\(\S)|[^\s'"\\;|&<>]+/y;

/** Splits a command into words, up to its end, by the rules of sh. They also suit most commands for other shells. */
function shellWords(text: string, start: number): readonly Word[] {
  const words: Word[] = [];
  let end = start;
  const next = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = end;
    const found = pattern.exec(text);
    end = found ? pattern.lastIndex : end;
    return found;
  };
  for (;;) {
    next(gap);
    const word = { text: '', start: end, isExpanded: false };
    for (let found = next(part); found; found = next(part)) {
      const { value, isExpanded } = readPart(found);
      word.text += value;
      word.isExpanded ||= isExpanded;
    }
    if (end === word.start) return words;
    words.push({ ...word, end });
  }
}

function readPart([whole, ansi, single, double, escaped]: RegExpExecArray): { readonly value: string; readonly isExpanded: boolean } {
  if (ansi !== undefined) return { value: ansi.replace(ansiEscape, unescapeAnsi), isExpanded: false };
  if (double === undefined)
    return { value: single ?? escaped ?? whole, isExpanded: (single ?? escaped) === undefined && /[$`]/.test(whole) };
  const isExpanded = /(?<!\\)(?:\\\\)*(?:\$[\w({]|`)/.test(double);
  return { value: double.replace(/\\(?:\r?\n|(["\\$`]))/g, '$1'), isExpanded };
}

const ansiEscape = /\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([^]))/g;
const ansiLetters: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** Browsers copy a request with such escapes in `$'…'`. */
function unescapeAnsi(_: string, unicode: string | undefined, hex: string | undefined, letter = ''): string {
  const code = unicode ?? hex;
  return code === undefined ? (ansiLetters[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16));
}

/** Browsers copy a request for cmd with a caret before each special character. */
function withoutCarets(text: string): string {
  return /-[-\w]+\s+\^"/.test(text) ? text.replace(/\^(?:\r?\n|([^]))/g, '$1') : text;
}
