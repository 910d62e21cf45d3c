import type { Trouble, TroubleKind } from '#core/kickoff/trouble';
import { words, type Translate } from '#present/words/words';
import { clean } from './cleanText';
import { nonEmpty } from './names';
import { roundUpToMinute } from './times';

/** All texts by name. Includes variants that only some problems have, such as `throttledSoon` and `refusedBecause`. */
const textsByName: Readonly<Record<string, string | undefined>> = words;

/** Returns a problem's text for a row. Long texts don't contain the time of the next retry, which the tooltip shows. */
export function rowTroubleText(trouble: Trouble, now: number, t: Translate): string {
  const { kind } = trouble;
  return kind === 'notAnAnswer' || kind === 'unreachable' || kind === 'nameUnknown' ? t(words[kind]) : troubleText(trouble, now, t);
}

export function troubleText({ kind, detail = '', retryAt, since }: Trouble, now: number, t: Translate): string {
  // Texts with a problem end with a full stop of their own.
  const cleanDetail = clean(detail).replace(/[.!。]$/, '');
  if (kind === 'notSaved') return t(textsByName[`${detail}NotSaved`] ?? words.notSaved);
  if (kind === 'offline' && since !== undefined) return t(words.offlineSince, { at: since, now });
  if (kind === 'moved' && cleanDetail !== '') return t(words.movedTo, cleanDetail);
  const becauseText = textsByName[`${kind}Because`];
  if (becauseText !== undefined && cleanDetail !== '') return t(becauseText, cleanDetail);
  const [soonText, retryText] = [textsByName[`${kind}Soon`], textsByName[`${kind}Retry`]];
  if (soonText === undefined || retryText === undefined || retryAt === undefined) return t(words[kind]);
  return retryAt <= now ? t(soonText) : t(retryText, { at: roundUpToMinute(retryAt), now });
}

/** Returns the next step for the user, and the time of the failed check with its HTTP status or error code. */
export function troubleDetails(trouble: Trouble | undefined, t: Translate): readonly string[] {
  if (!trouble) return [];
  const nextStep = textsByName[`${trouble.kind}Advice`];
  const code = clean(trouble.code ?? '');
  const time = trouble.failedAt === undefined ? undefined : { at: trouble.failedAt };
  return nonEmpty([nextStep && t(nextStep), time && (code === '' ? t(words.checkFailed, time) : t(words.checkFailedWith, time, code))]);
}

/** The command of each problem's button. A row shows the button if its context value contains `button-` and the command. */
export const buttonCommands = {
  noToken: 'setToken',
  tokenRefused: 'setToken',
  notAllowed: 'setToken',
  throttled: 'showLog',
  serverTrouble: 'refresh',
  notAnAnswer: 'openInBrowser',
  moved: 'editDeployment',
  wrongAddress: 'editDeployment',
  nameUnknown: 'editDeployment',
  unreachable: 'refresh',
  offline: 'refresh',
  certificate: 'openNetworkSettings',
  proxy: 'openNetworkSettings',
  tooLarge: 'saveAnswer',
  refused: 'openRawStatus',
  notSaved: 'showLog',
} as const satisfies Record<TroubleKind, keyof typeof words>;

export type TroubleCommand = (typeof buttonCommands)[TroubleKind];
