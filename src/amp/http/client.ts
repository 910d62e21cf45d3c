import type { RequestInit, Response } from 'node-fetch';
import type { DeploymentUrl } from '#core/kickoff/deployment';
import { originOf, parseUrl } from '#core/kickoff/deploymentUrl';
import type { Trouble } from '#core/kickoff/trouble';
import { codeOf } from '#core/lib/errors';
import { pieces, readBody } from './body';
import { connectionTrouble, failedToConnect } from './connectionErrors';
import { RequestDeadline, usualDeadlines } from './deadline';
import { httpCode, isGood, type HttpResponse } from './response';
import type { Token } from './token';

/** The size limit of a successful response for `get`, in decoded bytes. */
const maxBytes = 64 * 1_024 * 1_024;
/** In decoded bytes. The HTTP status and the start of the body are enough. */
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
 * With `wasNotSent`, the server surely didn't receive the request. Without it, the server may have acted on the request. `bodyStart` is what
 * arrived of a body that is too long or ended too early. Only `post` sets it.
 */
export type RequestResult =
  | { readonly kind: 'response'; readonly response: HttpResponse }
  | { readonly kind: 'trouble'; readonly trouble: Trouble; readonly wasNotSent?: true; readonly bodyStart?: Uint8Array };

/** Most windows never send a request. */
const lazyFetch = async (url: string, init: RequestInit): Promise<Response> => (await import('node-fetch')).default(url, init);

/** Follows no redirects, ends every request by a deadline, and converts errors of node-fetch to problems. */
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

  /** Sends one POST request, and never repeats it. Never rejects. */
  async post(request: PostRequest): Promise<RequestResult> {
    const { json, maxBytes: most } = request;
    const body = json === undefined ? null : JSON.stringify(json);
    const read = (url: string, response: Response, deadline: RequestDeadline) =>
      readResponse(url, response, deadline, { most, keepsStart: true });
    return this.#request(request, read, { method: 'POST', body });
  }

  /** Passes the body of a 2xx response to `take`, without a size limit, and then returns undefined. Rejects only if `take` rejects. */
  async stream(request: AmpRequest, take: (body: AsyncIterable<Uint8Array>) => Promise<void>): Promise<RequestResult | undefined> {
    return this.#request(request, async (url, response, deadline) => {
      if (!isGood(response)) return readResponse(url, response, deadline);
      deadline.progress();
      await take(pieces(response.body, () => deadline.progress()));
      return undefined;
    });
  }

  async #request<T>(
    { base, route, token, signal }: AmpRequest,
    read: (url: string, response: Response, deadline: RequestDeadline) => Promise<T>,
    sent: Pick<RequestInit, 'method' | 'body'> = {},
  ): Promise<T | RequestResult> {
    const url = requestUrl(base, route);
    const authorization = token.authorization();
    if (!url) return { ...trouble('refused'), wasNotSent: true };
    if (authorization === undefined) return { ...trouble('tokenRefused'), wasNotSent: true };

    const deadline = new RequestDeadline(signal, this.deadlines);
    try {
      const received = await this.#send(url.href, authorization, deadline, sent);
      return 'kind' in received ? received : await read(url.href, received, deadline);
    } finally {
      deadline.dispose();
    }
  }

  async #send(
    url: string,
    authorization: string,
    deadline: RequestDeadline,
    sent: Pick<RequestInit, 'method' | 'body'>,
  ): Promise<Response | RequestResult> {
    try {
      return await this.fetch(url, {
        ...sent,
        headers: {
          Accept: 'application/json',
          ...(sent.body != null && { 'Content-Type': 'application/json' }),
          Authorization: authorization,
          // A request on a kept-alive connection would fail if the server closed the connection at the same moment.
          Connection: 'close',
          'User-Agent': `crewai-kickoffs/${this.version}`,
        },
        redirect: 'manual',
        signal: deadline.signal,
      });
    } catch (error) {
      const problem = trouble(connectionTrouble(error), deadline.signal.aborted ? 'ETIMEDOUT' : systemCode(error));
      return !deadline.signal.aborted && failedToConnect(error) ? { ...problem, wasNotSent: true } : problem;
    }
  }
}

/** With `keepsStart`, the result contains what arrived of an unusable body. For a poll, this could be a useless copy of 64 MiB. */
async function readResponse(
  url: string,
  response: Response,
  deadline: RequestDeadline,
  { most = maxBytes, keepsStart = false }: { readonly most?: number | undefined; readonly keepsStart?: boolean } = {},
): Promise<RequestResult> {
  deadline.progress();
  const { status, headers, body } = response;
  const { end, bytes } = await readBody(body, {
    most: isGood(response) ? most : maxErrorBytes,
    onPiece: () => deadline.progress(),
    isHtml: isGood(response) && /^text\/html\b/i.test(headers.get('content-type') ?? ''),
  });
  const isOfUse = end === 'whole' || (!isGood(response) && (status !== 404 || end === 'tooLarge'));
  if (!isOfUse) return { ...trouble(end, httpCode(status)), ...(keepsStart && { bodyStart: bytes() }) };
  return { kind: 'response', response: { url, status, headers, body: bytes(), ...(end !== 'whole' && { isCut: true }) } };
}

/** Returns the code of an error, unless a library put another text there. */
function systemCode(error: unknown): string | undefined {
  const code = codeOf(error) ?? '';
  return /^[A-Z][A-Z\d_]{1,60}$/.test(code) ? code : undefined;
}

function trouble(kind: Trouble['kind'], code?: string): Extract<RequestResult, { kind: 'trouble' }> {
  return { kind: 'trouble', trouble: { kind, ...(code !== undefined && { code }) } };
}

/** Returns undefined if parsing changes the URL, as with `..`, because the token must not be sent there. */
export function requestUrl(base: DeploymentUrl, parts: readonly string[]): URL | undefined {
  const parsedBase = parseUrl(base);
  if (!parsedBase || !parts.every((part) => part !== '' && part.isWellFormed())) return undefined;

  const wanted = [originOf(base) + parsedBase.pathname.replace(/\/+$/, ''), ...parts.map(encodeURIComponent)].join('/');
  const url = parseUrl(wanted);
  return url?.href === wanted && url.origin === originOf(base) ? url : undefined;
}
