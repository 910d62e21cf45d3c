import type { Stall } from '#core/kickoff/stall';
import { words, type Translate } from '#present/words/words';

const minute = 60;
const quarter = 15;

/** The time is in steps of 15 minutes, and from one hour on in full hours. */
export function stallText(stall: Stall | undefined, t: Translate): string | undefined {
  if (!stall) return undefined;
  const minutes = Math.floor(stall.seconds / minute);
  const so = minutes < 60 ? t(words.inMinutes, minutes - (minutes % quarter)) : t(words.inHours, Math.floor(minutes / 60));
  const usual = stall.usualSeconds;
  return usual === undefined ? t(words.noProgress, so) : t(words.noProgressUsually, so, usualText(usual, t));
}

function usualText(seconds: number, t: Translate): string {
  if (seconds < minute) return t(words.inSeconds, Math.floor(seconds));
  const minutes = Math.round(seconds / minute);
  return minutes < 120 ? t(words.inMinutes, minutes) : t(words.inHours, Math.round(minutes / 60));
}
