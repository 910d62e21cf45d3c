import { kickoffId } from '#core/kickoff/kickoffId';
import { completeId, isTruncatedUuid, uuidSource, type FoundId } from './bareIds';

/** Matches a label of a kickoff ID in the usual spellings, but not of several IDs or an earlier run. */
const labelPattern =
  /(?<!(?:previous|prev|old|parent|original|last)[ _-]?)(?:kick-?off[ _-]{0,2}(?:identifier|id|uuid)(?![a-z])|(kick(?:ed)?[ -]?off with id)(?![a-z]))/gi;

/** The maximum distance from a label to the end of its value. */
const maxValueDistance = 120;

/** The separator between a label and its value, such as `:` or `is`. The table heading "Kickoff ID" has none, so it isn't a label. */
const separatorSource = /["'`*_)\]）]{0,4}\s*(?:=>|->|[:=：＝→>]|\bis\b|\bwas\b|为|是)/.source;
const openingSource = /(?:<[^<>]{0,60}>|[\s"'`*_<([“‘«「:=-]|UUID\()*/.source;
const labeledUuidPattern = new RegExp(`^${separatorSource}${openingSource}(${uuidSource})`);
/** Matches the value after "Kicked off with Id", a label that needs no colon. */
const kickedOffPattern = new RegExp(`^(?:${separatorSource})?${openingSource}(${uuidSource})`);

/** Matches another UUID after the value, which shows that the text lists several IDs. */
const nextUuidPattern = new RegExp(`^["'\`\\])]{0,3}\\s*(?:[,;|、，&]|and\\b|和)\\s*["'\`\\[(]{0,3}(?:UUID\\(["'])?${uuidSource}`);

/** Matches the separator and value after a label. Used if the value isn't a UUID, as in `"kickoff_id": "run_7"` or `kickoff_id=run_7`. */
const nonUuidValuePattern = /^(?:["'`]?\s*(?:=>|[:=：])\s*|>)(["'`]?)([A-Za-z0-9][A-Za-z0-9._~:-]*)(["'`<]?)(?![\w.~:([…-])/;

/** A member that a response may have besides the run ID. Log lines have other members, such as a time or a level. */
const otherMemberSource = /["'](?:status|state|message)["']\s*:\s*["'][^"'{}]{0,200}["']/.source;
const responsePattern = new RegExp(
  `\\{\\s*(?:${otherMemberSource}\\s*,\\s*)*["']run_id["']\\s*:\\s*["'](?<value>[^"'{}\\s]{1,200})["']\\s*(?:,\\s*${otherMemberSource}\\s*)*\\}`,
  'g',
);

/** Finds kickoff IDs that a response to `/kickoff` names `run_id`. Elsewhere, `run_id` may be the ID of another run. */
export function responseIdsIn(text: string): readonly FoundId[] {
  const requestStart = text.search(/\/kickoff(?!\w)/);
  const isWholeText = /^[\s"'`]*$/.test(text.replace(responsePattern, ''));
  return [...text.matchAll(responsePattern)].flatMap(({ 0: response, index, groups = {} }) => {
    const id = completeId(groups['value'] ?? '');
    const isResponse = isWholeText || (requestStart >= 0 && requestStart < index);
    return id && isResponse ? [{ offset: index + response.indexOf(id), id, isCertain: true }] : [];
  });
}

/** Finds each value that the text labels as a kickoff ID. Ignores lists of several UUIDs. */
export function labeledIdsIn(text: string): readonly FoundId[] {
  const ids: FoundId[] = [];
  for (const { 0: labelText, 1: kickedOffLabel, index } of text.matchAll(labelPattern)) {
    const labelEnd = index + labelText.length;
    const after = text.slice(labelEnd, labelEnd + maxValueDistance);
    const [upToValue = '', value = ''] = (kickedOffLabel === undefined ? labeledUuidPattern : kickedOffPattern).exec(after) ?? [];
    const id = kickoffId(value);
    if (!id) ids.push(...nonUuidIdsIn(after, labelEnd));
    else if (!nextUuidPattern.test(after.slice(upToValue.length)))
      ids.push({ offset: labelEnd + upToValue.length - id.length, id, isCertain: true });
  }
  return ids;
}

/** Finds a labeled ID that isn't a UUID. It is certain only in quotes or an XML element. Elsewhere, it needs a digit: it may be code. */
function nonUuidIdsIn(after: string, labelEnd: number): readonly FoundId[] {
  const [match = '', opening = '', value = '', closing = ''] = nonUuidValuePattern.exec(after) ?? [];
  const isQuoted = closing === '<' || (opening !== '' && opening === closing);
  const id = completeId(isQuoted ? value : value.replace(/[.:~-]{1,9}$/, ''));
  if (!id || isTruncatedUuid(value)) return [];
  if (!isQuoted && (!/\d/.test(id) || /[a-z]\.[a-z]/i.test(id))) return [];
  return [{ offset: labelEnd + match.indexOf(value), id, isCertain: isQuoted }];
}
