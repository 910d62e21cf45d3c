import type { Deployment } from '../core/deployment';
import type { Kickoff } from '../core/kickoff';
import type { Clock, SavedTo, Tokens } from '../core/ports';
import type { Trouble } from '../core/trouble';
import type { AmpClient } from './client';
import { BrokenOff } from './pieces';
import { refusal } from './refusals';
import { toFile } from './toFile';
import { tokenAt, withoutToken } from './token';

const troubles = { brokenOff: 'serverTrouble', undecodable: 'notAnAnswer' } as const satisfies Record<BrokenOff['kind'], Trouble['kind']>;

/** Brings answers that are too large to be held straight to files. */
export class AnswerFiles {
  constructor(
    private readonly tokens: Tokens,
    private readonly client: Pick<AmpClient, 'stream'>,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  /** Undefined when it is there to its last byte, else why it is not; no file is left then. Rejects when the file cannot be written. */
  async save({ url }: Deployment, id: Kickoff['id'], { path, signal, told }: SavedTo): Promise<Trouble | 'missing' | undefined> {
    const token = await tokenAt(this.tokens, url);
    if (!token) return { kind: 'noToken' };
    try {
      const question = { base: url, route: ['status', id], token, signal };
      const heard = await this.client.stream(question, (body) => toFile(path, token.hiddenInPieces(body), told));
      if (heard?.kind !== 'reply') return heard?.trouble;
      const meaning = refusal(heard.reply, this.clock.now());
      return meaning === 'missing' ? meaning : withoutToken(meaning, token);
    } catch (error) {
      if (error instanceof BrokenOff) return { kind: troubles[error.kind] };
      throw error;
    }
  }
}
