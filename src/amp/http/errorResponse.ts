import { isDeepStrictEqual } from 'node:util';
import { oneLine } from '#amp/status/oneLine';
import { asError, type Complaint, type ErrorFields } from '#amp/status/schema';
import { parseUrl } from '#core/kickoff/deploymentUrl';
import { waitsForUser, type Trouble, type TroubleKind } from '#core/kickoff/trouble';
import { parseJson } from '#core/lib/json';
import { responseTimes, retryAfterSeconds, type HttpResponse } from './response';
import type { Token } from './token';

/** Returns a non-2xx response's redacted problem, or `missing` for an unknown kickoff ID. Usually `throttled` if there is `Retry-After`. */
export function interpretError(response: HttpResponse, receivedAt: number, token: Token): Trouble | 'missing' {
  const troubleOrMissing = troubleIgnoringRetryAfter(response, token);
  const retrySeconds = retryAfterSeconds(response, responseTimes(response, receivedAt));
  if (retrySeconds === undefined) return troubleOrMissing;
  if (retrySeconds > 0) return { kind: 'throttled', retryAt: receivedAt + retrySeconds * 1_000 };
  // A past or invalid time counts as `throttled`, too, unless the user must fix the problem.
  return troubleOrMissing !== 'missing' && waitsForUser(troubleOrMissing.kind) ? troubleOrMissing : { kind: 'throttled' };
}

/** Returns the problem in a response other than 2xx to a request without a kickoff ID. */
export function responseTrouble(response: HttpResponse, receivedAt: number, token: Token): Trouble {
  const meaning = interpretError(response, receivedAt, token);
  return meaning === 'missing' ? { kind: 'wrongAddress' } : meaning;
}

const kindsByStatus: ReadonlyMap<number, TroubleKind> = new Map([
  [401, 'tokenRefused'],
  [407, 'proxy'],
  [408, 'serverTrouble'],
  [425, 'serverTrouble'],
  [429, 'throttled'],
]);

function troubleIgnoringRetryAfter(response: HttpResponse, token: Token): Trouble | 'missing' {
  const { status } = response;
  const kind = status >= 500 ? 'serverTrouble' : kindsByStatus.get(status);
  if (kind) return { kind };
  if (status < 300) return { kind: 'notAnAnswer' };
  if (status < 400) return troubleWithDetail('moved', redirectOrigin(response), token);
  if (status === 404) return isRouteUnknown(response) ? { kind: 'wrongAddress' } : 'missing';
  return troubleWithDetail(status === 403 ? 'notAllowed' : 'refused', errorSentence(bodyText(response)), token);
}

/** Whether the route is unknown, not the kickoff ID. For an unknown ID, AMP sends a JSON object other than `{"detail":"Not Found"}`. */
function isRouteUnknown(response: HttpResponse): boolean {
  if (response.isCut) return !/^\s*\{/.test(bodyText(response));
  const body = parseJson(bodyText(response));
  return !asError(body) || isDeepStrictEqual(body, { detail: 'Not Found' });
}

function redirectOrigin(response: HttpResponse): string | undefined {
  const location = response.headers.get('location');
  const target = location === null ? undefined : parseUrl(location, response.url);
  return target && /^https?:/.test(target.protocol) ? target.origin : undefined;
}

function errorSentence(text: string): string | undefined {
  const fields = asError(parseJson(text));
  const isMarkup = /^\s*[<{[]/.test(text);
  const sentence = fields ? errorMessage(fields) : isMarkup ? undefined : text;
  // Drops the period, because the UI texts that contain the sentence have their own.
  return sentence === undefined ? undefined : oneLine(sentence)?.replace(/(?<!\.)\.$/, '');
}

function errorMessage({ detail, message, error }: ErrorFields): string | undefined {
  const details = Array.isArray(detail) ? detail.map(complaintText).filter(Boolean).join('; ') : detail;
  return [details, message, asError(error)?.message, typeof error === 'string' ? error : undefined].find((text) => text?.trim());
}

/** Returns a text like `executionId: Field required`. Drops the first item of `loc` if it names a part of the request, such as `body`. */
function complaintText({ loc = [], msg = '' }: Complaint): string {
  const parts = loc.filter((part) => typeof part === 'string' || typeof part === 'number');
  const path = /^(?:body|query|path|header|cookie)$/.test(String(parts[0])) ? parts.slice(1) : parts;
  return path.length > 0 ? `${path.join('.')}: ${msg}` : msg;
}

function troubleWithDetail(kind: 'moved' | 'notAllowed' | 'refused', detail: string | undefined, token: Token): Trouble {
  return { kind, ...(detail !== undefined && { detail: token.redact(detail) }) };
}

function bodyText({ body }: HttpResponse): string {
  return new TextDecoder().decode(body);
}
