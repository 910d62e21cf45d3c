import type { RequestResult } from '#amp/http/client';
import { interpretError } from '#amp/http/errorResponse';
import { httpCode, isGood } from '#amp/http/response';
import type { Token } from '#amp/http/token';
import type { StopResult } from '#core/starts/runControl';

/** Returns the meaning of the response to `POST /stop/{kickoff_id}`. Only the status says whether the run stopped. */
export function stopResult(result: RequestResult, token: Token, now: number): StopResult {
  // A 2xx response whose body can't be read counts, too, because only the status says whether the run stopped.
  if (result.kind === 'trouble')
    return /^HTTP 2/.test(result.trouble.code ?? '') ? { kind: 'accepted' } : { kind: 'failed', trouble: result.trouble };
  const { response } = result;
  if (isGood(response)) return { kind: 'accepted' };
  const trouble = interpretError(response, now, token);
  if (trouble === 'missing') return { kind: 'missing' };
  // The route was found with another method, or isn't there at all.
  if (trouble.kind === 'wrongAddress' || response.status === 405) return { kind: 'notOffered' };
  return response.status === 400 ? { kind: 'finished' } : { kind: 'failed', trouble: { ...trouble, code: httpCode(response.status) } };
}
