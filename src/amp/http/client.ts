import type { RequestInit, Response } from 'node-fetch';
import type { DeploymentUrl } from '#core/kickoff/deployment';
import { originOf, parseUrl } from '#core/kickoff/deploymentUrl';
import type { Trouble } from '#core/kickoff/trouble';
import { codeOf } from '#core/lib/errors';
import { trimEnd } from '#core/lib/trimEnd';
import { decodedPieces, readBody } from './body';
import { connectionTrouble, failedToConnect } from './connectionErrors';
import { RequestDeadline, usualDeadlines } from './deadline';
import { httpCode, isSuccess, type HttpResponse } from './response';
import type { Token } from './token';

/** The default size limit of a successful response, in decoded bytes. */
const defaultMaxBytes = 64 * 1_024 * 1_024;
/** The size limit of an error response, in decoded bytes. The HTTP status and the start of the body are enough. */
const maxErrorBytes = 65_536;

export interface AmpRequest {
  readonly base: DeploymentUrl;
  readonly route: readonly string[];
  readonly token: Token;
  readonly signal: AbortSignal;
  /** A lower size limit for a successful response, in bytes. */
  readonly maxBytes?: number;
}

export interface PostRequest extends AmpRequest {
  /** The body, which is sent as JSON. */
  readonly json?: unknown;
}

/**
 * A response, or a problem that prevented one. `wasNotSent` means that the server surely didn't receive the request. `bodyStart` is the
 * received part of an unusable body, and only `post` sets it.
 */
export type RequestResult =
  | { readonly kind: 'response'; readonly response: HttpResponse }
  | { readonly kind: 'trouble'; readonly trouble: Trouble; readonly wasNotSent?: true; readonly bodyStart?: Uint8Array };

/** Loads node-fetch on first use, because most windows never send a request. */
const lazyFetch = async (url: string, init: RequestInit): Promise<Response> => (await import('node-fetch')).default(url, init);

/** Sends requests to AMP. Doesn't follow redirects, aborts late requests, and returns errors of node-fetch as problems. */
export class AmpClient {
  constructor(
    private readonly version: string,
    private readonly deadlines = usualDeadlines,
    private readonly fetch = lazyFetch,
  ) {}

  /** Sends one GET request. Never rejects. */
  async get(request: AmpRequest): Promise<RequestResult> {
    return this.#request(request, (url, response, deadline) => readResponse(url, response, deadline, { most: request.maxBytes }));
  }

  /** Sends one POST request without retries. Never rejects. */
  async post(request: PostRequest): Promise<RequestResult> {
    const { json, maxBytes: most } = request;
    const body = json === undefined ? null : JSON.stringify(json);
    const read = (url: string, response: Response, deadline: RequestDeadline) =>
      readResponse(url, response, deadline, { most, keepsStart: true });
    return this.#request(request, read, { method: 'POST', body });
  }

  /** Passes the body of a 2xx response to `consume`, without a size limit, and returns undefined. Rejects only if `consume` rejects. */
  async stream(request: AmpRequest, consume: (body: AsyncIterable<Uint8Array>) => Promise<void>): Promise<RequestResult | undefined> {
    return this.#request(request, async (url, response, deadline) => {
      if (!isSuccess(response)) return readResponse(url, response, deadline);
      deadline.restartIdleTimer();
      await consume(decodedPieces(response.body, () => deadline.restartIdleTimer()));
      return undefined;
    });
  }

  async #request<T>(
    { base, route, token, signal }: AmpRequest,
    read: (url: string, response: Response, deadline: RequestDeadline) => Promise<T>,
    init: Pick<RequestInit, 'method' | 'body'> = {},
  ): Promise<T | RequestResult> {
    const url = requestUrl(base, route);
    const authorization = token.authorization();
    if (!url) return { ...troubleResult('refused'), wasNotSent: true };
    if (authorization === undefined) return { ...troubleResult('tokenRefused'), wasNotSent: true };

    const deadline = new RequestDeadline(signal, this.deadlines);
    try {
      const response = await this.#send(url.href, authorization, deadline, init);
      return 'kind' in response ? response : await read(url.href, response, deadline);
    } finally {
      deadline.dispose();
    }
  }

  async #send(
    url: string,
    authorization: string,
    deadline: RequestDeadline,
    init: Pick<RequestInit, 'method' | 'body'>,
  ): Promise<Response | RequestResult> {
    try {
      return await this.fetch(url, {
        ...init,
        headers: {
          Accept: 'application/json',
          ...(init.body != null && { 'Content-Type': 'application/json' }),
          Authorization: authorization,
          // A request on a kept-alive connection would fail if the server closed the connection at the same moment.
          Connection: 'close',
          'User-Agent': `crewai-kickoffs/${this.version}`,
        },
        redirect: 'manual',
        signal: deadline.signal,
      });
    } catch (error) {
      const problem = troubleResult(connectionTrouble(error), deadline.signal.aborted ? 'ETIMEDOUT' : systemCode(error));
      return !deadline.signal.aborted && failedToConnect(error) ? { ...problem, wasNotSent: true } : problem;
    }
  }
}

/** Reads the body of a response. With `keepsStart`, a problem contains the received part of the body, which polls don't need. */
async function readResponse(
  url: string,
  response: Response,
  deadline: RequestDeadline,
  { most = defaultMaxBytes, keepsStart = false }: { readonly most?: number | undefined; readonly keepsStart?: boolean } = {},
): Promise<RequestResult> {
  deadline.restartIdleTimer();
  const { status, headers, body } = response;
  const { end, bytes } = await readBody(body, {
    maxBytes: isSuccess(response) ? most : maxErrorBytes,
    onPiece: () => deadline.restartIdleTimer(),
    isHtml: isSuccess(response) && /^text\/html\b/i.test(headers.get('content-type') ?? ''),
  });
  const isUsable = end === 'complete' || (!isSuccess(response) && (status !== 404 || end === 'tooLarge'));
  if (!isUsable) return { ...troubleResult(end, httpCode(status)), ...(keepsStart && { bodyStart: bytes() }) };
  return { kind: 'response', response: { url, status, headers, body: bytes(), ...(end !== 'complete' && { isCut: true }) } };
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
export function requestUrl(base: DeploymentUrl, route: readonly string[]): URL | undefined {
  const parsedBase = parseUrl(base);
  if (!parsedBase || !route.every((part) => part !== '' && part.isWellFormed())) return undefined;

  const expected = [originOf(base) + trimEnd(parsedBase.pathname, /\//), ...route.map(encodeURIComponent)].join('/');
  const url = parseUrl(expected);
  return url?.href === expected && url.origin === originOf(base) ? url : undefined;
}
