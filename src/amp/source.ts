import type { Deployment, DeploymentUrl } from '../core/deployment';
import { parseJson } from '../core/jsonText';
import { unknownId, type Kickoff, type Observation } from '../core/kickoff';
import type { Clock, Source, Tokens } from '../core/ports';
import type { Trouble } from '../core/trouble';
import { AnswerFiles } from './answerFiles';
import { AmpClient, type Heard } from './client';
import { Reading } from './reading';
import { refusal } from './refusals';
import { headerOf, isGood, momentOf, type Reply } from './reply';
import { retryAfter } from './retryAfter';
import { Token, tokenAt, withoutToken } from './token';

/** No list of a crew's inputs comes near. */
const mostInputBytes = 1_048_576;

/** What asking for the inputs tells about a token. */
export type TokenCheck =
  { readonly kind: 'good' } | { readonly kind: 'refused' | 'notAllowed' } | { readonly kind: 'notChecked'; readonly trouble: Trouble };

/** Asks AMP deployments how their runs are. */
export class AmpSource implements Source {
  /** Reads stored bodies as it reads those that come. */
  readonly reader = new Reading();

  constructor(
    private readonly tokens: Tokens,
    private readonly client: Pick<AmpClient, 'get'>,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  async observe({ url }: Deployment, id: Kickoff['id'], signal: AbortSignal): Promise<Observation> {
    const token = await tokenAt(this.tokens, url);
    if (!token) return unanswered({ kind: 'noToken' });

    const ask = async (by: Token) => this.#observed(await this.client.get({ base: url, route: ['status', id], token: by, signal }), by);
    const seen = await ask(token);
    if (seen.kind === 'answered' || seen.trouble.kind !== 'tokenRefused' || signal.aborted) return seen;

    // Some hosts do not tell other windows of a changed secret.
    const again = await tokenAt(this.tokens, url);
    return again && !again.isSameAs(token) ? ask(again) : seen;
  }

  /** Tries a token before it is kept. Never rejects. */
  async checkToken(url: DeploymentUrl, text: string, signal = new AbortController().signal): Promise<TokenCheck> {
    const token = new Token(text);
    const heard = await this.client.get({ base: url, route: ['inputs'], token, signal, most: mostInputBytes });
    const trouble = this.#checked(heard);
    if (!trouble) return { kind: 'good' };
    if (trouble.kind === 'tokenRefused') return { kind: 'refused' };
    return trouble.kind === 'notAllowed' ? { kind: 'notAllowed' } : { kind: 'notChecked', trouble: withoutToken(trouble, token) };
  }

  async #observed(heard: Heard, token: Token): Promise<Observation> {
    if (heard.kind === 'trouble') return unanswered(heard.trouble);

    const { body, isCut } = heard.reply;
    const reply = { ...heard.reply, body: isCut ? token.hiddenInStart(body) : token.hiddenInBody(body) };
    const receivedAt = this.clock.now();
    if (isGood(reply)) return this.#answered(reply, receivedAt);
    const meaning = refusal(reply, receivedAt);
    if (meaning === 'missing') return { kind: 'answered', answer: unknownId, body: reply.body };
    const trouble = withoutToken(meaning, token);
    return trouble.kind === 'refused' && reply.body.length > 0 ? { kind: 'unanswered', trouble, body: reply.body } : unanswered(trouble);
  }

  async #answered(reply: Reply, receivedAt: number): Promise<Observation> {
    const moment = momentOf(reply, receivedAt);
    const answer = await this.reader.read(reply.body, moment);
    if (!answer) return unanswered({ kind: 'notAnAnswer' });

    const asked = retryAfter(headerOf(reply, 'retry-after'), moment);
    return { kind: 'answered', answer, body: reply.body, ...(asked.kind === 'wait' && { retryAfterSeconds: asked.seconds }) };
  }

  #checked(heard: Heard): Trouble | undefined {
    if (heard.kind === 'trouble') return heard.trouble.kind === 'tooLarge' ? { kind: 'notAnAnswer' } : heard.trouble;
    const { reply } = heard;
    if (isGood(reply)) return parseJson(new TextDecoder().decode(reply.body)) === undefined ? { kind: 'notAnAnswer' } : undefined;
    const meaning = refusal(reply, this.clock.now());
    return meaning === 'missing' ? { kind: 'wrongAddress' } : meaning;
  }
}

/** All that asks AMP, with one client; `version` is what servers are told of us. */
export function ampSource(
  tokens: Tokens,
  version: string,
  clock: Pick<Clock, 'now'>,
): { readonly source: AmpSource; readonly files: AnswerFiles } {
  const client = new AmpClient(version);
  return { source: new AmpSource(tokens, client, clock), files: new AnswerFiles(tokens, client, clock) };
}

function unanswered(trouble: Trouble): Observation {
  return { kind: 'unanswered', trouble };
}
