import type { Trouble, TroubleKind } from '#core/kickoff/trouble';
import type { HistoryFailureKind } from '#core/lib/errors';
import { words, type Translate } from '#present/words/words';
import { clean } from './cleanText';
import { fullMinute, type FormatDate } from './times';

const notSaved: ReadonlyMap<string, string> = new Map<HistoryFailureKind, string>([
  ['diskFull', words.notSavedDiskFull],
  ['readOnly', words.notSavedReadOnly],
  ['locked', words.notSavedLocked],
  ['damaged', words.notSavedDamaged],
]);

/** Before and after the time of the retry. */
const retries = {
  throttled: { at: words.throttledUntil, soon: words.throttledSoon },
  serverTrouble: { at: words.serverTroubleRetry, soon: words.serverTroubleSoon },
  notAnAnswer: { at: words.notAnAnswerRetry, soon: words.notAnAnswerSoon },
  unreachable: { at: words.unreachableRetry, soon: words.unreachableSoon },
  nameUnknown: { at: words.nameUnknownRetry, soon: words.nameUnknownSoon },
} as const;

/** Leaves out the time of the next retry in long texts. The tooltip shows it. */
export function troubleInRow(trouble: Trouble, now: number, t: Translate): string {
  const { kind } = trouble;
  return kind === 'notAnAnswer' || kind === 'unreachable' || kind === 'nameUnknown' ? t(words[kind]) : troubleText(trouble, now, t);
}

export function troubleText(trouble: Trouble, now: number, t: Translate): string {
  const { kind, detail = '', retryAt, since } = trouble;
  switch (kind) {
    case 'offline':
      return since === undefined ? t(words.offline) : t(words.offlineSince, { at: since, now });
    case 'moved':
      return clean(detail) === '' ? t(words.moved) : t(words.movedTo, clean(detail));
    case 'refused':
      return clean(detail) === '' ? t(words.refused) : t(words.refusedBecause, clean(detail));
    case 'notAllowed':
      return clean(detail) === '' ? t(words.notAllowed) : t(words.notAllowedBecause, clean(detail));
    case 'throttled':
    case 'serverTrouble':
    case 'notAnAnswer':
    case 'unreachable':
    case 'nameUnknown':
      if (retryAt === undefined) return t(words[kind]);
      return retryAt <= now ? t(retries[kind].soon) : t(retries[kind].at, { at: fullMinute(retryAt), now });
    case 'noToken':
    case 'tokenRefused':
    case 'wrongAddress':
    case 'certificate':
    case 'proxy':
    case 'tooLarge':
      return t(words[kind]);
    case 'notSaved':
      return t(notSaved.get(detail) ?? words.notSaved);
  }
}

const advice: Partial<Record<TroubleKind, string>> = {
  notAllowed: words.notAllowedAdvice,
  serverTrouble: words.serverTroubleAdvice,
  notAnAnswer: words.notAnAnswerAdvice,
  wrongAddress: words.wrongAddressAdvice,
  nameUnknown: words.wrongAddressAdvice,
  unreachable: words.unreachableAdvice,
};

/** Returns the next step for the user, and the time of the failed check with its HTTP status or error code. */
export function troubleDetails(trouble: Trouble | undefined, formatDate: FormatDate, t: Translate): readonly string[] {
  if (!trouble) return [];
  const { kind, failedAt, code = '' } = trouble;
  const next = advice[kind];
  const at = failedAt === undefined ? undefined : formatDate(failedAt);
  const failed = at === undefined ? [] : [clean(code) === '' ? t(words.checkFailed, at) : t(words.checkFailedWith, at, clean(code))];
  return [...(next === undefined ? [] : [t(next)]), ...failed];
}

export function troubleMovesAt({ retryAt = -Infinity }: Trouble, now: number): number {
  return retryAt > now ? retryAt : Infinity;
}
