import type { HistoryFailureKind } from '../core/errors';
import type { Trouble } from '../core/trouble';
import { clean } from './clean';
import { timeOfDay } from './times';
import { words, type Translate } from './words';

/** Why history cannot be saved, where more can be said than that. */
const causes: ReadonlyMap<string, string> = new Map<HistoryFailureKind, string>([
  ['diskFull', words.causeDiskFull],
  ['readOnly', words.causeReadOnly],
  ['locked', words.causeLocked],
  ['damaged', words.causeDamaged],
]);

/** What a row has room for: when it is tried again is in the tooltip where the trouble itself takes the room. */
export function troubleInRow(trouble: Trouble, t: Translate): string {
  const { kind } = trouble;
  return kind === 'notAnAnswer' || kind === 'unreachable' || kind === 'nameUnknown' ? t(words[kind]) : troubleText(trouble, t);
}

/** What is to be said of a trouble, in one line. */
export function troubleText(trouble: Trouble, t: Translate): string {
  const { kind, says = '', retryAt, since } = trouble;
  switch (kind) {
    case 'throttled':
      return t(words.throttledUntil, retryAt === undefined ? '…' : timeOfDay(retryAt));
    case 'offline':
      return t(words.offlineSince, since === undefined ? '…' : timeOfDay(since));
    case 'moved':
      return t(words.moved, clean(says) || '…');
    case 'refused':
      return t(words.refused, clean(says) || '…');
    case 'serverTrouble':
    case 'notAnAnswer':
    case 'unreachable':
    case 'nameUnknown':
      return retryAt === undefined ? t(words[kind]) : t(words.nextTryAt, t(words[kind]), timeOfDay(retryAt));
    case 'noToken':
    case 'tokenRefused':
    case 'notAllowed':
    case 'wrongAddress':
    case 'certificate':
    case 'proxy':
    case 'tooLarge':
      return t(words[kind]);
    case 'notSaved':
      return notSavedText(causes.get(says), t);
  }
}

function notSavedText(cause: string | undefined, t: Translate): string {
  return cause === undefined ? t(words.notSaved) : t(words.notSavedBecause, t(cause));
}
