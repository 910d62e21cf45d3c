import type { AmpClient, AmpRequest, RequestResult } from '#amp/http/client';
import { interpretError } from '#amp/http/errorResponse';
import { httpCode, isGood } from '#amp/http/response';
import { tokenAt, type Token } from '#amp/http/token';
import type { Deployment, DeploymentUrl, Tokens } from '#core/kickoff/deployment';
import type { KickoffId } from '#core/kickoff/kickoffId';
import type { Clock } from '#core/lib/types';
import { startLimitMs, type StartRequest, type StartResult } from '#core/starts/attempt';
import type { InputNames, RunControl, StopResult } from '#core/starts/runControl';
import { inputNames, mostInputBytes } from './inputs';
import { kickoffBody, startResult } from './kickoff';

/** In bytes. Responses to starts and stops contain only an ID or a sentence. */
const mostResponseBytes = 65_536;

/** Sends the requests that start and stop runs, each once. Never rejects. */
export class RunCalls implements RunControl {
  constructor(
    private readonly tokens: Tokens,
    private readonly client: Pick<AmpClient, 'get' | 'post'>,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  async inputNames({ url }: Deployment): Promise<InputNames> {
    const request = await this.#request(url, ['inputs']);
    if (!request) return { kind: 'failed', trouble: { kind: 'noToken' } };
    return inputNames(await this.client.get({ ...request, maxBytes: mostInputBytes }), request.token, this.clock.now());
  }

  async start({ url }: Deployment, request: StartRequest): Promise<StartResult> {
    const question = await this.#request(url, ['kickoff']);
    if (!question) return { kind: 'notStarted', trouble: { kind: 'noToken' }, missing: [] };
    return startResult(
      await this.client.post({ ...question, json: kickoffBody(request), maxBytes: mostResponseBytes }),
      question.token,
      this.clock.now(),
    );
  }

  async stop({ url }: Deployment, id: KickoffId): Promise<StopResult> {
    const request = await this.#request(url, ['stop', id]);
    if (!request) return { kind: 'failed', trouble: { kind: 'noToken' } };
    return stopResult(await this.client.post({ ...request, maxBytes: mostResponseBytes }), request.token, this.clock.now());
  }

  /** Undefined if there is no token. */
  async #request(base: DeploymentUrl, route: readonly string[]): Promise<AmpRequest | undefined> {
    const token = await tokenAt(this.tokens, base);
    return token && { base, route, token, signal: AbortSignal.timeout(startLimitMs) };
  }
}

/** Returns the meaning of the response to `POST /stop/{kickoff_id}`. Only the status says whether the run stopped. */
function stopResult(result: RequestResult, token: Token, now: number): StopResult {
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
