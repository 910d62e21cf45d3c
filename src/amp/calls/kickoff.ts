import type { RequestResult } from '#amp/http/client';
import { problemIn } from '#amp/http/errorResponse';
import { httpCode, isGood, type HttpResponse } from '#amp/http/response';
import type { Token } from '#amp/http/token';
import { asError } from '#amp/status/schema';
import { kickoffId, type KickoffId } from '#core/kickoff/kickoffId';
import type { Trouble } from '#core/kickoff/trouble';
import { parseJson } from '#core/lib/json';
import type { StartRequest, StartResult } from '#core/starts/attempt';

/** The maximum number of missing inputs, because each gets an input box. */
const mostMissing = 20;

/** Returns the body of `POST /kickoff`. AMP starts a run with default values if the body doesn't have the member `inputs`. */
export function kickoffBody({ inputs, requestId, continues }: StartRequest): object {
  return { inputs, restoreFromStateId: continues, meta: { source: 'vscode', requestId } };
}

/** Returns whether AMP started a run, by the response to `POST /kickoff` or the problem that prevented a response. */
export function startResult(result: RequestResult, token: Token, now: number): StartResult {
  const bytes = result.kind === 'trouble' ? result.bodyStart : result.response.body;
  const text = new TextDecoder().decode(token.redactBody(bytes ?? new Uint8Array()));
  const body = parseJson(text);
  // Losing the ID of a response with an odd status would be worse than tracking a run without need.
  const id = body === undefined ? idInPart(text) : idIn(body);
  if (id !== undefined) return { kind: 'started', id };
  if (result.kind === 'trouble') {
    const { trouble, wasNotSent } = result;
    return wasNotSent ? { kind: 'notStarted', trouble, missing: [] } : { kind: 'unknown', trouble };
  }
  const { response } = result;
  if (isGood(response)) return { kind: 'unknown', trouble: { kind: 'notAnAnswer', code: httpCode(response.status) } };
  // Nothing retries a start, so the time of a retry has no meaning.
  const { retryAt: _, ...problem } = problemIn(response, now, token);
  const trouble: Trouble = { ...problem, code: httpCode(response.status) };
  return isRejection(response) ? { kind: 'notStarted', trouble, missing: missingIn(body) } : { kind: 'unknown', trouble };
}

/** Other servers name the ID `run_id`, or send a number. */
function idIn(body: unknown): KickoffId | undefined {
  const { kickoff_id: id, run_id: other } = (body ?? {}) as Readonly<Record<string, unknown>>;
  const texts = [id, other].map((value) => (typeof value === 'string' || Number.isSafeInteger(value) ? String(value).trim() : ''));
  return texts.map(kickoffId).find((found) => found !== undefined);
}

/** Returns the first ID in JSON that ended too early, for example because the connection broke. */
function idInPart(text: string): KickoffId | undefined {
  const [, found = ''] = /^\s*\{.*?"(?:kickoff_id|run_id)"\s*:\s*"([^"\\]*)"/s.exec(text) ?? [];
  return kickoffId(found.trim());
}

/**
 * A gateway may send any other status of 500 or more after AMP accepted the start. With 503, AMP started nothing (vendor's rule). HTTP 302 and
 * 303 may mean that the server acted on the request.
 */
function isRejection({ status }: HttpResponse): boolean {
  return status === 503 || (status >= 300 && status < 500 && ![302, 303, 408].includes(status));
}

/** Reads `Missing inputs: a, b`, or a list of complaints whose `loc` is, for example, `["body", "inputs", "topic"]`. */
function missingIn(body: unknown): readonly string[] {
  const { detail, message } = asError(body) ?? {};
  if (Array.isArray(detail))
    return firstOf(
      detail.flatMap(({ loc = [] }) => {
        const [first, second] = loc[0] === 'body' ? loc.slice(1) : loc;
        const name = first === 'inputs' ? second : first;
        return typeof name === 'string' ? [name] : [];
      }),
    );
  const [, names = ''] = /^\s*Missing inputs?:(.*)/is.exec(detail ?? message ?? '') ?? [];
  return firstOf(names.split(',').map((name) => name.trim()));
}

function firstOf(names: readonly string[]): readonly string[] {
  return [...new Set(names)].filter((name) => name !== '' && name !== 'id').slice(0, mostMissing);
}
