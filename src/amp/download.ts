import { open, rm } from 'node:fs/promises';
import { IncompleteBody } from '#amp/http/body';
import type { AmpClient } from '#amp/http/client';
import { interpretError } from '#amp/http/errorResponse';
import { tokenAt } from '#amp/http/token';
import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import type { Trouble } from '#core/kickoff/trouble';
import type { Clock } from '#core/lib/types';
import type { DownloadTarget, Tokens } from '#core/polling/ports';

/** Saves a response to a file in pieces, because the whole response may be too large for memory. */
export class AnswerDownload {
  constructor(
    private readonly tokens: Tokens,
    private readonly client: Pick<AmpClient, 'stream'>,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

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
}

async function toFile(path: string, body: AsyncIterable<Uint8Array>, onProgress: (bytes: number) => void): Promise<void> {
  const file = await open(path, 'wx');
  try {
    let bytes = 0;
    for await (const piece of body) {
      await file.writeFile(piece);
      bytes += piece.length;
      onProgress(bytes);
    }
    await file.close();
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true });
    throw error;
  }
}
