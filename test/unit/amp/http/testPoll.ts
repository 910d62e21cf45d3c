import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { AmpClient, type AmpRequest, type RequestResult } from '#amp/http/client';
import { Token } from '#amp/http/token';
import { Amp } from '#amp/amp';
import type { Tokens } from '#core/kickoff/deployment';
import type { Observation } from '#core/kickoff/kickoff';
import { deployment, id, url as urlOf } from '#test/support/builders';
import { readingHere } from '#test/support/threads';

export const canary = 'tok-demo-4f2a9c17d0be';

/** Deadlines that only stalled requests reach, even on a busy machine. */
export const patient = { headersMs: 10_000, postHeadersMs: 10_000, idleMs: 10_000, totalMs: 10_000 };

/** Options of a test poll. Each option has a default. */
export interface PollOptions {
  readonly client?: Pick<AmpClient, 'get'>;
  readonly url?: string;
  readonly token?: string;
  /** The tokens of the user, instead of one constant token. */
  readonly tokens?: Tokens;
  readonly now?: number;
  readonly signal?: AbortSignal;
}

/** Adds methods that fail to a client for polls. */
export function onlyPolling(client: Pick<AmpClient, 'get'>): Pick<AmpClient, 'get' | 'post' | 'stream'> {
  const fail = () => Promise.reject(new Error('A poll sent another request.'));
  return { get: (request) => client.get(request), post: fail, stream: fail };
}

/** Polls once. The default deployment doesn't exist. */
export async function pollOnce(options: PollOptions = {}): Promise<Observation> {
  const { client = new AmpClient('0.0.0', patient), url = 'https://crew.example', token = canary, now = Date.now() } = options;
  const { tokens = { get: () => Promise.resolve(token) }, signal = new AbortController().signal } = options;
  return new Amp(tokens, onlyPolling(client), { now: () => now }, readingHere).observe(deployment({ url }), id('run-1'), signal);
}

/** Polls once, and gets this response. */
export function polled(status: number, text: string | Uint8Array = '', options: PollOptions = {}): Promise<Observation> {
  return pollOnce({ client: { get: replying(status, {}, text) }, ...options });
}

/** Checks the token with this client. */
export function checkToken(client: Pick<AmpClient, 'get'>): ReturnType<Amp['checkToken']> {
  const source = new Amp({ get: () => Promise.resolve(undefined) }, onlyPolling(client), { now: () => 0 }, readingHere);
  return source.checkToken(urlOf('https://crew.example'), canary);
}

/** Returns the request of a poll. */
export function requestTo(url = 'https://crew.example', of = 'run-1'): AmpRequest {
  return { baseUrl: urlOf(url), route: ['status', of], token: new Token(canary), signal: new AbortController().signal };
}

/** Polls once and returns the kind of problem. */
export async function troubleOf(options: PollOptions): Promise<string> {
  const seen = await pollOnce(options);
  assert.equal(seen.kind, 'unanswered');
  return seen.trouble.kind;
}

/** Returns the text of a stream from which this token was removed. */
export async function redactedStream(token: string, pieces: readonly string[]): Promise<string> {
  const stream = Readable.from(pieces.map((piece) => Buffer.from(piece)));
  const received = await Readable.from(new Token(token).redactStream(stream)).toArray();
  return Buffer.concat(received as Buffer[]).toString();
}

/** Returns a client's `get` that gives the same response to every request and records the requests. */
export function replying(status: number, headers: Readonly<Record<string, string>>, text: string | Uint8Array = '') {
  const requests: AmpRequest[] = [];
  const body = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const get = (request: AmpRequest): Promise<RequestResult> => {
    requests.push(request);
    const url = `${request.baseUrl}/${request.route.join('/')}`;
    return Promise.resolve({ kind: 'response', response: { url, status, headers: new Headers(headers), body } });
  };
  return Object.assign(get, { requests });
}
