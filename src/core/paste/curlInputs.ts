import { kickoffId, type KickoffId } from '#core/kickoff/kickoffId';
import { parseJson } from '#core/lib/json';
import type { Inputs } from '#core/starts/attempt';
import { commandStarts } from './pastedTokens';

/** A word of a shell command, with its place in the text. */
interface Word {
  text: string;
  readonly start: number;
  end: number;
  /** Whether the shell replaces a part of the word, such as a variable. */
  isExpanded: boolean;
}

/** Returns the inputs in a curl command to `/kickoff`. Undefined if the text has another command, or no response with this ID. */
export function curlInputs(pasted: string, id: KickoffId): Inputs | undefined {
  const text = withoutCarets(pasted);
  const start = text.includes('/kickoff') ? commandStarts(text)[0] : undefined;
  if (start === undefined || !/^curl/i.test(text.slice(start))) return undefined;
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

/** A part of a word, or a gap: spaces, and escaped line breaks of sh, cmd, and PowerShell, which an input box replaces with spaces. */
const partOrGap = /\$'((?:\\[^]|[^'\\])*)'|'([^']*)'|"((?:\\[^]|[^"\\])*)"|\\(\S)|([^\s'"\\;|&<>]+)|(?:[^\S\r\n]|[\\^`]\s+)+/gy;

/** Splits a command into words, up to its end, by the rules of sh. They also suit most commands for other shells. */
function shellWords(text: string, start: number): readonly Word[] {
  const words: Word[] = [];
  let word: Word | undefined;
  for (const found of text.slice(start).matchAll(partOrGap)) {
    const part = readPart(found);
    if (!part) {
      word = undefined;
      continue;
    }
    const at = start + found.index;
    if (!word) words.push((word = { text: '', start: at, end: at, isExpanded: false }));
    word.text += part.value;
    word.isExpanded ||= part.isExpanded;
    word.end = at + found[0].length;
  }
  return words;
}

/** Returns undefined for a gap. */
function readPart([, ansi, single, double, escaped, bare]: RegExpExecArray): (Pick<Word, 'isExpanded'> & { value: string }) | undefined {
  if (ansi !== undefined) return { value: ansi.replace(ansiEscape, unescapeAnsi), isExpanded: false };
  if (bare !== undefined) return { value: bare, isExpanded: /[$`]/.test(bare) };
  if (double === undefined) {
    const value = single ?? escaped;
    return value === undefined ? undefined : { value, isExpanded: false };
  }
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
  return /\s-[-a-z]{1,20}\s{1,9}\^"/i.test(text) ? text.replace(/\^(?:\r?\n|([^]))/g, '$1') : text;
}
