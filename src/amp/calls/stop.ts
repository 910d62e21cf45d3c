import type { RequestResult } from '#amp/http/client';
import { interpretError } from '#amp/http/errorResponse';
import { httpCode, isSuccess } from '#amp/http/response';
import type { Token } from '#amp/http/token';
import type { StopResult } from '#core/starts/runStarter';

/** Returns whether AMP accepted `POST /stop/{kickoff_id}`. Only a later status response shows whether the run stopped. */
export function stopResult(result: RequestResult, token: Token, now: number): StopResult {
  // A 2xx response counts even if its body can't be read, because the body has no meaning.
  if (result.kind === 'trouble')
    return /^HTTP 2/.test(result.trouble.code ?? '') ? { kind: 'accepted' } : { kind: 'failed', trouble: result.trouble };
  const { response } = result;
  if (isSuccess(response)) return { kind: 'accepted' };
  const trouble = interpretError(response, now, token);
  if (trouble === 'missing') return { kind: 'missing' };
  // AMP doesn't know the route, or doesn't accept POST there.
  if (trouble.kind === 'wrongAddress' || response.status === 405) return { kind: 'notOffered' };
  return response.status === 400 ? { kind: 'finished' } : { kind: 'failed', trouble: { ...trouble, code: httpCode(response.status) } };
}
