import type { Deployment, DeploymentUrl } from '#core/kickoff/deployment';
import type { Kickoff, Observation } from '#core/kickoff/kickoff';
import type { Trouble } from '#core/kickoff/trouble';
import type { JobThread } from '#core/lib/jobThread';
import { lazy } from '#core/lib/lazy';
import type { Clock } from '#core/lib/types';
import type { AnswerDownloader, BodyDocument, DownloadTarget, BodyReader, Source, Tokens } from '#core/polling/ports';
import type { RunControl } from '#core/starts/runControl';
import type { TokenCheck } from './source';

/** The AMP client and parser, loaded on first use, because an idle window doesn't need them. */
export class LazyAmp implements Source, BodyReader, AnswerDownloader {
  readonly #amp = lazy(async () => (await this.load()).createAmp(this.tokens, this.version, this.clock, this.thread));

  constructor(
    private readonly tokens: Tokens,
    private readonly version: string,
    private readonly clock: Pick<Clock, 'now'>,
    private readonly thread: JobThread,
    private readonly load = () => import('./source'),
  ) {}

  /** If loading the client fails, the host counts as unreachable, so that the next retry loads it again. */
  async observe(deployment: Deployment, id: Kickoff['id'], signal: AbortSignal): Promise<Observation> {
    const amp = await this.#amp().catch(() => undefined);
    return amp ? amp.source.observe(deployment, id, signal) : { kind: 'unanswered', trouble: { kind: 'unreachable' } };
  }

  async document(body: Uint8Array, kind: BodyDocument): Promise<Uint8Array | undefined> {
    return (await this.#amp()).source.reader.document(body, kind);
  }

  async checkToken(url: DeploymentUrl, text: string): Promise<TokenCheck> {
    return (await this.#amp()).source.checkToken(url, text);
  }

  async save(deployment: Deployment, id: Kickoff['id'], to: DownloadTarget): Promise<Trouble | 'missing' | undefined> {
    return (await this.#amp()).source.save(deployment, id, to);
  }

  async control(): Promise<RunControl> {
    return (await this.#amp()).control;
  }
}
