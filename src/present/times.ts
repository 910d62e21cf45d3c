import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import { words, type Translate } from '#present/words/words';
import { nonEmpty } from './names';

/** Formats a duration, for example as `42s`, `1m 48s`, or `1h 04m`. */
export function durationText(seconds: number, t: Translate): string {
  const wholeSeconds = Math.max(0, Math.floor(seconds));
  if (wholeSeconds < 60) return t(words.seconds, wholeSeconds);
  const minutes = Math.floor(wholeSeconds / 60);
  // Passes texts, because `t` would write out all digits of a huge number from the server.
  if (minutes >= 60) return t(words.hoursAndMinutes, `${Math.floor(minutes / 60)}`, `${minutes % 60}`.padStart(2, '0'));
  return wholeSeconds % 60 === 0 ? t(words.minutes, minutes) : t(words.minutesAndSeconds, minutes, wholeSeconds % 60);
}

/** Formats an active run's duration or an observed duration. From one minute on, uses steps of ten seconds. */
function roughDurationText(seconds: number, t: Translate): string {
  return durationText(seconds < 60 ? seconds : Math.floor(seconds / 10) * 10, t);
}

/** Formats a duration that is based on polls, for example as `~1m 40s`. */
export function observedDurationText(milliseconds: number, t: Translate): string {
  return t(words.approximately, roughDurationText(milliseconds / 1_000, t));
}

const endToleranceMs = 5_000;

/** Returns a run's duration, with `>` for a minimum or `~` for an observed duration. Undefined if the duration is unknown. */
export function runDurationText(kickoff: Kickoff, now: number, t: Translate): string | undefined {
  const startAt = kickoff.startedAt ?? kickoff.trackedAt;
  if (!isSettled(kickoff.phase)) {
    if (kickoff.checkedAt === undefined) return undefined;
    const isLowerBound = kickoff.startedAt === undefined && kickoff.phase.kind !== 'queued';
    const seconds = (now - startAt) / 1_000;
    // Under a minute, uses steps of five seconds, because a row that is redrawn every second never shows its tooltip.
    const duration = roughDurationText(seconds < 60 ? Math.floor(Math.max(0, seconds) / 5) * 5 : seconds, t);
    return isLowerBound ? t(words.atLeast, duration) : duration;
  }

  if (kickoff.executionSeconds !== undefined) return durationText(kickoff.executionSeconds, t);
  const { finishedAt } = kickoff;
  return finishedAt === undefined || finishedAt <= startAt ? undefined : observedDurationText(finishedAt - startAt, t);
}

export function ageText(at: number, now: number, t: Translate): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return t(words.justNow);
  if (minutes < 60) return t(words.minutesAgo, minutes);
  return minutes < 48 * 60 ? t(words.hoursAgo, Math.floor(minutes / 60)) : t(words.daysAgo, Math.floor(minutes / 1_440));
}

/** Returns the lines for a run's start and end. They contain "about" before times that are based on polls. */
export function startAndEndLines(kickoff: Kickoff, t: Translate): readonly string[] {
  return nonEmpty([startText(kickoff, t), isSettled(kickoff.phase) && endText(kickoff, t)]);
}

function startText(kickoff: Kickoff, t: Translate): string | undefined {
  const { startedAt, isStartObserved, finishedAt = NaN, executionSeconds = NaN } = kickoff;
  if (startedAt !== undefined) return t(isStartObserved ? words.startedAbout : words.started, { at: startedAt });
  const at = finishedAt - executionSeconds * 1_000;
  return at > 0 && at <= finishedAt ? t(words.startedAbout, { at }) : undefined;
}

/** Returns the line for a run's end. Uses the observed end if the reported end is later, because a clock may be wrong. */
function endText(kickoff: Kickoff, t: Translate): string | undefined {
  const { startedAt, isStartObserved, executionSeconds, finishedAt, checkedAt = 0 } = kickoff;
  const seenEndAt = finishedAt ?? checkedAt;
  if (startedAt !== undefined && executionSeconds !== undefined && !isStartObserved) {
    const at = startedAt + executionSeconds * 1_000;
    if (at >= startedAt && at <= seenEndAt + endToleranceMs) return t(words.finished, { at: Math.max(startedAt, Math.min(at, seenEndAt)) });
  }
  if (seenEndAt < (startedAt ?? 0)) return undefined;
  return finishedAt === undefined ? t(words.finishedBefore, { at: checkedAt }) : t(words.finishedAbout, { at: finishedAt });
}

/** Rounds a time up to a full minute, so that a wait is over when the clock shows that minute. */
export function roundUpToMinute(at: number): number {
  return Math.ceil(at / 60_000) * 60_000;
}
