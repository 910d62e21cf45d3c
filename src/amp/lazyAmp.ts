import type { Deployment, DeploymentUrl } from '../core/deployment';
import type { Answer, Kickoff, Observation } from '../core/kickoff';
import type { AnswerSaver, Clock, Reader, SavedTo, Source, Tokens } from '../core/ports';
import type { Trouble } from '../core/trouble';
import type { ampSource, TokenCheck } from './source';

type Amp = ReturnType<typeof ampSource>;

/** AMP's client and reader, loaded when something is first asked or read: with nothing to ask they cost nothing. */
export class LazyAmp implements Source, Reader, AnswerSaver {
  #loaded: Promise<Amp> | undefined;

  constructor(
    private readonly tokens: Tokens,
    private readonly version: string,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  async observe(deployment: Deployment, id: Kickoff['id'], signal: AbortSignal): Promise<Observation> {
    return (await this.#amp()).source.observe(deployment, id, signal);
  }

  async read(body: Uint8Array): Promise<Answer | undefined> {
    return (await this.#amp()).source.reader.read(body);
  }

  /** Tries a token before it is kept. */
  async checkToken(url: DeploymentUrl, text: string): Promise<TokenCheck> {
    return (await this.#amp()).source.checkToken(url, text);
  }

  async save(deployment: Deployment, id: Kickoff['id'], to: SavedTo): Promise<Trouble | 'missing' | undefined> {
    return (await this.#amp()).files.save(deployment, id, to);
  }

  #amp(): Promise<Amp> {
    this.#loaded ??= import('./source').then(({ ampSource }) => ampSource(this.tokens, this.version, this.clock));
    return this.#loaded;
  }
}
