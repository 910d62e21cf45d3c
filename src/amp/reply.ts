import { httpDate } from './retryAfter';
import type { Moment } from './times';

/** What came back over HTTP, whatever its status. */
export interface Reply {
  /** The address that was asked. */
  readonly url: string;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: Uint8Array;
  /** The body is but the start of what was sent. */
  readonly isCut?: true;
}

/** A header's text; undefined when it is not there. */
export function headerOf(reply: Reply, name: string): string | undefined {
  return reply.headers.get(name) ?? undefined;
}

/** When it came, by both clocks. */
export function momentOf(reply: Reply, receivedAt: number): Moment {
  const serverDate = httpDate(headerOf(reply, 'date'));
  return { receivedAt, ...(serverDate !== undefined && { serverDate }) };
}

/** The server did what it was asked to. */
export function isGood({ status }: Pick<Reply, 'status'>): boolean {
  return status >= 200 && status < 300;
}
