import { isCutUuid, isStandIn, uuidPattern } from './captureText';
import { kickoffId, type KickoffId } from './kickoffId';

/** An id that the text itself calls a kickoff id. */
export interface Marked {
  readonly at: number;
  readonly id: KickoffId;
  /** It could also be a word of a program. */
  readonly isDoubtful?: true;
  /** It is called a kickoff id, but the text may mean another one. */
  readonly isUnsure?: true;
}

const mark = /kick-?off[ _-]{0,2}(?:identifier|id|uuid)(s?)/gi;

/** How far behind a mark its id may stand. */
const reach = 200;

/** What may stand between a mark and a UUID: signs, tags and a few words, never another name. */
const gap = /^(?:[\s"'`*:=：＝>|()（）[\]«»“”‘’→~-]|<[^<>]{0,60}>|\bis\b|\bare\b|\bwas\b|为|是|UUID\(|string\(\d+\)|Out\[\d+\])*/;
const uuid = new RegExp(`^${uuidPattern}`);

/** `"kickoff_id": "run_7"`, `kickoff_id=run_7`, `<kickoff_id>run_7<`: what may stand before an id that is no UUID. */
const assigned = /^(?:["'`]?\s*(?:=>|[:=：])\s*|>)(["'`]?)([A-Za-z0-9][A-Za-z0-9._~:-]*)(["'`<]?)(?![([])/;

const separators = /^(?:[\s"'`,;、，*•|&()-]|\band\b|和|UUID\()+/;

/** What stands before the heading of a column that is not the first, and before the id of another run. */
const otherColumn = /(?:[,;|\t]|\bid|\s\s)\s?["'`]?$/i;
const otherRun = /(?:previous|prev|old|parent|original|last)[ _-]?$/i;

/** Every id that stands after `kickoff_id` in one of its spellings, with those that are listed behind it. */
export function marksIn(text: string): readonly Marked[] {
  const found: Marked[] = [];
  for (const { 0: word, 1: plural, index } of text.matchAll(mark)) {
    const before = text.slice(Math.max(0, index - 12), index);
    const at = index + word.length;
    const near = text.slice(at, at + reach);
    const between = gap.exec(near)?.[0] ?? '';
    const isHeading = /^[\s"'`|-]*$/.test(between);
    const ids = listed(text, at + between.length, isHeading || plural !== '');
    const isOtherColumn = otherColumn.test(before) && (between.includes('\n') || ids.length > 1);
    const isUnsure = otherRun.test(before) || (isHeading ? isOtherColumn : ids.length > 1 && plural === '');
    for (const one of isUnsure || ids.length > 0 ? ids : otherId(near, at)) found.push(isUnsure ? { ...one, isUnsure } : one);
  }
  return found;
}

/** Whether a text speaks of kickoff ids: the headings of a table do. */
export function hasMark(text: string): boolean {
  return text.search(mark) >= 0;
}

/** The UUID at that place and those that follow with nothing but separators between; mere blanks separate under a heading only. */
function listed(text: string, from: number, isHeading: boolean): readonly Marked[] {
  const found: Marked[] = [];
  let at = from;
  for (;;) {
    const id = kickoffId(uuid.exec(text.slice(at, at + 37))?.[0] ?? '');
    if (!id) return found;
    found.push({ at, id });
    at += id.length;
    const between = separators.exec(text.slice(at, at + 40))?.[0] ?? '';
    if (!isHeading && !/[,;、，和]|and/.test(between)) return found;
    at += between.length;
  }
}

function otherId(near: string, at: number): readonly Marked[] {
  const [, open = '', value = '', close = ''] = assigned.exec(near) ?? [];
  const isQuoted = open !== '' && open === close;
  const id = kickoffId(isQuoted ? value : value.replace(/[.:~-]{1,9}$/, ''));
  if (!id || isStandIn(id)) return [];
  if ((isQuoted || close === '<') && !isCutUuid(id)) return [{ at, id }];
  return /\d/.test(id) && !/[a-z]\.[a-z]/i.test(id) ? [{ at, id, isDoubtful: true }] : [];
}
