import type { ReceivedAt } from '#amp/status/serverTime';
import { httpDate } from './retryAfter';

/** What came back over HTTP, whatever its status. */
export interface HttpResponse {
  /** The address that was asked. */
  readonly url: string;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: Uint8Array;
  /** The body is but the start of what was sent. */
  readonly isCut?: true;
}

/** A header's text; undefined when it is not there. */
export function headerOf(response: HttpResponse, name: string): string | undefined {
  return response.headers.get(name) ?? undefined;
}

/** When it came, by both clocks. */
export function receivedAtOf(response: HttpResponse, receivedAt: number): ReceivedAt {
  const serverDate = httpDate(headerOf(response, 'date'));
  return { receivedAt, ...(serverDate !== undefined && { serverDate }) };
}

/** The server did what it was asked to. */
export function isGood({ status }: Pick<HttpResponse, 'status'>): boolean {
  return status >= 200 && status < 300;
}
