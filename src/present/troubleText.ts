import type { Trouble } from '../core/trouble';
import { clean } from './clean';
import { timeOfDay } from './times';
import { words, type Translate } from './words';

/** What the row says of a trouble, in one line. */
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
    case 'notSaved':
      return t(words[kind]);
  }
}
