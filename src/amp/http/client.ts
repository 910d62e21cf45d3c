import type { RequestInit, Response } from 'node-fetch';
import type { DeploymentUrl } from '#core/kickoff/deployment';
import { originOf, parseUrl } from '#core/kickoff/deploymentUrl';
import type { Trouble } from '#core/kickoff/trouble';
import { codeOf } from '#core/lib/errors';
import { trimEnd } from '#core/lib/trimEnd';
import { decodedChunks, readBody } from './body';
import { connectionTroubleKind, isConnectFailure } from './connectionErrors';
import { RequestDeadline, defaultTimeouts } from './deadline';
import { httpCode, isSuccess, type HttpResponse } from './response';
import type { Token } from './token';

/** The default size limit of a successful response, in decoded bytes. */
const defaultMaxBytes = 64 * 1_024 * 1_024;
/** The size limit of an error response, in decoded bytes. The HTTP status and the start of the body are enough. */
const maxErrorBytes = 65_536;

export interface AmpRequest {
  readonly baseUrl: DeploymentUrl;
  readonly route: readonly string[];
  readonly token: Token;
  readonly signal: AbortSignal;
  /** A lower size limit for a successful response, in bytes. */
  readonly maxBytes?: number;
  /** The body of a POST request, which is sent as JSON. */
  readonly json?: unknown;
}

/** A response or a problem. `wasNotSent`: the server didn't receive the request. `partialBody`: the received part of an unusable body. */
export type RequestResult =
  | { readonly kind: 'response'; readonly response: HttpResponse }
  | { readonly kind: 'trouble'; readonly trouble: Trouble; readonly wasNotSent?: true; readonly partialBody?: Uint8Array };

/** Loads node-fetch on first use, because most windows never send a request. */
const lazyFetch = async (url: string, init: RequestInit): Promise<Response> => (await import('node-fetch')).default(url, init);

/** Sends requests to AMP. Doesn't follow redirects, aborts requests that take too long, and returns errors of node-fetch as problems. */
export class AmpClient {
  constructor(
    private readonly userAgentVersions: string,
    private readonly timeouts = defaultTimeouts,
    private readonly fetch = lazyFetch,
  ) {}

  /** Sends one GET request. Never rejects. */
  async get(request: AmpRequest): Promise<RequestResult> {
    return this.#send(request, (response, deadline) => readResponse(response, deadline, request.maxBytes));
  }

  /** Sends one POST request without retries. Never rejects. */
  async post(request: AmpRequest): Promise<RequestResult> {
    const { json, maxBytes } = request;
    const body = json === undefined ? null : JSON.stringify(json);
    return this.#send(request, (response, deadline) => readResponse(response, deadline, maxBytes), { method: 'POST', body });
  }

  /** Passes a 2xx body of any size to `consume`. Otherwise, returns the response or problem. Rejects only if `consume` rejects. */
  async stream(request: AmpRequest, consume: (body: AsyncIterable<Uint8Array>) => Promise<void>): Promise<RequestResult | undefined> {
    return this.#send(request, async (response, deadline) => {
      if (!isSuccess(response)) return readResponse(response, deadline);
      deadline.restartIdleTimer();
      await consume(decodedChunks(response.body, () => deadline.restartIdleTimer()));
      return undefined;
    });
  }

  async #send<T>(
    { baseUrl, route, token, signal }: AmpRequest,
    read: (response: Response, deadline: RequestDeadline) => Promise<T>,
    init: Pick<RequestInit, 'method' | 'body'> = {},
  ): Promise<T | RequestResult> {
    const url = requestUrl(baseUrl, route);
    const authorization = token.authorization();
    if (!url) return { ...troubleResult('refused'), wasNotSent: true };
    if (authorization === undefined) return { ...troubleResult('tokenRefused'), wasNotSent: true };

    const headers = {
      Accept: 'application/json',
      ...(init.body != null && { 'Content-Type': 'application/json' }),
      Authorization: authorization,
      // A request on a kept-alive connection would fail if the server closed the connection at the same moment.
      Connection: 'close',
      'User-Agent': `crewai-kickoffs/${this.userAgentVersions}`,
    };
    const { headersMs, postHeadersMs } = this.timeouts;
    const deadline = new RequestDeadline(signal, { ...this.timeouts, headersMs: init.method === 'POST' ? postHeadersMs : headersMs });
    try {
      const response = await this.fetch(url.href, { ...init, headers, redirect: 'manual', signal: deadline.signal }).catch(
        (error: unknown) => failureResult(error, deadline.signal.aborted),
      );
      return 'kind' in response ? response : await read(response, deadline);
    } finally {
      deadline.dispose();
    }
  }
}

function failureResult(error: unknown, isAborted: boolean): RequestResult {
  if (isAborted) return troubleResult(connectionTroubleKind(error), 'ETIMEDOUT');
  const result = troubleResult(connectionTroubleKind(error), systemCode(error));
  return isConnectFailure(error) ? { ...result, wasNotSent: true } : result;
}

async function readResponse(response: Response, deadline: RequestDeadline, maxBytes = defaultMaxBytes): Promise<RequestResult> {
  deadline.restartIdleTimer();
  const { url, status, headers } = response;
  const { outcome, body } = await readBody(response.body, {
    maxBytes: isSuccess(response) ? maxBytes : maxErrorBytes,
    onChunk: () => deadline.restartIdleTimer(),
    hasHtmlType: isSuccess(response) && /^text\/html\b/i.test(headers.get('content-type') ?? ''),
  });
  const isUsable = outcome === 'complete' || (!isSuccess(response) && (status !== 404 || outcome === 'tooLarge'));
  if (!isUsable) return { ...troubleResult(outcome, httpCode(status)), partialBody: body };
  return { kind: 'response', response: { url, status, headers, body, ...(outcome !== 'complete' && { isCut: true }) } };
}

/** Returns an error's code, such as `ECONNRESET`. Undefined for other texts, which some libraries use as codes. */
function systemCode(error: unknown): string | undefined {
  const code = codeOf(error) ?? '';
  return /^[A-Z][A-Z\d_]{1,60}$/.test(code) ? code : undefined;
}

function troubleResult(kind: Trouble['kind'], code?: string): Extract<RequestResult, { kind: 'trouble' }> {
  return { kind: 'trouble', trouble: { kind, ...(code !== undefined && { code }) } };
}

/** Returns a request's URL. Undefined if a part could change the URL, as `..` does, because the token would be sent elsewhere. */
export function requestUrl(baseUrl: DeploymentUrl, route: readonly string[]): URL | undefined {
  const parsedBase = parseUrl(baseUrl);
  if (!parsedBase || !route.every((part) => part !== '' && part.isWellFormed())) return undefined;

  const href = [originOf(baseUrl) + trimEnd(parsedBase.pathname, /\//), ...route.map(encodeURIComponent)].join('/');
  const url = parseUrl(href);
  return url?.href === href && url.origin === originOf(baseUrl) ? url : undefined;
}
