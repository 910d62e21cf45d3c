import type { RequestResult } from '#amp/http/client';
import { interpretError } from '#amp/http/errorResponse';
import { httpCode, isGood } from '#amp/http/response';
import type { Token } from '#amp/http/token';
import { parseJson } from '#core/lib/json';
import type { InputNames } from '#core/starts/runControl';

/** The maximum number of names, because each becomes a line of a file. */
const mostNames = 1_000;

/** In bytes. */
export const mostInputBytes = 1_048_576;

/** Returns the names in the response to `GET /inputs`. A name can have any characters. */
export function inputNames(result: RequestResult, token: Token, now: number): InputNames {
  if (result.kind === 'trouble')
    return { kind: 'failed', trouble: result.trouble.kind === 'tooLarge' ? { kind: 'notAnAnswer' } : result.trouble };
  const { response } = result;
  const code = httpCode(response.status);
  if (!isGood(response)) {
    const meaning = interpretError(response, now, token);
    return { kind: 'failed', trouble: { ...(meaning === 'missing' ? { kind: 'wrongAddress' } : meaning), code } };
  }
  const body = parseJson(new TextDecoder().decode(token.redactBody(response.body)));
  const { inputs } = typeof body === 'object' && body !== null ? (body as { readonly inputs?: unknown }) : {};
  if (!Array.isArray(inputs)) return { kind: 'failed', trouble: { kind: 'notAnAnswer', code } };
  return { kind: 'names', names: [...new Set(inputs.filter((name) => typeof name === 'string'))].slice(0, mostNames) };
}
