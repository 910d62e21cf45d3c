import { isDeepStrictEqual } from 'node:util';
import { oneLine } from '#amp/status/oneLine';
import { asError, messageIn, type Complaint, type ErrorFields } from '#amp/status/schema';
import { parseUrl } from '#core/kickoff/deploymentUrl';
import { waitsForUser, type Trouble } from '#core/kickoff/trouble';
import { parseJson } from '#core/lib/json';
import { receivedAtOf, retryAfter, type HttpResponse } from './response';
import type { Token } from './token';

/** Returns the meaning of a response other than 2xx: an unknown kickoff ID, or a problem without the token in its detail. */
export function interpretError(response: HttpResponse, receivedAt: number, token: Token): Trouble | 'missing' {
  const own = meaningOf(response, token);
  const retry = retryAfter(response.headers.get('retry-after'), receivedAtOf(response, receivedAt));
  switch (retry.kind) {
    case 'none':
      return own;
    case 'wait':
      return { kind: 'throttled', retryAt: receivedAt + retry.seconds * 1_000 };
    case 'unclear':
      return own !== 'missing' && waitsForUser(own.kind) ? own : { kind: 'throttled' };
  }
}

/** Returns the problem in a response other than 2xx to a request without a kickoff ID. */
export function problemIn(response: HttpResponse, receivedAt: number, token: Token): Trouble {
  const meaning = interpretError(response, receivedAt, token);
  return meaning === 'missing' ? { kind: 'wrongAddress' } : meaning;
}

function meaningOf(response: HttpResponse, token: Token): Trouble | 'missing' {
  const { status } = response;
  if (status >= 500) return { kind: 'serverTrouble' };
  if (status >= 300 && status < 400) return withDetail('moved', targetOf(response), token);
  switch (status) {
    case 401:
      return { kind: 'tokenRefused' };
    case 403:
      return withDetail('notAllowed', sentenceIn(textOf(response)), token);
    case 404:
      return isRouteUnknown(response) ? { kind: 'wrongAddress' } : 'missing';
    case 407:
      return { kind: 'proxy' };
    case 408:
    case 425:
      return { kind: 'serverTrouble' };
    case 429:
      return { kind: 'throttled' };
    default:
      return status >= 400 ? withDetail('refused', sentenceIn(textOf(response)), token) : { kind: 'notAnAnswer' };
  }
}

/** For an unknown kickoff ID, AMP sends a JSON object. For an unknown route, its web framework sends `{"detail":"Not Found"}`. */
function isRouteUnknown(response: HttpResponse): boolean {
  if (response.isCut) return !/^\s*\{/.test(textOf(response));
  const body = parseJson(textOf(response));
  return !asError(body) || isDeepStrictEqual(body, { detail: 'Not Found' });
}

/** Undefined if the redirect isn't to an HTTP URL. */
function targetOf(response: HttpResponse): string | undefined {
  const location = response.headers.get('location');
  const target = location === null ? undefined : parseUrl(location, response.url);
  return target && /^https?:/.test(target.protocol) ? target.origin : undefined;
}

function sentenceIn(text: string): string | undefined {
  const fields = asError(parseJson(text));
  const isMarkup = /^\s*[<{[]/.test(text);
  const sentence = fields ? sentenceOf(fields) : isMarkup ? undefined : text;
  // Our texts end the sentence.
  return sentence === undefined ? undefined : oneLine(sentence)?.replace(/(?<!\.)\.$/, '');
}

function sentenceOf({ detail, message, error }: ErrorFields): string | undefined {
  const details = Array.isArray(detail) ? detail.map(validationError).filter(Boolean).join('; ') : detail;
  return [details, message, messageIn(error), typeof error === 'string' ? error : undefined].find((text) => text?.trim());
}

/** Returns a text such as `executionId: Field required`, without the part of the request, such as `path`. */
function validationError({ loc = [], msg = '' }: Complaint): string {
  const names = loc.filter((part) => typeof part === 'string' || typeof part === 'number');
  const path = /^(?:body|query|path|header|cookie)$/.test(String(names[0])) ? names.slice(1) : names;
  return path.length > 0 ? `${path.join('.')}: ${msg}` : msg;
}

function withDetail(kind: 'moved' | 'notAllowed' | 'refused', detail: string | undefined, token: Token): Trouble {
  return { kind, ...(detail !== undefined && { detail: token.redact(detail) }) };
}

function textOf({ body }: HttpResponse): string {
  return new TextDecoder().decode(body);
}
