import type { ReceivedAt } from '#amp/status/serverTime';

const longestSeconds = 86_400;

export type RetryAfter =
  | { readonly kind: 'none' }
  /** An invalid or past time, which doesn't permit an immediate retry. */
  | { readonly kind: 'unclear' }
  | { readonly kind: 'wait'; readonly seconds: number };

/** Parses a `Retry-After` header. A date counts from the response's own `Date`, if it has one. Returns at most a day. */
export function retryAfter(header: string | null, { receivedAt, serverDate }: ReceivedAt): RetryAfter {
  if (header === null) return { kind: 'none' };

  const text = header.trim();
  const date = httpDate(text);
  const seconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : ((date ?? NaN) - (serverDate ?? receivedAt)) / 1_000;
  return seconds > 0 ? { kind: 'wait', seconds: Math.min(longestSeconds, Math.ceil(seconds)) } : { kind: 'unclear' };
}

/** Parses the three date formats of HTTP headers. Returns milliseconds since the epoch, or undefined. */
export function httpDate(text: string): number | undefined {
  if (!/^(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat)[a-z]*,? /.test(text)) return undefined;
  const time = Date.parse(/(?:GMT|UTC)$/.test(text) ? text : `${text} GMT`);
  return Number.isNaN(time) ? undefined : time;
}
