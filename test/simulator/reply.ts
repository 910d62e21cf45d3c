import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Outcome } from './answer';
import type { Time } from './run';

export function reply(outcome: Outcome, response: ServerResponse, time: Time): void {
  if (outcome === 'stall') return;
  if (outcome === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  // The rest isn't sent after the client disconnects.
  send(outcome, response, time, closed.signal).catch(() => response.destroy());
}

async function send(
  { status, headers, body, slow = {} }: Answer,
  response: ServerResponse,
  time: Time,
  signal: AbortSignal,
): Promise<void> {
  const wait = (seconds: number): Promise<void> => sleep((seconds * 1000) / time.speed, undefined, { signal });
  if (slow.latency !== undefined) await wait(slow.latency);

  const bytes = Buffer.from(body);
  response.writeHead(status, { date: new Date(time.now()).toUTCString(), 'content-length': bytes.length, ...headers });
  const { pieces = 1, every = 0 } = slow.drip ?? {};
  const size = Math.ceil(bytes.length / pieces);
  for (let from = 0; from + size < bytes.length; from += size) {
    response.write(bytes.subarray(from, from + size));
    await wait(every);
  }
  response.end(bytes.subarray(size * (Math.ceil(bytes.length / size) - 1)));
}
