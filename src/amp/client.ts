import type { RequestInit, Response } from 'node-fetch';
import type { DeploymentUrl } from '../core/deployment';
import type { Trouble } from '../core/trouble';
import { address } from './address';
import { readBody, type BodyRead } from './bodyBytes';
import { connectionTrouble } from './connection';
import { Leash, usualDeadlines } from './leash';
import { pieces } from './pieces';
import { isGood, type Reply } from './reply';
import type { Token } from './token';

/** The largest answer that is taken, decoded. */
const mostBytes = 64 * 1_024 * 1_024;
/** Enough of any answer but a good one: its status, and what it begins with, say what it is. */
const mostErrorBytes = 65_536;

const endings = { tooLarge: 'tooLarge', brokenOff: 'serverTrouble', undecodable: 'notAnAnswer' } as const satisfies Record<
  Exclude<BodyRead['end'], 'whole'>,
  Trouble['kind']
>;

/** One question to a deployment. */
export interface Question {
  readonly base: DeploymentUrl;
  /** The parts of the path below the base. */
  readonly route: readonly string[];
  readonly token: Token;
  readonly signal: AbortSignal;
  /** The largest good answer that is of use, in bytes. */
  readonly most?: number;
}

/** What a question brought: an HTTP answer of any status, or why there is none. */
export type Heard = { readonly kind: 'reply'; readonly reply: Reply } | { readonly kind: 'trouble'; readonly trouble: Trouble };

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Loaded with the first request: most windows never send one. */
const lazily: Fetch = async (url, init) => (await import('node-fetch')).default(url, init);

/** The only place where HTTP is spoken. No redirect is followed, every request ends, and nothing of a library's error gets out. */
export class AmpClient {
  constructor(
    private readonly version: string,
    private readonly deadlines = usualDeadlines,
    private readonly fetch = lazily,
  ) {}

  /** Never rejects. */
  async get(question: Question): Promise<Heard> {
    return this.#ask(question, (url, response, leash) => whole(url, response, leash, question.most));
  }

  /** Hands a good answer's body on as it comes, however large; undefined once it was taken. Rejects with `BrokenOff` or as `take` does. */
  async stream(question: Question, take: (body: AsyncIterable<Uint8Array>) => Promise<void>): Promise<Heard | undefined> {
    return this.#ask(question, async (url, response, leash) => {
      if (!isGood(response)) return whole(url, response, leash);
      leash.heard();
      await take(pieces(response.body, () => leash.heard()));
      return undefined;
    });
  }

  async #ask<T>(
    { base, route, token, signal }: Question,
    read: (url: string, response: Response, leash: Leash) => Promise<T>,
  ): Promise<T | Heard> {
    const url = address(base, route);
    const authorization = token.authorization();
    if (!url) return trouble('refused');
    if (authorization === undefined) return trouble('tokenRefused');

    const leash = new Leash(signal, this.deadlines);
    try {
      const sent = await this.#sent(url.href, authorization, leash);
      return 'kind' in sent ? sent : await read(url.href, sent, leash);
    } finally {
      leash.letGo();
    }
  }

  async #sent(url: string, authorization: string, leash: Leash): Promise<Response | Heard> {
    try {
      return await this.fetch(url, {
        headers: {
          Accept: 'application/json',
          Authorization: authorization,
          // A kept connection that the server is just closing would look like a host in trouble.
          Connection: 'close',
          'User-Agent': `crewai-kickoffs/${this.version}`,
        },
        redirect: 'manual',
        signal: leash.signal,
      });
    } catch (error) {
      return trouble(connectionTrouble(error));
    }
  }
}

async function whole(url: string, response: Response, leash: Leash, most = mostBytes): Promise<Heard> {
  leash.heard();
  const { status, headers, body } = response;
  const { end, bytes } = await readBody(body, { most: isGood(response) ? most : mostErrorBytes, onPiece: () => leash.heard() });
  const isOfUse = end === 'whole' || (!isGood(response) && (status !== 404 || end === 'tooLarge'));
  if (!isOfUse) return trouble(endings[end]);
  return { kind: 'reply', reply: { url, status, headers, body: bytes(), ...(end !== 'whole' && { isCut: true }) } };
}

function trouble(kind: Trouble['kind']): Heard {
  return { kind: 'trouble', trouble: { kind } };
}
