import type { ReceivedAt } from '#amp/status/serverTime';
import { httpDate } from './retryAfter';

export interface HttpResponse {
  readonly url: string;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: Uint8Array;
  /** Whether `body` is only the start of the body that the server sent. */
  readonly isCut?: true;
}

export function receivedAtOf(response: HttpResponse, receivedAt: number): ReceivedAt {
  return { receivedAt, serverDate: httpDate(response.headers.get('date') ?? '') };
}

/** Returns the HTTP status as the code of a problem. */
export function httpCode(status: number): string {
  return `HTTP ${status}`;
}

export function isGood({ status }: Pick<HttpResponse, 'status'>): boolean {
  return status >= 200 && status < 300;
}
