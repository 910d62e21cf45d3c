import { waitsForUser, type Trouble } from '../core/trouble';
import { parsedUrl } from '../core/deployment';
import { parseJson } from '../core/jsonText';
import { headerOf, momentOf, type Reply } from './reply';
import { retryAfter } from './retryAfter';
import { asError, messageIn, type ErrorSaid } from './schema';
import { sentence } from './sentence';

/** What an answer other than 2xx means: that the id is unknown, or why the run cannot be heard. */
export function refusal(reply: Reply, receivedAt: number): Trouble | 'missing' {
  const own = meaningOf(reply);
  const asked = retryAfter(headerOf(reply, 'retry-after'), momentOf(reply, receivedAt));
  switch (asked.kind) {
    case 'none':
      return own;
    case 'wait':
      return { kind: 'throttled', retryAt: receivedAt + asked.seconds * 1_000 };
    case 'unclear':
      return own !== 'missing' && waitsForUser(own.kind) ? own : { kind: 'throttled' };
  }
}

function meaningOf(reply: Reply): Trouble | 'missing' {
  const { status } = reply;
  if (status >= 500) return { kind: 'serverTrouble' };
  if (status >= 300 && status < 400) return moved(reply);
  switch (status) {
    case 401:
      return { kind: 'tokenRefused' };
    case 403:
      return { kind: 'notAllowed' };
    case 404:
      return isRouteUnknown(reply) ? { kind: 'wrongAddress' } : 'missing';
    case 407:
      return { kind: 'proxy' };
    case 408:
    case 425:
      return { kind: 'serverTrouble' };
    case 429:
      return { kind: 'throttled' };
    default:
      return status >= 400 ? withSays('refused', sentenceIn(textOf(reply))) : { kind: 'notAnAnswer' };
  }
}

/** A body with `error` or `message`, or any JSON object but the framework's own, which is short, speaks of the id. */
function isRouteUnknown(reply: Reply): boolean {
  if (reply.isCut) return !/^\s*\{/.test(textOf(reply));
  const body = parseJson(textOf(reply));
  if (!asError(body)) return true;
  const [[name, value] = [], ...others] = Object.entries(body ?? {});
  return name === 'detail' && value === 'Not Found' && others.length === 0;
}

function moved(reply: Reply): Trouble {
  const location = headerOf(reply, 'location');
  const target = location === undefined ? undefined : parsedUrl(location, reply.url);
  return withSays('moved', target && /^https?:$/.test(target.protocol) ? target.origin : undefined);
}

/** The server's own sentence: of a JSON body its message, of a plain text all of it. */
function sentenceIn(text: string): string | undefined {
  const said = asError(parseJson(text));
  const own = said ? sentenceOf(said) : /^\s*[<{[]/.test(text) ? undefined : text;
  return own === undefined ? undefined : sentence(own);
}

function sentenceOf({ detail, message, error }: ErrorSaid): string | undefined {
  const details = Array.isArray(detail) ? detail.map(complaint).filter(Boolean).join('; ') : detail;
  return [details, message, messageIn(error), typeof error === 'string' ? error : undefined].find((text) => text?.trim());
}

/** Such as "executionId: Field required": without the part of the request that it stands in. */
function complaint({ loc = [], msg = '' }: { readonly loc?: readonly unknown[] | undefined; readonly msg?: string | undefined }): string {
  const names = loc.filter((part) => typeof part === 'string' || typeof part === 'number');
  const place = /^(?:body|query|path|header|cookie)$/.test(String(names[0])) ? names.slice(1) : names;
  return place.length > 0 ? `${place.join('.')}: ${msg}` : msg;
}

function withSays(kind: 'moved' | 'refused', says: string | undefined): Trouble {
  return { kind, ...(says !== undefined && { says }) };
}

function textOf({ body }: Reply): string {
  return new TextDecoder().decode(body);
}
