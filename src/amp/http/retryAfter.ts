import type { ReceivedAt } from '#amp/status/serverTime';

const longestSeconds = 86_400;

/** What a `Retry-After` header asks for. */
export type RetryAfter =
  | { readonly kind: 'none' }
  /** It is there and means nothing: nobody may conclude that the server wants to be asked at once. */
  | { readonly kind: 'unclear' }
  | { readonly kind: 'wait'; readonly seconds: number };

/** Seconds or a date, the date against the answer's own; at most a day. */
export function retryAfter(header: string | undefined, { receivedAt, serverDate }: ReceivedAt): RetryAfter {
  if (header === undefined) return { kind: 'none' };

  const text = header.trim();
  const date = httpDate(text);
  const seconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : ((date ?? NaN) - (serverDate ?? receivedAt)) / 1_000;
  return seconds > 0 ? { kind: 'wait', seconds: Math.min(longestSeconds, Math.ceil(seconds)) } : { kind: 'unclear' };
}

/** The three forms of a date in an HTTP header, in milliseconds since the epoch; undefined for anything else. */
export function httpDate(text: string | undefined): number | undefined {
  if (text === undefined || !/^(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat)[a-z]*,? /.test(text)) return undefined;
  const time = Date.parse(/(?:GMT|UTC)$/.test(text) ? text : `${text} GMT`);
  return Number.isNaN(time) ? undefined : time;
}
