import { Response } from 'node-fetch';
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { mock } from 'node:test';
import { AmpClient } from '#amp/http/client';
import { patient, requestTo } from './testPoll';

const limits = { headersMs: 30, postHeadersMs: 30, idleMs: 100, totalMs: 1_000 };

describe('A response', () => {
  it('is rejected as a web page only if it has HTTP 200, an HTML content type, and a text beginning with <', async () => {
    const page = '<!doctype html><title>Sign in</title>';
    const cases = [
      [200, 'text/html; charset=utf-8', page, 'notAnAnswer'],
      [200, 'TEXT/HTML', page, 'notAnAnswer'],
      [200, 'text/html', '{"state":"SUCCESS"}', 'response'],
      [200, 'text/htmlx', page, 'response'],
      [200, 'application/json; profile="text/html"', page, 'response'],
      [200, undefined, page, 'response'],
      [404, 'text/html', page, 'response'],
    ] as const;
    for (const [status, type, text, outcome] of cases) {
      const response = new Response(Readable.from([text]), { status, headers: type === undefined ? {} : { 'content-type': type } });
      const result = await new AmpClient('0.0.0', patient, () => Promise.resolve(response)).get(requestTo());
      const name = `${status} ${type}`;
      assert.equal(result.kind === 'response' ? result.kind : result.trouble.kind, outcome, name);
      if (result.kind === 'response') assert.equal(Buffer.from(result.response.body).toString(), text, name);
    }
  });

  it('is read even after the header limit, but only as long as each chunk arrives within the idle limit', async () => {
    const pieces = 4;
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      // The stream reads one piece ahead, so that two waits may pass before the client gets a piece.
      for (const wait of [45, 100]) {
        const isRead = wait < limits.idleMs;
        const client = new AmpClient('0.0.0', limits, (_, { signal }) => {
          async function* late() {
            for (let piece = 0; piece < pieces; piece++) {
              await new Promise(setImmediate);
              mock.timers.tick(wait);
              if (signal?.aborted) throw new Error('aborted');
              yield Buffer.from('{}');
            }
          }
          return Promise.resolve(new Response(Readable.from(late(), { highWaterMark: 1 })));
        });
        assert.equal((await client.get(requestTo())).kind === 'response', isRead);
        const take = async (body: AsyncIterable<Uint8Array>) => assert.equal((await Readable.from(body).toArray()).length, pieces);
        const streamed = await client.stream(requestTo(), take).catch(() => 'failed');
        assert.equal(streamed, isRead ? undefined : 'failed');
      }
    } finally {
      mock.timers.reset();
    }
  });
});
