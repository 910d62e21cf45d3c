import fc from 'fast-check';
import { Response } from 'node-fetch';
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { AmpClient } from '#amp/http/client';
import { advance } from '#core/kickoff/advance';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import { answered, kickoff } from '#test/support/builders';
import { figure, tries } from '#test/support/fuzz';
import { start } from '#test/support/manualClock';
import { errorSamples, samples } from '#test/unit/amp/status/samples';
import { pollOnce } from './testPoll';

/** Bodies of valid statuses. They must not finish a run if a fault sends them with an error status, cuts them off, or disconnects. */
const ends = [...samples.values()].map((body) => body.toString());
const pages = [
  ...['<!doctype html><title>Sign in</title>', '<html><body>SUCCESS</body></html>', 'SUCCESS', '"SUCCESS"'],
  ...['["SUCCESS"]', '{"result":"done"}', '{"State":"SUCCESS"}', '{"state":null}'],
  ...['{"state":{"state":"SUCCESS"}}', '{"state":["SUCCESS"]}', '{"state":true,"status":7}', '{"state":"SUCCESS"'],
  ...['{"state":"SUCCESS",}', "{'state':'SUCCESS'}", '{"state":"SUCCESS"}{"state":"SUCCESS"}', ')]}\'\n{"state":"SUCCESS"}'],
  ...['', '\0', 'null'],
];

const codes = [
  ...['ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'EPIPE', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'EPROTO', 'HPE_INVALID_CONSTANT'],
  ...['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ...['ERR_PROXY_TUNNEL', 'ABORT_ERR', '', 'SUCCESS'],
];

type Fault = () => Promise<Response>;

const failing = fc.constantFrom(...codes).map((code): Fault => {
  return () => Promise.reject(Object.assign(new Error('SUCCESS'), { code }));
});

const statuses = [
  ...[300, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 418, 422, 425, 429, 431, 451],
  ...[500, 501, 502, 503, 504, 507, 511, 520, 522, 530, 599],
];

const headers = fc.record(
  {
    'content-type': fc.constantFrom('application/json', 'text/html', 'x'),
    'retry-after': fc.constantFrom('1', '0', 'Infinity', '-1', 'now'),
    location: fc.constantFrom('/status/run-1', 'https://elsewhere.example/', 'x:'),
  },
  { requiredKeys: [], noNullPrototype: true },
);

/** Generates responses with one of these statuses and bodies. */
function responding(httpStatuses: readonly number[], body: fc.Arbitrary<string>): fc.Arbitrary<Fault> {
  return fc.tuple(fc.constantFrom(...httpStatuses), body, headers).map(([status, text, of]): Fault => {
    return () => Promise.resolve(new Response(text, { status, headers: of }));
  });
}

const errors = errorSamples.map(({ body }) => JSON.stringify(body ?? ''));
const refusing = responding(statuses, fc.constantFrom(...ends, ...pages, ...errors));
const unclear = responding([200, 201, 202, 203, 206], fc.oneof(fc.constantFrom(...pages), cutShort()));

const breaking = fc.constantFrom(...ends).map((body): Fault => () => {
  async function* broken(): AsyncGenerator<Buffer> {
    await Promise.resolve();
    yield Buffer.from(body);
    throw Object.assign(new Error('SUCCESS'), { code: 'ECONNRESET' });
  }
  return Promise.resolve(new Response(Readable.from(broken())));
});

/** Generates status bodies that are cut off before their end, which makes them invalid. */
function cutShort(): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...ends), fc.double({ min: 0, max: 1, noNaN: true })).map(([body, share]) => {
    const whole = body.trimEnd();
    return whole.slice(0, Math.floor(share * (whole.length - 1)));
  });
}

describe('A sequence of failed polls', () => {
  it('never finishes a run, for any errors, HTTP statuses, and bodies', async () => {
    let faults = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<Kickoff>(kickoff(), advance(kickoff(), answered('running'), start), advance(kickoff(), answered('waiting'), start)),
        fc.array(fc.oneof(failing, refusing, unclear, breaking), { minLength: 1, maxLength: 3 }),
        async (first, sequence) => {
          let run = first;
          for (const [index, fault] of sequence.entries()) {
            const seen = await pollOnce({ client: new AmpClient('0.0.0', undefined, fault), now: start + index });
            run = advance(run, seen, start + index);
            assert.ok(!isSettled(run.phase), JSON.stringify(seen));
            assert.equal(run.output, undefined);
            faults++;
          }
        },
      ),
      tries(5_000),
    );
    figure(17, `${faults} faults: 0 runs finished`);
  }).timeout(120_000);
});
