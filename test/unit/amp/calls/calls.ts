import type http from 'node:http';
import type net from 'node:net';
import { text } from 'node:stream/consumers';
import { Amp } from '#amp/amp';
import { AmpClient } from '#amp/http/client';
import type { Tokens } from '#core/kickoff/deployment';
import type { KickoffId } from '#core/kickoff/kickoffId';
import type { Inputs, StartResult } from '#core/starts/attempt';
import type { StopResult } from '#core/starts/runStarter';
import { deployment, id, key } from '#test/support/builders';
import { readingHere } from '#test/support/threads';
import { httpServer, type Server } from '#test/unit/amp/http/servers';
import { canary, onlyPolling, patient } from '#test/unit/amp/http/testPoll';

/** The time of all calls. */
/** The time of each request, in milliseconds since 1970. */
export const now = 1_000_000;

export const requestId = '5b1e4f44-a3b9-4c22-9d0d-0000c0ffee01';

/** A request with its whole body. */
export interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** Starts a server that responds after it received the whole body. */
export async function receiver(
  respond: (response: http.ServerResponse, socket: net.Socket) => unknown,
): Promise<Server & { readonly received: readonly Received[] }> {
  const received: Received[] = [];
  const server = await httpServer((request, response) => {
    const { method, url, headers, socket } = request;
    void text(request).then((body) => {
      received.push({ method, url, headers, body });
      respond(response, socket);
    });
  });
  return { ...server, received };
}

/** Starts a server that sends this response to each request. A body that isn't text is sent as JSON. */
export function responder(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): ReturnType<typeof receiver> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return receiver((response) => response.writeHead(status, headers).end(text));
}

export interface CallOptions {
  readonly client?: Pick<AmpClient, 'get' | 'post'>;
  readonly tokens?: Tokens;
  readonly inputs?: Inputs;
  readonly continues?: KickoffId;
}

export function calls({ client = new AmpClient('0.0.0', patient), tokens = { get: () => Promise.resolve(canary) } }: CallOptions = {}) {
  return new Amp(tokens, { ...onlyPolling(client), post: (request) => client.post(request) }, { now: () => now }, readingHere);
}

/** Starts a run at this URL. */
export function startAt(url: string, options: CallOptions = {}): Promise<StartResult> {
  const { inputs = { topic: 'agents' }, continues } = options;
  return calls(options).start(deployment({ url }), { deployment: key(), requestId, sentAt: now, inputs, ...(continues && { continues }) });
}

/** Stops the run `run-1` at this URL. */
export function stopAt(url: string, options: CallOptions = {}): Promise<StopResult> {
  return calls(options).stop(deployment({ url }), id('run-1'));
}
