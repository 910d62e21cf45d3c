import type { ReceivedAt } from '#amp/status/serverTime';

const longestSeconds = 86_400;

/** The meaning of a `Retry-After` header. */
export type RetryAfter =
  | { readonly kind: 'none' }
  /** The header isn't valid, or its time isn't in the future. Such a header doesn't permit an immediate retry. */
  | { readonly kind: 'unclear' }
  | { readonly kind: 'wait'; readonly seconds: number };

/**
 * Parses a `Retry-After` header in seconds or as a date. A date counts from the response's own `Date`, or from this machine's clock if
 * there is no `Date`. Returns at most a day.
 */
export function retryAfter(header: string | undefined, { receivedAt, serverDate }: ReceivedAt): RetryAfter {
  if (header === undefined) return { kind: 'none' };

  const text = header.trim();
  const date = httpDate(text);
  const seconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : ((date ?? NaN) - (serverDate ?? receivedAt)) / 1_000;
  return seconds > 0 ? { kind: 'wait', seconds: Math.min(longestSeconds, Math.ceil(seconds)) } : { kind: 'unclear' };
}

/** Parses the three date formats of HTTP headers. Returns milliseconds since the epoch, or undefined. */
export function httpDate(text: string | undefined): number | undefined {
  if (!text?.match(/^(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat)[a-z]*,? /)) return undefined;
  const time = Date.parse(/(?:GMT|UTC)$/.test(text) ? text : `${text} GMT`);
  return Number.isNaN(time) ? undefined : time;
}
