import type { ResponseTimes } from '#amp/status/serverTime';

/** A response with its body. If `isCut` is set, the body isn't complete. */
export interface HttpResponse {
  readonly url: string;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: Uint8Array;
  readonly isCut?: true;
}

/** Returns the time of a response by this machine's clock and by its `Date` header. */
export function responseTimes(response: HttpResponse, receivedAt: number): ResponseTimes {
  return { receivedAt, serverDate: parseHttpDate(response.headers.get('date') ?? '') };
}

export function httpCode(status: number): string {
  return `HTTP ${status}`;
}

export function isSuccess({ status }: Pick<HttpResponse, 'status'>): boolean {
  return status >= 200 && status < 300;
}

const maxRetryAfterSeconds = 86_400;

/** Parses `Retry-After` to seconds, at most a day. Returns 0 for an invalid or past time, and `undefined` without this header. */
export function retryAfterSeconds(response: Pick<HttpResponse, 'headers'>, { receivedAt, serverDate }: ResponseTimes): number | undefined {
  const text = response.headers.get('retry-after')?.trim();
  if (text === undefined) return undefined;

  const date = parseHttpDate(text);
  const seconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : ((date ?? NaN) - (serverDate ?? receivedAt)) / 1_000;
  return seconds > 0 ? Math.min(maxRetryAfterSeconds, Math.ceil(seconds)) : 0;
}

/** Parses a date in one of the three formats of HTTP headers to milliseconds since the epoch. Undefined for other texts. */
export function parseHttpDate(text: string): number | undefined {
  if (!/^(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat)[a-z]*,? /.test(text)) return undefined;
  const time = Date.parse(/(?:GMT|UTC)$/.test(text) ? text : `${text} GMT`);
  return Number.isNaN(time) ? undefined : time;
}
