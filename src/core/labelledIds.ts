import { isCutUuid, isPlaceholderId, uuidPattern, type FoundId } from './bareIds';
import { kickoffId } from './kickoffId';

/** A kickoff ID's label, in the spellings in use. That of an earlier run, or of several IDs, is none. */
const label =
  /(?<!(?:previous|prev|old|parent|original|last)[ _-]?)(?:kick-?off[ _-]{0,2}(?:identifier|id|uuid)(?![a-z])|(kick(?:ed)?[ -]?off with id)(?![a-z]))/gi;

/** How far behind its label a value is looked for. */
const reach = 120;

/** `: `, ` = "`, `</b>: <code>`, ` is `: what joins a label to its value. A table's heading has nothing of it. */
const joint = /^["'`*_)\]）]{0,4}\s*(?:=>|->|[:=：＝→>]|\bis\b|\bwas\b|为|是)/;
const opening = /^(?:<[^<>]{0,60}>|[\s"'`*_<([“‘«「:=-]|UUID\()*/;

const uuid = new RegExp(`^${uuidPattern}`);
/** After a UUID: another one follows, so the text lists several. */
const listed = new RegExp(`^["'\`\\])]{0,3}\\s*(?:[,;|、，&]|and\\b|和)\\s*["'\`\\[(]{0,3}(?:UUID\\(["'])?${uuidPattern}`);

/** `"kickoff_id": "run_7"`, `kickoff_id=run_7`, `<kickoff_id>run_7<`: a value that is no UUID. */
const assigned = /^(?:["'`]?\s*(?:=>|[:=：])\s*|>)(["'`]?)([A-Za-z0-9][A-Za-z0-9._~:-]*)(["'`<]?)(?![\w.~:([…-])/;

/** Finds each value that the text labels as a kickoff ID. */
export function labelledIdsIn(text: string): readonly FoundId[] {
  const found: FoundId[] = [];
  for (const { 0: words, 1: verb, index } of text.matchAll(label)) {
    const at = index + words.length;
    const after = text.slice(at, at + reach);
    const joined = joint.exec(after)?.[0] ?? (verb === undefined ? undefined : '');
    const between = joined === undefined ? '' : joined + (opening.exec(after.slice(joined.length))?.[0] ?? '');
    const id = joined === undefined ? undefined : kickoffId(uuid.exec(after.slice(between.length))?.[0] ?? '');
    if (!id) found.push(...otherId(after, at));
    else if (!listed.test(after.slice(between.length + id.length))) found.push({ at: at + between.length, id, isCertain: true });
  }
  return found;
}

/** A value that is no UUID counts as labelled where it is quoted. Elsewhere it may be a name in code. */
function otherId(after: string, at: number): readonly FoundId[] {
  const [whole = '', open = '', value = '', close = ''] = assigned.exec(after) ?? [];
  const isQuoted = close === '<' || (open !== '' && open === close);
  const id = kickoffId(isQuoted ? value : value.replace(/[.:~-]{1,9}$/, ''));
  if (!id || isPlaceholderId(id) || isCutUuid(value)) return [];
  if (!isQuoted && (!/\d/.test(id) || /[a-z]\.[a-z]/i.test(id))) return [];
  return [{ at: at + whole.indexOf(value), id, isCertain: isQuoted }];
}
