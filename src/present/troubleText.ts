import type { HistoryFailureKind } from '../core/errors';
import type { Trouble } from '../core/trouble';
import { clean } from './clean';
import { momentText } from './times';
import { words, type Translate } from './words';

/** Why history cannot be saved, where more can be said than that. */
const causes: ReadonlyMap<string, string> = new Map<HistoryFailureKind, string>([
  ['diskFull', words.causeDiskFull],
  ['readOnly', words.causeReadOnly],
  ['locked', words.causeLocked],
  ['damaged', words.causeDamaged],
]);

/** Problems that end by a retry, with the time of the retry. */
const retries = {
  throttled: { at: words.throttledUntil, soon: words.throttledSoon },
  serverTrouble: { at: words.serverTroubleRetry, soon: words.serverTroubleSoon },
  notAnAnswer: { at: words.notAnAnswerRetry, soon: words.notAnAnswerSoon },
  unreachable: { at: words.unreachableRetry, soon: words.unreachableSoon },
  nameUnknown: { at: words.nameUnknownRetry, soon: words.nameUnknownSoon },
} as const;

/** A time of day closer than that could be the current minute, and would look like the past. */
const soonMs = 60_000;

/** A problem as a row shows it. If its text fills the row, only the tooltip has the next retry. */
export function troubleInRow(trouble: Trouble, now: number, t: Translate): string {
  const { kind } = trouble;
  return kind === 'notAnAnswer' || kind === 'unreachable' || kind === 'nameUnknown' ? t(words[kind]) : troubleText(trouble, now, t);
}

/** A problem in one line, and when the next retry is. */
export function troubleText(trouble: Trouble, now: number, t: Translate): string {
  const { kind, says = '', retryAt, since } = trouble;
  switch (kind) {
    case 'offline':
      return t(words.offlineSince, since === undefined ? '…' : momentText(since, now));
    case 'moved':
      return t(words.moved, clean(says) || '…');
    case 'refused':
      return t(words.refused, clean(says) || '…');
    case 'throttled':
    case 'serverTrouble':
    case 'notAnAnswer':
    case 'unreachable':
    case 'nameUnknown':
      if (retryAt === undefined) return t(words[kind]);
      return retryAt - now <= soonMs ? t(retries[kind].soon) : t(retries[kind].at, momentText(retryAt, now));
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

/** When the text of a problem changes next without any news; `Infinity` if it doesn't. */
export function troubleMovesAt({ retryAt = -Infinity }: Trouble, now: number): number {
  return [retryAt - soonMs, retryAt].find((at) => at > now) ?? Infinity;
}

function notSavedText(cause: string | undefined, t: Translate): string {
  return cause === undefined ? t(words.notSaved) : t(words.notSavedBecause, t(cause));
}
