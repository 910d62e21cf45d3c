import type { RequestResult } from '#amp/http/client';
import { responseProblem } from '#amp/http/errorResponse';
import { httpCode, isSuccess } from '#amp/http/response';
import type { Token } from '#amp/http/token';
import type { Trouble } from '#core/kickoff/trouble';
import { parseJson } from '#core/lib/json';
import { asInputs } from '#core/starts/attempt';
import type { InputNames } from '#core/starts/runStarter';

/** The maximum number of names. Each name becomes a line of a file. */
const maxNames = 1_000;

/** The size limit of a response to `GET /inputs`. */
export const maxInputBytes = 1_048_576;

/** Returns the JSON in the response to `GET /inputs`, or the problem that prevented the response. */
export function inputsBody(result: RequestResult, token: Token, now: number): { readonly trouble?: Trouble; readonly body?: unknown } {
  if (result.kind === 'trouble') return { trouble: result.trouble.kind === 'tooLarge' ? { kind: 'notAnAnswer' } : result.trouble };
  const { response } = result;
  if (!isSuccess(response)) return { trouble: responseProblem(response, now, token) };
  const body = parseJson(new TextDecoder().decode(token.redactBody(response.body)));
  return body === undefined ? { trouble: { kind: 'notAnAnswer' } } : { body };
}

/** Returns the names in the response to `GET /inputs`, or the problem. A name can contain any characters. */
export function inputNames(result: RequestResult, token: Token, now: number): InputNames {
  const { trouble, body } = inputsBody(result, token, now);
  const inputs = asInputs(body)?.['inputs'];
  if (Array.isArray(inputs))
    return { kind: 'names', names: [...new Set(inputs.filter((name) => typeof name === 'string'))].slice(0, maxNames) };
  const codeField = result.kind === 'response' && { code: httpCode(result.response.status) };
  return { kind: 'failed', trouble: { ...(trouble ?? { kind: 'notAnAnswer' }), ...codeField } };
}
