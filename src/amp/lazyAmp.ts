import type { Deployment, DeploymentUrl } from '../core/deployment';
import type { Answer, Kickoff, Observation } from '../core/kickoff';
import type { Clock, Reader, Source, Tokens } from '../core/ports';
import type { AmpSource, TokenCheck } from './source';

/** AMP's client and reader, loaded when something is first asked or read: with nothing to ask they cost nothing. */
export class LazyAmp implements Source, Reader {
  #loaded: Promise<AmpSource> | undefined;

  constructor(
    private readonly tokens: Tokens,
    private readonly version: string,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  async observe(deployment: Deployment, id: Kickoff['id'], signal: AbortSignal): Promise<Observation> {
    return (await this.#amp()).observe(deployment, id, signal);
  }

  async read(body: Uint8Array): Promise<Answer | undefined> {
    return (await this.#amp()).reader.read(body);
  }

  /** Tries a token before it is kept. */
  async checkToken(url: DeploymentUrl, text: string): Promise<TokenCheck> {
    return (await this.#amp()).checkToken(url, text);
  }

  #amp(): Promise<AmpSource> {
    this.#loaded ??= import('./source').then(({ ampSource }) => ampSource(this.tokens, this.version, this.clock));
    return this.#loaded;
  }
}
