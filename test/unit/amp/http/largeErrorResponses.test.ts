import { Response } from 'node-fetch';
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { AmpClient } from '#amp/http/client';
import { asError } from '#amp/status/schema';
import { canary, checkToken, pollOnce, patient } from './testPoll';

const piece = 16_384;
/** The most bytes that may be in transit when the client stops reading. */
const inTransit = 8 * piece;

/** Creates a client whose responses begin with `start` and never end. `sent` returns the number of bytes that were read. */
function endlessly(status: number, start: string) {
  let sent = 0;
  function* body() {
    for (let text = start; ; text = '') {
      const bytes = Buffer.from(text.padEnd(piece, '{},'));
      sent += bytes.length;
      yield bytes;
    }
  }
  const client = new AmpClient('0.0.0', patient, () => Promise.resolve(new Response(Readable.from(body()), { status })));
  return { client, sent: () => sent };
}

describe('A large error response', () => {
  it('is reported based on its HTTP status and its first 64 KiB, without being read further', async () => {
    const meanings = [
      [404, '{"detail":[', 'missing'],
      [404, ' {"error":"Execution not found","more":[', 'missing'],
      [404, '<html>', 'wrongAddress'],
      [404, '[{"error":"x"},', 'wrongAddress'],
      [422, '{"detail":[', 'refused'],
      [401, '{"detail":[', 'tokenRefused'],
      [500, '{"detail":[', 'serverTrouble'],
    ] as const;
    for (const [status, start, meaning] of meanings) {
      const { client, sent } = endlessly(status, start);
      const seen = await pollOnce({ client });
      assert.equal(seen.kind === 'answered' ? seen.answer.phase.kind : seen.trouble.kind, meaning, start);
      assert.ok((seen.body?.length ?? 0) <= 65_536);
      assert.ok(sent() <= 65_536 + inTransit, `${status}: ${sent()}`);
    }
  });

  it('is returned without the first part of a token that is cut at the limit of 64 KiB', async () => {
    for (const spelled of [canary, canary.replaceAll('-', '\\u002d')])
      for (let length = 1; length < spelled.length; length++) {
        const text = 'x'.repeat(65_536 - length) + spelled;
        const fetch = () => Promise.resolve(new Response(text, { status: 422 }));
        const seen = await pollOnce({ client: new AmpClient('0.0.0', patient, fetch) });
        assert.match(Buffer.from(seen.body ?? []).toString(), /^x{65000,}$/);
      }
  });

  it("with 5,000 error details is parsed only up to the tenth detail and the tenth part of a detail's path", () => {
    const error = asError({ detail: Array.from({ length: 5_000 }, () => ({ loc: new Array<string>(5_000).fill('a'), msg: 'b' })) });
    assert.ok(Array.isArray(error?.detail));
    assert.deepEqual([error.detail.length, error.detail[0]?.loc?.length], [10, 10]);
  });
});

describe('An endless response to a token check', () => {
  it('is aborted after one mebibyte, with the result notChecked', async () => {
    const { client, sent } = endlessly(200, '{"inputs":[');
    assert.deepEqual(await checkToken(client), 'notChecked');
    assert.ok(sent() <= 1_048_576 + inTransit, `${sent()}`);
  });
});
