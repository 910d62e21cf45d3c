import type { RequestResult } from '#amp/http/client';
import { interpretError, responseTrouble } from '#amp/http/errorResponse';
import { httpCode, isSuccess, type HttpResponse } from '#amp/http/response';
import type { Token } from '#amp/http/token';
import { asError } from '#amp/status/schema';
import { kickoffId, type KickoffId } from '#core/kickoff/kickoffId';
import type { Trouble } from '#core/kickoff/trouble';
import { parseJson } from '#core/lib/json';
import { asInputs, type StartRequest, type StartResult } from '#core/starts/attempt';
import type { InputNames, StopResult } from '#core/starts/runStarter';

/** The maximum number of input names. Each name becomes a line of the file in which the user enters inputs. */
const maxInputNames = 1_000;

/** The size limit of a successful response to `GET /inputs`. */
export const maxInputsResponseBytes = 1_048_576;

/** Returns the JSON in the response to `GET /inputs`, or the problem if there is no usable response. */
export function inputsResponse(result: RequestResult, token: Token, receivedAt: number): { trouble?: Trouble; body?: unknown } {
  if (result.kind === 'trouble') return { trouble: result.trouble.kind === 'tooLarge' ? { kind: 'notAnAnswer' } : result.trouble };
  const { response } = result;
  if (!isSuccess(response)) return { trouble: responseTrouble(response, receivedAt, token) };
  const body = parseJson(new TextDecoder().decode(token.redactBody(response.body)));
  return body === undefined ? { trouble: { kind: 'notAnAnswer' } } : { body };
}

/** Returns the names in the response to `GET /inputs`, or the problem. Callers must clean a name before they show it. */
export function inputNames(result: RequestResult, token: Token, receivedAt: number): InputNames {
  const { trouble, body } = inputsResponse(result, token, receivedAt);
  const inputs = asInputs(body)?.['inputs'];
  if (Array.isArray(inputs))
    return { kind: 'names', names: [...new Set(inputs.filter((name) => typeof name === 'string'))].slice(0, maxInputNames) };
  const codeField = result.kind === 'response' && { code: httpCode(result.response.status) };
  return { kind: 'failed', trouble: { ...(trouble ?? { kind: 'notAnAnswer' }), ...codeField } };
}

/** The maximum length of a member of a response that contains a kickoff ID, in characters. */
const maxIdMemberLength = 2_000;

/** The maximum number of missing inputs. Each missing input gets an input box. */
const maxMissingInputs = 20;

/** Returns the body of `POST /kickoff`. It always has the member `inputs`, without which AMP would use default values. */
export function kickoffRequestBody({ inputs, requestId, continues }: StartRequest): object {
  return { inputs, restoreFromStateId: continues, meta: { source: 'vscode', requestId } };
}

/** Returns whether AMP started a run, judging by the response to `POST /kickoff` or by the problem that prevented a response. */
export function startResult(result: RequestResult, token: Token, receivedAt: number): StartResult {
  const bytes = result.kind === 'trouble' ? result.partialBody : result.response.body;
  const text = new TextDecoder().decode(token.redactBody(bytes ?? new Uint8Array()));
  const body = parseJson(text);
  // An ID counts with any HTTP status, because losing a run would be worse than tracking an ID without a run. Incomplete JSON counts only
  // with a 2xx status, because a rejection may repeat the request.
  const isAccepted = result.kind === 'trouble' ? /^HTTP 2/.test(result.trouble.code ?? '') : isSuccess(result.response);
  const id = body !== undefined ? kickoffIdIn(body) : isAccepted ? kickoffIdInPartialJson(text) : undefined;
  if (id !== undefined) return { kind: 'started', id };
  if (result.kind === 'trouble') {
    const { trouble, wasNotSent } = result;
    return wasNotSent ? { kind: 'notStarted', trouble, missingInputs: [] } : { kind: 'unknown', trouble };
  }
  const { response } = result;
  if (isSuccess(response)) return { kind: 'unknown', trouble: { kind: 'notAnAnswer', code: httpCode(response.status) } };
  const trouble: Trouble = { ...responseTrouble(response, receivedAt, token), code: httpCode(response.status) };
  return isRejection(response, body) ? { kind: 'notStarted', trouble, missingInputs: missingInputsIn(body) } : { kind: 'unknown', trouble };
}

/** Returns the kickoff ID in a response. Other servers name the ID `run_id`, or send a number. */
function kickoffIdIn(body: unknown): KickoffId | undefined {
  const { kickoff_id: id, run_id: runId } = (body ?? {}) as Readonly<Record<string, unknown>>;
  const idTexts = [id, runId].map((value) => (typeof value === 'string' || Number.isSafeInteger(value) ? String(value).trim() : ''));
  return idTexts.map(kickoffId).find((one) => one !== undefined);
}

/** Returns the first ID in an object that is cut off, for example by a broken connection. Ignores IDs in nested values. */
function kickoffIdInPartialJson(text: string): KickoffId | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"?|[{}[\]]/gs)) {
    if (/^[{[]/.test(token)) depth += 1;
    else if (/^[}\]]/.test(token)) depth -= 1;
    else if (depth === 1 && /^"(?:kickoff_id|run_id)"$/.test(token)) {
      const [, idText = ''] = /^\s*:\s*"([^"\\]*)"/.exec(text.slice(index + token.length, index + maxIdMemberLength)) ?? [];
      const id = kickoffId(idText.trim());
      if (id !== undefined) return id;
    }
  }
  return undefined;
}

/**
 * Whether a response proves that no run was started. Even after a start, a gateway may send 302, 303, 408, or a 5xx status. AMP itself sends
 * 503 with a `detail` if it starts nothing.
 */
function isRejection({ status }: HttpResponse, body: unknown): boolean {
  if (status === 503) return asError(body)?.detail !== undefined;
  return status >= 300 && status < 500 && ![302, 303, 408].includes(status);
}

/** Returns the missing inputs from `Missing inputs: a, b`, or from complaints with a `loc` such as `["body", "inputs", "topic"]`. */
function missingInputsIn(body: unknown): readonly string[] {
  const { detail, message } = asError(body) ?? {};
  if (Array.isArray(detail))
    return validInputNames(
      detail.flatMap(({ loc = [] }) => {
        const [first, second] = loc[0] === 'body' ? loc.slice(1) : loc;
        const name = first === 'inputs' ? second : first;
        return typeof name === 'string' ? [name] : [];
      }),
    );
  const [, nameList = ''] = /^\s*Missing inputs?:(.*)/is.exec(detail ?? message ?? '') ?? [];
  return validInputNames(nameList.split(',').map((name) => name.trim()));
}

function validInputNames(names: readonly string[]): readonly string[] {
  return [...new Set(names)].filter((name) => name !== '' && name !== 'id').slice(0, maxMissingInputs);
}

/** Returns whether AMP accepted `POST /stop/{kickoff_id}`. Only a later status response shows whether the run stopped. */
export function stopResult(result: RequestResult, token: Token, receivedAt: number): StopResult {
  // A 2xx status means that AMP accepted the request, even if the body can't be read, because the body has no meaning.
  if (result.kind === 'trouble')
    return /^HTTP 2/.test(result.trouble.code ?? '') ? { kind: 'accepted' } : { kind: 'failed', trouble: result.trouble };
  const { response } = result;
  if (isSuccess(response)) return { kind: 'accepted' };
  const trouble = interpretError(response, receivedAt, token);
  if (trouble === 'missing') return { kind: 'missing' };
  // AMP doesn't know the route, or doesn't accept POST on this route.
  if (trouble.kind === 'wrongAddress' || response.status === 405) return { kind: 'notOffered' };
  return response.status === 400 ? { kind: 'finished' } : { kind: 'failed', trouble: { ...trouble, code: httpCode(response.status) } };
}
