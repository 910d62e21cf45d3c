import { open, rm } from 'node:fs/promises';
import { inputNames, inputsResponse, kickoffRequestBody, maxInputsResponseBytes, startResult, stopResult } from '#amp/calls';
import { BodyError } from '#amp/http/body';
import { AmpClient, type AmpRequest } from '#amp/http/client';
import { interpretError } from '#amp/http/errorResponse';
import { httpCode, isSuccess, responseTimes, retryAfterSeconds, type HttpResponse } from '#amp/http/response';
import { Token } from '#amp/http/token';
import { StatusReader } from '#amp/status/statusReader';
import type { Deployment, DeploymentUrl, Tokens } from '#core/kickoff/deployment';
import { missingAnswer, type Observation } from '#core/kickoff/kickoff';
import type { KickoffId } from '#core/kickoff/kickoffId';
import type { ResponseDownloader, DownloadTarget } from '#core/kickoff/responseBody';
import type { Trouble } from '#core/kickoff/trouble';
import { defined } from '#core/lib/defined';
import type { JobThread } from '#core/lib/jobThread';
import type { Clock } from '#core/lib/types';
import type { StatusSource } from '#core/polling/pollerParts';
import { startTimeoutMs, type StartRequest, type StartResult } from '#core/starts/attempt';
import type { InputNames, RunControl, StopResult } from '#core/starts/runStarter';

/** The size limit of successful responses to POST requests. Such a response contains only an ID or a sentence. */
const maxPostResponseBytes = 65_536;

/** The AMP API. Its methods reject only if a file can't be written. */
export class Amp implements StatusSource, ResponseDownloader, RunControl {
  constructor(
    private readonly tokens: Tokens,
    private readonly client: Pick<AmpClient, 'get' | 'post' | 'stream'>,
    private readonly clock: Pick<Clock, 'now'>,
    readonly reader: StatusReader,
  ) {}

  async observe({ url }: Deployment, id: KickoffId, signal: AbortSignal): Promise<Observation> {
    const request = await this.#request(url, ['status', id], signal);
    if (!request) return { kind: 'unanswered', trouble: { kind: 'noToken' } };

    const observation = await this.#poll(request);
    if (observation.kind === 'answered' || observation.trouble.kind !== 'tokenRefused' || signal.aborted) return observation;

    // Reads the token again, because VS Code doesn't always notify other windows of a changed secret.
    const newRequest = await this.#request(url, ['status', id], signal);
    const hasNewToken = newRequest?.token.authorization() !== request.token.authorization();
    return newRequest && hasNewToken ? this.#poll(newRequest) : observation;
  }

  /** Checks a token by requesting the deployment's inputs. Returns `notChecked` for a problem that isn't about the token. */
  async checkToken(baseUrl: DeploymentUrl, tokenText: string): Promise<'good' | 'refused' | 'notAllowed' | 'notChecked'> {
    const token = new Token(tokenText);
    const { signal } = new AbortController();
    const result = await this.client.get({ baseUrl, route: ['inputs'], token, signal, maxBytes: maxInputsResponseBytes });
    const { trouble } = inputsResponse(result, token, this.clock.now());
    if (!trouble) return 'good';
    if (trouble.kind === 'tokenRefused') return 'refused';
    return trouble.kind === 'notAllowed' ? 'notAllowed' : 'notChecked';
  }

  async save({ url }: Deployment, id: KickoffId, { path, signal, onProgress }: DownloadTarget): Promise<Trouble | 'missing' | undefined> {
    const request = await this.#request(url, ['status', id], signal);
    if (!request) return { kind: 'noToken' };
    const { token } = request;
    try {
      const result = await this.client.stream(request, (body) => saveToFile(path, token.redactStream(body), onProgress));
      return result?.kind === 'response' ? interpretError(result.response, this.clock.now(), token) : result?.trouble;
    } catch (error) {
      if (error instanceof BodyError) return { kind: error.kind };
      throw error;
    }
  }

  async inputNames({ url }: Deployment): Promise<InputNames> {
    const request = await this.#request(url, ['inputs']);
    if (!request) return { kind: 'failed', trouble: { kind: 'noToken' } };
    return inputNames(await this.client.get({ ...request, maxBytes: maxInputsResponseBytes }), request.token, this.clock.now());
  }

  async start({ url }: Deployment, startRequest: StartRequest): Promise<StartResult> {
    const request = await this.#request(url, ['kickoff']);
    if (!request) return { kind: 'notStarted', trouble: { kind: 'noToken' }, missingInputs: [] };
    const result = await this.client.post({ ...request, json: kickoffRequestBody(startRequest), maxBytes: maxPostResponseBytes });
    return startResult(result, request.token, this.clock.now());
  }

  async stop({ url }: Deployment, id: KickoffId): Promise<StopResult> {
    const request = await this.#request(url, ['stop', id]);
    if (!request) return { kind: 'failed', trouble: { kind: 'noToken' } };
    return stopResult(await this.client.post({ ...request, maxBytes: maxPostResponseBytes }), request.token, this.clock.now());
  }

  /** Returns a request with the deployment's token. Undefined if there is no token or the secret storage can't be read. */
  async #request(baseUrl: DeploymentUrl, route: readonly string[], signal?: AbortSignal): Promise<AmpRequest | undefined> {
    const token = await this.tokens.get(baseUrl).catch(() => undefined);
    return token ? { baseUrl, route, token: new Token(token), signal: signal ?? AbortSignal.timeout(startTimeoutMs) } : undefined;
  }

  async #poll(request: AmpRequest): Promise<Observation> {
    const { token } = request;
    const result = await this.client.get(request);
    if (result.kind === 'trouble') return this.#unansweredObservation(result.trouble);

    const { body, isCut, status } = result.response;
    const response = { ...result.response, body: isCut ? token.redactPartialBody(body) : token.redactBody(body) };
    const receivedAt = this.clock.now();
    if (isSuccess(response)) return this.#readStatus(response, receivedAt);
    const trouble = interpretError(response, receivedAt, token);
    if (trouble === 'missing') return { kind: 'answered', answer: missingAnswer, body: response.body };
    const observation = this.#unansweredObservation(trouble, status);
    return trouble.kind === 'refused' && response.body.length > 0 ? { ...observation, body: response.body } : observation;
  }

  #unansweredObservation(trouble: Trouble, status?: number): Observation {
    const code = status === undefined ? trouble.code : httpCode(status);
    return { kind: 'unanswered', trouble: { ...trouble, ...(code !== undefined && { code }), failedAt: this.clock.now() } };
  }

  async #readStatus(response: HttpResponse, receivedAt: number): Promise<Observation> {
    const times = responseTimes(response, receivedAt);
    const answer = await this.reader.read(response.body, times);
    if (!answer) return this.#unansweredObservation({ kind: 'notAnAnswer' }, response.status);

    return { kind: 'answered', answer, body: response.body, ...defined({ retryAfterSeconds: retryAfterSeconds(response, times) }) };
  }
}

/** Creates the API with a client that sends real requests. */
export function createAmp(tokens: Tokens, userAgentVersions: string, clock: Pick<Clock, 'now'>, thread: JobThread): Amp {
  return new Amp(tokens, new AmpClient(userAgentVersions), clock, new StatusReader(thread));
}

/** Saves a response chunk by chunk, because the whole response may be too large for memory. Deletes an incomplete file. */
async function saveToFile(path: string, body: AsyncIterable<Uint8Array>, onProgress: (byteCount: number) => void): Promise<void> {
  const file = await open(path, 'wx');
  try {
    let byteCount = 0;
    for await (const chunk of body) {
      await file.writeFile(chunk);
      byteCount += chunk.length;
      onProgress(byteCount);
    }
    await file.close();
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true });
    throw error;
  }
}
