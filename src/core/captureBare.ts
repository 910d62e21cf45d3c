import { hasMark } from './captureMarks';
import { kindByName, type Kind } from './captureNames';
import { withoutAddresses } from './captureRoutes';
import { uuidPattern } from './captureText';
import { kickoffId, type KickoffId } from './kickoffId';

export interface Bare {
  readonly at: number;
  readonly id: KickoffId;
  readonly kind: Exclude<Kind, 'other'>;
}

const uuids = new RegExp(`(?<![0-9A-Za-z])${uuidPattern}`, 'g');
const inPathOfRuns = new RegExp(`(?<=/(?:executions?|runs?)/)${uuidPattern}`, 'g');

/** How much before a UUID is looked at. */
const reach = 64;

const inExample = /(?:such as|e\.g\.|example|sample|例如|比如)\W{0,3}$/i;
const option = /(?:^|\s)--?[\w-]{1,40}[ =]$/;

/** Every UUID outside of addresses that the text does not call something else. */
export function bareIn(text: string): readonly Bare[] {
  const found: Bare[] = [];
  const outside = withoutAddresses(text);
  const mayBeTable = hasMark(text);
  for (const { 0: uuid, index } of outside.matchAll(uuids)) {
    const before = outside.slice(Math.max(0, index - reach), index);
    const kind = kindOf(before, outside.slice(index + uuid.length, index + uuid.length + 2), mayBeTable);
    const id = kickoffId(uuid);
    if (id && kind !== 'other') found.push({ at: index, id, kind });
  }
  for (const { 0: uuid, index } of text.matchAll(inPathOfRuns)) {
    const id = kickoffId(uuid);
    if (id) found.push({ at: index, id, kind: 'doubtful' });
  }
  return found;
}

function kindOf(before: string, after: string, mayBeTable: boolean): Kind {
  if (after.startsWith('@')) return 'other';
  const kind = kindByName(before, mayBeTable);
  const isPartOfName = /[\w/.\\-]$/.test(before) || /^(?:[-_/\\]|\.\w)/.test(after);
  const isDoubtful = isPartOfName || option.test(before) || inExample.test(before);
  return kind === 'unnamed' && isDoubtful ? 'doubtful' : kind;
}
