import type { Eta, SecondsRange } from '#core/kickoff/eta';
import type { Stall } from '#core/kickoff/stall';
import { words, type Translate } from '#present/words/words';

/** Texts about a run's expected end or usual duration. At most one of `timeLeft`, `usualTime`, and `tooltip` is set. */
export interface EtaText {
  /** The time left, which comes before the task in a row, because it matters more. */
  readonly timeLeft?: string;
  /** The usual duration, which comes after the task in a row. */
  readonly usualTime?: string;
  readonly isLate?: true;
  readonly tooltip?: string;
}

const secondsPerMinute = 60;
const secondsPerHour = 3_600;
const maxShownMinutes = 120;

export function etaText(eta: Eta | undefined, t: Translate): EtaText {
  switch (eta?.kind) {
    case undefined:
      return {};
    case 'took':
      return { tooltip: durationsText(eta.seconds, t) };
    case 'usually':
      return { usualTime: t(words.usually, spanText(eta.usual, t)) };
    case 'onceStarted':
      return { usualTime: t(words.usuallyOnceStarted, spanText(eta.usual, t)) };
    case 'longerThanUsual':
      return { usualTime: t(words.longerThanUsual, spanText(eta.usual, t)), isLate: true };
    case 'left':
      return { timeLeft: t(words.timeLeft, spanText(eta.leftRange, t)) };
    case 'about':
      return { timeLeft: t(words.aboutLeft, roundedDurationText(eta.seconds, t)) };
    case 'lessThanMinute':
      return { timeLeft: t(words.lessThanMinuteLeft) };
  }
}

/** Returns a span such as `6–14 min`, rounded outward. Above 60 minutes, the step is five minutes. Above 120 minutes, the unit is hours. */
function spanText({ low, high }: SecondsRange, t: Translate): string {
  if (high <= secondsPerMinute) return t(words.underMinute);
  const minutes = Math.ceil(high / secondsPerMinute);
  const stepMinutes = minutes > 60 ? 5 : 1;
  const usesHours = minutes > maxShownMinutes;
  const from = usesHours ? Math.floor(low / secondsPerHour) : Math.floor(low / secondsPerMinute / stepMinutes) * stepMinutes;
  const to = usesHours ? Math.ceil(high / secondsPerHour) : Math.ceil(minutes / stepMinutes) * stepMinutes;
  if (from < 1) return t(usesHours ? words.upToHours : words.upToMinutes, to);
  return t(usesHours ? words.hoursSpan : words.minutesSpan, from, to);
}

/** Returns the time without progress in steps of 15 minutes, and from one hour on in full hours, so that the row changes rarely. */
export function stallText(stall: Stall | undefined, t: Translate): string | undefined {
  if (!stall) return undefined;
  const { seconds, usualSeconds } = stall;
  const minutes = Math.floor(seconds / secondsPerMinute);
  const timeText = minutes < 60 ? t(words.inMinutes, minutes - (minutes % 15)) : t(words.inHours, Math.floor(minutes / 60));
  if (usualSeconds === undefined) return t(words.noProgress, timeText);
  const usualText = usualSeconds < secondsPerMinute ? t(words.inSeconds, Math.floor(usualSeconds)) : roundedDurationText(usualSeconds, t);
  return t(words.noProgressUsually, timeText, usualText);
}

function roundedDurationText(seconds: number, t: Translate): string {
  const minutes = Math.max(1, Math.round(seconds / secondsPerMinute));
  return minutes > maxShownMinutes ? t(words.inHours, Math.round(seconds / secondsPerHour)) : t(words.inMinutes, minutes);
}

/** Returns a text such as `last 3 runs: 4 min, 5 min, 9 min`. All durations have the unit of the longest duration. */
function durationsText(seconds: readonly number[], t: Translate): string {
  const maxSeconds = Math.max(...seconds);
  const [unitSeconds, unitText] =
    maxSeconds < 2 * secondsPerMinute
      ? [1, words.inSeconds]
      : maxSeconds <= maxShownMinutes * secondsPerMinute
        ? [secondsPerMinute, words.inMinutes]
        : [secondsPerHour, words.inHours];
  const timeTexts = seconds.map((one) => t(unitText, one < unitSeconds / 2 ? '<1' : `${Math.round(one / unitSeconds)}`));
  return t(timeTexts.length > 3 ? words.lastFourTook : words.lastThreeTook, ...timeTexts);
}
