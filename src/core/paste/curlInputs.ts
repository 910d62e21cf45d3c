import { kickoffId, type KickoffId } from '#core/kickoff/kickoffId';
import { parseJson } from '#core/lib/json';
import { decodeEscapes } from '#core/output/content';
import type { Inputs } from '#core/starts/attempt';
import { commandStarts } from './pastedTokens';

/** A decoded word of a shell command, with its place in the text. */
interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Returns the inputs in a curl command to `/kickoff`. Undefined if they aren't certain, for example if no response with the ID follows. */
export function curlInputs(pastedText: string, id: KickoffId): Inputs | undefined {
  const text = withoutCarets(pastedText);
  const commandStart = text.includes('/kickoff') ? commandStarts(text)[0] : undefined;
  if (commandStart === undefined || !/^curl/i.test(text.slice(commandStart))) return undefined;
  const body = bodyOf(shellWords(text, commandStart));
  if (!body || hasExpansion(text.slice(body.start, body.end))) return undefined;
  const [before, after] = [text.slice(0, body.start), text.slice(body.end)];
  const ids = [...after.matchAll(/["'](?:kickoff|run)_id["']\s*:\s*["']([^"'\s]{1,200})["']/g)].map(([, value = '']) => kickoffId(value));
  const hasSameId = ids.length > 0 && ids.every((one) => one === id);
  return hasSameId && commandStarts(`${before} ${after}`).length === 1 ? inputsIn(body.text) : undefined;
}

/** Returns the member `inputs` of a body. Without this member, AMP ignores the body and uses default values, which aren't known. */
function inputsIn(body: string): Inputs | undefined {
  // Windows PowerShell needs a backslash before each quote.
  const json = /^\s*\{\s*\\"/.test(body) ? body.replace(/\\(["\\])/g, '$1') : body;
  const parsed = parseJson(json);
  const { inputs } = (typeof parsed === 'object' && parsed !== null ? parsed : {}) as { readonly inputs?: unknown };
  return typeof inputs === 'object' && inputs !== null && !Array.isArray(inputs) ? (inputs as Inputs) : undefined;
}

/** Matches an option for the request's body, including `-d` after other letters and with its value, as in `-sSd{…}`. */
const bodyOptionPattern = /^(?:--(?:data(?:-raw|-binary|-ascii)?|json)(?:=|$)|-[fgiIkLNnOsSvV#0-9]*d)([^]*)$/;
const otherBodyPattern = /^(?:--next$|--data-urlencode|--form|-F)/;
const kickoffUrlPattern = /\/kickoff\/?(?:[?#].*)?$/;

/** Returns the body of a command that sends one body to one URL that ends in `/kickoff`. */
function bodyOf(words: readonly Word[]): Word | undefined {
  const bodies = words.flatMap((word, index) => {
    const value = bodyOptionPattern.exec(word.text)?.[1];
    return value === undefined ? [] : value === '' ? (words[index + 1] ?? []) : { ...word, text: value };
  });
  const [body, ...others] = bodies;
  const hasOneRequest =
    others.length === 0 &&
    words.filter(({ text }) => kickoffUrlPattern.test(text)).length === 1 &&
    !words.some(({ text }) => otherBodyPattern.test(text));
  return hasOneRequest ? body : undefined;
}

const wordPartPattern = /\$'((?:\\[^]|[^'\\])*)'|'([^']*)'|"((?:\\[^]|[^"\\])*)"|\\(\S)|([^\s'"\\;|&<>]+)/g;
/** Matches a word, or a gap: spaces, and escaped line breaks, which are escaped spaces in a text from an input box. */
const wordOrGapPattern = new RegExp(`(?<word>(?:${wordPartPattern.source})+)|(?:[^\\S\\r\\n]|[\\\\^\`]\\s+)+`, 'gy');

/** Splits a command into words, up to its end, by the rules of sh. These rules also suit most commands for other shells. */
function shellWords(text: string, commandStart: number): readonly Word[] {
  return [...text.slice(commandStart).matchAll(wordOrGapPattern)].flatMap(({ index, groups: { word } = {} }) => {
    const start = commandStart + index;
    return word === undefined ? [] : { text: word.replace(wordPartPattern, decodePart), start, end: start + word.length };
  });
}

function decodePart(_: string, ...[ansi, single, double, escaped, bare = '']: readonly (string | undefined)[]): string {
  // Browsers use `$'…'` when they copy a request for sh.
  if (ansi !== undefined) return decodeEscapes(ansi);
  return single ?? double?.replace(/\\(?:\r?\n|(["\\$`]))/g, '$1') ?? escaped ?? bare;
}

/** Whether the shell replaces a part of a word, such as a variable. */
function hasExpansion(word: string): boolean {
  const parts = [...word.matchAll(wordPartPattern)];
  return parts.some(([, , , double = '', , bare = '']) => /[$`]/.test(bare) || /(?<!\\)(?:\\\\)*(?:\$[\w({]|`)/.test(double));
}

/** Removes carets from a command for cmd. Browsers copy such a command with a caret before each special character. */
function withoutCarets(text: string): string {
  return /\s-[-a-z]{1,20}\s{1,9}\^"/i.test(text) ? text.replace(/\^(?:\r?\n|([^]))/g, '$1') : text;
}
