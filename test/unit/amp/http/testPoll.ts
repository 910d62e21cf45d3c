import assert from 'node:assert/strict';
import { AmpClient, type AmpRequest, type RequestResult } from '#amp/http/client';
import { AmpSource } from '#amp/source';
import type { Deployment, DeploymentKey, DeploymentUrl } from '#core/kickoff/deployment';
import { canonicalUrl } from '#core/kickoff/deploymentUrl';
import type { Kickoff, Observation } from '#core/kickoff/kickoff';
import { kickoffId } from '#core/kickoff/kickoffId';

export const canary = 'tok-demo-4f2a9c17d0be';

/** Deadlines that only stalled requests reach, even on a busy machine. */
export const patient = { headersMs: 10_000, idleMs: 10_000, totalMs: 10_000 };

/** Options of a test poll. Each option has a default. */
export interface PollOptions {
  readonly client?: Pick<AmpClient, 'get'>;
  readonly url?: string;
  readonly id?: string;
  readonly token?: string;
  readonly now?: number;
  readonly signal?: AbortSignal;
}

/** Polls once. The default deployment doesn't exist. */
export async function pollOnce(options: PollOptions = {}): Promise<Observation> {
  const { client = new AmpClient('0.0.0', patient), url, id = 'run-1', token = canary, now = Date.now() } = options;
  const tokens = { get: () => Promise.resolve(token) };
  const source = new AmpSource(tokens, client, { now: () => now });
  return source.observe(deploymentAt(url), idOf(id), options.signal ?? new AbortController().signal);
}

/** Polls once and returns the kind of problem. */
export async function troubleOf(options: PollOptions): Promise<string> {
  const seen = await pollOnce(options);
  assert.equal(seen.kind, 'unanswered');
  return seen.trouble.kind;
}

/** Returns a client's `get` that gives the same response to every request and records the requests. */
export function replying(status: number, headers: Readonly<Record<string, string>>, text: string | Uint8Array = '') {
  const requests: AmpRequest[] = [];
  const body = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const get = (request: AmpRequest): Promise<RequestResult> => {
    requests.push(request);
    const url = `${request.base}/${request.route.join('/')}`;
    return Promise.resolve({ kind: 'response', response: { url, status, headers: new Headers(headers), body } });
  };
  return Object.assign(get, { requests });
}

export function deploymentAt(url = 'https://crew.example'): Deployment {
  return { key: 1 as DeploymentKey, url: urlOf(url), label: 'crew' };
}

export function urlOf(text: string): DeploymentUrl {
  const url = canonicalUrl(text);
  assert.ok(url);
  return url;
}

export function idOf(text: string): Kickoff['id'] {
  const id = kickoffId(text);
  assert.ok(id);
  return id;
}
