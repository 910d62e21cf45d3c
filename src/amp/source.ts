import { inputsBody, mostInputBytes } from '#amp/calls/inputs';
import { RunCalls } from '#amp/calls/runCalls';
import { IncompleteBody } from '#amp/http/body';
import { AmpClient, type RequestResult } from '#amp/http/client';
import { interpretError } from '#amp/http/errorResponse';
import { httpCode, isGood, receivedAtOf, type HttpResponse } from '#amp/http/response';
import { retryAfter } from '#amp/http/retryAfter';
import { Token, tokenAt } from '#amp/http/token';
import { StatusReader } from '#amp/status/statusReader';
import type { Deployment, DeploymentUrl, Tokens } from '#core/kickoff/deployment';
import { unknownId, type Kickoff, type Observation } from '#core/kickoff/kickoff';
import type { AnswerDownloader, DownloadTarget } from '#core/kickoff/responseBody';
import type { Trouble } from '#core/kickoff/trouble';
import type { JobThread } from '#core/lib/jobThread';
import type { Clock } from '#core/lib/types';
import type { Source } from '#core/polling/pollerParts';
import { toFile } from './download';

export class AmpSource implements Source, AnswerDownloader {
  constructor(
    private readonly tokens: Tokens,
    private readonly client: Pick<AmpClient, 'get' | 'stream'>,
    private readonly clock: Pick<Clock, 'now'>,
    private readonly reader: StatusReader,
  ) {}

  async observe({ url }: Deployment, id: Kickoff['id'], signal: AbortSignal): Promise<Observation> {
    const token = await tokenAt(this.tokens, url);
    if (!token) return { kind: 'unanswered', trouble: { kind: 'noToken' } };

    const poll = async (by: Token) =>
      this.#toObservation(await this.client.get({ base: url, route: ['status', id], token: by, signal }), by);
    const observation = await poll(token);
    if (observation.kind === 'answered' || observation.trouble.kind !== 'tokenRefused' || signal.aborted) return observation;

    // Reads the token again, because VS Code doesn't always notify other windows of a changed secret.
    const again = await tokenAt(this.tokens, url);
    return again && !again.isSameAs(token) ? poll(again) : observation;
  }

  /** Requests the crew's inputs. Never rejects. */
  async checkToken(url: DeploymentUrl, text: string): Promise<'good' | 'refused' | 'notAllowed' | 'notChecked'> {
    const token = new Token(text);
    const { signal } = new AbortController();
    const result = await this.client.get({ base: url, route: ['inputs'], token, signal, maxBytes: mostInputBytes });
    const { trouble } = inputsBody(result, token, this.clock.now());
    if (!trouble) return 'good';
    if (trouble.kind === 'tokenRefused') return 'refused';
    return trouble.kind === 'notAllowed' ? 'notAllowed' : 'notChecked';
  }

  async save(
    { url }: Deployment,
    id: Kickoff['id'],
    { path, signal, onProgress }: DownloadTarget,
  ): Promise<Trouble | 'missing' | undefined> {
    const token = await tokenAt(this.tokens, url);
    if (!token) return { kind: 'noToken' };
    try {
      const question = { base: url, route: ['status', id], token, signal };
      const result = await this.client.stream(question, (body) => toFile(path, token.redactStream(body), onProgress));
      if (result?.kind !== 'response') return result?.trouble;
      return interpretError(result.response, this.clock.now(), token);
    } catch (error) {
      if (error instanceof IncompleteBody) return { kind: error.kind };
      throw error;
    }
  }

  async #toObservation(result: RequestResult, token: Token): Promise<Observation> {
    if (result.kind === 'trouble') return this.#failed(result.trouble);

    const { body, isCut, status } = result.response;
    const reply = { ...result.response, body: isCut ? token.redactPartialBody(body) : token.redactBody(body) };
    const receivedAt = this.clock.now();
    if (isGood(reply)) return this.#readAnswer(reply, receivedAt);
    const trouble = interpretError(reply, receivedAt, token);
    if (trouble === 'missing') return { kind: 'answered', answer: unknownId, body: reply.body };
    const failed = this.#failed(trouble, status);
    return trouble.kind === 'refused' && reply.body.length > 0 ? { ...failed, body: reply.body } : failed;
  }

  #failed(trouble: Trouble, status?: number): Observation {
    const code = status === undefined ? trouble.code : httpCode(status);
    return { kind: 'unanswered', trouble: { ...trouble, ...(code !== undefined && { code }), failedAt: this.clock.now() } };
  }

  async #readAnswer(response: HttpResponse, receivedAt: number): Promise<Observation> {
    const moment = receivedAtOf(response, receivedAt);
    const answer = await this.reader.read(response.body, moment);
    if (!answer) return this.#failed({ kind: 'notAnAnswer' }, response.status);

    const retry = retryAfter(response.headers.get('retry-after'), moment);
    return { kind: 'answered', answer, body: response.body, ...(retry.kind === 'wait' && { retryAfterSeconds: retry.seconds }) };
  }
}

export interface Amp {
  readonly source: AmpSource;
  readonly control: RunCalls;
  readonly reader: StatusReader;
}

export function createAmp(tokens: Tokens, version: string, clock: Pick<Clock, 'now'>, thread: JobThread): Amp {
  const client = new AmpClient(version);
  const reader = new StatusReader(thread);
  return { source: new AmpSource(tokens, client, clock, reader), control: new RunCalls(tokens, client, clock), reader };
}
